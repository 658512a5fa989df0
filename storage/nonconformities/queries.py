"""Nonconformities: questions put to its tables."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

    from storage.engine.unit_of_work import UnitOfWork
from storage.desk_audits.tables import AuditorCompetence
from storage.nonconformities.tables import (
    Action,
    BodyFinding,
    CaseAccess,
    Cause,
    Contest,
    EffectCheck,
    NamedSeat,
    Nonconformity,
    NonconformityRound,
    NonconformityState,
    Response,
    ResponseDraft,
    Signature,
)

ENDED = (NonconformityState.CLOSED, NonconformityState.VOID)
"""States in which nobody has to act any more."""


def numbered(uow: "UnitOfWork", number: int) -> Nonconformity | None:
    """The nonconformity people know as NC-`number`."""
    return uow.first(Nonconformity, col(Nonconformity.number) == number)


def latest_number(uow: "UnitOfWork") -> int:
    """The highest number given so far; 0 when there is none."""
    newest = uow.all(Nonconformity, order_by=col(Nonconformity.number).desc(), limit=1)
    return newest[0].number if newest else 0


def every(uow: "UnitOfWork") -> list[Nonconformity]:
    """Every nonconformity there ever was, oldest first."""
    return uow.all(Nonconformity, order_by=col(Nonconformity.number))


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


def due_by(uow: "UnitOfWork", day: date) -> list[Nonconformity]:
    """Those whose day of acting lies no later than `day`, longest overdue first."""
    return uow.all(
        Nonconformity,
        col(Nonconformity.state).not_in(ENDED),
        col(Nonconformity.due_on) <= day,
        order_by=col(Nonconformity.due_on),
    )


def response(uow: "UnitOfWork", nonconformity_id: int, round_: int) -> Response | None:
    """The owner's response of one round."""
    return uow.first(Response, col(Response.nonconformity_id) == nonconformity_id, col(Response.round) == round_)


def responses(uow: "UnitOfWork", nonconformity_id: int) -> list[Response]:
    """The owner's responses, round by round."""
    return uow.all(Response, col(Response.nonconformity_id) == nonconformity_id, order_by=col(Response.round))


def rounds(uow: "UnitOfWork", nonconformity_id: int) -> list[NonconformityRound]:
    """The rounds of a case, the first one first."""
    return uow.matching(NonconformityRound, nonconformity_id=nonconformity_id)


def drafts_without_day(uow: "UnitOfWork") -> list[Nonconformity]:
    """Drafts that were raised before drafts had a day."""
    return uow.matching(Nonconformity, state=NonconformityState.DRAFT, due_on=None)


def without_round(uow: "UnitOfWork") -> list[Nonconformity]:
    """Cases under way that were issued before there were rounds."""
    known = {each.nonconformity_id for each in uow.all(NonconformityRound)}
    return [each for each in living(uow) if each.issued_at is not None and each.id not in known]


def signatures(uow: "UnitOfWork", nonconformity_id: int) -> list[Signature]:
    """Every signature of a case, those that lapsed included, oldest first."""
    return uow.matching(Signature, nonconformity_id=nonconformity_id)


def causes(uow: "UnitOfWork", nonconformity_id: int) -> list[Cause]:
    """Every cause that was ever written down for a case, drafts last."""
    return uow.matching(Cause, nonconformity_id=nonconformity_id)


def actions(uow: "UnitOfWork", nonconformity_id: int) -> list[Action]:
    """Every action that was ever planned for a case, drafts last."""
    return uow.matching(Action, nonconformity_id=nonconformity_id)


def causes_of(uow: "UnitOfWork", response: Response | None) -> list[Cause]:
    """The causes of an answer that was sent, in their order."""
    found = uow.matching(Cause, response_id=response.id) if response else []
    return sorted(found, key=lambda each: each.place)


def actions_of(uow: "UnitOfWork", response: Response | None) -> list[Action]:
    """The actions of an answer that was sent, in their order."""
    found = uow.matching(Action, response_id=response.id) if response else []
    return sorted(found, key=lambda each: each.place)


def sent_causes(uow: "UnitOfWork", nonconformity_id: int) -> list[Cause]:
    """The causes of answers that were sent."""
    return [each for each in causes(uow, nonconformity_id) if each.response_id is not None]


def sent_actions(uow: "UnitOfWork", nonconformity_id: int) -> list[Action]:
    """The actions of answers that were sent."""
    return [each for each in actions(uow, nonconformity_id) if each.response_id is not None]


def draft(uow: "UnitOfWork", nonconformity_id: int) -> ResponseDraft | None:
    """What the owner has said so far of an answer, if anything."""
    return next(iter(uow.matching(ResponseDraft, nonconformity_id=nonconformity_id)), None)


def effect_checks(uow: "UnitOfWork", nonconformity_id: int) -> list[EffectCheck]:
    """Every time the effect was judged, the first one first."""
    return uow.matching(EffectCheck, nonconformity_id=nonconformity_id)


def contests(uow: "UnitOfWork", nonconformity_id: int) -> list[Contest]:
    """Every objection of the owner, oldest first."""
    return uow.matching(Contest, nonconformity_id=nonconformity_id)


def of_the_body(uow: "UnitOfWork", nonconformity_id: int) -> BodyFinding | None:
    """What the certification body wrote, if the case is its."""
    return next(iter(every_of_the_body(uow, nonconformity_id)), None)


def every_of_the_body(uow: "UnitOfWork", nonconformity_id: int) -> list[BodyFinding]:
    """The same as a list, of one at most."""
    return uow.matching(BodyFinding, nonconformity_id=nonconformity_id)


def accesses(uow: "UnitOfWork", nonconformity_id: int) -> list[CaseAccess]:
    """Everybody from outside who was ever let into a case."""
    return uow.matching(CaseAccess, nonconformity_id=nonconformity_id)


def every_access(uow: "UnitOfWork") -> list[CaseAccess]:
    """The same of all cases."""
    return uow.all(CaseAccess, order_by=col(CaseAccess.id))


def named_seats(uow: "UnitOfWork", nonconformity_id: int) -> list[NamedSeat]:
    """Everybody who was named for a seat of a case, the latest last."""
    return uow.matching(NamedSeat, nonconformity_id=nonconformity_id)


def raised_between(
    uow: "UnitOfWork", first: datetime, last: datetime, *, against: Nonconformity
) -> list[Nonconformity]:
    """Cases that were raised from one moment to another, both included, and may be against the same as a case."""
    return uow.all(
        Nonconformity,
        _perhaps_against_the_same(against),
        col(Nonconformity.raised_at) >= first,
        col(Nonconformity.raised_at) <= last,
        order_by=col(Nonconformity.number),
    )


def living_against_the_same(uow: "UnitOfWork", case: Nonconformity) -> list[Nonconformity]:
    """Every open case that may be against the same as this one, oldest first."""
    is_open = col(Nonconformity.state).not_in(ENDED)
    return uow.all(Nonconformity, is_open, _perhaps_against_the_same(case), order_by=col(Nonconformity.number))


def _perhaps_against_the_same(case: Nonconformity) -> "ColumnElement[bool]":
    """The number of the requirement is the same, in whatever edition; or it's a document, a law or a contract too."""
    if case.criterion:
        return col(Nonconformity.criterion).is_not(None)
    number = case.requirement.rpartition(":")[2]
    return col(Nonconformity.requirement).endswith(number, autoescape=True)


def is_competent(uow: "UnitOfWork", person_id: str, edition: str, on: date) -> bool:
    """Whether it is on record that somebody is fit to audit against an edition on a day."""
    held = uow.matching(AuditorCompetence, person_id=person_id, edition=edition, ended_at=None)
    return any(each.valid_until is None or each.valid_until >= on for each in held)


def of_body_number(uow: "UnitOfWork", body: str, number: str) -> BodyFinding | None:
    """The finding that a certification body gave this number."""
    return next(iter(uow.matching(BodyFinding, body=body, body_number=number)), None)
