"""Audit reports: what it says no to."""

from dataclasses import dataclass

from workflows.refusals import Refusal


@dataclass(eq=False)
class NoReportYet(Refusal):
    """Nobody has begun the report of this audit; its lead auditor writes it."""

    audit: str
    lead: str


@dataclass(eq=False)
class InterviewsRun(Refusal):
    """Some people are still answering, and nobody said that their interviews are to be closed."""

    running: int


@dataclass(eq=False)
class NoAnswersToLetGo(Refusal):
    """No audit's answers are past their day."""
