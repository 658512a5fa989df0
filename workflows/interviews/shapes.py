"""What an auditor writes down of an interview, in the order in which it is asked."""

from dataclasses import dataclass

from workflows.shapes import Choice, Line

OTHERS, MORE = "others", "more"
"""Other rows, by another seed, from the list as it was given last; or another number of the same draw."""


@dataclass(frozen=True)
class DrawAgain:
    """How rows are drawn again, how many, and why."""

    how: Choice
    rows: Line
    reason: str
