"""The days that a piece of evidence speaks of, as whoever brings it writes them."""

import re
from datetime import date, timedelta

from workflows.evidence.rules import Days
from workflows.refusals import InputWanted
from workflows.wishes import Wish

_MONTHS = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})))?", re.IGNORECASE)


def period(text: str) -> Days:
    """The first and the last day. Raises `InputWanted`."""
    try:
        return _period(text.strip())
    except ValueError as error:
        raise InputWanted("period", Wish.ENTER_PERIOD) from error


def _period(text: str) -> Days:
    first, dots, last = text.partition("..")
    if dots:
        days = Days(date.fromisoformat(first.strip()), date.fromisoformat(last.strip()))
        if days.begins and days.ends and days.begins > days.ends:
            raise ValueError(text)
        return days
    found = _MONTHS.fullmatch(text)
    if found is None:
        day = date.fromisoformat(text)
        return Days(day, day)
    year, quarter, month = (int(part) if part else 0 for part in found.groups())
    begins, months = (3 * quarter - 2, 3) if quarter else (month, 1) if found[3] else (1, 12)
    return Days(date(year, begins, 1), _day_before(year, begins + months))


def _day_before(year: int, month: int) -> date:
    return date(year + (month > 12), (month - 1) % 12 + 1, 1) - timedelta(days=1)
