"""Nudges: what its buttons and forms carry back to us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LedgerRef:
    """A page of what somebody was told, counted from 1."""

    person: str
    page: int
