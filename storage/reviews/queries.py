"""Reviews: questions put to its tables."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.reviews.tables import Digest


def digest_of(uow: "UnitOfWork", week_of: date) -> Digest | None:
    """The digest told for the week that begins on Monday `week_of`."""
    return uow.first(Digest, col(Digest.week_of) == week_of)


def latest_before(uow: "UnitOfWork", week_of: date) -> Digest | None:
    """The last digest told before the week of `week_of`: what this week is compared with."""
    told = uow.all(Digest, col(Digest.week_of) < week_of, order_by=col(Digest.week_of).desc(), limit=1)
    return told[0] if told else None
