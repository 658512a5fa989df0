"""What people write down of a concern: in a sentence what they have noticed, and what is made of it."""

from dataclasses import dataclass
from datetime import date

from workflows.shapes import Choice, Line, Person


@dataclass(frozen=True, kw_only=True)
class Noticed:
    """What somebody has noticed; `without_name` is asked only where the programme allows it."""

    words: str
    kind: Choice
    place: Line = ""
    process: Line = ""
    without_name: bool = False


@dataclass(frozen=True, kw_only=True)
class Improvement:
    """What somebody is to do about it, and by when; with what is to show it, or nothing."""

    title: Line
    owner_id: Person
    due_on: date
    evidence_wanted: Line = ""


@dataclass(frozen=True)
class SetAside:
    """Why nothing is made of it."""

    reason: str


@dataclass(frozen=True)
class WithoutName:
    """Whether people may bring something up without their name."""

    allowed: bool
