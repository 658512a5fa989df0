"""Recurrence: when something comes round again, as a rule of RFC 5545 (RRULE) over days without times.

Two things are ours, both of the field:

- A rule by the month or year that names no day takes the day of its first date, and in a month that has no such day
  the last one: 31 January, 28 February, 31 March. (RFC 5545 would leave February out; RFC 7529 calls it SKIP=BACKWARD.)
- `X-WORKDAY=BEFORE` or `AFTER` moves a date on which nobody works to the next working day before or after it. So
  `FREQ=MONTHLY;BYMONTHDAY=-1;X-WORKDAY=BEFORE` is the last working day of each month.

Dates are counted from the first one each time, so nothing drifts. Everything else is `dateutil`'s.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, datetime, time
from enum import StrEnum
from itertools import dropwhile, groupby
from types import MappingProxyType
from typing import Literal

from dateutil import rrule
from dateutil.relativedelta import relativedelta

from workflows.dates.refusals import MoreThanDaily, RuleNeverHappens, RuleNotUnderstood
from workflows.dates.workweek import WorkingDays
from workflows.refusals import EndBeforeStart

CALENDAR_REPEATS = 400
"""Years after which the Gregorian calendar begins again, on the same day of the week."""


class Frequency(StrEnum):
    """By what a rule counts."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
Weekday = tuple[int, int]
"""Which one of the month or year (0: each of them, -1: the last), and the day of the week, Monday being 0."""


@dataclass(frozen=True)
class Rule:
    """A rule that was understood; the fields are the parts of an RRULE, empty where it does not name them."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    positions: tuple[int, ...] = ()
    week_starts: int = 0
    workday: Literal["BEFORE", "AFTER"] | None = None

    @property
    def names_a_day(self) -> bool:
        """Whether the rule itself says which day of the month, week or year it means."""
        return bool(self.month_days or self.year_days or self.weeks or self.weekdays)


CHOICES: Mapping[str, str] = MappingProxyType(
    {
        "weekly": "FREQ=WEEKLY",
        "monthly": "FREQ=MONTHLY",
        "quarterly": "FREQ=MONTHLY;INTERVAL=3",
        "half_yearly": "FREQ=MONTHLY;INTERVAL=6",
        "yearly": "FREQ=YEARLY",
        "month_end": "FREQ=MONTHLY;BYMONTHDAY=-1;X-WORKDAY=BEFORE",
        "quarter_end": "FREQ=MONTHLY;BYMONTH=3,6,9,12;BYMONTHDAY=-1;X-WORKDAY=BEFORE",
        "once": "FREQ=DAILY;COUNT=1",
    }
)
"""What a form offers; any other rule is typed."""

# --- understanding ---

_DAY_OF_WEEK = "|".join(WEEKDAYS)
_MONTH_DAY = r"-?(?:[1-9]|[12]\d|3[01])"
_YEAR_DAY = r"-?(?:[1-9]|[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])"
_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "FREQ": "|".join(Frequency),
        "INTERVAL": r"[1-9]\d{0,2}",
        "COUNT": r"[1-9]\d{0,3}",
        "UNTIL": r"[1-9]\d{7}",
        "WKST": _DAY_OF_WEEK,
        "BYMONTH": r"[1-9]|1[0-2]",
        "BYMONTHDAY": _MONTH_DAY,
        "BYYEARDAY": _YEAR_DAY,
        "BYWEEKNO": r"-?(?:[1-9]|[1-4]\d|5[0-3])",
        "BYDAY": rf"(?:-?[1-9]|-?[1-4]\d|-?5[0-3])?(?:{_DAY_OF_WEEK})",
        "BYSETPOS": _YEAR_DAY,
        "X-WORKDAY": "BEFORE|AFTER",
    }
)
"""Every part a rule may have, and what one value of it looks like; those of BY… may have several."""

_BEFORE_THE_RULE = re.compile("^RRULE:", re.IGNORECASE)
_TIMES = re.compile(r"FREQ=(?:HOURLY|MINUTELY|SECONDLY)|BYHOUR|BYMINUTE|BYSECOND")


def understood(text: str) -> Rule:
    """The rule that a text means. Raises `RuleNotUnderstood` with the part that is at fault, or `MoreThanDaily`."""
    written = _BEFORE_THE_RULE.sub("", text.strip())
    if _TIMES.search(written.upper()):
        raise MoreThanDaily(rule=text)
    parts: dict[str, str] = {}
    for part in written.split(";"):
        name, _, value = part.upper().partition("=")
        if name in parts or not _is_value(name, value):
            raise RuleNotUnderstood(rule=text, part=part)
        parts[name] = value
    if fault := _fault(parts):
        raise RuleNotUnderstood(rule=text, part=fault)
    return _rule(text, parts)


def _is_value(name: str, value: str) -> bool:
    values = value.split(",") if name.startswith("BY") else [value]
    return name in _PARTS and all(re.fullmatch(_PARTS[name], each) for each in values)


def _fault(parts: Mapping[str, str]) -> str:
    """The part that cannot stand with the others (RFC 5545, 3.3.10), or nothing."""
    frequency = parts.get("FREQ", "")
    positioned = bool(re.search(r"\d", parts.get("BYDAY", "")))
    by_parts = [name for name in parts if name.startswith("BY")]
    faults = (
        ("FREQ", not frequency),
        ("UNTIL", "COUNT" in parts and "UNTIL" in parts),
        ("BYWEEKNO", "BYWEEKNO" in parts and frequency != "YEARLY"),
        ("BYYEARDAY", "BYYEARDAY" in parts and frequency != "YEARLY"),
        ("BYMONTHDAY", "BYMONTHDAY" in parts and frequency == "WEEKLY"),
        ("BYDAY", positioned and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts)),
        ("BYSETPOS", by_parts == ["BYSETPOS"]),
    )
    return next((name for name, wrong in faults if wrong), "")


def _rule(text: str, parts: Mapping[str, str]) -> Rule:
    def numbers(name: str) -> tuple[int, ...]:
        return tuple(int(each) for each in parts[name].split(",")) if name in parts else ()

    return Rule(
        frequency=Frequency(parts["FREQ"]),
        interval=int(parts.get("INTERVAL", 1)),
        count=int(parts["COUNT"]) if "COUNT" in parts else None,
        until=_last_day(text, parts["UNTIL"]) if "UNTIL" in parts else None,
        months=numbers("BYMONTH"),
        month_days=numbers("BYMONTHDAY"),
        year_days=numbers("BYYEARDAY"),
        weeks=numbers("BYWEEKNO"),
        weekdays=tuple(_weekday(each) for each in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        positions=numbers("BYSETPOS"),
        week_starts=WEEKDAYS.index(parts.get("WKST", "MO")),
        workday={"BEFORE": "BEFORE", "AFTER": "AFTER", "": None}[parts.get("X-WORKDAY", "")],
    )


def _weekday(value: str) -> Weekday:
    return int(value[:-2] or 0), WEEKDAYS.index(value[-2:])


def _last_day(text: str, value: str) -> date:
    try:
        return datetime.strptime(value, "%Y%m%d").date()  # noqa: DTZ007 - a day, without a zone
    except ValueError:
        raise RuleNotUnderstood(rule=text, part=f"UNTIL={value}") from None


def checked(text: str, starts_on: date, ends_on: date | None) -> str:
    """The rule as it is to be stored, if something comes of it from its first date on and before its end.

    Raises `RuleNotUnderstood`, `MoreThanDaily`, `EndBeforeStart` or `RuleNeverHappens`.
    """
    rule = understood(text)
    ends = [each for each in (rule.until, ends_on) if each is not None]
    if ends and min(ends) < starts_on:
        raise EndBeforeStart(starts_on=starts_on, ends_on=min(ends))
    first = _first(rule, starts_on)
    if first is None or any(first > each for each in ends):
        raise RuleNeverHappens(rule=text, starts_on=starts_on)
    return text.strip().upper().removeprefix("RRULE:")


def _first(rule: Rule, starts_on: date) -> date | None:
    # A rule without a date is only known once the calendar is used up, so it is asked near the calendar's end, where
    # all days fall as they do now.
    later = (MAXYEAR - starts_on.year) // CALENDAR_REPEATS * CALENDAR_REPEATS
    endless = replace(rule, until=None)
    found = next(_counted(endless, starts_on.replace(year=starts_on.year + later)), None)
    return None if found is None else found.replace(year=found.year - later)


# --- dates ---


def dates(text: str, starts_on: date, working: WorkingDays) -> Iterator[date]:
    """The dates of a rule from `starts_on` on, in order and each once; endless unless the rule says otherwise."""
    rule = understood(text)
    found = (_shifted(rule, day, working) for day in _counted(rule, starts_on))
    unique = (day for day, _ in groupby(found))
    return dropwhile(lambda day: day < starts_on, unique)


def moves(text: str, starts_on: date, before: WorkingDays, now: WorkingDays) -> Iterator[tuple[date, date]]:
    """Each date of a rule as it was and as it is when people work on other days; the same twice where it stays."""
    rule = understood(text)
    return ((_shifted(rule, day, before), _shifted(rule, day, now)) for day in _counted(rule, starts_on))


def _shifted(rule: Rule, day: date, working: WorkingDays) -> date:
    if rule.workday is None:
        return day
    return working.on_or_before(day) if rule.workday == "BEFORE" else working.on_or_after(day)


def _counted(rule: Rule, starts_on: date) -> Iterator[date]:
    if rule.names_a_day or rule.frequency in (Frequency.DAILY, Frequency.WEEKLY):
        return _by_dateutil(rule, starts_on)
    # Dateutil counts the months, by their first days; the day is that of the first date, or the last one there is.
    same_day = relativedelta(day=starts_on.day)
    found = (first + same_day for first in _by_dateutil(rule, starts_on.replace(day=1)))
    return (day for day in found if rule.until is None or day <= rule.until)


def _by_dateutil(rule: Rule, starts_on: date) -> Iterator[date]:
    found = rrule.rrule(
        getattr(rrule, rule.frequency),
        dtstart=datetime.combine(starts_on, time()),
        interval=rule.interval,
        count=rule.count,
        until=None if rule.until is None else datetime.combine(rule.until, time()),
        wkst=rule.week_starts,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byyearday=rule.year_days or None,
        byweekno=rule.weeks or None,
        byweekday=[rrule.weekday(day, position or None) for position, day in rule.weekdays] or None,
        bysetpos=rule.positions or None,
    )
    return (moment.date() for moment in found)
