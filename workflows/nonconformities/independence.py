"""Who may do what with a case now, who has the ball, and why nobody judges own work."""

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, Seat
from workflows.nonconformities import cases, needs, seats
from workflows.nonconformities.lifecycle import EVENTS
from workflows.nonconformities.refusals import NotYet, NotYourSeat, OwnCorrection
from workflows.nonconformities.seats import Bar, Filling
from workflows.people.rules import Actor
from workflows.refusals import NotAllowed, Tried, WhoMay


def must_sit(uow: UnitOfWork, finding: Nonconformity, verb: str, actor: Actor) -> Filling:
    """How the seat is filled from which the actor does this. Raises `NotAllowed`, `OwnCorrection` or `NotYourSeat`."""
    seat = EVENTS[verb].by
    if seat is Seat.OWNER and actor.person_id != finding.owner_id:
        raise NotAllowed(Tried.DO_THIS, WhoMay.OWNER, finding.owner_id)
    known, house = cases.facts(uow, finding), cases.house(uow, finding, acting=actor.person_id)
    found = seats.fill(seat, known, house)
    if actor.person_id in found.people:
        return found
    why = seats.why_not(actor.person_id, seat, known, house)
    if why in (Bar.DOERS, Bar.OWNER) and house.roles.get(actor.person_id):
        raise OwnCorrection(number=finding.number)
    raise NotYourSeat(number=finding.number, seat=seat, why=why, people=list(found.people))


def must_be_so(uow: UnitOfWork, finding: Nonconformity, verb: str) -> None:
    """Raise `NotYet` where the case isn't as the event needs it."""
    if need := needs.unmet(uow, finding, verb):
        raise NotYet(number=finding.number, need=need)


def moves_for(uow: UnitOfWork, finding: Nonconformity, actor: Actor) -> frozenset[str]:
    """What this person can do now: exactly these have buttons on the card."""
    begins_here = [
        verb
        for verb, each in EVENTS.items()
        if finding.state in each.begins and each.by not in (Seat.BOT, Seat.ANYBODY)
    ]
    if not begins_here:
        return frozenset()
    known, house = cases.facts(uow, finding), cases.house(uow, finding, acting=actor.person_id)
    mine = {seat for seat in Seat if seat is not Seat.ANYBODY and actor.person_id in _people(seat, known, house)}
    return frozenset(
        verb for verb in begins_here if EVENTS[verb].by in mine and needs.unmet(uow, finding, verb) is None
    )


def _people(seat: Seat, known: seats.Facts, house: seats.House) -> tuple[str, ...]:
    return seats.fill(seat, known, house).people


def actors_next(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    """Who must act now. Nobody while the effect is being watched, and nobody once it is over."""
    return cases.asked_next(uow, finding)
