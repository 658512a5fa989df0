"""Audit reports: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class ReportRef(Payload):
    """A revision of a report, as its reader saw it."""

    report: int
    version: int


@dataclass(frozen=True)
class AnswersRef(Payload):
    """A proposal to let go of what people said in audits."""

    proposal: int
