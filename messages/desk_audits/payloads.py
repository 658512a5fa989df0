"""Desk audits: what its buttons and forms carry back to us."""

from dataclasses import dataclass


@dataclass(frozen=True)
class InterviewRef:
    """One person's part in a desk audit."""

    interview: int


@dataclass(frozen=True)
class QuestionRef:
    """One question of an interview."""

    interview: int
    question: str


@dataclass(frozen=True)
class AnswerRef:
    """An answer as the auditor saw it."""

    answer: int
    version: int
