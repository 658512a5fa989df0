"""Tasks room: one row per dated occurrence of an obligation."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    cast,
    func,
    select,
    text,
)
from sqlmodel import Field, col

from storage import statements
from storage.rows import Row, choice, moment, one_of, prose, refers_to

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class TaskState(StrEnum):
    """Where a task stands; the moves between states are rules of the workflows floor."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WAIVED = "waived"
    MISSED = "missed"


class HandoverKind(StrEnum):
    """How somebody came to ask that a task change hands."""

    DELEGATION = "delegation"
    NOT_MINE = "not_mine"


class HandoverState(StrEnum):
    """What became of it."""

    WAITING = "waiting"
    TAKEN = "taken"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Task(Row, table=True):
    """One occurrence. `scheduled_on` never changes; `due_on` may. Dates are in the organisation's zone.

    `nudge_on` is the day on which the owner is next reminded; it is empty once nobody needs reminding. `period_ends_on`
    is the day from which it counts as missed. `stands_in_for` is the absent person the owner does it for. The day of an
    `external` task was set by somebody outside and never moves.
    Title, requirements and evidence are copied from the obligation, so that history stays as it was lived.
    """

    __tablename__ = "task"
    __table_args__ = (
        one_of("state", TaskState),
        UniqueConstraint("workspace_id", "obligation_id", "scheduled_on", name="one_task_per_occurrence"),
        Index("tasks_by_state_and_opening", "workspace_id", "state", "opens_on"),
        Index("tasks_by_state_and_due_date", "workspace_id", "state", "due_on"),
        Index("tasks_by_state_and_nudge", "workspace_id", "state", "nudge_on"),
        Index("tasks_by_state_and_end", "workspace_id", "state", "period_ends_on"),
        Index("tasks_by_owner", "workspace_id", "owner_id", "state"),
        Index("tasks_by_absent_owner", "workspace_id", "stands_in_for", "state"),
    )

    obligation_id: int = refers_to("obligation.id")
    title: str = Field(max_length=200)
    purpose: str = prose()
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    owner_id: str = Field(max_length=32)
    deputy_id: str | None = Field(default=None, max_length=32)
    stands_in_for: str | None = Field(default=None, max_length=32)
    scheduled_on: date
    opens_on: date
    due_on: date
    period_ends_on: date | None = None
    external: bool = False
    snoozes: int = 0
    evidence_wanted: str = prose()
    evidence_required: bool = True
    accepts: list[str] = Field(default_factory=list, sa_type=JSON)
    state: TaskState = choice(TaskState, TaskState.SCHEDULED)
    nudge_on: date | None = None
    opened_at: datetime | None = moment()
    submitted_at: datetime | None = moment()
    submitted_by: str | None = Field(default=None, max_length=32)
    decided_at: datetime | None = moment()
    decided_by: str | None = Field(default=None, max_length=32)
    reason: str = prose()


class TaskComment(Row, table=True):
    """A sentence somebody left on a task."""

    __tablename__ = "task_comment"

    task_id: int = refers_to("task.id")
    person_id: str = Field(max_length=32)
    text: str = prose()
    at: datetime = moment(optional=False)


class Handover(Row, table=True):
    """Somebody's wish that a task change hands. `to_id` is who was asked, or who was suggested, if anybody."""

    __tablename__ = "handover"
    __table_args__ = (
        one_of("kind", HandoverKind),
        one_of("state", HandoverState),
        Index(
            "one_waiting_handover",
            "workspace_id",
            "task_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    task_id: int = refers_to("task.id")
    kind: HandoverKind = choice(HandoverKind, HandoverKind.DELEGATION)
    by_id: str = Field(max_length=32)
    to_id: str | None = Field(default=None, max_length=32)
    reason: str = prose()
    state: HandoverState = choice(HandoverState, HandoverState.WAITING)
    asked_at: datetime = moment(optional=False)
    settled_by: str | None = Field(default=None, max_length=32)
    settled_at: datetime | None = moment()


WAITS_FOR_ITS_OWNER = (TaskState.OPEN, TaskState.RETURNED)
"""States in which the owner is the one to act."""

UNDECIDED = (TaskState.OPEN, TaskState.SUBMITTED, TaskState.RETURNED)
"""States in which somebody still has to act."""

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


@dataclass(frozen=True)
class Wanted:
    """Which tasks a list shows: of these owners (None: everybody's), in these states, due before a day, one edition."""

    owner_ids: Collection[str] | None
    states: Collection[TaskState]
    due_before: date | None = None
    edition: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        where: list[ColumnElement[bool]] = [col(Task.state).in_(self.states)]
        if self.owner_ids is not None:
            where.append(col(Task.owner_id).in_(self.owner_ids))
        if self.due_before is not None:
            where.append(col(Task.due_on) < self.due_before)
        if self.edition:
            # The column is a JSON list of references such as "iso9001-2015:7.2"; both databases can read it as text.
            where.append(cast(col(Task.requirements), String).contains(f'"{self.edition}:', autoescape=True))
        return where


def listed(uow: "UnitOfWork", wanted: Wanted, *, first: int, most: int) -> tuple[list[Task], int]:
    """Up to `most` tasks from the one numbered `first` on, the most urgent first, and how many there are in all."""
    where = wanted.conditions()
    found = uow.all(Task, *where, order_by=col(Task.due_on), limit=first + most)
    return found[first:], uow.count(Task, *where)
