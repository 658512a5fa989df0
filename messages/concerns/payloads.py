"""Concerns: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class ConcernRef(Payload):
    """A concern as the reader saw it."""

    concern: int
    version: int


@dataclass(frozen=True)
class NoticedIn(Payload):
    """The message in which somebody noticed something, as it was remembered; 0 for none."""

    message: int
