"""Dates: what it says no to."""

from dataclasses import dataclass
from datetime import date

from workflows.refusals import Refusal


class OfARecurrence:
    """What is wrong with a recurrence is said beside its field."""

    @property
    def field(self) -> str:
        """The form field to point at."""
        return "recurrence"


@dataclass(eq=False)
class RuleNotUnderstood(OfARecurrence, Refusal):
    """A recurrence is no rule of RFC 5545 over days; `part` is the part of it that is at fault."""

    rule: str
    part: str


@dataclass(eq=False)
class MoreThanDaily(OfARecurrence, Refusal):
    """A recurrence names hours, and nothing here comes round more than once a day."""

    rule: str


@dataclass(eq=False)
class RuleNeverHappens(OfARecurrence, Refusal):
    """A recurrence has no date at all, such as every 30 February, or none before its end."""

    rule: str
    starts_on: date
