"""Tasks room: who a task belongs to, and how it changes hands. The verbs that people use stand in `handovers.py`."""

from collections.abc import Mapping
from datetime import date

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.people import queries as people_queries
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Handover, HandoverState, Task
from workflows.deed import Deed
from workflows.nudges import ladders
from workflows.people import questions as people_questions


def stand_in(uow: UnitOfWork, task: Task, *, on: date) -> str | None:
    """Who does a task in its owner's place on a day: the deputy named for it, else the owner's own, if either can."""
    owner = people_queries.person(uow, task.owner_id)
    deputies = (task.deputy_id, owner.deputy_id if owner else None)
    return people_questions.first_present(uow, (each for each in deputies if each != task.owner_id), on=on)


def move(
    deed: Deed,
    task: Task,
    to_id: str,
    *,
    verb: str,
    stands_in_for: str | None = None,
    details: Mapping[str, JSON] | None = None,
) -> Task:
    """Give a task to somebody, with its entry on the trail; its cards follow, and nobody is asked any longer."""
    moved = deed.uow.change(
        task, owner_id=to_id, stands_in_for=stands_in_for, nudge_on=_next_reminder(deed, task, to_id)
    )
    withdraw(deed, task)
    deed.record(verb, task, to=to_id, **(details or {}), from_=task.owner_id)
    deed.redraw(moved)
    return moved


def _next_reminder(deed: Deed, task: Task, to_id: str) -> date | None:
    """Reminders are counted in the working days of whoever has it now; of today they hear by the move itself."""
    if task.state not in WAITS_FOR_ITS_OWNER:
        return task.nudge_on
    return ladders.next_day(deed.uow, task, owner_id=to_id, after=deed.today)


def withdraw(deed: Deed, task: Task) -> None:
    """What was asked about a task before is settled by something else."""
    if waiting := task_queries.waiting_handover(deed.uow, task.id):
        settle(deed, waiting, HandoverState.WITHDRAWN)


def settle(deed: Deed, handover: Handover, state: HandoverState) -> Handover:
    """Write down what became of a wish to hand over."""
    return deed.uow.change(handover, state=state, settled_by=deed.by, settled_at=deed.at)
