"""What somebody brings up, and what is made of it.

Of whoever gives no name none is kept: not in the row, not on the trail, not in a message to others. So the answer to
them is the window in which they wrote, and nothing can be sent later.
"""

from collections.abc import Sequence

from storage.concerns import queries
from storage.concerns.tables import Concern, ConcernKind, ConcernState
from storage.evidence.tables import OfferedMessage
from storage.nonconformities.origins import Source
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.programme.tables import Obligation
from storage.tasks.tables import Task, TaskState
from workflows.concerns import questions
from workflows.concerns.shapes import Improvement, Noticed, SetAside, WithoutName
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import saved_messages
from workflows.evidence.rules import OfferedFile, Place
from workflows.nonconformities import sources
from workflows.nonconformities.shapes import Raised
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.people.permissions import Permission
from workflows.programme import calendar
from workflows.programme.certification import ONCE
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale, Thing, Tried, want_all
from workflows.tasks import commands as task_commands
from workflows.wishes import Wish

WORKING_DAYS_TO_DECIDE = 5
LONGEST_TITLE = 200
WISHES = {"words": Wish.SAY_WHAT_IS_NOT_RIGHT, "kind": Wish.CHOOSE_KIND}

SOURCES = {ConcernKind.INCIDENT: Source.INCIDENT, ConcernKind.COMPLAINT: Source.COMPLAINT}
"""Where a nonconformity comes from that was made of such a concern; of the others, from a concern."""


# --- bringing it up ---


def bring_up(
    deed: Deed, *, noticed: Noticed, files: Sequence[OfferedFile], place: Place, message_id: int = 0
) -> Concern:
    """Keep what somebody has noticed, with its files, and those of the message they noticed it in.

    The leads and auditors get a card of it. Raises `NotAllowed` for guests, or `InputWanted`.
    """
    questions.must_be_free_to(deed)
    given = [*files, *(saved_messages.files_of(_message(deed, message_id)) if message_id else [])]
    _check(deed, noticed, given)
    known_as = deed.by_itself if noticed.without_name else deed
    concern = known_as.uow.add(
        Concern(
            number=queries.latest_number(deed.uow) + 1,
            kind=ConcernKind(noticed.kind),
            words=noticed.words.strip(),
            place=noticed.place.strip(),
            process=noticed.process.strip(),
            reporter_id=None if noticed.without_name else deed.by,
            raised_at=deed.at,
            due_on=working_days.of_organisation(deed.uow).add(deed.today, WORKING_DAYS_TO_DECIDE),
        )
    )
    known_as.record("concern.raise", concern, number=concern.number, kind=noticed.kind)
    evidence_commands.give_with_concern(known_as, concern, files=given, place=place)
    _tell_of_it(known_as, concern)
    return concern


def _message(deed: Deed, message_id: int) -> OfferedMessage:
    return saved_messages.to_save(deed, message_id=message_id)


def _check(deed: Deed, noticed: Noticed, files: Sequence[OfferedFile]) -> None:
    want_all(noticed, WISHES)
    if noticed.kind not in tuple(ConcernKind):
        raise InputWanted("kind", Wish.CHOOSE_KIND)
    if not noticed.without_name:
        return
    if not questions.may_be_without_name(deed.uow):
        raise NotAllowed(Tried.RAISE_WITHOUT_NAME, ())
    if files:
        raise InputWanted("files", Wish.LEAVE_OUT_FILES)


def _tell_of_it(deed: Deed, concern: Concern) -> None:
    deed.message(questions.deciders(deed.uow), concern, "concern.card", what=("raised", concern.number))
    if concern.reporter_id:
        deed.message([concern.reporter_id], concern, "concern.receipt", what=("kept",), at_once=True)


# --- what is made of it ---


def to_decide(deed: Deed, *, concern_id: int, version: int) -> Concern:
    """The concern about which a lead or auditor is about to decide.

    Raises `NotAllowed`, `AlreadyDecided` or `Stale`.
    """
    deed.must(Permission.DECIDE_ON_CONCERN)
    concern = deed.uow.get(Concern, concern_id)
    if concern.state is not ConcernState.OPEN:
        called, state = f"C-{concern.number}", f"concern_{concern.state.value}"
        raise AlreadyDecided(what=Thing.NAMED, called=called, state=state, by=concern.decided_by)
    if concern.version != version:
        raise Stale(Thing.NAMED, f"C-{concern.number}")
    return concern


def make_nonconformity(deed: Deed, *, concern_id: int, version: int, said: Raised) -> tuple[Concern, Nonconformity]:
    """A draft of a nonconformity is made of it. Raises as `to_decide` and `raise_draft` do."""
    concern = to_decide(deed, concern_id=concern_id, version=version)
    draft = sources.raise_from(deed, said=said, source=source_of(concern))
    return _take_up(deed, concern, nonconformity_id=draft.id), draft


def source_of(concern: Concern) -> Source:
    """Where a nonconformity comes from that is made of it."""
    return SOURCES.get(concern.kind, Source.CONCERN)


def make_improvement(deed: Deed, *, concern_id: int, version: int, said: Improvement) -> Concern:
    """Somebody gets a task of it. Raises as `to_decide` does, `NoProgrammeYet`, or `InputWanted`."""
    concern = to_decide(deed, concern_id=concern_id, version=version)
    people_questions.programme_must_run(deed.uow)
    _check_improvement(deed, said)
    promised = deed.uow.add(
        Obligation(
            key=f"concern:{concern.number}",
            title=said.title.strip(),
            purpose=concern.words,
            owner_id=said.owner_id,
            recurrence=ONCE,
            starts_on=said.due_on,
            lead_days=(said.due_on - deed.today).days,
            evidence_wanted=said.evidence_wanted.strip(),
            evidence_required=bool(said.evidence_wanted.strip()),
        )
    )
    taken_up = _take_up(deed, concern, obligation_id=promised.id)
    calendar.tick(deed.by_itself)
    task_commands.tick(deed.by_itself)
    return taken_up


def _check_improvement(deed: Deed, said: Improvement) -> None:
    want_all(said, {"owner_id": Wish.CHOOSE_OWNER})
    people_questions.must_be_an_owner(deed.uow, said.owner_id)
    if len(said.title.strip()) > LONGEST_TITLE:
        raise InputWanted("title", Wish.ENTER_TITLE_UP_TO, {"most": LONGEST_TITLE})
    if said.due_on < deed.today:
        raise InputWanted("due_on", Wish.CHOOSE_TODAY_OR_LATER)


def set_aside(deed: Deed, *, concern_id: int, version: int, said: SetAside) -> Concern:
    """Nothing is made of it, for a reason that whoever brought it up reads. Raises as `to_decide` does."""
    concern = to_decide(deed, concern_id=concern_id, version=version)
    want_all(said)
    reason = said.reason.strip()
    decided = _decide(deed, concern, ConcernState.SET_ASIDE, reason=reason)
    deed.record("concern.set_aside", decided, number=decided.number, reason=reason)
    return _told(deed, decided)


def _take_up(deed: Deed, concern: Concern, **into: int) -> Concern:
    taken_up = _decide(deed, concern, ConcernState.TAKEN_UP, **into)
    deed.record("concern.take_up", taken_up, number=taken_up.number, **into)
    return _told(deed, taken_up)


def _decide(deed: Deed, concern: Concern, state: ConcernState, **values: object) -> Concern:
    return deed.uow.change(concern, state=state, decided_by=deed.by, decided_at=deed.at, **values)


def _told(deed: Deed, concern: Concern) -> Concern:
    """Every card shows it, and whoever brought it up hears of it."""
    deed.redraw(concern)
    if concern.reporter_id:
        what = concern.state.value if concern.ended_at is None else "ended"
        deed.message([concern.reporter_id], concern, "concern.answer", what=(what,))
    return concern


# --- the setting ---


def allow_without_name(deed: Deed, *, said: WithoutName) -> None:
    """Say whether people may bring something up without their name. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.CHANGE_SETTINGS_OF_PROGRAMME)
    people_questions.programme_must_run(deed.uow)
    if said.allowed != questions.may_be_without_name(deed.uow):
        deed.uow.put_workspace(concerns_without_name=said.allowed)
        deed.record("concerns.without_name", ("programme", deed.uow.workspace_id), allowed=said.allowed)


# --- the clock ---


def end(deed: Deed) -> None:
    """Say to whoever brought something up that what was made of it has come to its end."""
    for concern in queries.going_on(deed.uow):
        if _has_ended(deed, concern):
            ended = deed.uow.change(concern, ended_at=deed.at)
            deed.record("concern.end", ended, number=ended.number)
            deed.redraw(ended)
            _told(deed, ended)


def _has_ended(deed: Deed, concern: Concern) -> bool:
    if concern.nonconformity_id is not None:
        state = deed.uow.get(Nonconformity, concern.nonconformity_id).state
        return state in (NonconformityState.CLOSED, NonconformityState.VOID)
    tasks = deed.uow.matching(Task, obligation_id=concern.obligation_id)
    return any(each.state in (TaskState.ACCEPTED, TaskState.WAIVED) for each in tasks)
