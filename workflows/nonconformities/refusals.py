"""Nonconformities: what it says no to."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.nonconformities.tables import Seat
from workflows.nonconformities.lifecycle import Need
from workflows.nonconformities.seats import Bar
from workflows.refusals import Refusal


@dataclass(eq=False)
class OwnCorrection(Refusal):
    """Nobody reviews, verifies or closes a nonconformity they own or corrected."""

    number: int


@dataclass(eq=False)
class NotYourSeat(Refusal):
    """It is for somebody else: `people` may. `why` is what keeps the actor out, or None where a role is missing."""

    number: int
    seat: Seat
    why: Bar | None
    people: Sequence[str]


@dataclass(eq=False)
class CaseFilterUnknown(Refusal):
    """A word that narrows no list of cases down; `known` are those that do, `sources` what `source:` takes."""

    word: str
    known: Sequence[str]
    sources: Sequence[str]


@dataclass(eq=False)
class NotYet(Refusal):
    """The case isn't as this needs it to be."""

    number: int
    need: Need
