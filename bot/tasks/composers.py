"""Tasks: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.sending.day import Subject
from bot.slack.calls import Post, Redraw, Skip
from bot.tasks.facts import card
from messages.nudges.day import DayItem
from messages.tasks import cards as words
from messages.tasks import days as task_days
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from storage.tasks import queries as task_queries
from storage.tasks.queries import NOT_DECIDED, WAITS_FOR_ITS_OWNER
from storage.tasks.tables import HandoverKind, Task, TaskState
from workflows.nudges import ladders
from workflows.nudges.reasons import Moved, Reason, moved_on
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.tasks import questions as task_questions
from workflows.tasks.handovers import CHANGES_HANDS

ASKED_OF_OTHERS = ("review", *HandoverKind)


def begun(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The card of a task that its owner has begun by themselves, unless it was handed in meanwhile."""
    task = uow.get(Task, row.subject_id)
    if task.state not in WAITS_FOR_ITS_OWNER:
        return Skip(moved_on(Moved.TASK, task.state.value))
    return Post(words.nudge(card(uow, task, at), ladders.step_of(row.values["what"][0]).value))


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why somebody need not hear of a task any more, or nothing."""
    task, rung = uow.get(Task, nudge.subject_id), nudge.rung
    asked = task_queries.waiting_handover(uow, task.id)
    states: Mapping[str, Collection[TaskState]] = {
        "review": (TaskState.SUBMITTED,),
        "waived": (TaskState.WAIVED,),
        "missed": (TaskState.MISSED,),
        "reopened": (TaskState.OPEN,),
        "given": NOT_DECIDED,
        **dict.fromkeys(HandoverKind, CHANGES_HANDS),
    }
    if task.state not in states.get(rung, WAITS_FOR_ITS_OWNER):
        return moved_on(Moved.TASK, task.state.value)
    if rung in tuple(HandoverKind) and (asked is None or asked.kind != rung or str(asked.id) != nudge.what):
        return Reason.ALREADY_ANSWERED
    is_owners = rung not in (*ASKED_OF_OTHERS, "given") and nudge.values.get("audience", "owner") == "owner"
    if is_owners and nudge.person_id != task.owner_id:
        return Reason.SOMEONE_ELSE_OWNS
    return ""


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """A task as one of the things of the day, as its reader may act on it."""
    shown = card(uow, uow.get(Task, nudge.subject_id), at)
    who = reader(uow, shown, nudge.person_id)
    rung = ladders.step_of(nudge.rung).value if "audience" in nudge.values else nudge.rung
    return task_days.item(shown, who, rung, fresh=fresh, about=nudge.values)


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Every card of the task as it stands now, each for the one who reads it."""
    task = uow.get(Task, row.subject_id)
    shown, leads = card(uow, task, at), people_questions.allowed(uow, Permission.ACCEPT_TASK)
    parts = task_questions.with_a_part(uow, task)
    return Redraw(lambda place: words.card(shown, _reader(shown, leads, parts, place.recipient)))


def reader(uow: UnitOfWork, shown: words.TaskCard, person_id: str) -> words.Reader:
    """As whom somebody reads a card."""
    parts = task_questions.with_a_part(uow, uow.get(Task, shown.ref.task))
    return _reader(shown, people_questions.allowed(uow, Permission.ACCEPT_TASK), parts, person_id)


def _reader(
    shown: words.TaskCard, leads: Collection[str], with_a_part: Collection[str | None], person_id: str
) -> words.Reader:
    if person_id == shown.owner_id:
        return "owner"
    if shown.asked and shown.asked.kind == "delegation" and shown.asked.to_id == person_id:
        return "asked"
    if person_id not in leads:
        return "reader"
    return "lead_with_a_part" if person_id in with_a_part else "lead"


COMPOSERS = {"task.nudge": begun, "task.redraw": redraw}


SUBJECTS = {"task": Subject(day_item, why_not)}
