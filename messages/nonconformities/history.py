"""Nonconformities room: the whole history of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from slack_sdk.models.blocks import Block

from messages.words import kit
from messages.words.kit import Modal
from messages.words.wording import Phrase, words

HISTORY_VIEW = "nc.history_view"

MOST_EVENTS = 240
"""Of a longer history the latest; all of it goes into a pack."""

LINES_TOGETHER = 8


@dataclass(frozen=True)
class Event:
    """One thing that happened: who did it and when, the grade and reason that were given, and the exception, if any."""

    at: datetime
    by: str
    event: str
    grade: str = ""
    reason: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Signed:
    """A signature; `lapsed_by` is the event with which it lapsed, if it did."""

    signs: str
    by: str
    at: datetime
    mark: str = ""
    lapsed_at: datetime | None = None
    lapsed_by: str = ""


@dataclass(frozen=True)
class CaseHistory:
    """Everything that happened to NC-`number`, the first first, and every signature."""

    number: int
    state: str
    grade: str | None
    days: int
    events: Sequence[Event]
    signatures: Sequence[Signed]


def history_modal(history: CaseHistory) -> Modal:
    """Who did what and when, and who signed what."""
    wording = words("nonconformities/history", history=history)
    shown = history.events[-MOST_EVENTS:]
    left_out = len(history.events) - len(shown)
    events = [words("nonconformities/history", event=each).line for each in shown]
    signed = [words("nonconformities/history", signed=each).signature for each in history.signatures]
    earlier = [kit.context(words("nonconformities/history", left_out=left_out).earlier)] if left_out else []
    signatures = [kit.divider(), kit.section(wording.signatures), *_together(signed[-MOST_EVENTS:])] if signed else []
    blocks = [kit.section(wording.stands), *earlier, *_together(events), *signatures]
    return kit.modal(HISTORY_VIEW, wording.heading, blocks)


def _together(lines: Sequence[Phrase]) -> list[Block]:
    left = iter(lines)
    parts = iter(lambda: list(islice(left, LINES_TOGETHER)), [])
    return [kit.lines(part) for part in parts]
