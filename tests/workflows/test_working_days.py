"""Working days: weekends, the holidays of a country, and where a person's zone says that they are."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.engine.unit_of_work import UnitOfWork
from storage.record.trail import TrailEntry
from tests.workflows.conftest import MONDAY, PEOPLE, deed
from workflows.dates import workweek
from workflows.dates.workweek import WorkingDays, country_of_zone
from workflows.nudges import questions as nudge_questions
from workflows.nudges import rules as nudge_rules
from workflows.people import commands as people_commands
from workflows.people import working_days
from workflows.refusals import InputWanted, NotAllowed, Refusal

PLACES = ((None, None), ("DE", None), ("DE", "BY"), ("US", "CA"), ("SG", None), ("SA", None), ("XX", "YY"))
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
weeks = st.frozensets(st.integers(0, 6), min_size=1)
calendars = st.builds(lambda week, place: WorkingDays(week, *place), weeks, st.sampled_from(PLACES))


@given(calendars, days)
def test_a_working_day_is_its_own_neighbour_and_no_other_day_is(calendar: WorkingDays, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    assert calendar.is_working(before)
    assert calendar.is_working(after)
    assert (before == day) == (after == day) == calendar.is_working(day)
    skipped = (before + timedelta(days=ahead) for ahead in range(1, (after - before).days))
    assert not any(map(calendar.is_working, skipped))


@given(calendars, days, st.integers(0, 30))
def test_added_days_are_counted_in_working_days(calendar: WorkingDays, day: date, count: int) -> None:
    reached = calendar.add(day, count)
    passed = (day + timedelta(days=ahead) for ahead in range(1, (reached - day).days + 1))
    assert sum(map(calendar.is_working, passed)) == count


@given(calendars, days)
def test_the_last_working_day_of_a_month_has_none_after_it(calendar: WorkingDays, day: date) -> None:
    last = calendar.last_of(day)
    assert calendar.is_working(last)
    assert calendar.on_or_after(last + timedelta(days=1)).month != day.month or last.month != day.month


@pytest.mark.parametrize(
    ("place", "day", "works"),
    [
        ((None, None), date(2026, 12, 25), True),
        (("DE", None), date(2026, 12, 25), False),
        (("DE", None), date(2027, 1, 6), True),
        (("DE", "BY"), date(2027, 1, 6), False),
        (("DE", "nowhere"), date(2027, 1, 6), True),
        (("US", None), date(2026, 11, 26), False),
        (("SG", None), date(2026, 8, 10), False),
        (("XX", None), date(2026, 12, 25), True),
        (("DE", None), date(2026, 11, 28), False),
    ],
)
def test_holidays_are_those_of_the_place(place: tuple[str | None, str | None], day: date, works: bool) -> None:
    assert WorkingDays(workweek.MONDAY_TO_FRIDAY, *place).is_working(day) is works


def test_a_week_in_which_nobody_works_is_refused() -> None:
    with pytest.raises(ValueError, match="without a single working day"):
        WorkingDays(frozenset())


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("America/New_York", "US"),
        ("Asia/Singapore", "SG"),
        ("Asia/Calcutta", "IN"),
        ("US/Pacific", "US"),
        ("Europe/Stockholm", "SE"),
        ("UTC", None),
        ("CET", None),
        ("Etc/GMT+3", None),
        ("", None),
    ],
)
def test_a_zone_lies_in_one_country_or_in_none(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country


@pytest.mark.parametrize(
    ("person", "country", "region"),
    [
        ("UJONAS", "DE", "BY"),
        ("UTOM", "US", None),
        ("UPRIYA", "SG", None),
        ("UBOT", "DE", "BY"),
        ("UNOBODY", "DE", "BY"),
    ],
)
def test_people_keep_the_holidays_of_their_zone(
    directory: UnitOfWork, person: str, country: str, region: str | None
) -> None:
    directory.put_workspace(zone="Europe/Berlin", region="BY", working_weekdays=[0, 1, 2, 3])
    assert working_days.of_person(directory, person) == WorkingDays(frozenset(range(4)), country, region)


@pytest.mark.parametrize(
    ("by", "person", "refusal"),
    [("UTOM", "UTOM", None), ("UMIRA", "UTOM", None), ("UDAVID", "UTOM", NotAllowed), ("UTOM", "UJONAS", NotAllowed)],
)
def test_who_may_say_when_somebody_works(
    programme: UnitOfWork, by: str, person: str, refusal: type[Refusal] | None
) -> None:
    said = partial(
        people_commands.set_working_days,
        deed(programme, by),
        person_id=person,
        weekdays=[3, 0],
        country="PT",
    )
    if refusal is None:
        said()
        assert working_days.of_person(programme, person) == WorkingDays(frozenset({0, 3}), "PT")
        [entry] = programme.matching(TrailEntry, verb="person.working_days")
        assert (entry.actor_id, entry.subject_id, entry.details) == (by, person, '{"country":"PT","weekdays":[0,3]}')
    else:
        with pytest.raises(refusal):
            said()


@pytest.mark.parametrize(
    ("weekdays", "country", "field"), [([], None, "weekdays"), ([7], None, "weekdays"), ([0], "XX", "country")]
)
def test_days_on_which_nobody_can_work(
    programme: UnitOfWork, weekdays: list[int], country: str | None, field: str
) -> None:
    tom = deed(programme, "UTOM")
    with pytest.raises(InputWanted) as refused:
        people_commands.set_working_days(tom, person_id="UTOM", weekdays=weekdays, country=country)
    assert refused.value.field_name == field


def test_whoever_works_as_the_organisation_does_goes_on_doing_so(programme: UnitOfWork) -> None:
    tom = deed(programme, "UTOM")
    people_commands.set_working_days(tom, person_id="UTOM", weekdays=range(5), country=None)
    programme.put_workspace(working_weekdays=[0, 1])
    assert working_days.of_person(programme, "UTOM").weekdays == {0, 1}


def test_reminders_wait_for_a_day_on_which_their_reader_works(programme: UnitOfWork) -> None:
    people_commands.set_working_days(deed(programme, "UTOM"), person_id="UTOM", weekdays=[3], country="SG")
    good = nudge_questions.good_moment_of(programme, "UTOM", MONDAY)
    assert good is not None
    assert (good - MONDAY).days in (2, 3)
    assert nudge_rules.local_day(PEOPLE["UTOM"][1], good).weekday() == 3


@pytest.mark.parametrize(
    ("set_to", "country"), [({}, None), ({"zone": "Asia/Singapore"}, "SG"), ({"country": "AT"}, "AT")]
)
def test_the_organisation_is_where_it_says_or_where_its_zone_is(
    uow: UnitOfWork, set_to: dict[str, str], country: str | None
) -> None:
    uow.put_workspace(**set_to)
    assert working_days.of_organisation(uow) == WorkingDays(country=country)


def test_every_region_has_a_name() -> None:
    assert workweek.regions_of("DE")["BY"] == "Bayern"
    assert workweek.regions_of("AT")["9"] == "Wien"
    assert workweek.regions_of(None) == workweek.regions_of("XX") == {}
    for country in workweek.known_countries():
        assert set(workweek.regions_of(country)) == set(workweek.region_codes(country))
