"""Desk audits: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


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
