"""Nudges: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class LedgerRef(Payload):
    """A page of what somebody was told, counted from 1."""

    person: str
    page: int


@dataclass(frozen=True)
class MessageRef(Payload):
    """A planned message, by the id of its row in the outbox."""

    message: int
