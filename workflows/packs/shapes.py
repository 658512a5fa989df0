"""What is written down for an audit: what a pack is about, what an auditor asks to see, and who may look."""

from dataclasses import dataclass
from datetime import date

from workflows.shapes import Choice, Choices, Line, People, Person

EVERY_THEME = "-"
"""The choice that narrows nothing down."""


@dataclass(frozen=True)
class Coverage:
    """What a pack is to be about: standards and a period, and what narrows it down.

    It carries the reports of audits; what people said in them by choice only, and with a reason.
    """

    editions: Choices
    first: date
    last: date
    theme: Choice
    owners: People = ()
    requirements: Line = ""
    with_answers: bool = False
    answers_because: str = ""


@dataclass(frozen=True)
class Asked:
    """One row of an auditor's list."""

    label: Line
    what: str
    requirement: Line
    period: Line
    sample: str
    owner_id: Person | None = None
    due_on: date | None = None


@dataclass(frozen=True)
class Admission:
    """Whom a lead lets look, at which editions and period, and from which day to which."""

    person_id: Person
    editions: Choices
    first: date
    last: date
    starts_on: date
    ends_on: date
