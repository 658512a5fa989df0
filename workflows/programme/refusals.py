"""Programme: what it says no to."""

from dataclasses import dataclass
from datetime import date

from workflows.refusals import OfAField, Refusal


@dataclass(eq=False)
class NoProgrammeYet(Refusal):
    """The programme was not started."""


@dataclass(eq=False)
class ProgrammeRunsAlready(Refusal):
    """The programme was started before; starting it again would double everything."""

    since: date


@dataclass(eq=False)
class SetupTakenOver(Refusal):
    """Another lead goes on with the setup of the programme, with everything that was answered so far."""

    by: str


@dataclass(eq=False)
class AnotherLook(Refusal):
    """What was possible when it was answered is not any more, such as an owner who has left since."""

    step: str


@dataclass(eq=False)
class ChannelNotUsable(OfAField, Refusal):
    """The bot could not write in the channel. `because` is not_invited, archived or unseen."""

    because: str
    field_name: str = "digest_channel"


@dataclass(eq=False)
class LastStandard(Refusal):
    """A programme follows at least one standard."""

    standard: str


@dataclass(eq=False)
class MonthNotUnderstood(Refusal):
    """Somebody wants to see a month, and it is not clear which."""

    text: str


@dataclass(eq=False)
class DateFromOutside(Refusal):
    """The dates of certification are the certification body's; they follow the certificate and move by nothing else."""

    title: str
