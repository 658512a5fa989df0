"""The two scales on which an auditor rates an answer, and what they suggest together."""

from enum import StrEnum

RATINGS = range(4)
"""How well the requirement is met: not at all in what was seen, partly, but fragile, and working."""

CORROBORATIONS = range(4)
"""What backs up the answer: nothing else, a document, a sampled record, what was observed or a second source said."""


class Suggestion(StrEnum):
    """What the two scales together suggest. The auditor decides."""

    NONCONFORMITY = "nonconformity"
    VERIFY_FURTHER = "verify_further"
    OBSERVATION = "observation"
    CONFORMITY = "conformity"
    UNVERIFIED = "unverified"


def suggestion(rating: int, corroboration: int) -> Suggestion:
    """What the two scales suggest. A statement alone never makes a conclusion."""
    if rating <= 1:
        return Suggestion.NONCONFORMITY if corroboration >= 2 else Suggestion.VERIFY_FURTHER
    if rating == 2:
        return Suggestion.OBSERVATION
    return Suggestion.CONFORMITY if corroboration >= 2 else Suggestion.UNVERIFIED
