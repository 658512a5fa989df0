"""Responses: the conversation. Each answer is kept before anything else is asked."""

from collections.abc import Callable, Mapping
from datetime import date

from storage.nonconformities.tables import Asking, Nonconformity, ResponseDraft
from workflows.dates import understanding
from workflows.deed import Deed
from workflows.interviews.understanding import asked_for
from workflows.nonconformities import answering, answers, drafts
from workflows.nonconformities.gates import Asked, Gate
from workflows.nonconformities.moving import to_see
from workflows.nonconformities.questions import graded
from workflows.nonconformities.shapes import Plan
from workflows.pasted_secrets import must_hold_none
from workflows.refusals import DateNotUnderstood, InputWanted
from workflows.responses import questions, rules
from workflows.responses.keeping import keep, note, record
from workflows.responses.questions import QUESTION
from workflows.responses.refusals import NotWithWords
from workflows.responses.rules import FIELDS, Tap
from workflows.responses.suggestions import ALL_OF_THEM, target_of
from workflows.wishes import Wish

NO_DAY, NO_PERSON, NOT_ASKED = "no_day", "no_person", "not_asked"
"""Why a question is asked again besides the gates: no day or person in it, or nothing was asked when they wrote."""

# --- beginning ---


def find_out_why(deed: Deed, *, nonconformity_id: int) -> ResponseDraft:
    """The owner begins the conversation, or goes on with it. Raises as `respond` does."""
    finding = to_see(deed, nonconformity_id=nonconformity_id, move="respond")
    draft = drafts.begin(deed, finding)
    return _begin(deed, finding, draft)


def _begin(deed: Deed, finding: Nonconformity, draft: ResponseDraft, asked_back: str = "") -> ResponseDraft:
    if draft.asking is not None:
        return _ask(deed, draft, draft.asking, draft.asked_back)
    return _ask(deed, draft, Asking.READ_BACK if _is_whole(deed, finding) else Asking.PUT_RIGHT, asked_back)


def _is_whole(deed: Deed, finding: Nonconformity) -> bool:
    """Whether there is an answer to read back already, as after one that was returned."""
    try:
        _plan(deed, finding)
    except InputWanted:
        return False
    return True


# --- answers ---


def said(deed: Deed, *, nonconformity_id: int, text: str, message_ts: str) -> ResponseDraft:
    """Words in the thread: the answer to what their writer saw asked last; on the heels of one they belong to it.

    Raises as `respond` does, `InputWanted` for words that are too many, `LooksLikeSecret` or `NotWithWords`.
    """
    finding = to_see(deed, nonconformity_id=nonconformity_id, move="respond")
    draft = drafts.begin(deed, finding)
    if draft.asking is None:
        return _begin(deed, finding, draft, NOT_ASKED)
    _must_be_sendable(text)
    if questions.number_seen(deed.uow, draft, message_ts) != draft.number and draft.said_to is not None:
        return _join(deed, finding, draft, draft.said_to, text)
    if draft.asking is Asking.READ_BACK:
        raise NotWithWords(number=finding.number)
    return _answer(deed, finding, draft, text)


def _must_be_sendable(text: str) -> None:
    if len(text) > rules.LONGEST_ANSWER:
        raise InputWanted("answer", Wish.WRITE_ANSWER_UP_TO, {"most": rules.LONGEST_ANSWER})
    must_hold_none(text)


def _answer(deed: Deed, finding: Nonconformity, draft: ResponseDraft, text: str) -> ResponseDraft:
    assert draft.asking is not None
    if draft.asking in _READ:
        return _READ[draft.asking](deed, finding, draft, text)
    gate = rules.asked_back(draft.asking, text, questions.so_far(deed.uow, finding, draft))
    if not rules.is_kept(gate):
        return _ask_back(deed, draft, gate)
    kept = keep(deed, finding, draft, text)
    if gate is not None:
        return _ask_back(deed, kept, gate)
    return _go_on(deed, finding, kept, draft.asking)


def _ask_back(deed: Deed, draft: ResponseDraft, gate: Gate | None) -> ResponseDraft:
    """The same is asked again, and why; of a step that is kept, what stands behind it."""
    assert draft.asking is not None
    assert gate is not None
    is_behind = gate is Gate.ENDS_WITH_PERSON and draft.asking is Asking.CAUSE
    return _ask(deed, draft, Asking.WHY if is_behind else draft.asking, gate.value)


def _go_on(deed: Deed, finding: Nonconformity, draft: ResponseDraft, after: Asking) -> ResponseDraft:
    """Ask what comes after an answer; after a reason why one stands, what comes after that one."""
    if after is Asking.STANDS and (stood := draft.values.get("stands")):
        return _go_on(deed, finding, note(deed, draft, stands=None), Asking(stood))
    coming = rules.following(after, questions.so_far(deed.uow, finding, draft))
    cause = questions.cause_asked(deed.uow, finding, draft)
    if coming is Asking.CAUSE and not rules.can_end(cause.steps if cause else (), graded(finding)):
        coming = Asking.WHY
    if after is Asking.UNNOTICED and coming is Asking.WHY:
        draft = _begin_branch(deed, finding, draft)
    return _ask(deed, draft, coming)


def _begin_branch(deed: Deed, finding: Nonconformity, draft: ResponseDraft) -> ResponseDraft:
    place = 1 + len(drafts.causes(deed.uow, finding))
    return note(deed, draft, cause=place, branches=None)


# --- a message on the heels of another ---


def _join(deed: Deed, finding: Nonconformity, draft: ResponseDraft, said_to: Asking, text: str) -> ResponseDraft:
    """Words that were written before the next question was there belong to the answer before it."""
    if said_to in FIELDS:
        name = FIELDS[said_to]
        joined = note(deed, draft, **{name: f"{draft.values.get(name, '')}\n{text}".strip()})
    elif said_to in (Asking.WHY, Asking.CAUSE) and (cause := questions.cause_asked(deed.uow, finding, draft)):
        deed.uow.change(cause, steps=[*cause.steps[:-1], f"{cause.steps[-1]}\n{text}"])
        joined = draft
    elif said_to in (Asking.ACTION, Asking.MORE) and (told := draft.values.get("action")):
        joined = note(deed, draft, action={**told, "text": f"{told['text']}\n{text}"})
    else:
        return _ask(deed, draft, draft.asking or said_to, NOT_ASKED)
    return record(deed, finding, joined, said_to)


# --- a person, a day ---


def _read_person(deed: Deed, finding: Nonconformity, draft: ResponseDraft, text: str) -> ResponseDraft:
    person = asked_for(text)
    if not person:
        return _ask(deed, draft, Asking.ASSIGNEE, NO_PERSON)
    return _assign(deed, finding, draft, person)


def _assign(deed: Deed, finding: Nonconformity, draft: ResponseDraft, person_id: str) -> ResponseDraft:
    answers.must_be_an_insider(deed.uow, person_id, "person")
    told = note(deed, draft, action={**draft.values["action"], "assignee_id": person_id})
    return _go_on(deed, finding, record(deed, finding, told, Asking.ASSIGNEE), Asking.ASSIGNEE)


def _read_day(deed: Deed, finding: Nonconformity, draft: ResponseDraft, text: str) -> ResponseDraft:
    assert draft.asking is not None
    try:
        day = understanding.understood(text, today=deed.today, locale=deed.actor.locale)
    except DateNotUnderstood:
        return _ask(deed, draft, draft.asking, NO_DAY)
    return _on_day(deed, finding, draft, day)


def _on_day(deed: Deed, finding: Nonconformity, draft: ResponseDraft, day: date) -> ResponseDraft:
    asking = draft.asking
    assert asking is not None
    if asking is Asking.ACTION_DUE:
        answers.must_be_in_time(deed, finding, day, "day")
        told = note(deed, draft, action={**draft.values["action"], "due_on": day.isoformat()})
    else:
        if day <= max((each.due_on for each in drafts.actions(deed.uow, finding)), default=deed.today):
            raise InputWanted("day", Wish.CHOOSE_DATE_AFTER_ACTION)
        told = note(deed, draft, check_effect_on=day.isoformat())
    return _go_on(deed, finding, record(deed, finding, told, asking), asking)


_READ: Mapping[Asking, Callable[[Deed, Nonconformity, ResponseDraft, str], ResponseDraft]] = {
    Asking.ASSIGNEE: _read_person,
    Asking.ACTION_DUE: _read_day,
    Asking.CHECK: _read_day,
}
"""Answers that are read as what they mean, rather than kept as they are."""


def write(deed: Deed, *, draft_id: int, number: int, text: str) -> ResponseDraft:
    """An answer by a form, such as an example that was made one's own. Raises as `tap` and `said` do."""
    finding, draft = _to_answer(deed, draft_id, number)
    _must_be_sendable(text)
    if not text.strip():
        raise InputWanted("answer", Wish.WRITE_ANSWER)
    return _answer(deed, finding, draft, text.strip())


# --- buttons and forms ---


def _to_answer(deed: Deed, draft_id: int, number: int) -> tuple[Nonconformity, ResponseDraft]:
    finding, draft = questions.to_answer(deed, draft_id, number)
    return to_see(deed, nonconformity_id=finding.id, move="respond"), draft


def tap(deed: Deed, *, draft_id: int, number: int, tap: Tap) -> ResponseDraft:
    """An answer by a button. Raises as `respond` does, and `Stale` where another question is asked by now."""
    finding, draft = _to_answer(deed, draft_id, number)
    return _TAPPED[tap](deed, finding, draft)


def _is_cause(deed: Deed, finding: Nonconformity, draft: ResponseDraft) -> ResponseDraft:
    cause = questions.cause_asked(deed.uow, finding, draft)
    if cause is not None and cause.how_unnoticed:
        return _go_on(deed, finding, draft, Asking.UNNOTICED)
    return _ask(deed, draft, Asking.UNNOTICED)


def _branch(deed: Deed, finding: Nonconformity, draft: ResponseDraft) -> ResponseDraft:
    return _is_cause(deed, finding, note(deed, draft, branches=True))


def _let_stand(deed: Deed, finding: Nonconformity, draft: ResponseDraft) -> ResponseDraft:
    """What was asked back is right as it is: why, the reviewer reads."""
    assert draft.asking is not None
    return _ask(deed, note(deed, draft, stands=draft.asking.value), Asking.STANDS, draft.asked_back)


def _is_all(deed: Deed, finding: Nonconformity, draft: ResponseDraft) -> ResponseDraft:
    return _ask(deed, draft, Asking.READ_BACK if draft.values.get("was_read_back") else Asking.MEASURE)


_TAPPED: Mapping[Tap, Callable[[Deed, Nonconformity, ResponseDraft], ResponseDraft]] = {
    Tap.NOT_YET: lambda deed, _, draft: _ask(deed, draft, Asking.CONTAINED),
    Tap.IS_CAUSE: _is_cause,
    Tap.DEEPER: lambda deed, _, draft: _ask(deed, draft, Asking.WHY),
    Tap.BRANCH: _branch,
    Tap.STANDS: _let_stand,
    Tap.MYSELF: lambda deed, finding, draft: _assign(deed, finding, draft, deed.by),
    Tap.THAT_IS_ALL: _is_all,
    Tap.ALL_OF_THEM: lambda deed, finding, draft: _answer(deed, finding, draft, ALL_OF_THEM),
    Tap.TARGET: lambda deed, finding, draft: _answer(deed, finding, draft, target_of(finding.requirement)),
    Tap.OTHER: lambda deed, _, draft: _ask(deed, draft, Asking.TARGET, Tap.OTHER.value),
}


def choose_person(deed: Deed, *, draft_id: int, number: int, person_id: str) -> ResponseDraft:
    """Somebody else carries an action out. Raises as `tap` does, and `InputWanted` for who can't be asked."""
    return _assign(deed, *_to_answer(deed, draft_id, number), person_id)


def choose_day(deed: Deed, *, draft_id: int, number: int, day: date) -> ResponseDraft:
    """A day out of a calendar. Raises as `tap` does, and `InputWanted` for a day out of bounds."""
    return _on_day(deed, *_to_answer(deed, draft_id, number), day)


# --- the end ---


def send(deed: Deed, *, draft_id: int, number: int) -> Nonconformity | ResponseDraft:
    """Send the answer as it was read back; where something is missing yet, that is asked."""
    finding, draft = _to_answer(deed, draft_id, number)
    try:
        plan = _plan(deed, finding)
        answers.must_be_whole(deed, finding, plan)
    except InputWanted as wanted:
        return _ask(deed, draft, rules.AGAIN.get(wanted.field_name, Asking.CORRECTION))
    if asked := answers.asked_back(deed, finding, plan):
        return _ask_about(deed, finding, draft, asked[0])
    return answering.respond(deed, nonconformity_id=finding.id, version=finding.version, plan=plan)


def _plan(deed: Deed, finding: Nonconformity) -> Plan:
    """The plan as it was said. Raises `InputWanted` for the first part that is missing."""
    written = drafts.written(deed.uow, finding)
    for name in ("correction", "consequences", "extent", "causes", "corrective_action", "check_effect_on"):
        if not written.get(name):
            raise InputWanted(name, Wish.WRITE_SENTENCE)
    rest = dict.fromkeys(("effect_criterion", "effect_target", "effect_source", "effect_period"), "")
    return Plan(**{**rest, "risk_decision": "", "system_decision": "", **written})


def _ask_about(deed: Deed, finding: Nonconformity, draft: ResponseDraft, asked: Asked) -> ResponseDraft:
    """Ask what a gate asks before an answer can be sent; what only needs a reason is asked for that."""
    if not asked.stops(graded(finding)):
        return _ask(deed, draft, Asking.STANDS, asked.gate.value)
    name = "causes" if asked.field.startswith("causes_") else asked.field
    return _ask(deed, note(deed, draft, cause=asked.place), rules.AGAIN.get(name, Asking.CORRECTION), asked.gate.value)


def _ask(deed: Deed, draft: ResponseDraft, asking: Asking, asked_back: str = "") -> ResponseDraft:
    """Ask a question in the thread of the case, at once, since it is the owner's own doing."""
    if asking is Asking.READ_BACK:
        draft = note(deed, draft, was_read_back=True)
    asked = deed.uow.change(draft, asking=asking, number=draft.number + 1, asked_back=asked_back, updated_at=deed.at)
    finding = deed.uow.get(Nonconformity, asked.nonconformity_id)
    what = (asked.number, asking.value, asked_back, *questions.about(deed.uow, finding, asked))
    deed.message([asked.person_id], asked, QUESTION, what=what, at_once=True)
    deed.redraw(asked)
    return asked
