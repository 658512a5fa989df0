"""Dates in words: understood, or asked back, never guessed."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.dates import understanding
from workflows.refusals import DateNotUnderstood, EndBeforeStart

MONDAY = date(2026, 11, 23)
UNDERSTOOD = {
    "2027-02-28": date(2027, 2, 28),
    "31.12.": date(2026, 12, 31),
    "31.12": date(2026, 12, 31),
    "1. 3.": date(2027, 3, 1),
    "31.12.2027": date(2027, 12, 31),
    "31.12.27": date(2027, 12, 31),
    "29.2.": date(2028, 2, 29),
    "23.11.": MONDAY,
    "22.11.": date(2027, 11, 22),
    "31/12/2026": date(2026, 12, 31),
    "31/12": date(2026, 12, 31),
    "31 december": date(2026, 12, 31),
    "31st of December 2027": date(2027, 12, 31),
    "Dec 31, 2027": date(2027, 12, 31),
    "3. März": date(2027, 3, 3),
    "3. Dez. 2026": date(2026, 12, 3),
    "today": MONDAY,
    "heute": MONDAY,
    "tomorrow": date(2026, 11, 24),
    "Morgen": date(2026, 11, 24),
    "the day after tomorrow": date(2026, 11, 25),
    "übermorgen": date(2026, 11, 25),
    "friday": date(2026, 11, 27),
    "next friday": date(2026, 11, 27),
    "NEXT  Friday ": date(2026, 11, 27),
    "monday": date(2026, 11, 30),
    "nächsten Freitag": date(2026, 11, 27),
    "am kommenden Montag": date(2026, 11, 30),
    "in 3 weeks": date(2026, 12, 14),
    "in a week": date(2026, 11, 30),
    "in drei Wochen": date(2026, 12, 14),
    "in 1 Tag": date(2026, 11, 24),
    "in 3 months": date(2027, 2, 23),
    "in einem Jahr": date(2027, 11, 23),
    "end of month": date(2026, 11, 30),
    "by the end of the month": date(2026, 11, 30),
    "end of next month": date(2026, 12, 31),
    "Ende des Monats": date(2026, 11, 30),
    "Ende nächsten Monats": date(2026, 12, 31),
    "Monatsende": date(2026, 11, 30),
    "end of the week": date(2026, 11, 29),
    "end of the quarter": date(2026, 12, 31),
    "end of next quarter": date(2027, 3, 31),
    "Quartalsende": date(2026, 12, 31),
    "end of year": date(2026, 12, 31),
    "Ende Februar": date(2027, 2, 28),
    "end of march 2028": date(2028, 3, 31),
}
ASKED_BACK = {
    "": False,
    "soon": False,
    "next week or so": False,
    "friday 13": False,
    "12-31": False,
    "in 99999 days": False,
    "in 5000 days": False,
    "in some weeks": False,
    "31.12.2026.": False,
    "2027-02-30": True,
    "30.2.": True,
    "31.04.2027": True,
    "0.1.": True,
    "13/13/2026": True,
    "32 december": True,
    "0000-01-01": True,
    "in 3 fortnights": False,
    "end of the day": True,
}


@pytest.mark.parametrize(("words", "day"), UNDERSTOOD.items())
def test_words_for_a_day(words: str, day: date) -> None:
    assert understanding.understood(words, today=MONDAY, locale="en-GB") == day


@pytest.mark.parametrize(("words", "is_a_date"), ASKED_BACK.items())
def test_what_means_no_day_is_asked_back(words: str, is_a_date: bool) -> None:
    with pytest.raises(DateNotUnderstood) as refused:
        understanding.understood(words, today=MONDAY, locale="de-DE", field="until")
    assert (refused.value.is_a_date, refused.value.field) == (is_a_date, "until")


@pytest.mark.parametrize(
    ("locale", "day"), [("en-US", date(2026, 12, 3)), ("en-GB", date(2027, 3, 12)), ("", date(2027, 3, 12))]
)
def test_slashes_are_read_as_the_country_reads_them(locale: str, day: date) -> None:
    assert understanding.understood("12/3", today=MONDAY, locale=locale) == day


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("tomorrow to next friday", date(2026, 11, 24), date(2026, 11, 27)),
        ("until friday", MONDAY, date(2026, 11, 27)),
        ("bis zum 31.12.", MONDAY, date(2026, 12, 31)),
        ("vom 24.12. bis 6.1.", date(2026, 12, 24), date(2027, 1, 6)),
        ("2026-12-24 - 2027-01-06", date(2026, 12, 24), date(2027, 1, 6)),
        ("tomorrow", date(2026, 11, 24), date(2026, 11, 24)),
        ("thursday to wednesday", date(2026, 11, 26), date(2026, 12, 2)),
        ("in 2 weeks to in 3 weeks", date(2026, 12, 7), date(2026, 12, 14)),
        ("24.12.2027 bis 6.1.", date(2027, 12, 24), date(2028, 1, 6)),
    ],
)
def test_words_for_several_days(words: str, first: date, last: date) -> None:
    assert understanding.span(words, today=MONDAY, locale="") == (first, last)


@pytest.mark.parametrize(
    "words",
    ["2026-12-24 to 2026-12-01", "friday to today", "in 3 weeks to in 2 weeks"],
)
def test_days_that_end_before_they_begin_are_asked_back(words: str) -> None:
    with pytest.raises(EndBeforeStart):
        understanding.span(words, today=MONDAY, locale="")


@pytest.mark.parametrize("words", ["to", "tomorrow to", "soon to friday", "2027-02-30 to 2027-03-03"])
def test_an_end_or_start_that_is_no_day_is_asked_back(words: str) -> None:
    with pytest.raises(DateNotUnderstood):
        understanding.span(words, today=MONDAY, locale="")


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_every_way_of_writing_a_day_means_that_day(day: date, today: date) -> None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d %B %Y", "%B %d, %Y"):
        assert understanding.understood(day.strftime(form), today=today, locale="") == day


@given(st.text(max_size=30), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_is_a_day_or_asked_back(text: str, today: date) -> None:
    with suppress(DateNotUnderstood):
        assert understanding.understood(text, today=today, locale="en-US").year >= 1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([each[0] for each in understanding.WEEKDAYS]))
def test_a_weekday_is_the_first_one_after_today(today: date, weekday: str) -> None:
    day = understanding.understood(f"next {weekday}", today=today, locale="")
    assert timedelta(0) < day - today <= timedelta(days=7)
    assert day.strftime("%A").casefold() == weekday
