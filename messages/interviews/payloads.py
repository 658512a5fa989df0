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
