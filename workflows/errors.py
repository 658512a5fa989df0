"""Refusals: what the domain says no to. Each becomes a sentence; the wording stands with the messages.

The name of a refusal (`OwnEvidence` is `own_evidence`) names its template too, and its fields are the values.
"""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Any


class Refusal(Exception):
    """Nothing was changed, and the person is told why."""

    @property
    def field(self) -> str | None:
        """The form field to point at, if there is one."""
        return None

    @property
    def name(self) -> str:
        """The refusal's name in snake case, which is also its template's."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def values(self) -> dict[str, Any]:
        """What the template needs to say it."""
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]  # every refusal is a dataclass


class OfAField:
    """Said beside the field in which it was typed, if it was typed in one."""

    field_name: str

    @property
    def field(self) -> str | None:
        """The form field to point at."""
        return self.field_name or None


class OfARecurrence:
    """What is wrong with a recurrence is said beside its field."""

    @property
    def field(self) -> str:
        """The form field to point at."""
        return "recurrence"


@dataclass(eq=False)
class NotInDirectory(Refusal):
    """The person is unknown, deactivated or a bot: nobody the programme could hold to anything."""

    person: str


@dataclass(eq=False)
class NotAllowed(Refusal):
    """The role or ownership the verb needs is missing. `who_may` is words, such as "a compliance lead"."""

    deed: str
    who_may: str


@dataclass(eq=False)
class OwnEvidence(Refusal):
    """Nobody accepts evidence or work of their own (segregation of duties)."""

    title: str


@dataclass(eq=False)
class OwnCorrection(Refusal):
    """Nobody reviews, verifies or closes a nonconformity they own or corrected."""

    number: int


@dataclass(eq=False)
class OwnAudit(Refusal):
    """Nobody audits own work (cl. 9.2.2: objective and impartial)."""


@dataclass(eq=False)
class AlreadyDecided(Refusal):
    """The step was taken before. `state` is the state now, in the words people read."""

    what: str
    state: str
    by: str | None


@dataclass(eq=False)
class Stale(Refusal):
    """What the person decided on has changed since they saw it."""

    what: str


@dataclass(eq=False)
class EvidenceMissing(Refusal):
    """Evidence is wanted and none was given yet."""

    title: str
    wanted: str


@dataclass(eq=False)
class NothingToDispose(Refusal):
    """Nothing is past the day until which it must be kept."""


@dataclass(eq=False)
class NoOtherTask(Refusal):
    """There is no further open task that this file could serve."""

    file: str


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
class LeadExists(Refusal):
    """The lead's role can be claimed only while nobody holds it."""

    leads: tuple[str, ...]


@dataclass(eq=False)
class VerifyFurther(Refusal):
    """A claim alone is no finding: without a sampled record it is something to look into."""


@dataclass(eq=False)
class InputWanted(OfAField, Refusal):
    """A field of a form is empty or out of bounds; `wish` says what belongs there."""

    field_name: str
    wish: str


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


@dataclass(eq=False)
class EndBeforeStart(OfAField, Refusal):
    """Something was to end before it begins."""

    starts_on: date
    ends_on: date
    field_name: str = "ends_on"


@dataclass(eq=False)
class MonthNotUnderstood(Refusal):
    """Somebody wants to see a month, and it is not clear which."""

    text: str


@dataclass(eq=False)
class PersonNotUnderstood(Refusal):
    """A command names somebody, but not by a mention, so it is not clear who is meant."""

    text: str


@dataclass(eq=False)
class DateFromOutside(Refusal):
    """The dates of certification are the certification body's; they follow the certificate and move by nothing else."""

    title: str


@dataclass(eq=False)
class NothingKept(Refusal):
    """A file is asked for whose bytes are not there: they come, were refused or were disposed of, as `state` says."""

    file: str
    state: str


@dataclass(eq=False)
class BadAddress(OfAField, Refusal):
    """An address given as evidence cannot be asked at all; `why` names the sentence: no_address, credentials, …

    The address itself is left out: where it holds a password, that must stand nowhere.
    """

    why: str
    field_name: str = ""


@dataclass(eq=False)
class KeysNotSetUp(Refusal):
    """A key for a machine is wanted, and the bot was given no secret to make keys with."""


@dataclass(eq=False)
class NothingAskedHere(Refusal):
    """A file arrived where nobody asked for one; `titles` are the open tasks it might belong to.

    `settled` is everything that stands in that place, with its state, where none of it takes files.
    """

    titles: tuple[str, ...]
    settled: tuple[tuple[str, str], ...] = ()


@dataclass(eq=False)
class NoTaskTakesEvidence(Refusal):
    """Somebody wants to give something for a task, and none that they may give it for is open."""


@dataclass(eq=False)
class UnreadableFile(Refusal):
    """A file cannot be taken as a table; `why` names the sentence: empty, too_large, unpacks_too_large, …"""

    file: str
    why: str


@dataclass(eq=False)
class BadRows(Refusal):
    """Some rows of a file need another look, so none was taken. `rows` pairs each row's number with what is wrong."""

    file: str
    rows: tuple[tuple[int, str], ...]
    of: int


@dataclass(eq=False)
class WhichRequirement(OfAField, Refusal):
    """What was typed is no requirement of what is followed, or several of them: `references` says which."""

    typed: str
    references: tuple[str, ...]
    field_name: str = ""


@dataclass(eq=False)
class MustApply(Refusal):
    """The requirement is one that a management system cannot do without."""

    standard: str
    number: str


@dataclass(eq=False)
class StatementIncomplete(Refusal):
    """A statement is approved as a whole: somebody has to decide about every requirement first."""

    standard: str
    undecided: int


@dataclass(eq=False)
class DateNotUnderstood(OfAField, Refusal):
    """Words that mean no day. `is_a_date`: they look like one, but the calendar has no such day."""

    text: str
    is_a_date: bool
    field_name: str = ""


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


@dataclass(eq=False)
class ExternalDate(Refusal):
    """The day was set by somebody outside: it is neither put off nor waived here."""

    title: str
    due_on: date


@dataclass(eq=False)
class CannotPutOff(OfAField, Refusal):
    """A task was put off as often, or as far, as the limits allow. `latest` is the last day that can be asked for."""

    title: str
    times: int
    latest: date | None
    field_name: str = ""


@dataclass(eq=False)
class TooEarly(Refusal):
    """A task can be done before it opens, but not that long before: it would belong to another period."""

    title: str
    begins_on: date


@dataclass(eq=False)
class FilterUnknown(Refusal):
    """A word after `/iso tasks` that narrows nothing down; `known` are those that do."""

    word: str
    known: tuple[str, ...]


@dataclass(eq=False)
class ImportedBefore(Refusal):
    """Exactly this file was imported; everything in it would be there twice."""

    file: str
    by: str
    on: date


@dataclass(eq=False)
class RowsAtFault(Refusal):
    """All rows of a file are taken or none, and some cannot be; or there is none to take (`faulty` is 0)."""

    file: str
    faulty: int
