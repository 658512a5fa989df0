"""Dates in words, English and German: "31.12.", "next friday", "in 3 Wochen", "end of month".

Strict on purpose: what could be two days, or is none, is asked back and never guessed. A weekday means the first one
after today, with or without "next": the earlier reading makes nobody late. A day without a year is the next such day.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from workflows.refusals import DateNotUnderstood, EndBeforeStart

# --- the words ---

WEEKDAYS = (
    ("monday", "mon", "montag", "mo"),
    ("tuesday", "tue", "dienstag", "di"),
    ("wednesday", "wed", "mittwoch", "mi"),
    ("thursday", "thu", "donnerstag", "do"),
    ("friday", "fri", "freitag", "fr"),
    ("saturday", "sat", "samstag", "sonnabend", "sa"),
    ("sunday", "sun", "sonntag", "so"),
)
MONTHS = (
    ("january", "jan", "januar", "jänner"),
    ("february", "feb", "februar"),
    ("march", "mar", "märz", "maerz", "mär"),
    ("april", "apr"),
    ("may", "mai"),
    ("june", "jun", "juni"),
    ("july", "jul", "juli"),
    ("august", "aug"),
    ("september", "sep", "sept"),
    ("october", "oct", "oktober", "okt"),
    ("november", "nov"),
    ("december", "dec", "dezember", "dez"),
)
NUMBERS = (
    ("a", "an", "one", "ein", "eine", "einem", "einer", "einen"),
    ("two", "zwei"),
    ("three", "drei"),
    ("four", "vier"),
    ("five", "fünf"),
    ("six", "sechs"),
    ("seven", "sieben"),
    ("eight", "acht"),
    ("nine", "neun"),
    ("ten", "zehn"),
    ("eleven", "elf"),
    ("twelve", "zwölf"),
)
STEPS = {
    "day": relativedelta(days=1),
    "week": relativedelta(weeks=1),
    "month": relativedelta(months=1),
    "quarter": relativedelta(months=3),
    "year": relativedelta(years=1),
}
UNITS = {
    "day": ("day", "days", "tag", "tage", "tagen"),
    "week": ("week", "weeks", "woche", "wochen"),
    "month": ("month", "months", "monat", "monate", "monaten", "monats"),
    "quarter": ("quarter", "quarters", "quartal", "quartale", "quartalen", "quartals"),
    "year": ("year", "years", "jahr", "jahre", "jahren", "jahres"),
}
NEAR_DAYS = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "day after tomorrow": 2, "übermorgen": 2}
MOST_AHEAD = 1000

_WEEKDAY = {word: number for number, words in enumerate(WEEKDAYS) for word in words}
_MONTH = {word: number for number, words in enumerate(MONTHS, 1) for word in words}
_NUMBER = {word: number for number, words in enumerate(NUMBERS, 1) for word in words}
_UNIT = {word: unit for unit, words in UNITS.items() for word in words}
_NEXT = r"(?:next|this|coming|(?:am )?(?:nächste|kommende|diese)[nmrs]?|on|am)"
_END = r"(?:(?:at |by )?(?:the )?end of(?: the)?|(?:bis )?ende(?: des| der)?)"
_NEXT_ONE = r"(?P<next>next |nächste[nr]? )?"


def _any(words: Mapping[str, object]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_COUNTED_FROM_TODAY = re.compile(rf"in |(?:the )?(?:{_any(NEAR_DAYS)})$")

# --- the grammar: each form, and what it means ---

Meaning = Callable[[re.Match[str], date, str], date | None]


def _iso(found: re.Match[str], _today: date, _locale: str) -> date:
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def _with_dots(found: re.Match[str], today: date, _locale: str) -> date:
    return _day(found["day"], int(found["month"]), found["year"], today)


def _with_slashes(found: re.Match[str], today: date, locale: str) -> date:
    day, month = found["first"], found["second"]
    if locale.replace("_", "-").lower() == "en-us":
        day, month = month, day
    return _day(day, int(month), found["year"], today)


def _named_month(found: re.Match[str], today: date, _locale: str) -> date:
    return _day(found["day"], _MONTH[found["month"]], found["year"], today)


def _weekday(found: re.Match[str], today: date, _locale: str) -> date:
    ahead = (_WEEKDAY[found["weekday"]] - today.weekday()) % 7
    return today + timedelta(days=ahead or 7)


def _near(found: re.Match[str], today: date, _locale: str) -> date:
    return today + timedelta(days=NEAR_DAYS[found[0].removeprefix("the ")])


def _ahead(found: re.Match[str], today: date, _locale: str) -> date | None:
    count = _NUMBER.get(found["count"]) or int(found["count"])
    return today + STEPS[_UNIT[found["unit"]]] * count if count <= MOST_AHEAD else None


def _end_of_unit(found: re.Match[str], today: date, _locale: str) -> date:
    return end_of(_UNIT[found["unit"]], today, later=1 if found["next"] else 0)


def _end_in_one_word(found: re.Match[str], today: date, _locale: str) -> date:
    unit = {"monatsende": "month", "quartalsende": "quarter", "jahresende": "year", "wochenende": "week"}[found[0]]
    return end_of(unit, today)


def _end_of_named_month(found: re.Match[str], today: date, _locale: str) -> date:
    month = _MONTH[found["month"]]
    year = int(found["year"]) if found["year"] else today.year + (month < today.month)
    return date(year, month, monthrange(year, month)[1])


_FORMS: tuple[tuple[re.Pattern[str], Meaning], ...] = tuple(
    (re.compile(form), meaning)
    for form, meaning in (
        (r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", _iso),
        (r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})(?:\.? ?|\. ?(?P<year>\d{4}|\d{2}))", _with_dots),
        (r"(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?", _with_slashes),
        (
            rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?(?: of)? (?P<month>{_any(_MONTH)})\.?(?:,? (?P<year>\d{{4}}))?",
            _named_month,
        ),
        (rf"(?P<month>{_any(_MONTH)})\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?", _named_month),
        (rf"(?:{_NEXT} )?(?P<weekday>{_any(_WEEKDAY)})\.?", _weekday),
        (rf"(?:the )?(?:{_any(NEAR_DAYS)})", _near),
        (rf"in (?P<count>\d{{1,4}}|{_any(_NUMBER)}) (?P<unit>{_any(_UNIT)})", _ahead),
        (rf"{_END} {_NEXT_ONE}(?P<unit>{_any(_UNIT)})", _end_of_unit),
        (r"monatsende|quartalsende|jahresende|wochenende", _end_in_one_word),
        (rf"{_END} (?P<month>{_any(_MONTH)})(?: (?P<year>\d{{4}}))?", _end_of_named_month),
    )
)


def understood(text: str, *, today: date, locale: str, field: str = "") -> date:
    """The day that words mean. Raises `DateNotUnderstood`, which asks back beside the `field` of a form if named.

    `locale` is the person's in Slack (`en-US`, `de-DE`): in the United States 12/31 is the last of December.
    """
    words = " ".join(text.casefold().split()).strip(" ,;")
    for form, meaning in _FORMS:
        found = form.fullmatch(words)
        if found is None:
            continue
        try:
            day = meaning(found, today, locale)
        except (ValueError, KeyError, OverflowError):
            raise DateNotUnderstood(text=text.strip(), is_a_date=True, field_name=field) from None
        if day is not None:
            return day
    raise DateNotUnderstood(text=text.strip(), is_a_date=False, field_name=field)


def span(text: str, *, today: date, locale: str) -> tuple[date, date]:
    """The first and last day that words such as "tomorrow to next friday" or "until 31.12." mean.

    Raises `DateNotUnderstood`, or `EndBeforeStart`.
    """
    words = re.sub(r"^(from|von|vom) ", "", " ".join(text.split()), flags=re.IGNORECASE)
    first, divider, last = _parts(words)
    begins = understood(first, today=today, locale=locale) if first else today
    ends = understood(last, today=today, locale=locale) if divider else begins
    if ends < begins and not _COUNTED_FROM_TODAY.match(last.casefold()):
        ends = understood(last, today=begins, locale=locale)  # "thursday to wednesday" ends in the week after
    if ends < begins:
        raise EndBeforeStart(starts_on=begins, ends_on=ends, field_name="")
    return begins, ends


def _parts(words: str) -> tuple[str, str, str]:
    divided = re.split(r"(?:^|\s)(?:to|until|till|bis|\u2013|-)\s(?:zum\s)?", words, maxsplit=1, flags=re.IGNORECASE)
    return (divided[0].strip(), "to", divided[1].strip()) if len(divided) == 2 else (words, "", "")


def end_of(unit: str, today: date, *, later: int = 0) -> date:
    """The last day of the week, month, quarter or year that `today` is in, or of one that comes `later`."""
    if unit == "week":
        return today + timedelta(days=6 - today.weekday(), weeks=later)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    ends_in = today.month + (-today.month) % months + later * months
    return date(today.year, 1, 1) + relativedelta(months=ends_in) - timedelta(days=1)


def _day(day: str, month: int, year: str | None, today: date) -> date:
    if year is not None:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, int(day))
    years = range(today.year, today.year + 9)  # a 29 February comes within eight years
    coming = (found for each in years if (found := _if_there(each, month, int(day))) and found >= today)
    found = next(coming, None)
    if found is None:
        raise ValueError(f"no year has a day {day} in month {month}")
    return found


def _if_there(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
