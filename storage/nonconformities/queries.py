"""Nonconformities: questions put to its tables."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, NonconformityState, Response

ENDED = (NonconformityState.CLOSED, NonconformityState.VOID)
"""States in which nobody has to act any more."""


def numbered(uow: "UnitOfWork", number: int) -> Nonconformity | None:
    """The nonconformity people know as NC-`number`."""
    return uow.first(Nonconformity, col(Nonconformity.number) == number)


def latest_number(uow: "UnitOfWork") -> int:
    """The highest number given so far; 0 when there is none."""
    newest = uow.all(Nonconformity, order_by=col(Nonconformity.number).desc(), limit=1)
    return newest[0].number if newest else 0


def living(uow: "UnitOfWork") -> list[Nonconformity]:
    """Every nonconformity that is neither closed nor void, oldest first."""
    return uow.all(Nonconformity, col(Nonconformity.state).not_in(ENDED), order_by=col(Nonconformity.number))


def closed(uow: "UnitOfWork") -> list[Nonconformity]:
    """Every closed nonconformity, oldest first."""
    return uow.all(
        Nonconformity,
        col(Nonconformity.state) == NonconformityState.CLOSED,
        order_by=col(Nonconformity.number),
    )


def to_check(uow: "UnitOfWork", today: date) -> list[Nonconformity]:
    """Those being watched whose day of checking the effect has come."""
    return uow.all(
        Nonconformity,
        col(Nonconformity.state) == NonconformityState.MONITORING,
        col(Nonconformity.check_effect_on) <= today,
        order_by=col(Nonconformity.number),
    )


def overdue(uow: "UnitOfWork", today: date) -> list[Nonconformity]:
    """Those whose day of acting has passed, longest first."""
    return uow.all(
        Nonconformity,
        col(Nonconformity.state).not_in(ENDED),
        col(Nonconformity.due_on) < today,
        order_by=col(Nonconformity.due_on),
    )


def response(uow: "UnitOfWork", nonconformity_id: int, round_: int) -> Response | None:
    """The owner's response of one round."""
    return uow.first(Response, col(Response.nonconformity_id) == nonconformity_id, col(Response.round) == round_)


def responses(uow: "UnitOfWork", nonconformity_id: int) -> list[Response]:
    """The owner's responses, round by round."""
    return uow.all(Response, col(Response.nonconformity_id) == nonconformity_id, order_by=col(Response.round))
