"""Evidence room: files dropped in a direct message, and what they are for."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from storage.evidence.tables import Evidence
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.nudges import posted
from storage.nudges.queries import told_by
from storage.packs.tables import AuditRequest, RequestState
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import questions as evidence_questions
from workflows.evidence import rules as evidence_rules
from workflows.evidence.refusals import NothingAskedHere
from workflows.evidence.rules import OfferedFile, Place, Serves
from workflows.packs import requests
from workflows.refusals import AlreadyDecided, Thing

# --- rules ---

Shown = Task | Nonconformity | AuditRequest
SHOWN: Mapping[str, type[Shown]] = MappingProxyType(
    {"task": Task, "nonconformity": Nonconformity, "audit_request": AuditRequest}
)
"""What may stand in a thread and take a file that is dropped there, by what messages call it."""


# --- commands ---


def give_where_dropped(deed: Deed, *, files: Sequence[OfferedFile], place: Place) -> list[Evidence]:
    """Take note of files dropped in a direct message: in a thread they are for the one thing shown there that takes
    files, beside any thread for the one task that asks for evidence.

    Raises `NothingAskedHere` when that could be none or several, else as the other ways of giving do.
    """
    meant = _meant(deed, place)
    if isinstance(meant, AuditRequest):
        return give_for_request(deed, request_id=meant.id, files=files, place=place)
    if isinstance(meant, Nonconformity):
        number = meant.id
        return evidence_commands.give_for_nonconformity(deed, nonconformity_id=number, files=files, place=place)
    return evidence_commands.give(deed, task_id=meant.id, files=files, place=place)


def give_for_request(deed: Deed, *, request_id: int, files: Sequence[OfferedFile], place: Place) -> list[Evidence]:
    """Take note of files that show an auditor what was asked for. Raises `NotAllowed` or `AlreadyDecided`."""
    request = requests.to_answer(deed, request_id=request_id)
    if not _takes_files(request):
        raise AlreadyDecided(
            what=Thing.NAMED, called=_name_of(request), state=_state_of(request), by=request.settled_by
        )
    return [evidence_commands.take(deed, file, place, Serves(request_id=request.id)) for file in files]


# --- questions ---


def _meant(deed: Deed, place: Place) -> Shown:
    shown = _shown_in(deed, place)
    if not shown:
        return evidence_questions.task_asked_for(deed)
    if len(shown) == 1:
        return shown[0]
    wanting = [each for each in shown if _takes_files(each)]
    if not wanting:
        raise NothingAskedHere(titles=(), settled=tuple((_name_of(each), _state_of(each)) for each in shown))
    if len(wanting) > 1:
        raise NothingAskedHere(titles=tuple(_name_of(each) for each in wanting))
    return wanting[0]


def _shown_in(deed: Deed, place: Place) -> list[Shown]:
    """What stands in a thread and takes files at times, each once; of the actor's own, where there is any."""
    messages = posted.in_thread(deed.uow, place.channel_id, place.message_ts)
    alone = [(row.subject, row.subject_id) for row in messages]
    among = [(nudge.subject, nudge.subject_id) for nudge in told_by(deed.uow, [row.id for row in messages])]
    about = dict.fromkeys([*alone, *among])
    shown = [deed.uow.get(SHOWN[subject], number) for subject, number in about if subject in SHOWN]
    return [each for each in shown if each.owner_id == deed.by] or shown


def _takes_files(shown: Shown) -> bool:
    if isinstance(shown, AuditRequest):
        return shown.state in (RequestState.ASSIGNED, RequestState.ANSWERED)
    if isinstance(shown, Nonconformity):
        return shown.state is NonconformityState.IMPLEMENTING
    return shown.state in evidence_rules.TAKES_FILES


def _name_of(shown: Shown) -> str:
    if isinstance(shown, AuditRequest):
        return f"R-{shown.number}"
    return shown.title if isinstance(shown, Task) else f"NC-{shown.number}"


def _state_of(shown: Shown) -> str:
    """Its state by the word that refusals have for it."""
    return f"request_{shown.state}" if isinstance(shown, AuditRequest) else shown.state.value
