"""Desk audits: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class AuditRef(Payload):
    """One audit, by the number that people call it by."""

    audit: int


@dataclass(frozen=True)
class AnswerRef(Payload):
    """An answer as the auditor saw it."""

    answer: int
    version: int


@dataclass(frozen=True)
class PlanRef(Payload):
    """The plan of an audit as its reader saw it."""

    audit: int
    version: int


@dataclass(frozen=True)
class BeginRef(Payload):
    """The task of the calendar for which an audit is planned; 0 where there is none."""

    task: int


@dataclass(frozen=True)
class ProgrammeRef(Payload):
    """A page of the audit programme: `view` is one of `VIEWS`, `edition` "" for all standards."""

    view: str
    edition: str
    year: int
    page: int


@dataclass(frozen=True)
class SheetRef(Payload):
    """A page of what was said in an audit, `by` question or person; counted from 1."""

    audit: int
    by: str
    page: int


@dataclass(frozen=True)
class SeatRef(Payload):
    """An answer as it was read on the desk, and `by` which order of the pages the auditor came to it."""

    answer: int
    version: int
    by: str


@dataclass(frozen=True)
class FindRef(Payload):
    """What a new finding rests on: an answer of an audit, or none where that is 0. `by`: where the auditor read it."""

    audit: int
    answer: int
    by: str


@dataclass(frozen=True)
class FindingRef(Payload):
    """A finding of an audit as somebody saw it."""

    finding: int
    version: int
