"""Nonconformities: what it says no to."""

from dataclasses import dataclass

from workflows.refusals import Refusal


@dataclass(eq=False)
class OwnCorrection(Refusal):
    """Nobody reviews, verifies or closes a nonconformity they own or corrected."""

    number: int
