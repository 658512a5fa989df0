"""Reviews: the rules, as plain functions of values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from typing import Any

from storage.nonconformities.tables import Nonconformity
from storage.tasks.tables import Task, TaskState
from workflows.frameworks.readiness import Readiness

TOLD_FROM = time(9)
"""When on Monday the digest is told, in the organisation's zone."""


LOOKS_AHEAD = timedelta(days=30)


LONG_OVERDUE = 14
"""Calendar days after which an overdue task or minor becomes a matter for management."""


Figures = dict[str, Any]


@dataclass(frozen=True)
class OverdueOwner:
    """Somebody with overdue tasks: how many, and for how many calendar days the oldest is."""

    person_id: str
    count: int
    days: int


@dataclass(frozen=True)
class Standing:
    """The programme in figures, now. `ready` of `applicable` requirements have fresh, accepted evidence."""

    standards: tuple[str, ...]
    started_on: date
    ready: int
    applicable: int
    readiness: tuple[Readiness, ...]
    gap_actions: int
    overdue_gap_actions: int
    open_tasks: int
    overdue_tasks: int
    submitted_tasks: int
    accepted_tasks: int
    open_majors: int
    open_minors: int
    overdue_findings: int
    interviews: int
    interviews_done: int
    overdue: tuple[OverdueOwner, ...]


def monday_of(day: date) -> date:
    """The Monday of the week a day falls in."""
    return day - timedelta(days=day.weekday())


def overdue_by_owner(tasks: Iterable[Task], today: date) -> tuple[OverdueOwner, ...]:
    """Who is behind with what, the longest first."""
    late = sorted((task for task in tasks if is_late(task, today)), key=lambda task: (task.owner_id, task.due_on))
    grouped = ((owner, list(theirs)) for owner, theirs in groupby(late, key=lambda task: task.owner_id))
    owners = [OverdueOwner(owner, len(theirs), (today - theirs[0].due_on).days) for owner, theirs in grouped]
    return tuple(sorted(owners, key=lambda each: -each.days))


def is_late(task: Task, today: date) -> bool:
    """Whether the owner should have handed it in by now; what waits for a lead is not the owner's delay."""
    return task.state in (TaskState.OPEN, TaskState.RETURNED) and task.due_on < today


def is_overdue(finding: Nonconformity, today: date) -> bool:
    """Whether whoever must act next should have acted by now."""
    return finding.due_on is not None and finding.due_on < today
