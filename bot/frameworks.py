"""Frameworks room at the edge: references into the catalogues, as people read them."""

from collections.abc import Iterable

from messages.frameworks import Requirement
from workflows import frameworks


def requirements(references: Iterable[str]) -> tuple[Requirement, ...]:
    """What each reference points at: edition, number and short title."""
    return tuple(requirement(reference) for reference in references)


def requirement(reference: str) -> Requirement:
    """What a reference points at: edition, number and short title."""
    found = frameworks.requirement(reference)
    return Requirement(found.standard, found.number, found.title)
