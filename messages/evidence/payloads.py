"""Evidence: what its buttons and forms carry back to us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EvidenceRef:
    """A piece of evidence as the reader saw it."""

    evidence: int
    version: int


@dataclass(frozen=True)
class DisposalRef:
    """A proposal to dispose of evidence."""

    disposal: int


@dataclass(frozen=True)
class OfferedMessageRef:
    """A message that somebody is about to save as evidence."""

    message: int
