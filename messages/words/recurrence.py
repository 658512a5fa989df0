"""How often something comes round, in words: "every three months on the last working day"."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from messages.words.filters import day as day_in_words

NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
MONDAY_TO_FRIDAY = tuple((0, day) for day in range(5))
TEENS = range(11, 14)


@dataclass(frozen=True)
class Rhythm:
    """A recurrence as its parts (RFC 5545): which months, days of the month, days of the week, and so on.

    A day of the week is a pair: which one of its month or year (0: each, -1: the last), and the day, Monday being 0.
    `workday` is BEFORE or AFTER where a date on which nobody works moves.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: Sequence[int] = ()
    month_days: Sequence[int] = ()
    year_days: Sequence[int] = ()
    weeks: Sequence[int] = ()
    weekdays: Sequence[tuple[int, int]] = ()
    positions: Sequence[int] = ()
    workday: str | None = None


def in_words(rhythm: Rhythm) -> str:
    """The rhythm as it follows "comes round"."""
    if rhythm.count == 1:
        return "once"
    return "".join((_every(rhythm), _days(rhythm), _months(rhythm), _chosen(rhythm), _moved(rhythm), _ends(rhythm)))


def _every(rhythm: Rhythm) -> str:
    unit = UNITS[rhythm.frequency]
    if rhythm.interval == 1:
        return f"every {unit}"
    number = NUMBERS[rhythm.interval] if rhythm.interval < len(NUMBERS) else str(rhythm.interval)
    return f"every {number} {unit}s"


def _days(rhythm: Rhythm) -> str:
    if working_day := _working_day(rhythm):
        return working_day
    named = (
        _named(" on the ", rhythm.month_days, _day_of_month),
        _named(" on the ", rhythm.year_days, lambda number: f"{_ordinal(number)} day of the year"),
        _named(" in the ", rhythm.weeks, lambda number: f"{_ordinal(number)} week of the year"),
        " from Monday to Friday"
        if tuple(rhythm.weekdays) == MONDAY_TO_FRIDAY
        else _named(" on ", rhythm.weekdays, _weekday),
    )
    return "".join(named)


def _working_day(rhythm: Rhythm) -> str:
    """The one way of saying it that everybody uses: the first or last working day."""
    if list(rhythm.month_days) == [-1] and rhythm.workday == "BEFORE":
        return " on the last working day"
    return " on the first working day" if list(rhythm.month_days) == [1] and rhythm.workday == "AFTER" else ""


def _day_of_month(number: int) -> str:
    return _ordinal(number) + (" day" if number < 0 else "")


def _weekday(weekday: tuple[int, int]) -> str:
    position, day = weekday
    return f"the {_ordinal(position, ORDINALS)} {WEEKDAYS[day]}" if position else WEEKDAYS[day]


def _months(rhythm: Rhythm) -> str:
    return _named(" in ", rhythm.months, lambda number: MONTHS[number - 1])


def _chosen(rhythm: Rhythm) -> str:
    positions = _named(", only the ", rhythm.positions, lambda number: _ordinal(number, ORDINALS))
    return positions + (" of these days" if positions else "")


def _moved(rhythm: Rhythm) -> str:
    if rhythm.workday is None or _working_day(rhythm):
        return ""
    return f", or on the working day {rhythm.workday.lower()}"


def _ends(rhythm: Rhythm) -> str:
    if rhythm.count is not None:
        return f", {rhythm.count:,} times"
    return f", until {day_in_words(rhythm.until)}" if rhythm.until else ""


def _named(before: str, numbers: Sequence[int] | Sequence[tuple[int, int]], word: Callable[..., str]) -> str:
    """The numbers in words, the last joined by "and"; nothing at all where there are none."""
    named = [word(number) for number in numbers]
    together = " and ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))
    return before + together if named else ""


def _ordinal(number: int, in_full: dict[int, str] | None = None) -> str:
    """Such as "15th", "last", "third last"; in full as far as there are words for it."""
    if number == -1:
        return "last"
    if number < 0:
        return f"{_ordinal(-number, ORDINALS)} last"
    if in_full and number in in_full:
        return in_full[number]
    ending = "th" if number % 100 in TEENS else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
