"""Concerns: questions put to their table."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.concerns.tables import Concern, ConcernState


def latest_number(uow: "UnitOfWork") -> int:
    """The highest number given so far; 0 when there is none."""
    newest = uow.all(Concern, order_by=col(Concern.number).desc(), limit=1)
    return newest[0].number if newest else 0


def open_ones(uow: "UnitOfWork") -> list[Concern]:
    """Those that nobody has decided about, oldest first."""
    return uow.all(Concern, col(Concern.state) == ConcernState.OPEN, order_by=col(Concern.number))


def undecided_by(uow: "UnitOfWork", day: date) -> list[Concern]:
    """Those that somebody should have decided about by a day, oldest first."""
    return [each for each in open_ones(uow) if each.due_on <= day]


def going_on(uow: "UnitOfWork") -> list[Concern]:
    """Those that were taken up and have not come to their end, oldest first."""
    return uow.all(
        Concern,
        col(Concern.state) == ConcernState.TAKEN_UP,
        col(Concern.ended_at).is_(None),
        order_by=col(Concern.number),
    )
