"""Nudges: the rules, as plain functions of values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.nudges.tables import Nudge
from storage.people.tables import Person
from workflows.dates.workweek import WorkingDays
from workflows.people import questions as people_questions

DAY_BEGINS = time(9)


DAY_ENDS = time(17)


A_MOMENT = timedelta(minutes=1)
"""So much earlier than a message was composed something may have been begun that it does not show."""


@dataclass(frozen=True)
class ToldNext:
    """Who hears of a task next if nothing happens, and on which day."""

    people: tuple[str, ...]
    on: date


def local_day(zone: str, at: datetime) -> date:
    """The calendar day that `at` falls on in a zone (IANA name)."""
    return at.astimezone(ZoneInfo(zone)).date()


def next_working_moment(working: WorkingDays, zone: str, at: datetime) -> datetime:
    """`at` itself within working hours of the zone, else the next start of a working day, in UTC.

    Working hours are 09:00 to 17:00 on working days, so nobody is written to on a holiday. Days are counted as dates,
    never as 24 hours, so that clocks going forward or back move nothing.
    """
    local = at.astimezone(ZoneInfo(zone))
    day = local.date()
    if working.is_working(day) and local.time() < DAY_ENDS:
        begins = datetime.combine(day, DAY_BEGINS, ZoneInfo(zone))
        return max(begins.astimezone(UTC), at.astimezone(UTC))
    day = working.on_or_after(day + timedelta(days=1))
    return datetime.combine(day, DAY_BEGINS, ZoneInfo(zone)).astimezone(UTC)


def good_moment(working: WorkingDays, person: Person, at: datetime) -> datetime:
    """The next moment within somebody's working hours on which they are not away, in UTC."""
    moment = next_working_moment(working, person.zone, at)
    if person.absent_until is None or not people_questions.is_absent(person, local_day(person.zone, moment)):
        return moment
    back = datetime.combine(person.absent_until + timedelta(days=1), DAY_BEGINS, ZoneInfo(person.zone))
    return next_working_moment(working, person.zone, back)


@dataclass(frozen=True)
class Settles:
    """What a message says about what somebody was owed: the nudges it tells, and those it leaves out, with the reason.

    It was composed at `at`.
    """

    at: datetime
    told: tuple[Nudge, ...] = ()
    left_out: Mapping[int, str] = field(default_factory=dict)


def slot(*parts: object) -> str:
    """The unique name of one delivery: who, about what, which rung, which day."""
    return ":".join(str(part) for part in parts)
