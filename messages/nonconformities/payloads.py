"""Nonconformities: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class NonconformityRef(Payload):
    """A nonconformity as the reader saw it."""

    nonconformity: int
    version: int


@dataclass(frozen=True)
class CameFrom(Payload):
    """Where a nonconformity is raised from, and the id of the row that says so; 0 where none does."""

    source: str
    row: int
