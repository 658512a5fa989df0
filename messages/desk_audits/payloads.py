"""Desk audits: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class AnswerRef(Payload):
    """An answer as the auditor saw it."""

    answer: int
    version: int
