"""Dates as calendar programs read them (RFC 5545): all-day events with a title and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from messages.words.limits import shorten
from messages.words.mrkdwn import one_line

TITLE = 1_000
ONE_DAY = timedelta(days=1)
MEDIA_TYPE = "text/calendar"


@dataclass(frozen=True)
class DatedEvent:
    """One task or audit as an event, on a day or from it until `last_day`.

    `uid` never changes; `sequence` grows with every change; `changed_at` is when, roughly.
    """

    uid: str
    title: str
    day: date
    sequence: int
    is_called_off: bool
    changed_at: datetime
    last_day: date | None = None


def calendar(name: str, events: Sequence[DatedEvent]) -> bytes:
    """The events as one file; the same events give the same bytes."""
    made = Calendar()
    made.add("prodid", "-//Deskaudit//Compliance calendar//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", one_line(name))
    for each in events:
        made.add_component(_event(each))
    return bytes(made.to_ical())


def _event(each: DatedEvent) -> Event:
    event = Event()
    event.add("uid", each.uid)
    event.add("dtstamp", each.changed_at.astimezone(UTC))
    event.add("dtstart", each.day)
    event.add("dtend", (each.last_day or each.day) + ONE_DAY)
    event.add("summary", shorten(one_line(each.title), TITLE))
    event.add("sequence", each.sequence)
    event.add("status", "CANCELLED" if each.is_called_off else "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event
