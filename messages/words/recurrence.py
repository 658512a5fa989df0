"""How often something comes round: "every three months on the last working day".

The words and their order stand in `recurrence.j2`, names of days and months, lists and ordinals in the Unicode CLDR.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.lists import format_list

from messages.words.filters import ENGLISH, Say

MONDAY_TO_FRIDAY = tuple((0, day) for day in range(5))


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

    @property
    def is_first_working_day(self) -> bool:
        """Whether people would rather say "the first working day" than the 1st or the working day after."""
        return list(self.month_days) == [1] and self.workday == "AFTER"

    @property
    def is_last_working_day(self) -> bool:
        """The same at the end of a month."""
        return list(self.month_days) == [-1] and self.workday == "BEFORE"

    @property
    def is_monday_to_friday(self) -> bool:
        """Whether it names these five days."""
        return tuple(self.weekdays) == MONDAY_TO_FRIDAY


def in_words(rhythm: Rhythm, *, say: Say, language: str = ENGLISH) -> str:
    """The rhythm as it follows "comes round"; `say` has the phrases of `recurrence.j2`."""
    if rhythm.count == 1:
        return say("once")
    nth, listed = partial(_nth, say, language), partial(format_list, locale=language)
    days, months = get_day_names(locale=language), get_month_names(locale=language)
    named = {
        "month_days": [nth("day_of_month", each) for each in rhythm.month_days],
        "year_days": [nth("numbered", each) for each in rhythm.year_days],
        "weeks": [nth("numbered", each) for each in rhythm.weeks],
        "weekdays": [nth("weekday", position, called=days[day]) for position, day in rhythm.weekdays],
        "positions": [nth("position", each) for each in rhythm.positions],
        "months": [months[each] for each in rhythm.months],
    }
    counted = say("counted", interval=rhythm.interval)
    every = say(rhythm.frequency.lower(), interval=rhythm.interval, counted=counted)
    return say("in_words", rhythm=rhythm, every=every, **{part: listed(names) for part, names in named.items()})


def _nth(say: Say, language: str, block: str, number: int, **more: str) -> str:
    form = Locale.parse(language).ordinal_form(abs(number))
    return say(block, number=number, form=form, **more)
