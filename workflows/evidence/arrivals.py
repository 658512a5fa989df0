"""Evidence room: what comes from elsewhere than a file of Slack.

Its bytes are in the store before its row is written, so that a crash between the two leaves bytes that nothing speaks
of, and never a row without its bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, WayIn
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import file_kinds
from workflows.evidence import questions as evidence_questions
from workflows.evidence import rules as evidence_rules
from workflows.evidence.refusals import NoTaskTakesEvidence
from workflows.evidence.rules import Days, FileFault, OfferedFile, Place, Serves
from workflows.people.permissions import Permission

# --- rules ---


@dataclass(frozen=True)
class Piece:
    """Bytes that lie in the store. `source_key` tells them apart from what else came the same way."""

    name: str
    sha256: str
    size: int
    media_type: str
    source_key: str
    permalink: str = ""
    note: str = ""


def by_command(piece: Piece, task_id: int) -> Piece:
    """A file brought on the command line, told apart so that the same one serves the same task once."""
    return replace(piece, source_key=f"command:{task_id}:{piece.sha256}:{piece.name}"[:400])


# --- commands ---


def bring(
    deed: Deed, *, task_id: int, pieces: Sequence[Piece], way_in: WayIn, covers: Days | None = None
) -> list[Evidence]:
    """Give what is in the store already for a task. Raises `NotAllowed` or `AlreadyDecided`."""
    task = evidence_questions.task_taking(deed, task_id=task_id)
    return [bring_one(deed, task, each, way_in=way_in, covers=covers) for each in pieces]


def bring_one(deed: Deed, task: Task, piece: Piece, *, way_in: WayIn, covers: Days | None = None) -> Evidence:
    """One piece for a task that takes it; the same piece again changes nothing."""
    offered = OfferedFile("", piece.name, piece.size, piece.permalink, piece.note, piece.source_key)
    taken = evidence_commands.take_for(deed, task, offered, Place("", "", way_in), covers=covers)
    return keep_or_refuse(deed, taken.id, piece)


def keep_own(deed: Deed, piece: Piece, *, covers: Days) -> Evidence:
    """One piece that we made ourselves, and that serves nothing yet; the same piece again changes nothing."""
    offered = OfferedFile("", piece.name, piece.size, piece.permalink, piece.note, piece.source_key)
    taken = evidence_commands.take(deed, offered, Place("", "", WayIn.MADE), Serves(), covers=covers)
    return keep_or_refuse(deed, taken.id, piece)


def keep_or_refuse(deed: Deed, evidence_id: int, piece: Piece) -> Evidence:
    """Keep bytes that lie in the store, unless there are none, or they are of a kind that will not do."""
    accepts = evidence_questions.accepted_kinds(deed.uow, evidence_id)
    fault = FileFault.EMPTY if piece.size == 0 else FileFault.WRONG_KIND
    if piece.size == 0 or not file_kinds.is_accepted(piece.media_type, accepts):
        return evidence_commands.refuse(
            deed, evidence_id=evidence_id, fault=fault, received=piece.size, media_type=piece.media_type
        )
    return evidence_commands.keep(
        deed, evidence_id=evidence_id, sha256=piece.sha256, size=piece.size, media_type=piece.media_type
    )


# --- questions ---


@dataclass(frozen=True)
class MayTake:
    """The tasks for which somebody may give evidence now, most urgent first: their own, and others' where they lead."""

    own: list[Task]
    others: list[Task]


def tasks_taking(deed: Deed) -> MayTake:
    """What a piece of evidence may be for. Raises `NoTaskTakesEvidence` where there is nothing."""
    undecided = task_queries.undecided(deed.uow, None if deed.may(Permission.ACCEPT_TASK) else deed.by)
    own = [task for task in undecided if task.owner_id == deed.by]
    if not undecided:
        raise NoTaskTakesEvidence
    return MayTake(own, [task for task in undecided if task.owner_id != deed.by])


def tasks_of(uow: UnitOfWork, given: Evidence) -> list[Task]:
    """The tasks that a piece of evidence serves and that still take more."""
    served = [evidence_questions.served_by(uow, use) for use in evidence_queries.uses_of(uow, given.id)]
    return [each for each in served if isinstance(each, Task) and each.state in evidence_rules.TAKES_FILES]
