"""Frameworks room: readiness, the share of what applies that fresh, accepted evidence shows to be met."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.frameworks import queries as framework_queries
from storage.programme import queries as programme_queries
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from workflows.evidence import freshness
from workflows.frameworks import overlap
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.rules import Catalogue, Requirement
from workflows.nudges import rules as nudge_rules

# --- rules ---


@dataclass(frozen=True)
class Readiness:
    """Of `applicable` requirements of one framework, `ready` have fresh, accepted evidence."""

    edition: str
    standard: str
    ready: int
    applicable: int


# --- questions ---


def shown(uow: UnitOfWork, at: datetime) -> frozenset[str]:
    """Requirements in scope with fresh, accepted evidence of their own or through harmonised clauses."""
    return frozenset(overlap.serves(_shown_directly(uow, at), framework_questions.scope(uow)))


def _shown_directly(uow: UnitOfWork, at: datetime) -> Iterator[str]:
    zone = uow.workspace().zone
    today = nudge_rules.local_day(zone, at)
    periods = {each.id: freshness.period_of(each.recurrence) for each in programme_queries.every(uow)}
    longest = max((period for period in periods.values() if period), key=_days, default=freshness.default_age())
    since = at - timedelta(days=max(_days(longest), _days(freshness.default_age())) + 1)
    given_for = evidence_queries.accepted_for(uow, since)
    for task in task_queries.decided_since(uow, TaskState.ACCEPTED, since):
        if task.id in given_for:
            accepted_on = nudge_rules.local_day(zone, task.decided_at or at)
            yield from _fresh_of(uow, task, periods.get(task.obligation_id), accepted_on, today)


def _fresh_of(
    uow: UnitOfWork, task: Task, period: relativedelta | None, accepted_on: date, today: date
) -> Iterator[str]:
    for reference in task.requirements:
        age = freshness.age_for(uow, reference, period)
        if freshness.is_fresh(accepted_on, task.scheduled_on, age, today):
            yield reference


def _days(period: relativedelta) -> int:
    return period.years * 366 + period.months * 31 + period.days


def applicable(uow: UnitOfWork, catalogue: Catalogue) -> list[Requirement]:
    """What of a framework applies: everything but what a lead left out with a reason."""
    decided = framework_queries.applicabilities(uow)
    left_out = {reference for reference, each in decided.items() if not each.applies}
    return [each for each in catalogue.requirements.values() if each.reference not in left_out]


def readiness(uow: UnitOfWork, at: datetime) -> tuple[Readiness, ...]:
    """How ready each framework in scope is."""
    met = shown(uow, at)
    catalogues = [framework_questions.catalogue_of(uow, edition) for edition in framework_questions.scope(uow)]
    return tuple(_ready(each, applicable(uow, each), met) for each in catalogues)


def _ready(catalogue: Catalogue, applying: list[Requirement], met: frozenset[str]) -> Readiness:
    ready = sum(each.reference in met for each in applying)
    return Readiness(catalogue.edition, catalogue.standard, ready, len(applying))
