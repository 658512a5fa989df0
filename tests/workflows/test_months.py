"""Months: what a person means by one, and what they see of it."""

from datetime import date

import pytest

from storage.engine.unit_of_work import UnitOfWork
from tests.workflows.conftest import deed
from workflows.programme import months
from workflows.programme.refusals import MonthNotUnderstood, NoProgrammeYet

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("", "2026-11-01"),
        ("next", "2026-12-01"),
        ("2027-3", "2027-03-01"),
        ("2027-03", "2027-03-01"),
        ("December", "2026-12-01"),
        ("nov", "2026-11-01"),
        ("jan", "2027-01-01"),
        ("oct 2026", "2026-10-01"),
        ("  MAY   2030 ", "2030-05-01"),
    ],
)
def test_what_people_mean(text: str, first: str) -> None:
    assert months.first_of(text, TODAY) == date.fromisoformat(first)


@pytest.mark.parametrize(
    "text",
    [
        "someday",
        "2027-13",
        "1850-01",
        "9999-12",
        "ma",
        "maybe",
        "13",
        "2027-00",
        "\u0662\u0660\u0662\u0667-\u0660\u0661",
    ],
)
def test_what_nobody_means_is_refused(text: str) -> None:
    with pytest.raises(MonthNotUnderstood):
        months.first_of(text, TODAY)


@pytest.mark.parametrize(
    ("person", "everybody"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", True), ("UJONAS", False)]
)
def test_who_sees_whose_dates(programme: UnitOfWork, person: str, everybody: bool) -> None:
    found = months.month(deed(programme, person), text="2026-12")
    assert found.shows_everybody is everybody
    assert {task.owner_id for task in found.tasks} == ({"UJONAS", "UPRIYA"} if everybody else {"UJONAS"})
    assert all(task.due_on.month == 12 for task in found.tasks)


def test_holidays_are_those_of_the_reader(programme: UnitOfWork) -> None:
    found = months.month(deed(programme, "UPRIYA"), text="2026-08")
    assert date(2026, 8, 10) in found.holidays  # the day after Singapore's National Day, a Sunday in that year


def test_what_comes_up_is_not_open_yet_and_within_four_weeks(programme: UnitOfWork) -> None:
    coming = months.coming_up(deed(programme, "UMIRA"), today=TODAY)
    assert coming
    assert all(task.state == "scheduled" and (task.due_on - TODAY).days <= 28 for task in coming)


def test_before_the_programme_there_is_no_calendar(directory: UnitOfWork) -> None:
    with pytest.raises(NoProgrammeYet):
        months.month(deed(directory, "UMIRA"), text="")
