"""When people are told: working hours in their own zone, the ladder, and that nothing is planned twice."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.people.tables import Person
from storage.record.outbox import OutboxRow
from storage.tasks.tables import Task
from tests.workflows.conftest import MONDAY, the_bot
from workflows.dates.workweek import WorkingDays
from workflows.nudges import commands as nudge_commands
from workflows.nudges import questions as nudge_questions
from workflows.nudges.rules import next_working_moment

ANY_WEEK = WorkingDays()
GERMANY = WorkingDays(country="DE")
FOUR_DAYS = WorkingDays(frozenset(range(4)), "SG")
ZONES = (
    *("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"),
    *("Asia/Singapore", "Australia/Lord_Howe", "Africa/Casablanca"),
)
START = datetime(2024, 1, 1, tzinfo=UTC)
moments = st.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: START + timedelta(minutes=minutes))


@given(moments, st.sampled_from(ZONES), st.sampled_from((ANY_WEEK, GERMANY, FOUR_DAYS)))
def test_a_message_is_told_in_working_hours_of_its_reader(at: datetime, zone: str, working: WorkingDays) -> None:
    told = next_working_moment(working, zone, at).astimezone(ZoneInfo(zone))
    assert told >= at
    assert working.is_working(told.date())
    assert time(9) <= told.time() < time(17)


@given(moments, st.sampled_from(ZONES))
def test_nobody_waits_longer_than_over_a_weekend(at: datetime, zone: str) -> None:
    assert next_working_moment(ANY_WEEK, zone, at) - at <= timedelta(days=2, hours=17)


@pytest.mark.parametrize(
    ("zone", "at", "told"),
    [
        ("Europe/Berlin", "2026-11-23T08:30:00+01:00", "2026-11-23T09:00:00+01:00"),
        ("Europe/Berlin", "2026-11-23T12:00:00+01:00", "2026-11-23T12:00:00+01:00"),
        ("Europe/Berlin", "2026-11-23T17:00:00+01:00", "2026-11-24T09:00:00+01:00"),
        ("Europe/Berlin", "2026-11-27T18:00:00+01:00", "2026-11-30T09:00:00+01:00"),
        ("Europe/Berlin", "2026-03-28T12:00:00+01:00", "2026-03-30T09:00:00+02:00"),
        ("America/New_York", "2026-10-31T12:00:00-04:00", "2026-11-02T09:00:00-05:00"),
        ("Asia/Singapore", "2026-11-23T08:00:00+00:00", "2026-11-23T16:00:00+08:00"),
        ("Europe/Berlin", "2026-12-25T12:00:00+01:00", "2026-12-28T09:00:00+01:00"),
        ("Europe/Berlin", "2027-03-25T17:30:00+01:00", "2027-03-30T09:00:00+02:00"),
    ],
)
def test_examples_of_a_good_hour(zone: str, at: str, told: str) -> None:
    assert next_working_moment(GERMANY, zone, datetime.fromisoformat(at)) == datetime.fromisoformat(told)


def nudges_of(uow: UnitOfWork, task: Task) -> list[str]:
    """The rungs the owner of a task was to be told, in order."""
    rows = uow.all(Nudge, col(Nudge.subject) == "task", col(Nudge.subject_id) == task.id)
    return [row.rung for row in rows if row.person_id == task.owner_id]


def first_task(uow: UnitOfWork) -> Task:
    """The open task that falls due first."""
    task = uow.first(Task, col(Task.nudge_on).is_not(None), order_by=col(Task.due_on))
    assert task is not None
    return task


def test_ticking_again_plans_nothing_twice(programme: UnitOfWork) -> None:
    task = first_task(programme)
    for minute in range(5):
        nudge_commands.tick(the_bot(programme, MONDAY + timedelta(minutes=minute)))
    assert nudges_of(programme, task) == ["opened"]


def test_the_ladder_is_climbed_to_its_end_and_then_it_is_quiet(programme: UnitOfWork) -> None:
    task = first_task(programme)
    for day in range(70):
        nudge_commands.tick(the_bot(programme, MONDAY + timedelta(days=day)))
    climbed = ["opened", "due_soon.3", "due", "overdue.1", "overdue.3", "overdue.5", "overdue.20"]
    assert nudges_of(programme, task) == climbed
    assert programme.get(Task, task.id).nudge_on is None


def test_after_an_outage_only_the_latest_rung_is_told(programme: UnitOfWork) -> None:
    task = first_task(programme)
    nudge_commands.tick(the_bot(programme, MONDAY + timedelta(days=90)))
    assert nudges_of(programme, task) == ["opened", "overdue.20"]


def test_at_the_last_rung_leads_and_management_hear_of_it(programme: UnitOfWork) -> None:
    task = first_task(programme)
    nudge_commands.tick(the_bot(programme, MONDAY + timedelta(days=90)))
    rows = programme.all(Nudge, col(Nudge.rung) == "overdue.20", col(Nudge.subject_id) == task.id)
    assert {row.person_id: row.values["audience"] for row in rows} == {
        task.owner_id: "owner",
        "UMIRA": "lead",
        "UINES": "lead",
        "UDAVID": "management",
    }


def test_a_card_says_who_is_told_next_and_when(programme: UnitOfWork) -> None:
    task = first_task(programme)
    ladder_ends = nudge_questions.told_next(programme, task, task.due_on + timedelta(days=10))
    assert ladder_ends is not None
    assert ladder_ends.people == (task.owner_id, "UMIRA", "UINES", "UDAVID")
    assert nudge_questions.told_next(programme, task, task.due_on + timedelta(days=40)) is None


def test_nobody_is_written_to_on_a_holiday_of_their_country(uow: UnitOfWork) -> None:
    christmas = datetime(2026, 12, 25, 10, tzinfo=UTC)  # a Friday
    for person, zone, country in (("U0BERLIN", "Europe/Berlin", None), ("U0CAIRO", "Europe/Berlin", "EG")):
        uow.add(Person(slack_id=person, zone=zone, country=country, synced_at=christmas))
    the_bot(uow, christmas).message(["U0BERLIN", "U0CAIRO"], ("task", 1), "task.review", what=("v", 1))
    planned = {row.recipient: row.not_before.isoformat() for row in uow.all(OutboxRow)}
    assert planned == {"U0BERLIN": "2026-12-28T08:00:00+00:00", "U0CAIRO": "2026-12-25T10:00:00+00:00"}
