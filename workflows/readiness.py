"""Frameworks room: readiness, the share of what applies that fresh, accepted evidence shows to be met."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from storage import calendar as stored_calendar
from storage import evidence as stored_evidence
from storage import frameworks as stored
from storage import tasks as stored_tasks
from storage.tasks import Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import frameworks, nudges
from workflows.frameworks import Catalogue, Frequency, Requirement

# --- rules ---

A_YEAR = relativedelta(years=1)
"""How long accepted evidence counts where neither its obligation nor the catalogue knows a period."""

AGES = {
    Frequency.MONTHLY: relativedelta(months=1),
    Frequency.QUARTERLY: relativedelta(months=3),
    Frequency.HALF_YEARLY: relativedelta(months=6),
}
"""How long it counts by the catalogue's suggestion, where that is shorter than a year."""

PERIODS = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}


@dataclass(frozen=True)
class Readiness:
    """Of `applicable` requirements of one framework, `ready` have fresh, accepted evidence."""

    edition: str
    standard: str
    ready: int
    applicable: int


def period_of(recurrence: str) -> relativedelta | None:
    """The time between two occurrences of an RFC 5545 rule; None where the rule does not come round again."""
    parts = dict(re.findall(r"([A-Z]+)=([^;\s]+)", recurrence))
    unit, interval = PERIODS.get(parts.get("FREQ", "")), int(parts.get("INTERVAL", 1))
    if unit is None or parts.get("COUNT") == "1":
        return None
    if "BYMONTH" in parts and unit in ("months", "years"):
        years = interval if unit == "years" else 1
        return relativedelta(months=max(1, 12 * years // len(parts["BYMONTH"].split(","))))
    return relativedelta(**{unit: interval})  # type: ignore[arg-type]  # a unit of time


def is_fresh(accepted_on: date, scheduled_on: date, age: relativedelta, today: date) -> bool:
    """Whether evidence still counts: what came early counts from the day it was scheduled for, until the next one."""
    return today <= max(accepted_on, scheduled_on) + age


# --- questions ---


def shown(uow: UnitOfWork, at: datetime) -> frozenset[str]:
    """Requirements in scope with fresh, accepted evidence of their own or through harmonised clauses."""
    return frozenset(frameworks.serves(_shown_directly(uow, at), frameworks.scope(uow)))


def _shown_directly(uow: UnitOfWork, at: datetime) -> Iterator[str]:
    zone = uow.workspace().zone
    today = nudges.local_day(zone, at)
    periods = {each.id: period_of(each.recurrence) for each in stored_calendar.every(uow)}
    longest = max((period for period in periods.values() if period), key=_days, default=A_YEAR)
    since = at - timedelta(days=max(_days(longest), _days(A_YEAR)) + 1)
    given_for = stored_evidence.accepted_for(uow, since)
    for task in stored_tasks.decided_since(uow, TaskState.ACCEPTED, since):
        if task.id in given_for:
            accepted_on = nudges.local_day(zone, task.decided_at or at)
            yield from _fresh_of(uow, task, periods.get(task.obligation_id), accepted_on, today)


def _fresh_of(
    uow: UnitOfWork, task: Task, period: relativedelta | None, accepted_on: date, today: date
) -> Iterator[str]:
    for reference in task.requirements:
        age = period or AGES.get(frameworks.find(uow, reference).frequency, A_YEAR)
        if is_fresh(accepted_on, task.scheduled_on, age, today):
            yield reference


def _days(period: relativedelta) -> int:
    return period.years * 366 + period.months * 31 + period.days


def applicable(uow: UnitOfWork, catalogue: Catalogue) -> list[Requirement]:
    """What of a framework applies: everything but what a lead left out with a reason."""
    decided = stored.applicabilities(uow)
    left_out = {reference for reference, each in decided.items() if not each.applies}
    return [each for each in catalogue.requirements.values() if each.reference not in left_out]


def readiness(uow: UnitOfWork, at: datetime) -> tuple[Readiness, ...]:
    """How ready each framework in scope is."""
    met = shown(uow, at)
    catalogues = [frameworks.catalogue_of(uow, edition) for edition in frameworks.scope(uow)]
    return tuple(_ready(each, applicable(uow, each), met) for each in catalogues)


def _ready(catalogue: Catalogue, applying: list[Requirement], met: frozenset[str]) -> Readiness:
    ready = sum(each.reference in met for each in applying)
    return Readiness(catalogue.edition, catalogue.standard, ready, len(applying))
