"""Findings out of an organisation's own register: they come in as drafts, for a person to grade and issue."""

from collections.abc import Mapping

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Nonconformity
from workflows.deed import Deed
from workflows.nonconformities.moving import record
from workflows.nonconformities.shapes import Finding
from workflows.shapes import values_of


def next_number(uow: UnitOfWork) -> int:
    """The number of the nonconformity that is written down next."""
    return nonconformity_queries.latest_number(uow) + 1


def take_over(deed: Deed, finding: Finding, *, number: int, details: Mapping[str, JSON]) -> Nonconformity:
    """Write an open finding down as a draft. Nobody is told yet: whoever brought the register hears of all at once."""
    raised = deed.uow.add(
        Nonconformity(
            number=number,
            **values_of(finding),
            raised_by=deed.by,
            raised_at=deed.at,
            moved_at=deed.at,
        )
    )
    record(deed, raised, "take_over", {"requirement": finding.requirement, **details})
    return raised
