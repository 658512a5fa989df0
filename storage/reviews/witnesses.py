"""Witnesses: who outside is told of the published heads of the trail, and whether they were."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import col

from storage.reviews.tables import Digest

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.reviews.tables import HeadNotice, Way


def newest_digest(uow: "UnitOfWork") -> Digest | None:
    """The digest that published the latest head."""
    return uow.first(Digest, order_by=col(Digest.week_of).desc())


def to_tell(uow: "UnitOfWork", way: Way, at: datetime) -> HeadNotice | None:
    """The oldest notice that is due in a way."""
    return uow.first(
        HeadNotice,
        col(HeadNotice.way) == way,
        col(HeadNotice.told_at).is_(None),
        col(HeadNotice.not_before) <= at,
        order_by=col(HeadNotice.id),
    )
