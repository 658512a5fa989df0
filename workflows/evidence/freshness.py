"""Evidence room: how long accepted evidence counts, and asking for newer in time where no task does."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from dateutil.relativedelta import relativedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import EvidenceUse
from storage.people.tables import Role
from storage.programme.tables import Obligation
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.files.data import read_data
from workflows.frameworks import questions as framework_questions
from workflows.people import questions as people_questions

# --- rules ---

PERIODS = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}


@dataclass(frozen=True)
class Ages:
    """Months by the catalogue's frequency and otherwise, and how many days before the end somebody is asked."""

    default_months: int
    months: Mapping[str, int]
    ask_days: int


@cache
def ages() -> Ages:
    """How long evidence counts, from the catalogue."""
    return Ages(**read_data("evidence/freshness.yaml"))


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


def default_age() -> relativedelta:
    """How long accepted evidence counts where neither its obligation nor the catalogue knows a period."""
    return relativedelta(months=ages().default_months)


def last_day(accepted_on: date, scheduled_on: date, age: relativedelta) -> date:
    """The last day on which evidence counts: what came early counts from the day it was scheduled for."""
    return max(accepted_on, scheduled_on) + age


def is_fresh(accepted_on: date, scheduled_on: date, age: relativedelta, today: date) -> bool:
    """Whether evidence still counts."""
    return today <= last_day(accepted_on, scheduled_on, age)


def age_for(uow: UnitOfWork, reference: str, period: relativedelta | None) -> relativedelta:
    """How long evidence for a requirement counts, given the period of the obligation it came from."""
    known = ages()
    return period or relativedelta(
        months=known.months.get(framework_questions.find(uow, reference).frequency, known.default_months)
    )


# --- commands ---


def tick(deed: Deed) -> None:
    """Ask for newer evidence, once, where it runs out soon and no task will ask for it."""
    today = deed.today
    for use in evidence_queries.running_out(deed.uow, today, today + timedelta(days=ages().ask_days)):
        _ask_once(deed, use)


def _ask_once(deed: Deed, use: EvidenceUse) -> None:
    deed.uow.change(use, asked_again_at=deed.at)
    task = deed.uow.get(Task, use.task_id or 0)
    if _comes_again(deed.uow.get(Obligation, task.obligation_id)):
        return
    told = list(dict.fromkeys([task.owner_id, *people_questions.holders(deed.uow, Role.LEAD)]))
    deed.daily(told, use, "runs_out", what=use.runs_out_on)


def _comes_again(obligation: Obligation) -> bool:
    goes_on = obligation.ended_at is None and obligation.paused_at is None
    return goes_on and period_of(obligation.recurrence) is not None


# --- questions ---


def runs_out_on(uow: UnitOfWork, task: Task, accepted_on: date) -> date:
    """The last day on which evidence accepted for a task counts for everything that the task shows."""
    period = period_of(uow.get(Obligation, task.obligation_id).recurrence)
    known = [age_for(uow, reference, period) for reference in task.requirements] or [period or default_age()]
    return min(last_day(accepted_on, task.scheduled_on, age) for age in known)
