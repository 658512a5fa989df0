"""Responses: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class TurnRef(Payload):
    """A question of a conversation; another one is asked once its number has gone on."""

    draft: int
    number: int


@dataclass(frozen=True)
class TapRef(Payload):
    """An answer given by a button."""

    draft: int
    number: int
    tap: str


@dataclass(frozen=True)
class DayRef(Payload):
    """A day that was proposed, as YYYY-MM-DD."""

    draft: int
    number: int
    day: str
