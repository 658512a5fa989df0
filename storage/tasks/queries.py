"""Tasks: questions put to its tables."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    func,
    select,
)
from sqlmodel import col

from storage.engine import statements

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.tasks.tables import UNDECIDED, Handover, HandoverKind, HandoverState, Task, TaskComment, TaskState, Wanted

WAITS_FOR_ITS_OWNER = (TaskState.OPEN, TaskState.RETURNED)
"""States in which the owner is the one to act."""


NOT_DECIDED = (TaskState.SCHEDULED, *UNDECIDED)
"""What is planned, and what somebody still has to act on."""


def of_obligation(uow: "UnitOfWork", obligation_id: int, states: Iterable[TaskState]) -> list[Task]:
    """The tasks of an obligation that stand in one of these states, in order of their dates."""
    return uow.all(
        Task,
        col(Task.obligation_id) == obligation_id,
        col(Task.state).in_(list(states)),
        order_by=col(Task.scheduled_on),
    )


def to_open(uow: "UnitOfWork", today: date) -> list[Task]:
    """Scheduled tasks whose lead time has begun."""
    return uow.all(
        Task,
        col(Task.state) == TaskState.SCHEDULED,
        col(Task.opens_on) <= today,
        order_by=col(Task.due_on),
    )


def to_nudge(uow: "UnitOfWork", today: date) -> list[Task]:
    """Tasks waiting for their owner whose next reminder has come."""
    return uow.all(
        Task,
        col(Task.state).in_(WAITS_FOR_ITS_OWNER),
        col(Task.nudge_on) <= today,
        order_by=col(Task.due_on),
    )


def waiting(uow: "UnitOfWork") -> list[Task]:
    """Every task that waits for its owner."""
    return uow.all(Task, col(Task.state).in_(WAITS_FOR_ITS_OWNER), order_by=col(Task.id))


def undecided(uow: "UnitOfWork", owner_id: str | None = None) -> list[Task]:
    """Tasks somebody still has to act on, the most urgent first; one owner's or everybody's."""
    where: list[ColumnElement[bool]] = [col(Task.state).in_(UNDECIDED)]
    if owner_id is not None:
        where.append(col(Task.owner_id) == owner_id)
    return uow.all(Task, *where, order_by=col(Task.due_on))


def submitted(uow: "UnitOfWork") -> list[Task]:
    """Tasks waiting for a lead's verdict, longest waiting first."""
    return uow.all(Task, col(Task.state) == TaskState.SUBMITTED, order_by=col(Task.submitted_at))


def dated_between(
    uow: "UnitOfWork",
    first: date,
    last: date,
    *,
    owner_id: str | None = None,
    states: Iterable[TaskState] = tuple(TaskState),
) -> list[Task]:
    """Tasks due from `first` to `last`, both included, in any of the states; one owner's or everybody's."""
    where: list[ColumnElement[bool]] = [col(Task.state).in_(list(states)), col(Task.due_on).between(first, last)]
    if owner_id is not None:
        where.append(col(Task.owner_id) == owner_id)
    return uow.all(Task, *where, order_by=(col(Task.due_on), col(Task.title)))


def due_between(uow: "UnitOfWork", first: date, last: date) -> list[Task]:
    """Tasks not yet decided that are due from `first` to `last`, both included."""
    return uow.all(
        Task,
        col(Task.state).in_(NOT_DECIDED),
        col(Task.due_on).between(first, last),
        order_by=col(Task.due_on),
    )


def in_state(uow: "UnitOfWork", state: TaskState) -> int:
    """How many tasks stand in a state."""
    return uow.count(Task, col(Task.state) == state)


def decided_since(uow: "UnitOfWork", state: TaskState, since: datetime) -> list[Task]:
    """Tasks that were decided this way at `since` or later."""
    return uow.all(Task, col(Task.state) == state, col(Task.decided_at) >= since, order_by=col(Task.id))


def missed_since(uow: "UnitOfWork", since: date) -> list[Task]:
    """Tasks whose period, due on `since` or later, was missed."""
    return uow.all(Task, col(Task.state) == TaskState.MISSED, col(Task.due_on) >= since, order_by=col(Task.due_on))


def to_miss(uow: "UnitOfWork", today: date) -> list[Task]:
    """Tasks still waiting for their owner though their period has ended."""
    return uow.all(
        Task,
        col(Task.state).in_(WAITS_FOR_ITS_OWNER),
        col(Task.period_ends_on) <= today,
        order_by=col(Task.due_on),
    )


def followed_on(uow: "UnitOfWork", tasks: Iterable[Task]) -> dict[int, date]:
    """Of tasks, by their ids, the day of the next occurrence of the same obligation, where one is planned."""
    these = statements.among(col(Task.id), [task.id for task in tasks])
    found = uow.connection.execute(_select_next().where(these), {statements.WORKSPACE: uow.workspace_id})
    return {task_id: day for task_id, day in found if day is not None}


@cache
def _select_next() -> Select[Any]:
    table = statements.table_of(Task)
    later = table.alias("later")
    # The workspace is asked for here and not of the tasks themselves: SQLite would walk through all that it has.
    own = later.c.workspace_id == bindparam(statements.WORKSPACE), later.c.obligation_id == table.c.obligation_id
    next_day = select(func.min(later.c.scheduled_on)).where(*own, later.c.scheduled_on > table.c.scheduled_on)
    return select(table.c.id, next_day.scalar_subquery())


def owned(uow: "UnitOfWork", owner_id: str, states: Collection[TaskState]) -> list[Task]:
    """Somebody's tasks in these states, the most urgent first."""
    return uow.all(
        Task, col(Task.owner_id) == owner_id, col(Task.state).in_(states), order_by=(col(Task.due_on), col(Task.id))
    )


def done_for(uow: "UnitOfWork", absent_id: str, states: Collection[TaskState]) -> list[Task]:
    """The tasks that others do for somebody who is absent."""
    return uow.all(Task, col(Task.stands_in_for) == absent_id, col(Task.state).in_(states), order_by=(col(Task.due_on)))


def comments(uow: "UnitOfWork", task_id: int) -> list[TaskComment]:
    """What people left on a task, oldest first."""
    return uow.matching(TaskComment, task_id=task_id)


def waiting_handover(uow: "UnitOfWork", task_id: int) -> Handover | None:
    """The wish to hand a task over that nobody has answered yet."""
    return next(iter(uow.matching(Handover, task_id=task_id, state=HandoverState.WAITING)), None)


def handovers_waiting_for(uow: "UnitOfWork", person_id: str) -> list[Handover]:
    """The delegations somebody has not answered yet."""
    return uow.matching(Handover, to_id=person_id, kind=HandoverKind.DELEGATION, state=HandoverState.WAITING)


def not_mine(uow: "UnitOfWork") -> list[Handover]:
    """The tasks whose owner says that they belong to somebody else."""
    return uow.matching(Handover, kind=HandoverKind.NOT_MINE, state=HandoverState.WAITING)


def waiting_for_any(uow: "UnitOfWork", owner_ids: Collection[str]) -> list[Task]:
    """The tasks that wait for any of these people, the most urgent first."""
    return uow.all(
        Task,
        col(Task.state).in_(WAITS_FOR_ITS_OWNER),
        col(Task.owner_id).in_(owner_ids),
        order_by=col(Task.due_on),
    )


def titled(uow: "UnitOfWork", words: Iterable[str], owner_id: str | None, *, most: int) -> list[Task]:
    """Up to `most` tasks not yet decided whose title holds all of these words, those due first first."""
    where: list[ColumnElement[bool]] = [col(Task.state).in_([TaskState.SCHEDULED, *UNDECIDED])]
    where += [col(Task.title).icontains(word, autoescape=True) for word in words]
    if owner_id is not None:
        where.append(col(Task.owner_id) == owner_id)
    return uow.all(Task, *where, order_by=col(Task.due_on), limit=most)


def listed(uow: "UnitOfWork", wanted: Wanted, *, first: int, most: int) -> tuple[list[Task], int]:
    """Up to `most` tasks from the one numbered `first` on, the most urgent first, and how many there are in all."""
    where = wanted.conditions()
    found = uow.all(Task, *where, order_by=col(Task.due_on), limit=first + most)
    return found[first:], uow.count(Task, *where)
