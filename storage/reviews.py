"""Reviews room: the weekly digests as they were told, so that next week's can show what changed."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, col

from storage.rows import Row, moment

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Digest(Row, table=True):
    """One weekly digest. `week_of` is the Monday it was told for; the trail's head is published with it."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("workspace_id", "week_of", name="one_digest_per_week"),)

    week_of: date
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    trail_sequence: int
    trail_hash: str = Field(max_length=64)
    prepared_at: datetime = moment(optional=False)


def digest_of(uow: "UnitOfWork", week_of: date) -> Digest | None:
    """The digest told for the week that begins on Monday `week_of`."""
    return uow.first(Digest, col(Digest.week_of) == week_of)


def latest_before(uow: "UnitOfWork", week_of: date) -> Digest | None:
    """The last digest told before the week of `week_of`: what this week is compared with."""
    told = uow.all(Digest, col(Digest.week_of) < week_of, order_by=col(Digest.week_of).desc(), limit=1)
    return told[0] if told else None
