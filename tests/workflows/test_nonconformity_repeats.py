"""What is like what was found before: by requirement, place and process, within which time; and what that points to."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState
from tests.workflows.conftest import MONDAY, owed, the_bot
from workflows.nonconformities import commands, repeats

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

YEAR = timedelta(days=365)
DAY = timedelta(days=1)
KNOWN: dict[str, Any] = {
    "requirement": "iso27001-2022:A.5.18",
    "place": "Berlin",
    "process": "Leaving",
    "grade": Grade.MINOR,
    "state": NonconformityState.RESPONDING,
}


def found(uow: UnitOfWork, at: datetime = MONDAY, **other: Any) -> Nonconformity:
    """A case that was issued at some time; no way there is asked about."""
    return uow.add(
        Nonconformity(
            number=uow.count(Nonconformity) + 1,
            owner_id="UJONAS",
            raised_by="ULIAM",
            raised_at=at,
            issued_at=at,
            moved_at=at,
            **{**KNOWN, **other},
        )
    )


@pytest.mark.parametrize(
    ("before", "is_repeat"),
    [
        ({}, True),
        ({"state": NonconformityState.CLOSED, "closed_by": "UMIRA"}, True),
        ({"state": NonconformityState.VOID}, False),
        ({"place": "berlin "}, True),
        ({"place": "Bonn"}, False),
        ({"process": "LEAVING"}, True),
        ({"process": "Buying"}, False),
        ({"process": None}, True),
        ({"requirement": "iso27001-2013:A.5.18"}, True),
        ({"requirement": "iso9001-2015:A.5.18"}, False),
        ({"requirement": "iso27001-2022:A.5.19"}, False),
        ({"requirement": "", "criterion": "Leaver procedure"}, False),
        ({"at": MONDAY - YEAR}, True),
        ({"at": MONDAY - YEAR - DAY}, False),
        ({"at": MONDAY + DAY}, False),
    ],
)
def test_what_is_a_repeat(programme: UnitOfWork, before: dict[str, Any], is_repeat: bool) -> None:
    earlier = found(programme, **{"at": MONDAY - DAY, **before})
    alike = repeats.like(programme, found(programme))
    assert alike.repeats == ((earlier,) if is_repeat else ())
    assert alike.tests == (("M6",) if is_repeat else ())


def test_the_same_document_is_the_same_thing(programme: UnitOfWork) -> None:
    document: dict[str, Any] = {"requirement": "", "criterion": "Leaver procedure, section 4"}
    earlier = found(programme, MONDAY - DAY, **document)
    found(programme, MONDAY - DAY, **{**document, "criterion": "Another one"})
    assert repeats.like(programme, found(programme, **document)).repeats == (earlier,)


@pytest.mark.parametrize(("opened", "is_repeat"), [(MONDAY - 3 * YEAR, True), (MONDAY - YEAR, False)])
def test_it_is_looked_for_since_the_audit_before(programme: UnitOfWork, opened: datetime, is_repeat: bool) -> None:
    audit: dict[str, Any] = {"title": "Spring", "question_set": "all", "auditor_id": "ULIAM"}
    programme.add(DeskAudit(edition="iso27001-2022", opened_at=opened, **audit))
    found(programme, MONDAY - 2 * YEAR)
    assert repeats.is_repeat(programme, found(programme)) is is_repeat


@pytest.mark.parametrize(
    ("others", "grade", "is_cluster"),
    [
        (1, Grade.MINOR, False),
        (2, Grade.MINOR, True),
        (2, None, True),
        (2, Grade.MAJOR, False),
    ],
)
def test_three_minors_on_one_requirement_point_to_a_major(
    programme: UnitOfWork, others: int, grade: Grade | None, is_cluster: bool
) -> None:
    for number in range(others):
        found(programme, MONDAY - DAY, place=f"Site {number}")
    found(programme, MONDAY - DAY, place="Another", grade=Grade.MAJOR)
    state = NonconformityState.DRAFT if grade is None else NonconformityState.RESPONDING
    alike = repeats.like(programme, found(programme, grade=grade, state=state))
    assert (len(alike.cluster), alike.tests) == ((others, ("M5",)) if is_cluster else (0, ()))


@pytest.mark.parametrize(
    ("days", "other", "is_asked"),
    [
        (31, {}, True),
        (30, {}, False),
        (31, {"grade": Grade.MAJOR}, False),
        (31, {"state": NonconformityState.CLOSED, "closed_by": "UMIRA"}, False),
        (31, {"state": NonconformityState.DRAFT}, False),
    ],
)
def test_a_minor_that_is_long_overdue_is_graded_again_by_a_person(
    programme: UnitOfWork, days: int, other: dict[str, Any], is_asked: bool
) -> None:
    found(programme, due_on=MONDAY.date() - days * DAY, **other)
    for _ in range(2):
        commands.have_grades_looked_at(the_bot(programme))
    assert owed(programme, "nonconformity", "regrade") == ({"UMIRA", "UINES", "ULIAM"} if is_asked else set())
