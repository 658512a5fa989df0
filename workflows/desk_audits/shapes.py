"""What an auditor writes down of a desk audit, in the order in which it is asked."""

from dataclasses import dataclass

from workflows.shapes import Choice, Line, People


@dataclass(frozen=True)
class Launch:
    """What an audit is called, what is asked, and whom."""

    title: Line
    question_set: Choice
    persons: People


@dataclass(frozen=True)
class Assessed:
    """How well an answer says the requirement is met, what backs it up, and what the auditor saw."""

    rating: Choice
    corroboration: Choice
    rating_note: str = ""
