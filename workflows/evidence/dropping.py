"""Evidence room: files dropped in a direct message, and what they are for."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from storage.concerns.tables import Concern
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import DroppedMessage, Evidence, MessageFile
from storage.interviews.tables import Interview, InterviewState
from storage.nonconformities.tables import Action, Nonconformity
from storage.nudges import posted
from storage.nudges.queries import told_by
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditRequest, RequestState
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import questions as evidence_questions
from workflows.evidence import rules as evidence_rules
from workflows.evidence.refusals import ChosenBefore, GivenBefore, NothingAskedHere, QuestionForgotten
from workflows.evidence.rules import OfferedFile, Place, Serves
from workflows.interviews import answering
from workflows.interviews import questions as interview_questions
from workflows.nudges import rules as nudge_rules
from workflows.packs import requests
from workflows.refusals import AlreadyDecided, NotAllowed, Thing, Tried, WhoMay

# --- rules ---

Shown = Task | Nonconformity | Action | AuditRequest | Interview
SHOWN: Mapping[str, type[Shown]] = MappingProxyType(
    {
        "task": Task,
        "nonconformity": Nonconformity,
        "nonconformity_action": Action,
        "audit_request": AuditRequest,
        "interview": Interview,
    }
)
"""What may stand in a thread and take a file that is dropped there, by what messages call it."""

MOST_CHOICES = 20
"""Among so many things somebody can choose by buttons; the most urgent come first."""

CHOICE = "evidence.choice"
"""The message that asks what dropped files are for."""


def place_of(dropped: DroppedMessage) -> Place:
    """The thread in which files were dropped, or which begins with them."""
    return Place(dropped.channel_id, dropped.thread_ts or dropped.message_ts)


def files_of(dropped: DroppedMessage) -> list[OfferedFile]:
    """The files of a message, with what its sender says about them."""
    files = [MessageFile(**each) for each in dropped.files]
    return [OfferedFile(each.id, each.name, each.size, each.permalink, dropped.note) for each in files]


# --- commands ---


def give_where_dropped(deed: Deed, *, dropped: DroppedMessage) -> list[Evidence]:
    """Take note of files dropped in a direct message: in a thread they are for the one thing shown there that takes
    files, beside any thread for the one task that asks for evidence. Where it could be several, that is asked.

    Raises `NothingAskedHere`, `GivenBefore`, else as the other ways of giving do.
    """
    meant = _meant(deed, place_of(dropped))
    if len(meant) == 1:
        return _give(deed, meant[0], dropped)
    _must_be_new(deed, files_of(dropped))
    _ask(deed, dropped, meant[:MOST_CHOICES])
    return []


def choose(deed: Deed, *, dropped_id: int, number: int) -> list[Evidence]:
    """Whoever dropped files says which of the things they were asked about these are for.

    Raises `QuestionForgotten`, `NotAllowed`, `ChosenBefore`, else as the other ways of giving do.
    """
    dropped = next(iter(deed.uow.matching(DroppedMessage, id=dropped_id)), None)
    if dropped is None or number not in range(len(dropped.choices)):
        raise QuestionForgotten
    if deed.by != dropped.person_id:
        raise NotAllowed(Tried.CHOOSE_FOR_FILE, WhoMay.PERSON, dropped.person_id)
    if dropped.chosen is not None:
        raise ChosenBefore(
            file=dropped.files[0]["name"], called=name_of(deed.uow, chosen(deed, dropped, dropped.chosen))
        )
    taken = _give(deed, chosen(deed, dropped, number), dropped)
    deed.redraw(deed.uow.change(dropped, chosen=number))
    return taken


def give_for_request(deed: Deed, *, request_id: int, files: Sequence[OfferedFile], place: Place) -> list[Evidence]:
    """Take note of files that show an auditor what was asked for. Raises `NotAllowed` or `AlreadyDecided`."""
    request = requests.to_answer(deed, request_id=request_id)
    if not _takes_files(request):
        raise AlreadyDecided(
            what=Thing.NAMED, called=name_of(deed.uow, request), state=_state_of(request), by=request.settled_by
        )
    return [evidence_commands.take(deed, file, place, Serves(request_id=request.id)) for file in files]


def _give(deed: Deed, meant: Shown, dropped: DroppedMessage) -> list[Evidence]:
    files, place = files_of(dropped), place_of(dropped)
    _must_be_new(deed, files)
    if isinstance(meant, AuditRequest):
        return give_for_request(deed, request_id=meant.id, files=files, place=place)
    if isinstance(meant, Interview):
        return answering.files_dropped(deed, meant, files, place, dropped.message_ts)
    if isinstance(meant, Nonconformity):
        number = meant.id
        return evidence_commands.give_for_nonconformity(deed, nonconformity_id=number, files=files, place=place)
    if isinstance(meant, Action):
        return evidence_commands.give_for_action(deed, action_id=meant.id, files=files, place=place)
    return evidence_commands.give(deed, task_id=meant.id, files=files, place=place)


def _must_be_new(deed: Deed, files: Sequence[OfferedFile]) -> None:
    """Slack hands the very same file on to further messages; where there is nothing else, somebody should know."""
    known = [evidence_queries.of_slack_file(deed.uow, each.slack_file_id) for each in files]
    before = [each for each in known if each is not None]
    if before and len(before) == len(files):
        raise GivenBefore(file=before[0].name, called=_served_by(deed, before[0]))


def _served_by(deed: Deed, evidence: Evidence) -> str:
    uses = evidence_queries.uses_of(deed.uow, evidence.id)
    served: list[Shown | DeskAudit | Concern] = [evidence_questions.served_by(deed.uow, use) for use in uses]
    return name_of(deed.uow, [*served, *stored_requests.answered_by(deed.uow, evidence.id)][0])


def _ask(deed: Deed, dropped: DroppedMessage, meant: Sequence[Shown]) -> None:
    asked = deed.uow.change(dropped, choices=[[str(each.__tablename__), each.id] for each in meant])
    deed.uow.schedule(
        slot=nudge_rules.slot(CHOICE, asked.channel_id, asked.message_ts),
        kind=CHOICE,
        recipient=asked.channel_id,
        subject="dropped_message",
        subject_id=asked.id,
        not_before=deed.at,
        at=deed.at,
    )


# --- questions ---


def chosen(deed: Deed, dropped: DroppedMessage, number: int) -> Shown:
    """One of the things that dropped files might be for."""
    table, row_id = dropped.choices[number]
    return deed.uow.get(SHOWN[table], row_id)


def name_of(uow: UnitOfWork, shown: Shown | DeskAudit | Concern) -> str:
    """What people call it."""
    if isinstance(shown, AuditRequest | Concern):
        return f"{'C' if isinstance(shown, Concern) else 'R'}-{shown.number}"
    if isinstance(shown, Interview):
        return uow.get(DeskAudit, shown.desk_audit_id).title
    if isinstance(shown, Action):
        return f"NC-{uow.get(Nonconformity, shown.nonconformity_id).number}"
    return shown.title if isinstance(shown, Task | DeskAudit) else f"NC-{shown.number}"


def kind_of(shown: Shown) -> str:
    """What messages call it, as in `SHOWN`."""
    return str(shown.__tablename__)


def _meant(deed: Deed, place: Place) -> list[Shown]:
    shown = shown_in(deed, place)
    wanting = [each for each in shown if _takes_files(each)]
    if not shown:
        asked = interview_questions.interviews_with(deed.uow, deed.by)
        wanting = [*evidence_questions.tasks_asking(deed), *asked]
    if len(shown) == 1:
        return shown  # whatever stands against it says so itself
    if not wanting:
        raise NothingAskedHere(settled=tuple((name_of(deed.uow, each), _state_of(each)) for each in shown))
    return wanting


def shown_in(deed: Deed, place: Place) -> list[Shown]:
    """What stands in a thread and takes files at times, each once; of the actor's own, where there is any."""
    messages = posted.in_thread(deed.uow, place.channel_id, place.message_ts)
    alone = [(row.subject, row.subject_id) for row in messages]
    among = [(nudge.subject, nudge.subject_id) for nudge in told_by(deed.uow, [row.id for row in messages])]
    about = dict.fromkeys([*alone, *among])
    shown = [deed.uow.get(SHOWN[subject], number) for subject, number in about if subject in SHOWN]
    return [each for each in shown if _whose(each) == deed.by] or shown


def _whose(shown: Shown) -> str | None:
    if isinstance(shown, Action):
        return shown.assignee_id
    return shown.owner_id if isinstance(shown, AuditRequest) else evidence_questions.owner_of(shown)


def _takes_files(shown: Shown) -> bool:
    if isinstance(shown, AuditRequest):
        return shown.state in (RequestState.ASSIGNED, RequestState.ANSWERED)
    if isinstance(shown, Interview):
        return shown.state is InterviewState.ANSWERING
    if isinstance(shown, Action):
        return shown.state in evidence_rules.ACTIONS_TAKE_FILES
    if isinstance(shown, Nonconformity):
        return shown.state in evidence_rules.CASES_TAKE_FILES
    return shown.state in evidence_rules.TAKES_FILES


def _state_of(shown: Shown) -> str:
    """Its state by the word that refusals have for it."""
    if isinstance(shown, Action):
        return f"action_{shown.state}"
    return f"request_{shown.state}" if isinstance(shown, AuditRequest) else shown.state.value
