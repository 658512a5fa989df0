"""Months: what falls into one, as the calendar in Slack shows it."""

import re
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from workflows.dates import workweek
from workflows.deed import Deed
from workflows.people import questions as people_questions
from workflows.people import working_days
from workflows.people.permissions import Permission
from workflows.programme.refusals import MonthNotUnderstood

# --- rules ---

MONTHS_OF_A_YEAR = 12
SHOWN = tuple(state for state in TaskState if state is not TaskState.WAIVED)
"""States in which a task stands in the calendar; what was called off does not."""

FIRST_YEAR, LAST_YEAR = 2000, 2199
_BY_NUMBER = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})", re.ASCII)
_BY_NAME = re.compile(r"(?P<name>[a-z]{3,9})(?: (?P<year>\d{4}))?", re.ASCII)
_FULL_NAMES = tuple(f"{date(FIRST_YEAR, number, 1):%B}".lower() for number in range(1, MONTHS_OF_A_YEAR + 1))


def first_of(text: str, today: date) -> date:
    """The first day of the month that a text means: "", "next", "2026-12", "december", "dec 2026".

    A name without a year is the month that comes next, this one included. Raises `MonthNotUnderstood`.
    """
    written = " ".join(text.lower().split())
    this = today.replace(day=1)
    if written in ("", "now", "this month"):
        return this
    if written in ("next", "next month"):
        return this + relativedelta(months=1)
    if found := _BY_NUMBER.fullmatch(written):
        return _month(text, int(found["year"]), int(found["month"]))
    if found := _BY_NAME.fullmatch(written):
        number = _number(text, found["name"])
        year = int(found["year"]) if found["year"] else this.year + (number < this.month)
        return _month(text, year, number)
    raise MonthNotUnderstood(text=text)


def _number(text: str, name: str) -> int:
    found = [number for number, full in enumerate(_FULL_NAMES, 1) if full.startswith(name)]
    if len(found) != 1:
        raise MonthNotUnderstood(text=text)
    return found[0]


def _month(text: str, year: int, number: int) -> date:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= MONTHS_OF_A_YEAR):
        raise MonthNotUnderstood(text=text)
    return date(year, number, 1)


# --- questions ---


@dataclass(frozen=True)
class Month:
    """What is due in a month, and its days on which nobody works though it is no weekend."""

    first: date
    today: date
    tasks: list[Task]
    holidays: frozenset[date]
    shows_everybody: bool


def month(deed: Deed, *, text: str) -> Month:
    """A month of the actor's own tasks, or of everybody's for those who may see them.

    Raises `MonthNotUnderstood` or `NoProgrammeYet`.
    """
    people_questions.programme_must_run(deed.uow)
    today = deed.today
    first = first_of(text, today)
    last = first + relativedelta(day=31)
    everybody = deed.may(Permission.SEE_EVERYONES_CALENDAR)
    owner_id = None if everybody else deed.by
    shown = task_queries.dated_between(deed.uow, first, last, owner_id=owner_id, states=SHOWN)
    working = working_days.of_person(deed.uow, deed.by)
    holidays = workweek.holidays_in(working.country, working.region, first.year)
    return Month(first, today, shown, frozenset(day for day in holidays if first <= day <= last), everybody)


def coming_up(deed: Deed, *, today: date) -> list[Task]:
    """What is planned for the next four weeks and not open yet; everybody's for those who may see it, or one's own."""
    owner_id = None if deed.may(Permission.SEE_EVERYONES_CALENDAR) else deed.by
    in_four_weeks = today + relativedelta(weeks=4)
    return task_queries.dated_between(deed.uow, today, in_four_weeks, owner_id=owner_id, states=[TaskState.SCHEDULED])
