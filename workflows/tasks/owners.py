"""Tasks room: who a task belongs to, and how it changes hands. The verbs that people use stand in `handovers.py`."""

from collections.abc import Mapping
from datetime import date, datetime

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.people import queries as people_queries
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Handover, HandoverState, Task
from workflows.nudges import commands as nudge_commands
from workflows.nudges import ladders
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions


def stand_in(uow: UnitOfWork, task: Task, *, on: date) -> str | None:
    """Who does a task in its owner's place on a day: the deputy named for it, else the owner's own, if either can."""
    owner = people_queries.person(uow, task.owner_id)
    deputies = (task.deputy_id, owner.deputy_id if owner else None)
    return people_questions.first_present(uow, (each for each in deputies if each != task.owner_id), on=on)


def move(
    uow: UnitOfWork,
    task: Task,
    to_id: str,
    *,
    verb: str,
    by: str,
    at: datetime,
    stands_in_for: str | None = None,
    details: Mapping[str, JSON] | None = None,
) -> Task:
    """Give a task to somebody, with its entry on the trail; its cards follow, and nobody is asked any longer."""
    moved = uow.change(task, owner_id=to_id, stands_in_for=stands_in_for, nudge_on=_next_reminder(uow, task, to_id, at))
    withdraw(uow, task, by=by, at=at)
    uow.record(
        actor=by,
        verb=verb,
        subject="task",
        subject_id=task.id,
        at=at,
        details={"from": task.owner_id, "to": to_id, **(details or {})},
    )
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=moved.version, at=at)
    return moved


def _next_reminder(uow: UnitOfWork, task: Task, to_id: str, at: datetime) -> date | None:
    """Reminders are counted in the working days of whoever has it now; of today they hear by the move itself."""
    if task.state not in WAITS_FOR_ITS_OWNER:
        return task.nudge_on
    today = nudge_rules.local_day(uow.workspace().zone, at)
    return ladders.next_day(uow, task, owner_id=to_id, after=today)


def withdraw(uow: UnitOfWork, task: Task, *, by: str, at: datetime) -> None:
    """What was asked about a task before is settled by something else."""
    if waiting := task_queries.waiting_handover(uow, task.id):
        settle(uow, waiting, HandoverState.WITHDRAWN, by=by, at=at)


def settle(uow: UnitOfWork, handover: Handover, state: HandoverState, *, by: str, at: datetime) -> Handover:
    """Write down what became of a wish to hand over."""
    return uow.change(handover, state=state, settled_by=by, settled_at=at)
