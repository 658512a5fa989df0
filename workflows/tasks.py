"""Tasks room: the moves a task can make, and who may make them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from storage import evidence as stored_evidence
from storage import tasks as stored
from storage.evidence import Evidence, EvidenceState
from storage.people import Role
from storage.tasks import Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import nudges, people
from workflows.errors import AlreadyDecided, EvidenceMissing, InputWanted, NotAllowed, OwnEvidence, Stale
from workflows.people import Actor

# --- rules ---

MOVES: Mapping[str, tuple[frozenset[TaskState], TaskState]] = MappingProxyType(
    {
        "open": (frozenset({TaskState.SCHEDULED}), TaskState.OPEN),
        "submit": (frozenset({TaskState.OPEN, TaskState.RETURNED}), TaskState.SUBMITTED),
        "accept": (frozenset({TaskState.SUBMITTED}), TaskState.ACCEPTED),
        "return": (frozenset({TaskState.SUBMITTED}), TaskState.RETURNED),
    }
)
"""Every move: from which states, to which state. A move that is not here does not exist."""


def moved(task: Task, move: str) -> TaskState:
    """The state a move leads to. Raises `AlreadyDecided` when the task stands elsewhere."""
    begins, ends = MOVES[move]
    if task.state not in begins:
        by = task.decided_by if task.state in (TaskState.ACCEPTED, TaskState.RETURNED) else task.submitted_by
        raise AlreadyDecided(what=task.title, state=task.state.value, by=by)
    return ends


# --- commands ---


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Open the tasks whose lead time has begun and plan their first nudge."""
    today = nudges.local_day(uow.workspace().zone, at)
    for task in stored.to_open(uow, today):
        opened = uow.change(task, state=moved(task, "open"), opened_at=at)
        uow.record(actor=people.THE_BOT, verb="task.open", subject="task", subject_id=task.id, at=at)
        nudges.plan_nudge(uow, opened, today=today, at=at)


def done(uow: UnitOfWork, actor: Actor, *, task_id: int, at: datetime) -> Task:
    """The owner says that it is done, with the evidence given so far or where none is wanted.

    Raises `NotAllowed`, `AlreadyDecided`, or `EvidenceMissing` when evidence is wanted and none was given.
    """
    task = uow.get(Task, task_id)
    if actor.person_id != task.owner_id:
        raise NotAllowed(deed="say that this is done", who_may=f"its owner, <@{task.owner_id}>")
    state = moved(task, "submit")
    if task.evidence_required and not kept(uow, task):
        raise EvidenceMissing(title=task.title, wanted=task.evidence_wanted)
    return submit(uow, task, state, by=actor.person_id, at=at)


def submit(uow: UnitOfWork, task: Task, state: TaskState, *, by: str, at: datetime) -> Task:
    """Hand a task to the leads: the move itself, its entry on the trail, the cards, and the leads' queue."""
    submitted = uow.change(
        task,
        state=state,
        submitted_at=at,
        submitted_by=by,
        decided_at=None,
        decided_by=None,
        reason="",
        nudge_on=None,
    )
    uow.record(actor=by, verb="task.submit", subject="task", subject_id=task.id, at=at)
    nudges.refresh(uow, subject="task", subject_id=task.id, version=submitted.version, at=at)
    leads = [lead for lead in people.holders(uow, Role.LEAD) if lead != task.owner_id]
    nudges.tell(
        uow,
        leads,
        kind="task.review",
        subject="task",
        subject_id=task.id,
        at=at,
        what=("v", submitted.version),
    )
    return submitted


def accept(uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, at: datetime) -> Task:
    """A lead accepts what was given. Nobody accepts own work: `OwnEvidence`. `version` guards what was seen."""
    task = to_judge(uow, actor, move="accept", task_id=task_id, version=version, at=at)
    return _decide(uow, actor, task, "accept", reason="", at=at)


def return_(uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, reason: str, at: datetime) -> Task:
    """A lead returns what was given, with a reason; the owner is told and the reminders go on."""
    if not reason.strip():
        raise InputWanted("reason", "what is missing, in a sentence")
    task = to_judge(uow, actor, move="return", task_id=task_id, version=version, at=at)
    returned = _decide(uow, actor, task, "return", reason=reason.strip(), at=at)
    nudges.tell(
        uow,
        [task.owner_id],
        kind="task.returned",
        subject="task",
        subject_id=task.id,
        at=at,
        what=("v", returned.version),
    )
    return returned


def to_judge(uow: UnitOfWork, actor: Actor, *, move: str, task_id: int, version: int, at: datetime) -> Task:
    """The task a lead is about to accept or return. Raises as the move itself does."""
    actor.must(f"{move} a task")
    task = uow.get(Task, task_id)
    moved(task, move)
    if not is_independent(uow, task, actor.person_id):
        raise OwnEvidence(title=task.title)
    if task.version != version:
        raise Stale(what=task.title)
    return task


def _decide(uow: UnitOfWork, actor: Actor, task: Task, move: str, *, reason: str, at: datetime) -> Task:
    accepted = move == "accept"
    today = nudges.local_day(uow.workspace().zone, at)
    coming = None if accepted else nudges.next_rung(task.due_on, today)
    decided = uow.change(
        task,
        state=moved(task, move),
        decided_at=at,
        decided_by=actor.person_id,
        reason=reason,
        nudge_on=coming[1] if coming else None,
    )
    verdict = EvidenceState.ACCEPTED if accepted else EvidenceState.RETURNED
    judged = [each for each in kept(uow, task) if each.state is EvidenceState.KEPT]
    for each in judged:
        uow.change(each, state=verdict, judged_by=actor.person_id, judged_at=at, reason=reason)
    uow.record(
        actor=actor.person_id,
        verb=f"task.{move}",
        subject="task",
        subject_id=task.id,
        at=at,
        details={"reason": reason, "evidence": [each.sha256 for each in judged]},
    )
    nudges.refresh(uow, subject="task", subject_id=task.id, version=decided.version, at=at)
    return decided


# --- questions ---


def kept(uow: UnitOfWork, task: Task) -> list[Evidence]:
    """The evidence of a task whose bytes are in the store and which was not returned."""
    standing = (EvidenceState.KEPT, EvidenceState.ACCEPTED)
    return [each for each in stored_evidence.of_task(uow, task.id) if each.state in standing]


@dataclass(frozen=True)
class WorkList:
    """What somebody has to act on, most urgent first, seen on `today` in the organisation's zone."""

    tasks: list[Task]
    today: date


def of_person(uow: UnitOfWork, actor: Actor, *, person_id: str, at: datetime) -> WorkList:
    """What somebody has to act on: one's own for everybody, another's for those who may see it.

    Raises `NotAllowed` or `NoProgrammeYet`.
    """
    if person_id != actor.person_id:
        actor.must("see everybody's tasks")
    people.programme_must_run(uow)
    return WorkList(stored.undecided(uow, person_id), nudges.local_day(uow.workspace().zone, at))


def is_independent(uow: UnitOfWork, task: Task, person_id: str) -> bool:
    """Whether somebody had no part in a task: neither owner, nor submitter, nor giver of its evidence."""
    givers = {each.provided_by for each in kept(uow, task)}
    return person_id not in {task.owner_id, task.submitted_by, *givers}
