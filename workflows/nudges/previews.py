"""Nudges room: what lies ahead on the ladder of a task, and why somebody is the one who is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Obligation
from storage.record import trail
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Task, TaskState
from workflows.dates.workweek import WorkingDays
from workflows.deed import Deed
from workflows.nudges import ladders
from workflows.nudges.ladders import OPENED, Audience, Climb, Rung
from workflows.people.permissions import Permission
from workflows.tasks import questions as task_questions

# --- rules ---

MOST_LOOKED_AT = 200
"""Tasks; the occurrences of an obligation are many, and only the next one is shown."""

CHANGED_HANDS = ("task.take", "task.assign", "task.stand_in", "task.take_back", "task.hand_on")
WRITTEN_DOWN = ("obligation.assign", "obligation.change", "obligation.add", "obligation.import")


@dataclass(frozen=True)
class Coming:
    """A rung that lies ahead: who is told on which day. `moved_from` is the day it was moved from by days off."""

    on: date
    rung: Rung
    told: Mapping[str, Audience]
    moved_from: date | None = None


@dataclass(frozen=True)
class Preview:
    """What lies ahead of a task if nothing happens, counted in the working days of its owner."""

    task: Task
    obligation: Obligation
    working: WorkingDays
    coming: Sequence[Coming]


@dataclass(frozen=True)
class Origin:
    """How somebody came to be the one who is asked: the verb on the trail, who did it and when; empty if unknown."""

    verb: str = ""
    by: str = ""
    at: datetime | None = None


def _ahead(climb: Climb, task: Task, today: date) -> list[tuple[date, Rung]]:
    opening = [(task.opens_on, OPENED)] if task.state is TaskState.SCHEDULED and task.opens_on < task.due_on else []
    waits = task.state in (TaskState.SCHEDULED, *WAITS_FOR_ITS_OWNER)
    return [*opening, *((day, rung) for day, rung in climb.rungs().items() if day > today)] if waits else []


# --- questions ---


def named(deed: Deed, *, words: Sequence[str]) -> list[Task]:
    """The next task of each obligation whose title holds the words: one's own, or everybody's for who may see them.

    Where titles hold the words side by side, the others are not meant.
    """
    owner_id = None if deed.may(Permission.SEE_EVERYONES_TASKS) else deed.by
    found: dict[int, Task] = {}
    for task in task_queries.titled(deed.uow, words, owner_id, most=MOST_LOOKED_AT):
        found.setdefault(task.obligation_id, task)
    side_by_side = [task for task in found.values() if " ".join(words).casefold() in task.title.casefold()]
    return side_by_side or list(found.values())


def preview(deed: Deed, *, task_id: int) -> Preview:
    """Who hears of a task on which days from now on. Raises `NotAllowed`."""
    task = task_questions.to_see(deed, task_id=task_id)
    climb = ladders.climb(deed.uow, task)
    coming = [
        Coming(
            day,
            rung,
            ladders.told(deed.uow, rung, task.owner_id, on=day),
            None if rung is OPENED else climb.moved_from(rung),
        )
        for day, rung in _ahead(climb, task, deed.today)
    ]
    return Preview(task, deed.uow.get(Obligation, task.obligation_id), climb.working, coming)


def origin(uow: UnitOfWork, task: Task) -> Origin:
    """Since when and through whom the owner of a task is its owner, as the trail tells it."""
    entry = (
        trail.latest(uow, "task", task.id, CHANGED_HANDS)
        or trail.latest(uow, "obligation", task.obligation_id, WRITTEN_DOWN)
        or trail.latest(uow, "programme", uow.workspace_id, ("programme.start",))
    )
    return Origin(entry.verb, entry.actor_id, entry.moment) if entry else Origin()
