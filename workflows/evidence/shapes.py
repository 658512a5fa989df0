"""What people say about a piece of evidence, in the order in which they are asked."""

from dataclasses import dataclass
from datetime import date

from workflows.shapes import Choice, Line


@dataclass(frozen=True, kw_only=True)
class Details:
    """What a giver or a lead says about a file; the period is what it speaks of.

    `legal_hold` is a reason to keep it, "" for none; None, where it was not asked, leaves it as it is.
    """

    collected_on: date
    period_begins: date | None = None
    period_ends: date | None = None
    classification: Choice
    personal_data: bool = False
    legal_hold: Line | None = None
