"""Evidence room: what was given to show that something was done, where it came from, what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, col

from storage.rows import Row, choice, moment, one_of, prose, refers_to

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class EvidenceState(StrEnum):
    """`kept` means the bytes are in the blob store; a verdict may follow. `refused` never had bytes kept."""

    COLLECTING = "collecting"
    KEPT = "kept"
    REFUSED = "refused"
    ACCEPTED = "accepted"
    RETURNED = "returned"


class Evidence(Row, table=True):
    """One file out of Slack. `sha256` and `size` (bytes) are of what we stored, not of what Slack announced.

    It belongs to one task or to one nonconformity, never both.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("state", EvidenceState),
        UniqueConstraint("workspace_id", "slack_file_id", name="each_slack_file_once"),
        CheckConstraint("(task_id IS NULL) <> (nonconformity_id IS NULL)", name="belongs_to_a_task_or_a_nonconformity"),
        CheckConstraint(
            "state IN ('collecting', 'refused') OR (sha256 IS NOT NULL AND size IS NOT NULL)",
            name="kept_evidence_has_a_hash",
        ),
    )

    task_id: int | None = refers_to("task.id", optional=True)
    nonconformity_id: int | None = refers_to("nonconformity.id", optional=True)
    slack_file_id: str = Field(max_length=32)
    name: str = Field(max_length=400)
    announced_size: int = 0
    size: int | None = None
    sha256: str | None = Field(default=None, max_length=64)
    media_type: str = Field(default="", max_length=120)
    state: EvidenceState = choice(EvidenceState, EvidenceState.COLLECTING)
    reason: str = prose()
    provided_by: str = Field(max_length=32)
    channel_id: str = Field(default="", max_length=32)
    message_ts: str = Field(default="", max_length=32)
    permalink: str = prose()
    note: str = prose()
    received_at: datetime = moment(optional=False)
    kept_at: datetime | None = moment()
    judged_by: str | None = Field(default=None, max_length=32)
    judged_at: datetime | None = moment()


def of_slack_file(uow: "UnitOfWork", slack_file_id: str) -> Evidence | None:
    """The row a Slack file already has; Slack tells of one file twice (as message and as event)."""
    return uow.first(Evidence, col(Evidence.slack_file_id) == slack_file_id)


def of_task(uow: "UnitOfWork", task_id: int) -> list[Evidence]:
    """Everything given for a task, in the order it came."""
    return uow.all(Evidence, col(Evidence.task_id) == task_id, order_by=col(Evidence.id))


def of_nonconformity(uow: "UnitOfWork", nonconformity_id: int) -> list[Evidence]:
    """Everything given to show that a correction or corrective action was done, in the order it came."""
    return uow.all(Evidence, col(Evidence.nonconformity_id) == nonconformity_id, order_by=col(Evidence.id))


def collecting(uow: "UnitOfWork") -> list[Evidence]:
    """Files that were announced and are not in the store yet, oldest first."""
    return uow.all(Evidence, col(Evidence.state) == EvidenceState.COLLECTING, order_by=col(Evidence.id))


def latest(uow: "UnitOfWork", limit: int, provided_by: str | None = None) -> list[Evidence]:
    """The newest evidence, of one person or of everybody."""
    where = [] if provided_by is None else [col(Evidence.provided_by) == provided_by]
    return uow.all(Evidence, *where, order_by=col(Evidence.id).desc(), limit=limit)


def with_bytes(uow: "UnitOfWork") -> list[Evidence]:
    """Every row whose bytes must lie in the blob store."""
    return uow.all(Evidence, col(Evidence.sha256).is_not(None), order_by=col(Evidence.id))


def in_state(uow: "UnitOfWork", state: EvidenceState) -> int:
    """How many pieces of evidence stand in a state."""
    return uow.count(Evidence, col(Evidence.state) == state)


def received_since(uow: "UnitOfWork", since: datetime) -> list[Evidence]:
    """What was given at `since` or later, whatever became of it."""
    return uow.all(Evidence, col(Evidence.received_at) >= since, order_by=col(Evidence.id))


def accepted_for(uow: "UnitOfWork", since: datetime) -> frozenset[int]:
    """The tasks for which a lead accepted evidence at `since` or later."""
    accepted = uow.all(Evidence, col(Evidence.state) == EvidenceState.ACCEPTED, col(Evidence.judged_at) >= since)
    return frozenset(each.task_id for each in accepted if each.task_id is not None)
