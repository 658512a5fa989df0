"""Tasks: its tables."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    String,
    UniqueConstraint,
    cast,
    text,
)
from sqlmodel import Field, col

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


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


UNDECIDED = (TaskState.OPEN, TaskState.SUBMITTED, TaskState.RETURNED)
"""States in which somebody still has to act."""


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
