"""What was accepted and is fresh enough, so that nobody is asked for what is kept already."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Classification, Evidence, EvidenceState, Given
from storage.tasks.tables import Task
from workflows.evidence import freshness
from workflows.nudges.rules import local_day
from workflows.question_bank.shapes import Question, W, WantedEvidence

FOR_A_FEW = frozenset({Classification.CONFIDENTIAL, Classification.RESTRICTED})
"""Not even its name is shown to others than whoever gave it."""


def kept_evidence_for(
    uow: UnitOfWork, question: Question[W], reader: str, at: datetime
) -> Mapping[str, Sequence[Evidence]]:
    """Accepted evidence that still counts, by the id of what the question wants, the newest first.

    It must have been accepted for a task that shows one of the requirements that the question is about, and be no older
    than what is wanted may be; where that says nothing, than evidence may be at all. What only a few may know of is
    left out, unless `reader` gave it.
    """
    today = local_day(uow.workspace().zone, at)
    accepted = [each for each in evidence_queries.accepted_until(uow, today) if _may_see(each.evidence, reader)]
    known = [each for each in accepted if _shows(uow, each, question.references)]
    newest = sorted((each.evidence for each in known), key=lambda each: each.collected_on, reverse=True)
    fresh = {each.id: _fresh(newest, each, today) for each in question.wanted_evidence}
    return {name: found for name, found in fresh.items() if found}


def _shows(uow: UnitOfWork, given: Given, references: Collection[str]) -> bool:
    if given.evidence.state is not EvidenceState.KEPT or given.use.task_id is None:
        return False
    return not set(references).isdisjoint(uow.get(Task, given.use.task_id).requirements)


def _may_see(evidence: Evidence, reader: str) -> bool:
    return evidence.provided_by == reader or evidence.classification not in FOR_A_FEW


def _fresh(newest: Sequence[Evidence], wanted: WantedEvidence[W], today: date) -> list[Evidence]:
    days = wanted.max_age_days
    oldest = today - (freshness.default_age() if days is None else timedelta(days=days))
    return list({each.id: each for each in newest if each.collected_on >= oldest}.values())
