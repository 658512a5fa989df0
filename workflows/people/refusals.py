"""People: what it says no to."""

from dataclasses import dataclass
from datetime import date

from workflows.refusals import OfAField, Refusal


@dataclass(eq=False)
class NotInDirectory(Refusal):
    """The person is unknown, deactivated or a bot: nobody the programme could hold to anything."""

    person: str


@dataclass(eq=False)
class LeadExists(Refusal):
    """The lead's role can be claimed only while nobody holds it."""

    leads: tuple[str, ...]


@dataclass(eq=False)
class PersonNotUnderstood(Refusal):
    """A command names somebody, but not by a mention, so it is not clear who is meant."""

    text: str


@dataclass(eq=False)
class LastLead(Refusal):
    """Somebody has to lead the programme, so the last lead keeps the role until there is another."""

    person: str


@dataclass(eq=False)
class CannotTakeOver(OfAField, Refusal):
    """Nobody can be given work who would not read of it.

    `because` is left, bot, guest, unknown, away, or the same person; `until` is the last day of an absence.
    """

    person: str
    because: str
    until: date | None = None
    field_name: str = ""
