"""Limits: by when, and that no day is ever set before the day it is set on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.nonconformities.tables import Grade, NonconformityState
from workflows.dates.workweek import WorkingDays
from workflows.nonconformities import limits
from workflows.nonconformities.limits import LIMITS, Clock

State = NonconformityState
TODAY = date(2026, 11, 23)
GERMANY = WorkingDays(country="DE")
DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
NEAR = st.integers(-400, 400).map(timedelta)


def clock(grade: Grade = Grade.MINOR, **values: date | None) -> Clock:
    """A case that enters a state today, in a round that began today."""
    given: dict[str, date | None] = {"entered": TODAY, "round_began": TODAY, **values}
    return Clock(grade, working=GERMANY, **given)  # type: ignore[arg-type]  # the required days are there


@pytest.mark.parametrize(
    ("grade", "state", "days"),
    [
        (Grade.MAJOR, State.RESPONDING, 14),
        (Grade.MINOR, State.RESPONDING, 30),
        (Grade.MAJOR, State.IMPLEMENTING, 60),
        (Grade.MINOR, State.IMPLEMENTING, 90),
        (Grade.MAJOR, State.MONITORING, 120),
        (Grade.MINOR, State.AWAITING_BODY, 90),
    ],
)
def test_days_from_the_round_or_from_the_last_step(grade: Grade, state: State, days: int) -> None:
    assert limits.due_on(state, clock(grade)) == GERMANY.on_or_before(TODAY + timedelta(days))


@pytest.mark.parametrize(
    ("state", "major", "minor"),
    [
        (State.ISSUED, 1, 3),
        (State.CONTESTED, 5, 5),
        (State.PLAN_REVIEW, 3, 5),
        (State.CONSENTING, 3, 5),
        (State.VERIFYING, 5, 10),
        (State.EFFECTIVENESS_REVIEW, 5, 10),
        (State.SECOND_SIGNATURE, 3, 5),
    ],
)
def test_working_days_of_whoever_judges(state: State, major: int, minor: int) -> None:
    assert limits.due_on(state, clock(Grade.MAJOR)) == GERMANY.add(TODAY, major)
    assert limits.due_on(state, clock(Grade.MINOR)) == GERMANY.add(TODAY, minor)


def test_the_work_is_due_on_the_day_of_the_plan_and_after_a_late_answer_a_week_is_left() -> None:
    assert limits.due_on(State.IMPLEMENTING, clock(planned=date(2026, 12, 9))) == date(2026, 12, 9)
    late = clock(round_began=TODAY - timedelta(200))
    assert limits.due_on(State.IMPLEMENTING, late) == TODAY + timedelta(7)


def test_a_new_round_has_its_full_time() -> None:
    assert limits.latest_day(State.IMPLEMENTING, clock(round_began=TODAY)) == TODAY + timedelta(90)


def test_a_date_from_outside_comes_first_and_never_moves() -> None:
    outside = TODAY + timedelta(40)
    assert limits.latest_day(State.IMPLEMENTING, clock(outside_by=outside)) == TODAY + timedelta(26)
    near = TODAY + timedelta(5)
    assert limits.due_on(State.IMPLEMENTING, clock(outside_by=near)) == GERMANY.on_or_before(near)
    passed = clock(outside_by=TODAY - timedelta(1))
    assert limits.missed_outside(passed)
    assert limits.due_on(State.IMPLEMENTING, passed) == limits.due_on(State.IMPLEMENTING, clock())


@given(st.sampled_from(Grade), st.sampled_from(State), DAYS, NEAR, NEAR, NEAR, NEAR)
def test_nothing_is_born_in_the_past_or_after_a_date_from_outside(
    grade: Grade, state: State, entered: date, began: timedelta, planned: timedelta, out: timedelta, audit: timedelta
) -> None:
    asked = Clock(grade, entered, entered + began, GERMANY, entered + planned, entered + out, entered + audit)
    due = limits.due_on(state, asked)
    assert (due is None) is (state not in LIMITS)
    if due is not None:
        assert due >= entered
        assert limits.missed_outside(asked) or due <= entered + out


@given(st.sampled_from(Grade), DAYS, NEAR)
def test_the_watch_is_never_shorter_or_longer_than_its_grade_allows(
    grade: Grade, verified: date, proposed: timedelta
) -> None:
    watched = (
        limits.check_day(Clock(grade, verified, verified, GERMANY), verified + proposed, verified) - verified
    ).days
    assert LIMITS[State.MONITORING].least <= watched <= LIMITS[State.MONITORING].of(grade)
