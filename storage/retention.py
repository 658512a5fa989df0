"""Evidence room: proposals to dispose of evidence whose time is over, and who decided about them."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field

from storage.rows import Row, choice, moment, one_of

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class DisposalState(StrEnum):
    """Whether somebody has decided about a proposal."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class Disposal(Row, table=True):
    """A proposal to dispose of some pieces of evidence; whoever made it never approves it."""

    __tablename__ = "disposal"
    __table_args__ = (
        one_of("state", DisposalState),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="disposals_are_decided_by_somebody"),
        CheckConstraint("state <> 'approved' OR decided_by <> proposed_by", name="approved_by_somebody_else"),
    )

    evidence_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    state: DisposalState = choice(DisposalState, DisposalState.PROPOSED)
    proposed_by: str = Field(max_length=32)
    proposed_at: datetime = moment(optional=False)
    decided_by: str | None = Field(default=None, max_length=32)
    decided_at: datetime | None = moment()


def proposed(uow: "UnitOfWork") -> list[Disposal]:
    """The proposals that nobody has decided about yet, oldest first."""
    return uow.matching(Disposal, state=DisposalState.PROPOSED)
