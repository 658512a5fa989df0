"""Evidence: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class EvidenceRef(Payload):
    """A piece of evidence as the reader saw it."""

    evidence: int
    version: int


@dataclass(frozen=True)
class ChoiceRef(Payload):
    """One of the things that dropped files might be for, counted from 0."""

    dropped: int
    number: int


@dataclass(frozen=True)
class DisposalRef(Payload):
    """A proposal to dispose of evidence."""

    disposal: int


@dataclass(frozen=True)
class OfferedMessageRef(Payload):
    """A message that somebody is about to save as evidence."""

    message: int
