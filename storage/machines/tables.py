"""Machines: its tables."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class MachineKey(Row, table=True):
    """A key for one obligation. Its secret is stored nowhere: it is computed from `public_id` and a secret of ours."""

    __tablename__ = "machine_key"
    __table_args__ = (
        UniqueConstraint("public_id", name="one_key_per_public_id"),
        Index(
            "one_open_key_per_name",
            "workspace_id",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    public_id: str = Field(max_length=32)
    name: str = Field(max_length=80)
    obligation_id: int = refers_to("obligation.id")
    made_by: str = Field(max_length=32)
    made_at: datetime = moment(optional=False)
    used_at: datetime | None = moment()
    revoked_by: str | None = Field(default=None, max_length=32)
    revoked_at: datetime | None = moment()


class RunState(StrEnum):
    """How a probe went: `met` what was expected, or `failed` to, also by not answering."""

    RUNNING = "running"
    MET = "met"
    FAILED = "failed"


class ProbeRun(Row, table=True):
    """A probe on one of its days; there is one such row, so that of several replicas one asks.

    `asked_at` is when it was last begun, by the database's clock. `task_id` is what its failure opened, `sha256` what
    the body hashes to.
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
