"""Calendar room: obligations and the tasks that come of their recurrence."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import takewhile
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Role
from storage.programme import queries as programme_queries
from storage.programme.tables import Kind, Obligation
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from workflows.dates import recurrence
from workflows.dates.workweek import WorkingDays
from workflows.deed import Deed
from workflows.people import questions as people_questions
from workflows.people import working_days

# --- rules ---

HORIZON = timedelta(days=400)
"""How far ahead tasks are written down at least: a little over a year, so that a yearly one is always in sight."""

PLANNED_FURTHER = timedelta(days=30)
"""How much further they are written down when it is time, so that each obligation is looked at once a month."""

PLANNED_AT_ONCE = 500
"""Obligations whose tasks one tick writes down: a register of thousands must not keep all other writers waiting."""

FROM_THE_OBLIGATION = (
    "title",
    "purpose",
    "requirements",
    "owner_id",
    "deputy_id",
    "external",
    "opens_on",
    "due_on",
    "evidence_wanted",
    "evidence_required",
    "accepts",
)
"""What a task takes from its obligation, apart from its date."""


def opens_on(due_on: date, lead_days: int, working: WorkingDays) -> date:
    """The day a task opens: `lead_days` calendar days before, moved back to a working day."""
    return working.on_or_before(due_on - timedelta(days=lead_days))


# --- commands ---


def tick(deed: Deed) -> None:
    """Write down the tasks of every obligation up to the horizon; what exists already stays as it is."""
    horizon = deed.today + HORIZON
    until = horizon + PLANNED_FURTHER
    working = working_days.of_organisation(deed.uow)
    for obligation in programme_queries.to_plan(deed.uow, horizon, PLANNED_AT_ONCE):
        for day in _unplanned(obligation, until, working):
            _put(deed.uow, obligation, day, working)
        deed.uow.change(obligation, planned_until=until)


def _put(uow: UnitOfWork, obligation: Obligation, day: date, working: WorkingDays) -> None:
    planned = _task(uow, obligation, day, working)
    if uow.add_once(planned) is None:
        _bring_back(uow, obligation, planned)


def _unplanned(obligation: Obligation, until: date, working: WorkingDays) -> Iterator[date]:
    planned_until = obligation.planned_until or date.min
    last = min(until, obligation.ends_on or until)
    days = recurrence.dates(obligation.recurrence, obligation.starts_on, working)
    return (day for day in takewhile(lambda day: day <= last, days) if day > planned_until)


def _task(uow: UnitOfWork, obligation: Obligation, scheduled_on: date, working: WorkingDays, **own: Any) -> Task:
    """The task of a day; `own` is what it does not take from its obligation."""
    taken: dict[str, Any] = {
        "title": obligation.title,
        "purpose": obligation.purpose,
        "requirements": obligation.requirements,
        "owner_id": in_charge(uow, obligation),
        "deputy_id": obligation.deputy_id,
        "external": obligation.external,
        "opens_on": opens_on(scheduled_on, obligation.lead_days, working),
        "due_on": scheduled_on,
        "evidence_wanted": obligation.evidence_wanted,
        "evidence_required": obligation.evidence_required,
        "accepts": obligation.accepts,
    }
    return Task(obligation_id=obligation.id, scheduled_on=scheduled_on, **(taken | own))


def put_unplanned(
    uow: UnitOfWork,
    obligation: Obligation,
    *,
    title: str,
    purpose: str,
    evidence_wanted: str,
    opens_on: date,
    due_on: date,
) -> Task | None:
    """A task beside an obligation's dates, for something that came up. None: there is one of that day already."""
    working = working_days.of_organisation(uow)
    own: dict[str, Any] = {"title": title, "purpose": purpose, "evidence_wanted": evidence_wanted, "external": False}
    return uow.add_once(_task(uow, obligation, opens_on, working, **own, opens_on=opens_on, due_on=due_on))


def _bring_back(uow: UnitOfWork, obligation: Obligation, planned: Task) -> None:
    """Plan anew a task that was withdrawn, as its obligation wants it now; one that a person waived stays waived.

    What was open is withdrawn only with the dates of a certificate, and people cannot waive those.
    """
    (there,) = uow.matching(Task, obligation_id=planned.obligation_id, scheduled_on=planned.scheduled_on)
    was_withdrawn = there.opened_at is None or obligation.kind is Kind.CERTIFICATION
    if there.state is TaskState.WAIVED and was_withdrawn:
        wanted = {name: getattr(planned, name) for name in FROM_THE_OBLIGATION}
        undone = {"opened_at": None, "decided_at": None, "decided_by": None, "reason": ""}
        uow.change(there, **wanted, **undone, state=TaskState.SCHEDULED)


def withdraw(
    deed: Deed,
    obligation: Obligation,
    *,
    states: Iterable[TaskState] = (TaskState.SCHEDULED,),
    since: date = date.min,
    reason: str,
) -> list[int]:
    """Waive what an obligation has planned from a day on and wants no more as it stands; the ids, for the trail."""
    planned = task_queries.of_obligation(deed.uow, obligation.id, states)
    withdrawn = [task for task in planned if task.scheduled_on >= since]
    for task in withdrawn:
        _withdraw(deed, task, reason=reason)
    return [task.id for task in withdrawn]


def _withdraw(deed: Deed, task: Task, *, reason: str) -> None:
    waived = deed.uow.change(
        task, state=TaskState.WAIVED, decided_at=deed.at, decided_by=deed.by, reason=reason, nudge_on=None
    )
    if task.state is not TaskState.SCHEDULED:
        deed.redraw(waived)


def follow_working_days(deed: Deed, before: WorkingDays) -> int:
    """Move what is planned and not yet open to where it belongs now that people work on other days; how many moved.

    Dates set by others, and those that no working day decides, stay; such a task only opens on another day perhaps.
    """
    working, today = working_days.of_organisation(deed.uow), deed.today
    moved = 0
    for obligation in programme_queries.living(deed.uow):
        planned = task_queries.of_obligation(deed.uow, obligation.id, [TaskState.SCHEDULED])
        by_day = {task.scheduled_on: task for task in planned}
        for old, new in _moves(obligation, before, working, today):
            if (task := by_day.pop(old, None)) is not None:
                _withdraw(deed, task, reason="People work on other days now.")
                _put(deed.uow, obligation, new, working)
                moved += 1
        for task in by_day.values():
            _open_on(deed.uow, task, opens_on(task.scheduled_on, obligation.lead_days, working))
    return moved


def _moves(obligation: Obligation, before: WorkingDays, now: WorkingDays, today: date) -> list[tuple[date, date]]:
    """The dates planned already that are others now, all of them to come."""
    until = obligation.planned_until or today
    pairs = recurrence.moves(obligation.recurrence, obligation.starts_on, before, now)
    known = takewhile(lambda pair: min(pair) <= until, pairs)
    return [(old, new) for old, new in known if old != new and new > today]


def _open_on(uow: UnitOfWork, task: Task, day: date) -> None:
    if task.opens_on != day:
        uow.change(task, opens_on=day)


# --- questions ---


def in_charge(uow: UnitOfWork, obligation: Obligation) -> str:
    """Who is asked for the tasks of an obligation: its owner, else the deputy, else whoever leads the programme.

    Unlike `people.responsible` it does not ask who is away: what is planned for next year must not stay with a deputy.
    """
    asked = [
        *people_questions.owners_of(uow, obligation),
        obligation.deputy_id or "",
        *people_questions.holders(uow, Role.LEAD),
    ]
    return next((each for each in asked if people_questions.reachable(uow, each)), obligation.owner_id)
