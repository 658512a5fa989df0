"""What a lead writes down of a requirement, in the order in which it is asked."""

from dataclasses import dataclass
from datetime import date

from workflows.shapes import Choice, Person


@dataclass(frozen=True)
class Assessment:
    """How well a requirement is met, and what somebody will do about a gap: all three, or nothing at all."""

    rating: Choice
    action: str = ""
    owner_id: Person | None = None
    due_on: date | None = None
