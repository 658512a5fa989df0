"""The exceptions that are said of a case wherever it is shown: who judged under which, and what its days tell."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Given
from storage.nonconformities import queries
from storage.nonconformities.tables import Mark, Nonconformity, NonconformityState, Signature, Signs
from storage.record import trail
from workflows.evidence import verdicts
from workflows.nonconformities import cases
from workflows.nonconformities.limits import LIMITS
from workflows.nudges.rules import local_day

LEAST_WATCH = LIMITS[NonconformityState.MONITORING].least
LATE_AFTER = timedelta(days=7)
"""What is given later than this after the day that it shows was written down late."""

CLOSED_BY_THE_BODY = ("nonconformity.body_closes", "nonconformity.close_after_body")
TAKEN_OVER = ("nonconformity.take_over",)
"""A case out of a register of before was found earlier than it was written down here."""


def of_case(uow: UnitOfWork, finding: Nonconformity, today: date) -> list[Mark]:
    """What has to be said of a case wherever it is shown, in the order in which it is always said."""
    found = {*_of_people(uow, finding), *_of_the_case(uow, finding, today)}
    return [mark for mark in Mark if mark in found]


def _of_people(uow: UnitOfWork, finding: Nonconformity) -> Iterator[Mark]:
    signed = cases.standing(uow, finding)
    marks = [
        *(each.mark for each in signed.values()),
        *(each.mark for each in queries.named_seats(uow, finding.id)),
        *(each.mark for each in queries.accesses(uow, finding.id)),
        *(each.mark for each in queries.contests(uow, finding.id)),
    ]
    yield from (mark for mark in marks if mark is not None)
    if _by_one_person(signed):
        yield Mark.ONE_PERSON_THROUGHOUT
    if any(check == {"check": "another_team", "passed": False} for each in signed.values() for check in each.checks):
        yield Mark.SAME_TEAM


def _of_the_case(uow: UnitOfWork, finding: Nonconformity, today: date) -> Iterator[Mark]:
    if any(each.extended_to for each in queries.rounds(uow, finding.id)):
        yield Mark.EXTENDED
    if _missed_outside(uow, finding, today):
        yield Mark.EXTERNAL_MISSED
    if any(each.is_met and each.watched_days < LEAST_WATCH for each in queries.effect_checks(uow, finding.id)):
        yield Mark.SHORT_WATCH
    if any(is_older(uow, finding, each) for each in verdicts.standing_for(uow, finding)):
        yield Mark.PROOF_OLDER
    if trail.latest(uow, "nonconformity", finding.id, TAKEN_OVER):
        yield Mark.LATE_ENTRY
    if _stands_for_a_reason(uow, finding):
        yield Mark.ASKED_BACK


def is_older(uow: UnitOfWork, finding: Nonconformity, given: Given) -> bool:
    """Whether a file shows how things were before the finding was raised."""
    return given.evidence.collected_on < _day(uow, finding.raised_at)


def is_late(uow: UnitOfWork, given: Given) -> bool:
    """Whether a file was given later than a week after the day that it shows."""
    return _day(uow, given.evidence.received_at) - given.evidence.collected_on > LATE_AFTER


def _stands_for_a_reason(uow: UnitOfWork, finding: Nonconformity) -> bool:
    response = queries.response(uow, finding.id, finding.round)
    return response is not None and bool(response.stands_because)


def _missed_outside(uow: UnitOfWork, finding: Nonconformity, today: date) -> bool:
    """Whether the certification body closed its finding after its own day, or hasn't though that is over."""
    body = queries.of_the_body(uow, finding.id)
    if body is None or body.corrected_by is None or finding.state is NonconformityState.VOID:
        return False
    closed = trail.latest(uow, "nonconformity", finding.id, CLOSED_BY_THE_BODY)
    return (_day(uow, closed.moment) if closed and not cases.body_is_open(body) else today) > body.corrected_by


def _day(uow: UnitOfWork, at: datetime) -> date:
    return local_day(uow.workspace().zone, at)


def _by_one_person(signed: Mapping[Signs, Signature]) -> bool:
    """Whether whoever graded and reviewed also verified and judged the effect."""
    wanted = (Signs.GRADE, Signs.REVIEW, Signs.IMPLEMENTATION, Signs.EFFECT)
    people = {signed[each].person_id for each in wanted if each in signed}
    return all(each in signed for each in wanted) and len(people) == 1
