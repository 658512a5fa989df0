"""Tasks room at the edge: the task's card, its buttons, and `/iso tasks`."""

import re
from datetime import datetime

from bot.calls import Command, Form, Open, Post, Press, Refresh, Reply, Skip, Tell
from bot.evidence import file_line
from bot.frameworks import served
from bot.routes import form, press, verb
from messages import tasks as words
from messages.kit import Message
from messages.payloads import TaskRef
from storage import evidence as stored_evidence
from storage.calendar import Kind, Obligation
from storage.outbox import OutboxRow, Place
from storage.people import Role
from storage.tasks import Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import evidence, nudges, people, tasks
from workflows.nudges import Rung
from workflows.people import Actor

A_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
MOST_LISTED = 20

# --- what the words need to know ---


def card(uow: UnitOfWork, task: Task, at: datetime) -> words.TaskCard:
    """Everything a task's card shows, as it stands now."""
    today = nudges.local_day(uow.workspace().zone, at)
    coming = nudges.told_next(uow, task, today)
    return words.TaskCard(
        ref=TaskRef(task.id, task.version),
        title=task.title,
        purpose=task.purpose,
        requirements=served(uow, task.requirements),
        owner_id=task.owner_id,
        due_on=task.due_on,
        today=today,
        state=task.state.value,
        evidence_wanted=task.evidence_wanted,
        evidence_required=task.evidence_required,
        files=[file_line(each) for each in stored_evidence.of_task(uow, task.id)],
        submitted_by=task.submitted_by,
        submitted_at=task.submitted_at,
        decided_by=task.decided_by,
        decided_at=task.decided_at,
        reason=task.reason,
        told_next=words.ToldNext(coming.people, coming.on) if coming else None,
        lead_days=(task.due_on - task.opens_on).days,
        has_calendar_file=uow.get(Obligation, task.obligation_id).kind in (Kind.AUDIT, Kind.CERTIFICATION),
    )


def item(uow: UnitOfWork, task: Task, reader_id: str) -> words.WorkItem:
    """A task as a line in a list, as its reader may act on it."""
    return words.WorkItem(
        ref=TaskRef(task.id, task.version),
        title=task.title,
        requirements=served(uow, task.requirements),
        due_on=task.due_on,
        state=task.state.value,
        evidence_required=task.evidence_required,
        is_own=task.owner_id == reader_id,
    )


# --- what people do ---


async def list_tasks(call: Command) -> Reply:
    """`/iso tasks`, `/iso tasks @person`."""
    named = A_PERSON.search(call.text)
    return Tell(await call.ask(_listing, person_id=named[1] if named else call.person_id))


def _listing(uow: UnitOfWork, actor: Actor, *, person_id: str, at: datetime) -> Message:
    found = tasks.of_person(uow, actor, person_id=person_id, at=at)
    items = [item(uow, task, actor.person_id) for task in found.tasks[:MOST_LISTED]]
    return words.work_list(person_id=person_id, items=items, today=found.today, total=len(found.tasks))


async def done(call: Press[TaskRef]) -> Reply:
    """The owner says that it is done."""
    await call.act(tasks.done, task_id=call.payload.task)
    return None


async def add_evidence(call: Press[TaskRef]) -> Reply:
    """The owner wants to pick files."""
    task = await call.ask(evidence.task_taking, task_id=call.payload.task)
    return Open(words.evidence_modal(ref=call.payload, title=task.title, wanted=task.evidence_wanted))


async def accept(call: Press[TaskRef]) -> Reply:
    """A lead accepts."""
    await call.act(tasks.accept, task_id=call.payload.task, version=call.payload.version)
    return None


async def return_(call: Press[TaskRef]) -> Reply:
    """A lead is about to return it and is asked for the reason."""
    task = await call.ask(tasks.to_judge, move="return", task_id=call.payload.task, version=call.payload.version)
    return Open(words.return_modal(ref=call.payload, title=task.title))


async def returned(call: Form[TaskRef]) -> Reply:
    """The lead gave the reason."""
    await call.act(
        tasks.return_, task_id=call.payload.task, version=call.payload.version, reason=call.text(words.REASON)
    )
    return None


ROUTES = (
    verb("tasks", usage="[@person]", sentence="shows what waits for you, or for somebody else", handler=list_tasks),
    press(words.DONE, TaskRef, done),
    press(words.ADD_EVIDENCE, TaskRef, add_evidence),
    press(words.ACCEPT, TaskRef, accept),
    press(words.RETURN, TaskRef, return_),
    form(words.RETURN_FORM, TaskRef, returned),
)

# --- what the bot says by itself ---

WORDS_OF_RUNG = {Rung.LEAD_TOLD: Rung.OVERDUE}
"""To the owner the last rung is one more reminder; that the lead hears of it stands on the card before."""


def nudge(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The reminder, unless the task was handed in meanwhile."""
    task = uow.get(Task, row.subject_id)
    if task.state not in (TaskState.OPEN, TaskState.RETURNED):
        return Skip(f"the task is {task.state.value} by now")
    rung = Rung(row.values["what"][0])
    return Post(words.nudge(card(uow, task, at), WORDS_OF_RUNG.get(rung, rung).value))


def review(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The request for a verdict, unless one was given meanwhile."""
    task = uow.get(Task, row.subject_id)
    if task.state is not TaskState.SUBMITTED:
        return Skip(f"the task is {task.state.value} by now")
    return Post(words.card(card(uow, task, at), "lead"))


def told_of(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The card for somebody who should know: a lead when it is long overdue, the owner when it was returned."""
    task = uow.get(Task, row.subject_id)
    if task.state not in (TaskState.OPEN, TaskState.RETURNED):
        return Skip(f"the task is {task.state.value} by now")
    return Post(words.card(card(uow, task, at), _reader(uow, task, row.recipient)))


def refresh(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """Every card of the task as it stands now, each for the one who reads it."""
    task = uow.get(Task, row.subject_id)
    shown = card(uow, task, at)
    return Refresh(lambda place: words.card(shown, _reader_at(place, task)))


def _reader(uow: UnitOfWork, task: Task, person_id: str) -> words.Reader:
    if person_id == task.owner_id:
        return "owner"
    return "lead" if person_id in people.holders(uow, Role.LEAD) else "reader"


def _reader_at(place: Place, task: Task) -> words.Reader:
    return "owner" if place.recipient == task.owner_id else "lead"


COMPOSERS = {
    "task.nudge": nudge,
    "task.review": review,
    "task.returned": told_of,
    "task.overdue": told_of,
    "task.refresh": refresh,
}
