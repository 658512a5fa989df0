"""People room: what a Slack status says about somebody's being away. A hint only; what they tell us counts first."""

import re
from datetime import datetime, timedelta
from typing import Any, Protocol

from storage.people.tables import Person

# --- rules ---

AWAY_EMOJI = frozenset({":palm_tree:", ":face_with_thermometer:"})
"""What Slack itself offers for "Vacationing" and "Out sick"."""

AWAY_WORDS = re.compile(
    r"\b(vacation\w*|(public |on )?holidays?|out sick|sick|on leave|parental leave|out of office|ooo|"
    r"urlaub|krank|elternzeit|abwesend)\b",
    re.IGNORECASE,
)
LONGEST_HINT = timedelta(days=14)
"""A status is easily forgotten, so nobody is left in peace for longer because of it."""

LONGEST_TEXT = 120
NOTHING = {"status_text": "", "status_since": None, "status_until": None}


class Status(Protocol):
    """A status as Slack tells it; `status_until` is None for one without an end."""

    @property
    def status_text(self) -> str: ...
    @property
    def status_emoji(self) -> str: ...
    @property
    def status_until(self) -> datetime | None: ...


def says_away(status: Status, at: datetime) -> bool:
    """Whether a status says that somebody is away, until a moment that is still to come."""
    away = status.status_emoji in AWAY_EMOJI or AWAY_WORDS.search(status.status_text)
    return bool(away) and status.status_until is not None and status.status_until > at


def columns(known: Person | None, status: Status, at: datetime) -> dict[str, Any]:
    """What is kept of a status: nothing unless it says that somebody is away, and since when it says so."""
    if not says_away(status, at):
        return NOTHING
    text = status.status_text[:LONGEST_TEXT] or status.status_emoji
    said_before = known is not None and (known.status_text, known.status_until) == (text, status.status_until)
    since = known.status_since if known is not None and said_before else at
    return {"status_text": text, "status_since": since, "status_until": status.status_until}


# --- questions ---


def away_until(person: Person, at: datetime) -> datetime | None:
    """Until when somebody's status is taken to say that they are away; None when it does not."""
    if person.status_since is None or person.status_until is None:
        return None
    until = min(person.status_until, person.status_since + LONGEST_HINT)
    return until if until > at else None
