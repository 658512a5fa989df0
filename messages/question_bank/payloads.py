"""Question bank: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class BankRef(Payload):
    """A question of the bank in the version that its reader saw; 0 is the one that ships."""

    question: str
    revision: int


@dataclass(frozen=True)
class BankPage(Payload):
    """A page, counted from 1, of the questions that some words fit."""

    words: str
    page: int


@dataclass(frozen=True)
class TriedTap(Payload):
    """A button that was pressed in the preview of a question: a tap, or the id of an option."""

    question: str
    chosen: str
