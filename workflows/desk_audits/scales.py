"""The two scales on which an auditor rates an answer, and what they suggest together."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

RATINGS: Mapping[int, str] = MappingProxyType(
    {
        0: "requirement not met in what was seen",
        1: "partly met",
        2: "met but fragile",
        3: "met and working",
    }
)
CORROBORATIONS: Mapping[int, str] = MappingProxyType(
    {
        0: "statement only",
        1: "document seen",
        2: "record sampled",
        3: "observed, or confirmed by a second source",
    }
)


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
