"""Evidence room: each time a probe was due, and what it found."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, col

from storage.rows import Row, choice, moment, one_of, prose, refers_to

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class RunState(StrEnum):
    """How a probe went: `met` what was expected, or `failed` to, also by not answering."""

    RUNNING = "running"
    MET = "met"
    FAILED = "failed"


class ProbeRun(Row, table=True):
    """A probe on one of its days; there is one such row, so that of several replicas one asks.

    `asked_at` is when it was last begun. `task_id` is what its failure opened, `sha256` what the body hashes to.
    """

    __tablename__ = "probe_run"
    __table_args__ = (
        one_of("state", RunState),
        UniqueConstraint("workspace_id", "name", "due_on", name="one_run_per_probe_and_day"),
        CheckConstraint("(state = 'running') = (settled_at IS NULL)", name="probe_runs_end_at_a_time"),
    )

    name: str = Field(max_length=40)
    due_on: date
    state: RunState = choice(RunState, RunState.RUNNING)
    asked_at: datetime = moment(optional=False)
    settled_at: datetime | None = moment()
    sha256: str | None = Field(default=None, max_length=64)
    seen: str = prose()
    task_id: int | None = refers_to("task.id", optional=True)


def run_on(uow: "UnitOfWork", name: str, due_on: date) -> ProbeRun | None:
    """The run of a probe on a day."""
    return next(iter(uow.matching(ProbeRun, name=name, due_on=due_on)), None)


def last_settled(uow: "UnitOfWork", name: str, before: date) -> ProbeRun | None:
    """What a probe found the last time before a day."""
    found = uow.all(
        ProbeRun,
        col(ProbeRun.name) == name,
        col(ProbeRun.due_on) < before,
        col(ProbeRun.state) != RunState.RUNNING,
        order_by=col(ProbeRun.due_on).desc(),
        limit=1,
    )
    return found[0] if found else None


def tasks_of(uow: "UnitOfWork", name: str) -> set[int]:
    """The tasks that a probe's failures opened."""
    failed = uow.all(ProbeRun, col(ProbeRun.name) == name, col(ProbeRun.task_id).is_not(None))
    return {each.task_id for each in failed if each.task_id}
