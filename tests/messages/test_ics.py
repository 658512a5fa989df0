"""Calendar files, read back as calendar programs read them."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event

from messages.words import ics
from messages.words.ics import DatedEvent
from messages.words.limits import length
from messages.words.mrkdwn import one_line

AT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOSTILE = (
    "Review, or rather: look; then sign\nBEGIN:VEVENT\r\nSUMMARY:forged",
    "\u202eevil\u202c مرحبا بالعالم",
    "x" * 3_000,
    "👩\u200d👩\u200d👧 " * 400,
    'back\\slash \\n \\, \\; "quoted"',
    "\x00\x07\u2028line\u2029end",
    "END:VCALENDAR",
    "",
)


def event(title: str, *, called_off: bool = False) -> DatedEvent:
    return DatedEvent("task-7@t0sample.deskaudit", title, date(2026, 12, 31), 3, called_off, AT)


def read(body: bytes) -> list[Event]:
    return [each for each in Calendar.from_ical(body).walk("VEVENT") if isinstance(each, Event)]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_a_title(title: str) -> None:
    body = ics.calendar(title, [event(title), event("The next")])
    first, second = read(body)
    kept = str(first["summary"])
    assert kept == one_line(title) or (kept.endswith("…") and length(kept) <= ics.TITLE)
    assert str(second["summary"]) == "The next"
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert body.count(b"BEGIN:VEVENT\r\n") == 2


@given(st.text(max_size=200))
def test_any_title_is_read_back_as_it_was(title: str) -> None:
    (found,) = read(ics.calendar("Sample", [event(title)]))
    assert str(found["summary"]) == one_line(title)


def test_an_event_is_a_whole_day_with_a_lasting_name_and_a_sequence() -> None:
    (found,) = read(ics.calendar("Sample", [event("Review")]))
    assert (found.decoded("dtstart"), found.decoded("dtend")) == (date(2026, 12, 31), date(2027, 1, 1))
    assert (str(found["uid"]), found["sequence"], found["status"]) == ("task-7@t0sample.deskaudit", 3, "CONFIRMED")
    assert found.decoded("dtstamp") == AT


def test_what_was_called_off_is_cancelled() -> None:
    (found,) = read(ics.calendar("Sample", [event("Review", called_off=True)]))
    assert found["status"] == "CANCELLED"


def test_the_same_dates_are_the_same_bytes() -> None:
    assert ics.calendar("Sample", [event("Review")]) == ics.calendar("Sample", [event("Review")])
