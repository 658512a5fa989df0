"""The two scales on which an auditor rates an answer, and what they suggest together."""

from enum import StrEnum

RATINGS = range(4)
"""How well the requirement is met: not at all in what was seen, partly, but fragile, and working."""

CORROBORATIONS = range(4)
"""What backs up the answer: nothing else, a document, a sampled record, what was observed or a second source said."""

NOT_APPLICABLE = "not_applicable"
"""What is chosen instead of a rating where no requirement applies."""


class Suggestion(StrEnum):
    """What the two scales together suggest. The auditor decides."""

    NONCONFORMITY = "nonconformity"
    VERIFY_FURTHER = "verify_further"
    OBSERVATION = "observation"
    CONFORMITY = "conformity"
    UNVERIFIED = "unverified"


def suggestion(
    rating: int, corroboration: int, *, document_missing: bool = False, admitted: bool = False
) -> Suggestion:
    """What the two scales suggest, and never more than that. A statement alone never makes a conclusion.

    That a required document is absent or wrong is proven by the document; what the owner of the process admits against
    themselves counts as a record.
    """
    if rating <= 1:
        backed = corroboration >= (1 if document_missing else 2) or admitted
        return Suggestion.NONCONFORMITY if backed else Suggestion.VERIFY_FURTHER
    if rating == 2:
        return Suggestion.OBSERVATION
    return Suggestion.CONFORMITY if corroboration >= 2 else Suggestion.UNVERIFIED
