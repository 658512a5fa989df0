"""What the rules need to know of a case, looked up in rows: its doers and signatures, who is there, and its clock."""

from collections.abc import Iterable, Mapping
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.nonconformities import queries
from storage.nonconformities.tables import (
    ActionState,
    BodyFinding,
    BodyTrack,
    Nonconformity,
    NonconformityRound,
    NonconformityState,
    Seat,
    Signature,
    Signs,
)
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from workflows.evidence import verdicts
from workflows.nonconformities import seats
from workflows.nonconformities.lifecycle import BALL
from workflows.nonconformities.seats import Facts, Filling, House
from workflows.programme import certification

State = NonconformityState

SEATED = (Role.LEAD, Role.AUDITOR, Role.MANAGEMENT)
"""The roles from which seats are filled."""

GOES_ON: Mapping[State, Signs] = {State.PLAN_REVIEW: Signs.GRADE, State.EFFECTIVENESS_REVIEW: Signs.IMPLEMENTATION}
"""Whose work it is to go on in a state: whoever signed this is asked before the others."""


def facts(uow: UnitOfWork, finding: Nonconformity) -> Facts:
    """What the seats of a case depend on."""
    return Facts(
        owner=finding.owner_id,
        grade=finding.grade,
        doers=doers(uow, finding),
        signed={signs: each.person_id for signs, each in standing(uow, finding).items()},
        named={each.seat: each.person_id for each in queries.named_seats(uow, finding.id)},
    )


def doers(uow: UnitOfWork, finding: Nonconformity) -> frozenset[str]:
    """Everybody who had a part in the work, in any round: none of them judges it.

    Present and earlier owners, who wrote an answer or a cause, who carries out an action, and who gave evidence.
    """
    assigned = (each for each in queries.actions(uow, finding.id) if each.response_id is not None)
    return frozenset(
        {
            finding.owner_id,
            *(finding.earlier_owners or ()),
            *(each.submitted_by for each in queries.responses(uow, finding.id)),
            *(each.written_by for each in queries.causes(uow, finding.id)),
            *(each.assignee_id for each in assigned if each.state is not ActionState.CANCELLED),
            *verdicts.givers(evidence_queries.for_nonconformity(uow, finding.id)),
        }
    )


def standing(uow: UnitOfWork, finding: Nonconformity) -> dict[Signs, Signature]:
    """The signatures that stand, by what they are for."""
    return {each.signs: each for each in queries.signatures(uow, finding.id) if each.lapsed_at is None}


def house(uow: UnitOfWork, finding: Nonconformity, *, acting: str = "") -> House:
    """Who is there for a case: nobody who left, or is away beyond its day; whoever is `acting` is there, evidently."""
    named = [each for each in queries.named_seats(uow, finding.id) if each.seat is Seat.CONSENTER]
    managers = {each.person_id for each in named}
    holders = (person for role in SEATED for person in people_queries.holders(uow, role))
    everybody = dict.fromkeys((*holders, finding.owner_id, *managers, *([acting] if acting else [])))
    return House(
        roles={
            person: _roles_of(uow, person, manages=person in managers)
            for person in everybody
            if _is_there(uow, finding, person, is_acting=person == acting) and not _is_guest(uow, person)
        },
        outsiders=tuple(each for each in let_in(uow, finding) if _is_there(uow, finding, each)),
        admins=_admins(uow),
    )


def _roles_of(uow: UnitOfWork, person_id: str, *, manages: bool) -> frozenset[Role]:
    held = {grant.role for grant in people_queries.open_grants(uow, person_id)}
    return frozenset(held | ({Role.MANAGEMENT} if manages else set()))


def _is_there(uow: UnitOfWork, finding: Nonconformity, person_id: str, *, is_acting: bool = False) -> bool:
    person = people_queries.person(uow, person_id)
    if person is None or person.is_bot or person.is_deactivated:
        return False
    return is_acting or not _is_away_beyond(person, finding)


def _is_away_beyond(person: Person, finding: Nonconformity) -> bool:
    """Whether somebody is away longer than the case can wait; who is back before its day is asked all the same."""
    if not person.is_away or person.absent_until is None:
        return False
    return finding.due_on is None or person.absent_until >= finding.due_on


def _is_guest(uow: UnitOfWork, person_id: str) -> bool:
    person = people_queries.person(uow, person_id)
    return person is not None and person.is_guest and not people_queries.open_grants(uow, person_id)


def let_in(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    """Those from outside who may see, judge and sign this case today, each once."""
    return list(dict.fromkeys(each.person_id for each in queries.accesses(uow, finding.id) if each.is_open))


def _admins(uow: UnitOfWork) -> tuple[str, ...]:
    found = uow.matching(Person, is_admin=True, is_bot=False, is_deactivated=False)
    return tuple(sorted(each.slack_id for each in found))


def filling(uow: UnitOfWork, finding: Nonconformity, seat: Seat, *, acting: str = "") -> Filling:
    """Who may sit in a seat of the case now, and under which exception."""
    return seats.fill(seat, facts(uow, finding), house(uow, finding, acting=acting))


def asked_next(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    """Who has the ball. Where nobody may, whoever looks after the seats is to find somebody."""
    seat = BALL.get(finding.state)
    if seat in (None, Seat.BOT):
        return []
    assert seat is not None
    known = facts(uow, finding)
    people = seats.fill(seat, known, house(uow, finding)).people
    return _asked_first(finding, seat, known, people) if people else keepers(uow, finding)


def keepers(uow: UnitOfWork, finding: Nonconformity) -> list[str]:
    """Who looks after the seats of a case: names people, and lets somebody in from outside."""
    return list(filling(uow, finding, Seat.KEEPER).people)


def is_stuck(uow: UnitOfWork, finding: Nonconformity) -> bool:
    """Whether the seat that has the ball is empty."""
    seat = BALL.get(finding.state)
    return seat not in (None, Seat.BOT) and not filling(uow, finding, seat).people


def _asked_first(finding: Nonconformity, seat: Seat, known: Facts, people: Iterable[str]) -> list[str]:
    """One person where one stands out; else those who have signed nothing yet, since fresh eyes see more."""
    able = list(people)
    goes_on = GOES_ON.get(finding.state)
    author = finding.raised_by if finding.state is State.DRAFT else None
    for first in (known.named.get(seat), known.signed.get(goes_on) if goes_on else author):
        if first in able:
            return [first]
    return [each for each in able if each not in known.signed.values()] or able


def present_round(uow: UnitOfWork, finding: Nonconformity) -> NonconformityRound | None:
    """The round a case is in; None for a draft."""
    found = queries.rounds(uow, finding.id)
    return found[-1] if found else None


def next_audit(uow: UnitOfWork, finding: Nonconformity, today: date) -> date | None:
    """The day of the next audit from outside against the edition that the finding is about."""
    return certification.next_audit(uow, finding.requirement.partition(":")[0], after=today)


def body_is_open(body: BodyFinding | None) -> bool:
    """Whether a case is a certification body's that it has not closed."""
    return body is not None and body.track is not BodyTrack.CLOSED
