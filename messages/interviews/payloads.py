"""Interviews: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class InterviewRef(Payload):
    """One person's part in a desk audit."""

    interview: int


@dataclass(frozen=True)
class QuestionRef(Payload):
    """One question of an interview."""

    interview: int
    question: str


@dataclass(frozen=True)
class TapRef(Payload):
    """An answer given by a button: one of an option's id, yes, no, unsure, unknown, none."""

    interview: int
    question: str
    tap: str


@dataclass(frozen=True)
class KeptRef(Payload):
    """Evidence that is kept already and may show what a question asks for."""

    interview: int
    question: str
    evidence: int


@dataclass(frozen=True)
class ColleagueRef(Payload):
    """A colleague who may be asked a question in somebody's place."""

    interview: int
    question: str
    person: str


@dataclass(frozen=True)
class HeldRef(Payload):
    """A message that was held back since it looks like holding a secret."""

    held: int


@dataclass(frozen=True)
class EditRef(Payload):
    """An answer whose message was edited in Slack."""

    answer: int


@dataclass(frozen=True)
class RedactRef(Payload):
    """A confirmed answer as the auditor saw it who wants to take words out of it."""

    answer: int
    version: int


@dataclass(frozen=True)
class DrawRef(Payload):
    """An answer from whose list rows were drawn, and may be again."""

    answer: int


@dataclass(frozen=True)
class WordsRef(Payload):
    """Words that were written beside any thread, and the interview that they may be for."""

    interview: int
    dropped: int
