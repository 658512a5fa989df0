"""Interviews: an answer, however it is given, is kept word for word before anything else is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState, WayGiven
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import retention
from workflows.evidence.rules import OfferedFile, Place, Serves
from workflows.interviews import held_back, joining, sampling
from workflows.interviews.asking import ask, ask_next, follow_up, put_down, read_back, write_over
from workflows.interviews.held_back import Written
from workflows.interviews.kept_already import still_offered
from workflows.interviews.questions import (
    PAUSED,
    asked_by,
    is_on_its_way,
    is_sealed,
    last_said,
    must_not_be_sealed,
    own_interview,
    step_at,
    step_of,
)
from workflows.interviews.refusals import InterviewOver, NothingAskedYet, ReadBackFirst
from workflows.interviews.rules import (
    ACKS,
    KINDS,
    LONGEST_ANSWER,
    OPEN_STATES,
    TAPS,
    Ack,
    Reply,
    Step,
    draw_of,
    is_follow_up,
    is_open,
    wants_list,
)
from workflows.interviews.understanding import Read, read
from workflows.nudges.rules import local_day
from workflows.pasted_secrets import Found, found_in, must_hold_none
from workflows.question_bank.shapes import AnswerKind as QuestionKind
from workflows.question_bank.shapes import AskedQuestion, Said, Tap
from workflows.refusals import InputWanted, NotAllowed, Tried, WhoMay
from workflows.wishes import Wish

NOTHING_READ = Read()

UNTOUCHED: Mapping[str, None] = {"written_by": None, "edited_text": None, "edited_at": None, "deleted_at": None}
"""What is so of an answer that its person has just given, whatever became of the one before it."""

# --- commands ---


def said(deed: Deed, *, interview_id: int, reply: Reply, where: Written | None = None) -> Step:
    """Words in the conversation: the answer to what their writer saw asked last.

    Two messages in a row are one answer; one that looks like holding a secret is held back. Raises `NotAllowed`,
    `InterviewOver`, `NothingAskedYet`, `ReadBackFirst`, else as `answer` does.
    """
    interview = _spoken_in(deed, interview_id)
    key = _meant(deed, interview, reply.message_ts)
    before = step_at(deed.uow, interview).given.get(key or "") if key != interview.asking else None
    before = None if is_open(before) else before  # a colleague gave it back, so it is answered anew
    if where is not None and (found := _suspected(deed, before, reply)):
        held_back.hold(deed, interview, reply, found, where)
        return step_of(deed.uow, interview.id)
    if key is None:
        ask(deed, interview, _waiting(deed, interview).id, Ack.NOT_ASKED)
        return step_of(deed.uow, interview.id)
    if before is not None:
        return _go_on_saying(deed, interview, before, reply)
    return answer(deed, interview_id=interview_id, question_id=key, reply=reply)


def answer(deed: Deed, *, interview_id: int, question_id: str, reply: Reply) -> Step:
    """Keep an answer, and ask what comes next; giving it again before confirming replaces it.

    What can't be read as the kind that is wanted is kept and asked back. Raises `NotAllowed`, `AlreadyDecided` once
    confirmed, declined or withdrawn, `InputWanted` for one that is empty or too long, or `LooksLikeSecret`.
    """
    interview = own_interview(deed, interview_id)
    step = step_at(deed.uow, interview)
    question = step.find(question_id)
    must_not_be_sealed(deed.uow, step, question_id)
    if not (reply.text.strip() or reply.chosen or reply.day):
        raise InputWanted("answer", Wish.WRITE_ANSWER)
    if len(reply.text) > LONGEST_ANSWER:
        raise InputWanted("answer", Wish.WRITE_ANSWER_UP_TO, {"most": LONGEST_ANSWER})
    _must_hold_no_secret(reply)
    if reply.chosen == Tap.SKIP and not reply.text.strip():
        raise InputWanted("reason", Wish.SAY_WHY_SKIPPED)
    found = _read(deed, step, question, reply)
    kept = _keep(deed, step, question, reply, found)
    return _after(deed, interview, question, kept, found)


def leave(deed: Deed, *, interview_id: int, question_id: str) -> Step:
    """Leave an answer as it stands, whatever was asked back. Raises `NotAllowed`, `AlreadyDecided` or `InputWanted`."""
    interview = own_interview(deed, interview_id)
    step = step_at(deed.uow, interview)
    question = step.find(question_id)
    must_not_be_sealed(deed.uow, step, question_id)
    if question_id not in step.given:
        raise InputWanted("answer", Wish.WRITE_ANSWER)
    return _after(deed, interview, question, step.given[question_id], NOTHING_READ)


def give_files(
    deed: Deed,
    *,
    interview_id: int,
    question_id: str,
    files: Sequence[OfferedFile],
    place: Place,
    reply: Reply,
    goes_on: bool = False,
) -> list[Evidence]:
    """Take note of files that were given with an answer; with a sentence they answer it, alone they are asked about.

    The sentence is `reply`; it `goes_on` from what was said before, or is said in its place. Raises as `answer` does.
    """
    interview = own_interview(deed, interview_id)
    step = step_at(deed.uow, interview)
    question = step.find(sampling.takes_files_of(deed.uow, question_id))
    must_not_be_sealed(deed.uow, step, question.id)
    reply = replace(reply, way=WayGiven.FILE, text=reply.text.strip()[:LONGEST_ANSWER])
    before = step.given.get(question.id)
    is_whole = bool(reply.text or (before and before.text) or draw_of(question.id))
    joined = before if goes_on and before is not None and _is_given(before) else None
    found, kept = _kept_with(deed, step, question, reply, joined)
    taken = [evidence_commands.take(deed, file, place, Serves(answer_id=kept.id)) for file in files]
    if wants_list(question):
        return taken  # its rows are counted as soon as it is there
    if is_whole:
        _after(deed, interview, question, kept, found)
    elif interview.asking == question_id:
        ask(deed, interview, question_id, Ack.VOICE if all(map(is_voice, files)) else Ack.FILE_ALONE)
    return taken


def use_kept(deed: Deed, *, interview_id: int, question_id: str, evidence_id: int) -> Step:
    """They say that evidence which is kept already shows this: it lies with their answer like a file of their own.

    It answers a question that wants to be shown something; others still want a sentence. Raises `NotAllowed`,
    `AlreadyDecided`, `InputWanted` or `OfferedNoLonger`.
    """
    interview = own_interview(deed, interview_id)
    step = step_at(deed.uow, interview)
    question = step.find(question_id)
    must_not_be_sealed(deed.uow, step, question_id)
    found = still_offered(deed, step, question, evidence_id)
    kept = _beside(deed, step, question, Reply(WayGiven.TAP))
    deed.uow.add(EvidenceUse(evidence_id=found.id, answer_id=kept.id, added_by=deed.by, added_at=deed.at))
    retention.plan(deed.uow, found)
    deed.record("interview.use_kept", interview, question=question_id, evidence=found.id, sha256=found.sha256)
    if kept.text or question.kind is QuestionKind.SHOW_ME:
        return _after(deed, interview, question, kept, NOTHING_READ)
    ask(deed, interview, question_id, Ack.KEPT_ALREADY)
    return step_of(deed.uow, interview.id)


def files_dropped(
    deed: Deed, interview: Interview, files: Sequence[OfferedFile], place: Place, ts: str
) -> list[Evidence]:
    """Files in the conversation are for what whoever dropped them saw asked last. Raises as `said` does."""
    spoken = _spoken_in(deed, interview.id)
    note = files[0].note if files else ""
    key = _meant(deed, spoken, ts) or _waiting(deed, spoken).id
    bare = [OfferedFile(each.slack_file_id, each.name, each.size, each.permalink, note) for each in files]
    return give_files(
        deed,
        interview_id=spoken.id,
        question_id=key,
        files=bare,
        place=place,
        reply=Reply(WayGiven.FILE, note, message_ts=ts or None),
        goes_on=True,
    )


# --- rules ---


def is_voice(file: OfferedFile) -> bool:
    """Whether a file is something said aloud, by its name (Slack records audio as `.m4a`)."""
    return file.name.lower().endswith((".m4a", ".mp3", ".ogg", ".opus", ".wav", ".aac"))


def said_in(uow_files: Mapping[str, date | None], answer: Answer, on: date) -> Said:
    """The form of an answer, which is all that follow-ups look at."""
    value = answer.value or {}
    tap = TAPS.get(answer.kind)
    return Said(
        on=on,
        text=answer.text if answer.kind is AnswerKind.GIVEN else "",
        chosen=tap or str(value.get("chosen", "")),
        number=value.get("number"),
        day=date.fromisoformat(value["day"]) if "day" in value else None,
        files=uow_files,
    )


# --- the parts of them ---


def _must_hold_no_secret(reply: Reply) -> None:
    if not reply.is_no_secret:
        must_hold_none(reply.text, "reason" if reply.chosen == Tap.SKIP else "answer")


def _suspected(deed: Deed, before: Answer | None, reply: Reply) -> Found | None:
    """What a message looks like holding, by itself or together with the one before it."""
    found = held_back.suspected(reply)
    if found or before is None or reply.is_no_secret or found_in(before.text):
        return found
    return found_in(joining.with_one_more(deed.uow, before, reply))


def _read(deed: Deed, step: Step, question: AskedQuestion, reply: Reply) -> Read:
    if reply.chosen in KINDS or sampling.has_file(deed.uow, step, question):
        return NOTHING_READ
    return read(question, reply, today=deed.today, locale=deed.actor.locale)


def _spoken_in(deed: Deed, interview_id: int) -> Interview:
    interview = deed.uow.get(Interview, interview_id)
    if interview.person_id != deed.by:
        raise NotAllowed(Tried.ANSWER_HERE, WhoMay.WHO_WAS_ASKED, interview.person_id)
    if interview.state not in OPEN_STATES:
        raise InterviewOver(interview.state.value, step_at(deed.uow, interview).audit.auditor_id)
    if interview.state is InterviewState.INVITED:
        raise NothingAskedYet
    if interview.state is InterviewState.CONFIRMING:
        raise ReadBackFirst
    return interview


def _meant(deed: Deed, interview: Interview, ts: str | None) -> str | None:
    """The question that was asked last when somebody wrote; none while nothing was asked.

    The one asked now may have come while they were typing. After a confirmation nothing is asked until they have seen
    a further question; after a pause they may have seen one of which we don't know yet that it is there.
    """
    seen = last_said(deed.uow, interview, ts) if ts else None
    if interview.asking is None or seen is None:
        return interview.asking
    if seen.kind == PAUSED:
        return interview.asking if is_on_its_way(deed.uow, interview) else None
    step = step_at(deed.uow, interview)
    before = step.given.get(asked_by(seen))
    if before is not None and (is_sealed(deed.uow, before) or _is_with_a_colleague(before)):
        return None
    return asked_by(seen) if asked_by(seen) in {each.id for each in step.asked} else interview.asking


def _is_with_a_colleague(before: Answer) -> bool:
    return before.kind is AnswerKind.HANDED_ON and not is_open(before)


def _waiting(deed: Deed, interview: Interview) -> AskedQuestion:
    """What is asked now or next; while anybody is answering there is always something."""
    step = step_at(deed.uow, interview)
    return step.next or step.asked[-1]


def _go_on_saying(deed: Deed, interview: Interview, before: Answer, reply: Reply) -> Step:
    """A second message in a row belongs to the first; a list that grows by it is drawn from as it is then."""
    whole = _whole(deed, before, reply)
    step = step_at(deed.uow, interview)
    question = step.find(before.question_id)
    found = _read(deed, step, question, whole) if wants_list(question) else NOTHING_READ
    value = dict(found.value) if found.value else before.value
    kind = before.kind or AnswerKind.GIVEN
    joining.add(deed.uow, before, reply)
    kept = write_over(deed, before, text=whole.text, kind=kind, value=value, answered_at=deed.at)
    deed.record("interview.answer", interview, question=before.question_id)
    _beside_the_conversation(deed, interview.id, sampling.after(deed, question, kept) if found.value else None)
    return step_of(deed.uow, interview.id)


def _whole(deed: Deed, before: Answer, reply: Reply) -> Reply:
    """What an answer says with a message more. Raises `InputWanted` if that is too long, or `LooksLikeSecret`."""
    whole = replace(reply, text=joining.with_one_more(deed.uow, before, reply))
    if len(whole.text) > LONGEST_ANSWER:
        raise InputWanted("answer", Wish.WRITE_ANSWER_UP_TO, {"most": LONGEST_ANSWER})
    if found_in(before.text) is None:
        _must_hold_no_secret(whole)  # it may stand in the two together
    return whole


def _is_given(answer: Answer) -> bool:
    return answer.kind in (None, AnswerKind.GIVEN)


def _kept_with(
    deed: Deed, step: Step, question: AskedQuestion, reply: Reply, joined: Answer | None
) -> tuple[Read, Answer]:
    """Keep the sentence beside files. Where it goes on from an answer, what was tapped or read there still stands."""
    _must_hold_no_secret(reply)
    if not reply.text:
        return NOTHING_READ, _beside(deed, step, question, reply)
    whole = _whole(deed, joined, reply) if joined is not None else reply
    if joined is not None and joined.value:
        found = Read(joined.value)
    else:
        found = NOTHING_READ if wants_list(question) else _read(deed, step, question, whole)
    return found, _keep(deed, step, question, whole, found, goes_on_with=reply if joined is not None else None)


def _keep(
    deed: Deed, step: Step, question: AskedQuestion, reply: Reply, found: Read, *, goes_on_with: Reply | None = None
) -> Answer:
    text, before = reply.text.strip(), step.given.get(question.id)
    if goes_on_with is not None and before is not None:
        joining.add(deed.uow, before, goes_on_with)
    kept = put_down(
        deed,
        step,
        question,
        kind=KINDS.get(reply.chosen, AnswerKind.GIVEN),
        text=text,
        value=dict(found.value) if found.value else None,
        way=reply.way,
        handed_to=None,
        **UNTOUCHED,
    )
    if goes_on_with is None and (before is not None or reply.message_ts is not None):
        joining.begin(deed.uow, kept, reply)
    deed.record("interview.answer", step.interview, question=question.id)
    return kept


def _beside(deed: Deed, step: Step, question: AskedQuestion, reply: Reply) -> Answer:
    """A file without a word: it lies beside what was said so far, or waits for what will be."""
    before = step.given.get(question.id)
    if before is not None and before.kind is AnswerKind.GIVEN:
        return before
    return put_down(deed, step, question, kind=AnswerKind.GIVEN, text="", value=None, way=reply.way, handed_to=None)


def _after(deed: Deed, interview: Interview, question: AskedQuestion, kept: Answer, found: Read) -> Step:
    """What comes after an answer: it is asked back, followed up, or the next question is asked."""
    is_current = interview.asking == question.id or interview.state is InterviewState.CONFIRMING
    if found.asked_back and is_current:
        ask(deed, interview, question.id, found.asked_back, found.person)
        return step_of(deed.uow, interview.id)
    of_a_list = sampling.after(deed, question, kept)
    interview = deed.uow.get(Interview, interview.id)
    if not is_current:
        _beside_the_conversation(deed, interview.id, of_a_list)
    elif of_a_list is not None:
        ask_next(deed, interview, question.id, of_a_list)
    elif coming := _follow_up(deed, interview, question, kept):
        widened = deed.uow.get(Interview, interview.id)
        ask(deed, widened, coming.id, ACKS.get(kept.kind or AnswerKind.GIVEN, Ack.KEPT))
    else:
        ask_next(deed, interview, question.id, _ack(question, kept))
    return step_of(deed.uow, interview.id)


def _beside_the_conversation(deed: Deed, interview_id: int, of_a_list: Ack | None = None) -> None:
    """Another question was answered than the one that is asked; if it was the last, nothing is left to wait for.

    What became of a list that nothing is drawn from any more is said with the question that is asked.
    """
    interview = deed.uow.get(Interview, interview_id)
    if interview.asking is None and step_at(deed.uow, interview).after("") is None:
        read_back(deed, interview)
    elif interview.asking is not None and of_a_list is Ack.OTHER_LIST:
        ask(deed, interview, interview.asking, of_a_list)
    else:
        deed.redraw(deed.uow.change(interview))


def _ack(question: AskedQuestion, kept: Answer) -> Ack:
    if draw_of(question.id) and kept.kind is AnswerKind.NONE:
        return Ack.NOT_KNOWN  # what isn't there for one row says nothing of there being none
    plain = Ack.AFTER_FOLLOW_UP if is_follow_up(question.id) else Ack.KEPT
    return ACKS.get(kept.kind or AnswerKind.GIVEN, plain)


def _follow_up(deed: Deed, interview: Interview, question: AskedQuestion, kept: Answer) -> AskedQuestion | None:
    if not question.follow_ups:
        return None
    return follow_up(deed, step_at(deed.uow, interview), question, kept, _form_of(deed, question, kept))


def _form_of(deed: Deed, question: AskedQuestion, kept: Answer) -> Said:
    on = local_day(deed.uow.workspace().zone, kept.answered_at)
    given = [each.evidence.state for each in evidence_queries.for_answer(deed.uow, kept.id)]
    came = any(state is not EvidenceState.REFUSED for state in given)
    wanted = [each.id for each in question.wanted_evidence if each.ask] if came else []
    return said_in(dict.fromkeys(wanted), kept, on)
