"""What an auditor writes down of a desk audit, in the order in which it is asked."""

from dataclasses import dataclass
from datetime import date

from workflows.shapes import Choice, Choices, Line, People, Person


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """How well an answer says the requirement is met, what backs it up, and what the auditor saw.

    `backed_by` are files and other answers, `record` names what is kept elsewhere.
    """

    rating: Choice
    corroboration: Choice
    backed_by: Choices = ()
    record: Line = ""
    document_missing: bool = False
    rating_note: str


@dataclass(frozen=True, kw_only=True)
class Note:
    """What the auditor saw in a document or while watching, and where; `prompt` is what they looked at."""

    mode: Choice
    prompt: Line
    requirements: Choices = ()
    text: str
    evidence: Choices = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding of any kind (ISO 19011, 6.4.8): what it is measured against, what was seen, and who answers for it."""

    kind: Choice
    requirement: Choice = ""
    evidence: str
    statement: str
    place: Line = ""
    sample: str = ""
    owner_id: Person


@dataclass(frozen=True)
class Further:
    """What the auditor still wants to know of whoever gave an answer."""

    question: str


@dataclass(frozen=True)
class OtherView:
    """How whoever answers for something sees what was found in it."""

    owner_view: str


@dataclass(frozen=True)
class Withdrawal:
    """Why a finding no longer stands."""

    reason: str


LANGUAGES = ("en", "de")
"""In which the bank asks its questions (ISO 639)."""


@dataclass(frozen=True, kw_only=True)
class Basics:
    """The first step of a plan: from which template, who answers for what is audited, who audits, and when."""

    template: Choice
    title: Line = ""
    auditee_id: Person
    lead_id: Person
    auditors: People = ()
    observers: People = ()
    begins_on: date
    ends_on: date
    language: Choice = "en"


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """The second: what the audit is for, what it covers, and against what. Places and processes stand one a line."""

    objective: str
    scope: str
    requirements: str = ""
    other_criteria: str = ""
    places: str = ""
    processes: str = ""
    modes: Choices
    party: Choice
    approach: Choice


@dataclass(frozen=True, kw_only=True)
class OtherDays:
    """The days that would suit the auditee better, and why."""

    proposed_begins_on: date
    proposed_ends_on: date
    proposal: str


@dataclass(frozen=True, kw_only=True)
class NewLead:
    """Who leads an audit from now on, why, and why though a check may speak against them."""

    lead_id: Person
    change: str
    exception: str = ""


@dataclass(frozen=True, kw_only=True)
class Competence:
    """What makes somebody fit to audit against an edition, and until when that counts."""

    person_id: Person
    edition: Choice
    basis: str
    valid_until: date | None = None
