"""Tasks: the rules, as plain functions of values."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType

from storage.tasks.tables import Task, TaskState
from workflows.people.permissions import Permission
from workflows.refusals import AlreadyDecided, Thing

MOVES: Mapping[str, tuple[frozenset[TaskState], TaskState]] = MappingProxyType(
    {
        "open": (frozenset({TaskState.SCHEDULED}), TaskState.OPEN),
        "submit": (frozenset({TaskState.OPEN, TaskState.RETURNED}), TaskState.SUBMITTED),
        "accept": (frozenset({TaskState.SUBMITTED}), TaskState.ACCEPTED),
        "return": (frozenset({TaskState.SUBMITTED}), TaskState.RETURNED),
        "waive": (frozenset({TaskState.OPEN, TaskState.RETURNED}), TaskState.WAIVED),
        "miss": (frozenset({TaskState.OPEN, TaskState.RETURNED}), TaskState.MISSED),
        "reopen": (frozenset({TaskState.ACCEPTED, TaskState.WAIVED}), TaskState.OPEN),
    }
)
"""Every move: from which states, to which state. A move that is not here does not exist.

What is scheduled belongs to its obligation, which plans it anew when it changes; a person waives what is open.
A period that was missed stays missed: doing it late belongs to the next one, and nothing is dated back.
"""

TO_MOVE: Mapping[str, Permission] = MappingProxyType(
    {
        "accept": Permission.ACCEPT_TASK,
        "return": Permission.RETURN_TASK,
        "waive": Permission.WAIVE_TASK,
        "reopen": Permission.REOPEN_TASK,
    }
)
"""What a move takes that is not the owner's own or the clock's."""


EARLY_DAYS = 14
"""So long before it opens an owner may begin at most, and never longer than the lead time: no two periods meet."""


MISSED_AFTER_DAYS = 90
"""A task without a next occurrence counts as missed so long after its day; any other when the next one falls due."""


MORE_TIME_DAYS = 14
"""What is returned or reopened late leaves its owner this long."""


def moved(task: Task, move: str) -> TaskState:
    """The state a move leads to. Raises `AlreadyDecided` when the task stands elsewhere."""
    begins, ends = MOVES[move]
    if task.state not in begins:
        by = task.submitted_by if task.state is TaskState.SUBMITTED else task.decided_by
        raise AlreadyDecided(what=Thing.NAMED, called=task.title, state=task.state.value, by=by)
    return ends


def begins_on(task: Task) -> date:
    """The first day on which the owner may do a task that is not open yet."""
    lead = (task.scheduled_on - task.opens_on).days
    return task.opens_on - timedelta(days=min(EARLY_DAYS, lead))
