"""Calendar room: obligations, which say what must happen again and again, and who answers for it."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import JSON, UniqueConstraint, or_
from sqlmodel import Field, col

from storage.rows import Row, moment, prose

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Obligation(Row, table=True):
    """Something the organisation has promised to do at planned intervals.

    `recurrence` is an RFC 5545 rule counted from `starts_on`; `lead_days` (calendar days) is how long before
    the due date a task opens; `requirements` are references such as `iso27001-2022:A.5.18`, so each carries
    its edition; `planned_until` is the last date for which a task exists already.
    """

    __tablename__ = "obligation"
    __table_args__ = (UniqueConstraint("workspace_id", "key", name="one_obligation_per_key"),)

    key: str = Field(max_length=80)
    title: str = Field(max_length=200)
    purpose: str = prose()
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    owner_id: str = Field(max_length=32)
    recurrence: str = Field(max_length=200)
    starts_on: date
    lead_days: int = 14
    evidence_wanted: str = prose()
    evidence_required: bool = True
    planned_until: date | None = Field(default=None, index=True)
    ended_at: datetime | None = moment()


def to_plan(uow: "UnitOfWork", before: date) -> list[Obligation]:
    """Living obligations whose tasks are not yet planned up to `before`."""
    return uow.all(
        Obligation,
        col(Obligation.ended_at).is_(None),
        or_(col(Obligation.planned_until).is_(None), col(Obligation.planned_until) < before),
        order_by=col(Obligation.id),
    )


def living(uow: "UnitOfWork") -> list[Obligation]:
    """Every obligation still kept, oldest first."""
    return uow.all(Obligation, col(Obligation.ended_at).is_(None), order_by=col(Obligation.id))


def every(uow: "UnitOfWork") -> list[Obligation]:
    """Every obligation there ever was, ended ones included, oldest first."""
    return uow.all(Obligation, order_by=col(Obligation.id))
