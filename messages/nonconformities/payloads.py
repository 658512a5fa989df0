"""Nonconformities: what its buttons and forms carry back to us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NonconformityRef:
    """A nonconformity as the reader saw it."""

    nonconformity: int
    version: int
