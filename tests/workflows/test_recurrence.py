"""Recurrence against dateutil, whose RFC 5545 it is, and our two rules beside it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from workflows.dates.recurrence import CALENDAR_REPEATS, CHOICES, WEEKDAYS, checked, dates, understood
from workflows.dates.refusals import MoreThanDaily, RuleNeverHappens, RuleNotUnderstood
from workflows.dates.workweek import MONDAY_TO_FRIDAY, WorkingDays
from workflows.nudges.rules import local_day
from workflows.refusals import EndBeforeStart

GERMANY = WorkingDays(MONDAY_TO_FRIDAY, "DE", "BY")
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")
days = st.dates(date(2020, 1, 1), date(2036, 12, 31))
month_days = st.integers(1, 31) | st.integers(-31, -1)
weekdays = st.lists(st.sampled_from(WEEKDAYS), min_size=1, max_size=7, unique=True)


def listed(name: str, values: st.SearchStrategy[object], most: int = 4) -> st.SearchStrategy[str]:
    some = st.lists(values, min_size=1, max_size=most, unique=True)
    return some.map(lambda found: f"{name}={','.join(map(str, found))}")


months = listed("BYMONTH", st.integers(1, 12))
positioned = st.builds(lambda which, day: f"{which}{day}", st.sampled_from((1, 2, 4, -1)), st.sampled_from(WEEKDAYS))
named_days = (
    listed("BYMONTHDAY", month_days)
    | listed("BYDAY", positioned)
    | weekdays.map(lambda found: f"BYDAY={','.join(found)};BYSETPOS=-1")
)
interval = st.integers(1, 6).map(lambda number: f"INTERVAL={number}")
ending = st.integers(1, 30).map(lambda number: f"COUNT={number}") | days.map(lambda day: f"UNTIL={day:%Y%m%d}")


def joined(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda found: ";".join(filter(None, found)))


every, maybe_ending = st.just("") | months | interval, st.just("") | ending
naming_a_day = joined(st.sampled_from(("FREQ=MONTHLY", "FREQ=YEARLY")), every, named_days, maybe_ending)
by_week = joined(st.just("FREQ=WEEKLY"), interval, listed("BYDAY", st.sampled_from(WEEKDAYS), 7), maybe_ending)
by_day = joined(st.just("FREQ=DAILY"), every, maybe_ending)
naming_none = joined(st.sampled_from(("FREQ=MONTHLY", "FREQ=YEARLY")), every, maybe_ending)


def by_dateutil(rule: str, starts_on: date, most: int) -> list[date]:
    """The first dates until the calendar begins again: a 30 February would be searched for up to the year 9999."""
    uncounted, _, count = rule.partition(";COUNT=")
    again = starts_on.replace(year=starts_on.year + CALENDAR_REPEATS)
    until = "" if "UNTIL" in rule else f";UNTIL={again:%Y%m%d}"
    found = rrulestr(uncounted + until, dtstart=datetime.combine(starts_on, time()))
    return [moment.date() for moment in islice(found, min(most, int(count or most)))]


def first(rule: str, starts_on: date, most: int = 12, working: WorkingDays = GERMANY) -> list[date]:
    return list(islice(dates(rule, starts_on, working), most))


@given(naming_a_day | by_week | by_day, days)
def test_a_rule_that_names_its_days_has_the_dates_of_dateutil(rule: str, starts_on: date) -> None:
    expected = by_dateutil(rule, starts_on, 12)
    assume(expected or "UNTIL" in rule)  # a rule without any date is refused before its dates are asked for
    assert first(rule, starts_on) == expected


@given(naming_none, days)
def test_a_rule_anchored_on_its_first_date_has_those_of_dateutil_and_the_ends_of_short_months(
    rule: str, starts_on: date
) -> None:
    endless = rule.partition(";COUNT")[0].partition(";UNTIL")[0]
    found, plain = first(endless, starts_on, 24), by_dateutil(endless, starts_on, 24)
    if starts_on.day <= 28:
        assert first(rule, starts_on) == by_dateutil(rule, starts_on, 12)
        return
    assert set(plain) >= {day for day in found if day.day == starts_on.day}
    for day in found:
        assert day.day == starts_on.day or (day.day < starts_on.day and (day + timedelta(days=1)).day == 1)
    first_days = by_dateutil(endless, starts_on.replace(day=1), 24)
    assert [day.replace(day=1) for day in found] == first_days


@pytest.mark.parametrize(
    ("rule", "starts_on", "expected"),
    [
        ("FREQ=MONTHLY", "2026-01-31", "2026-01-31 2026-02-28 2026-03-31"),
        ("FREQ=YEARLY", "2024-02-29", "2024-02-29 2025-02-28 2026-02-28 2027-02-28 2028-02-29"),
        ("FREQ=MONTHLY;INTERVAL=3", "2026-11-30", "2026-11-30 2027-02-28 2027-05-30"),
        ("FREQ=YEARLY;BYMONTH=2,5", "2026-01-30", "2026-02-28 2026-05-30 2027-02-28"),
        ("FREQ=MONTHLY;UNTIL=20260228", "2026-01-31", "2026-01-31 2026-02-28"),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-12-25", "2026-12-25 2027-01-08 2027-01-22"),
        ("FREQ=DAILY;COUNT=1", "2026-12-25", "2026-12-25"),
        (CHOICES["month_end"], "2026-10-01", "2026-10-30 2026-11-30 2026-12-31 2027-01-29"),
        (CHOICES["quarter_end"], "2026-10-01", "2026-12-31 2027-03-31 2027-06-30 2027-09-30 2027-12-31 2028-03-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;X-WORKDAY=AFTER", "2026-12-15", "2027-01-04 2027-02-01 2027-03-01 2027-04-01"),
        ("FREQ=DAILY;X-WORKDAY=AFTER", "2026-12-24", "2026-12-24 2026-12-28 2026-12-29"),
        ("FREQ=DAILY;X-WORKDAY=BEFORE", "2026-12-26", "2026-12-28 2026-12-29"),
    ],
)
def test_examples(rule: str, starts_on: str, expected: str) -> None:
    wanted = [date.fromisoformat(day) for day in expected.split()]
    assert first(rule, date.fromisoformat(starts_on), len(wanted)) == wanted


@given(st.sampled_from((CHOICES["month_end"], "FREQ=MONTHLY;BYMONTHDAY=1;X-WORKDAY=AFTER")), days)
def test_the_first_and_last_working_days_of_months_are_worked_on(rule: str, starts_on: date) -> None:
    found = first(rule, starts_on)
    assert all(map(GERMANY.is_working, found))
    assert all(earlier < later for earlier, later in pairwise(found))
    if rule == CHOICES["month_end"]:
        assert found == [GERMANY.last_of(day) for day in found]


@given(st.sampled_from(tuple(CHOICES.values())), days, st.integers(0, 40))
def test_the_days_before_are_left_out_and_the_end_is_kept(rule: str, starts_on: date, ahead: int) -> None:
    found = first(rule, starts_on)
    assert found == sorted(set(found))
    assert found[0] >= starts_on
    until = starts_on + timedelta(days=ahead)
    if "COUNT" not in rule and "X-" not in rule:
        assert first(f"{rule};UNTIL={until:%Y%m%d}", starts_on) == [day for day in found if day <= until]


SWITCHES = tuple(date(year, month, 1) for year in (2026, 2028) for month in (2, 3, 4, 9, 10, 11))


@pytest.mark.parametrize("zone", ZONES)
@given(st.sampled_from(("FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY")), st.sampled_from(SWITCHES), st.integers(0, 27))
def test_clocks_that_go_forward_or_back_move_no_date(zone: str, rule: str, month: date, ahead: int) -> None:
    starts_on = month + timedelta(days=ahead)
    at_nine = rrulestr(rule, dtstart=datetime.combine(starts_on, time(9), ZoneInfo(zone)))
    on_the_clock = [local_day(zone, moment.astimezone(UTC)) for moment in islice(at_nine, 60)]
    assert first(rule, starts_on, 60) == on_the_clock


@pytest.mark.parametrize("text", ["rrule:freq=monthly;interval=3", " FREQ=MONTHLY;INTERVAL=3 "])
def test_a_rule_is_stored_in_one_way_of_writing(text: str) -> None:
    assert checked(text, date(2026, 1, 1), None) == "FREQ=MONTHLY;INTERVAL=3"


@pytest.mark.parametrize(
    ("rule", "part"),
    [
        ("", ""),
        ("INTERVAL=2", "FREQ"),
        ("FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY"),
        ("FREQ=MONTHLY;INTERVAL=0", "INTERVAL=0"),
        ("FREQ=MONTHLY;INTERVAL=2;INTERVAL=3", "INTERVAL=3"),
        ("FREQ=MONTHLY;COUNT=0", "COUNT=0"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY=32"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY=0"),
        ("FREQ=MONTHLY;BYDAY=1XX", "BYDAY=1XX"),
        ("FREQ=YEARLY;BYMONTH=13", "BYMONTH=13"),
        ("FREQ=YEARLY;UNTIL=20270230", "UNTIL=20270230"),
        ("FREQ=YEARLY;UNTIL=20270228T120000Z", "UNTIL=20270228T120000Z"),
        ("FREQ=YEARLY;COUNT=2;UNTIL=20270228", "UNTIL"),
        ("FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=2MO", "BYDAY"),
        ("FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY"),
        ("FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=MONTHLY;X-WORKDAY=MAYBE", "X-WORKDAY=MAYBE"),
        ("FREQ=MONTHLY;", ""),
        ("every monday", "every monday"),
    ],
)
def test_what_is_no_rule_is_refused_by_its_part(rule: str, part: str) -> None:
    with pytest.raises(RuleNotUnderstood) as refused:
        understood(rule)
    assert refused.value.part == part
    assert refused.value.field == "recurrence"


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "FREQ=MINUTELY;INTERVAL=5", "FREQ=DAILY;BYHOUR=9,17"])
def test_nothing_comes_round_more_than_daily(rule: str) -> None:
    with pytest.raises(MoreThanDaily):
        understood(rule)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYSETPOS=5",
        "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=1;UNTIL=20260401",
    ],
)
def test_a_rule_that_never_happens_is_refused(rule: str) -> None:
    with pytest.raises(RuleNeverHappens):
        checked(rule, date(2026, 3, 1), None)


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYYEARDAY=366;INTERVAL=3"])
def test_a_rare_one_is_not(rule: str) -> None:
    assert checked(rule, date(2026, 3, 1), None)


@settings(max_examples=40)
@given(naming_a_day | by_week | by_day, days)
def test_what_is_checked_is_what_happens(rule: str, starts_on: date) -> None:
    happens = bool(by_dateutil(rule, starts_on, 1))
    try:
        assert bool(checked(rule, starts_on, None)) == happens
    except (RuleNeverHappens, EndBeforeStart):
        assert not happens


@pytest.mark.parametrize(("rule", "ends_on"), [("FREQ=WEEKLY", date(2026, 1, 1)), ("FREQ=WEEKLY;UNTIL=20250101", None)])
def test_an_end_before_the_start_is_refused(rule: str, ends_on: date | None) -> None:
    with pytest.raises(EndBeforeStart) as refused:
        checked(rule, date(2026, 3, 1), ends_on)
    assert refused.value.field == "ends_on"
