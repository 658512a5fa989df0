"""Findings out of an organisation's own register: they come in as drafts, for a person to grade and issue."""

from collections.abc import Mapping
from datetime import datetime

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Nonconformity
from workflows.nonconformities.commands import Finding
from workflows.nonconformities.moving import record
from workflows.people.rules import Actor


def next_number(uow: UnitOfWork) -> int:
    """The number of the nonconformity that is written down next."""
    return nonconformity_queries.latest_number(uow) + 1


def take_over(
    uow: UnitOfWork, actor: Actor, finding: Finding, *, number: int, details: Mapping[str, JSON], at: datetime
) -> Nonconformity:
    """Write an open finding down as a draft. Nobody is told yet: whoever brought the register hears of all at once."""
    raised = uow.add(
        Nonconformity(
            number=number,
            **vars(finding),
            raised_by=actor.person_id,
            raised_at=at,
            moved_at=at,
        )
    )
    record(uow, actor.person_id, raised, "take_over", at, {"requirement": finding.requirement, **details})
    return raised
