"""Tasks room at the edge: the task's card, its buttons, and `/iso tasks`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime

from bot.calls import Call, Command, Form, Open, Post, Press, Refresh, Reply, Skip, Tell
from bot.evidence import file_line
from bot.frameworks import served
from bot.routes import form, press, verb
from messages import task_forms as forms
from messages import tasks as words
from messages.payloads import HandoverRef, ListRef, TaskRef
from storage import evidence as stored_evidence
from storage import tasks as stored
from storage.calendar import Kind, Obligation
from storage.outbox import OutboxRow
from storage.people import Role
from storage.tasks import WAITS_FOR_ITS_OWNER, Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import evidence, ladders, nudges, people, tasks, work_lists
from workflows.people import Actor
from workflows.work_lists import Chosen

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
        files=[file_line(each) for each in stored_evidence.for_task(uow, task.id)],
        submitted_by=task.submitted_by,
        submitted_at=task.submitted_at,
        decided_by=task.decided_by,
        decided_at=task.decided_at,
        reason=task.reason,
        told_next=words.ToldNext(coming.people, coming.on) if coming else None,
        has_calendar_file=uow.get(Obligation, task.obligation_id).kind in (Kind.AUDIT, Kind.CERTIFICATION),
        lead_days=(task.scheduled_on - task.opens_on).days,
        scheduled_on=task.scheduled_on,
        external=task.external,
        snoozes=task.snoozes,
        stands_in_for=task.stands_in_for,
        asked=_asked(uow, task),
        explained=bool(task.reason),
        comments=[words.Comment(each.person_id, each.at, each.text) for each in stored.comments(uow, task.id)],
    )


def _asked(uow: UnitOfWork, task: Task) -> words.Asked | None:
    asked = stored.waiting_handover(uow, task.id)
    if asked is None:
        return None
    return words.Asked(HandoverRef(asked.id), asked.kind.value, asked.by_id, asked.to_id, asked.reason)


def item(uow: UnitOfWork, task: Task, actor: Actor, today: date) -> words.WorkItem:
    """A task as a line in a list, as its reader may act on it."""
    return words.WorkItem(
        ref=TaskRef(task.id, task.version),
        title=task.title,
        requirements=served(uow, task.requirements),
        due_on=task.due_on,
        state=task.state.value,
        evidence_required=task.evidence_required,
        is_own=task.owner_id == actor.person_id,
        owner_id=task.owner_id,
        for_lead=actor.may("assign a task"),
        may_begin=task.state is TaskState.SCHEDULED and tasks.begins_on(task) <= today,
        external=task.external,
        explained=bool(task.reason),
        snoozes=task.snoozes,
        owner_has_left=not people.reachable(uow, task.owner_id),
    )


def list_page(uow: UnitOfWork, actor: Actor, *, chosen: Chosen, at: datetime) -> words.ListPage:
    """A page of a list of tasks, as its reader may see it and act on it."""
    found = work_lists.work_list(uow, actor, chosen=chosen, at=at)
    items = [item(uow, task, actor, found.today) for task in found.tasks]
    return words.ListPage(ListRef(**vars(chosen)), actor.person_id, items, found.total, found.pages, found.today)


# --- what people do ---


async def list_tasks(call: Command) -> Reply:
    """`/iso tasks`, with words that narrow the list down."""
    return Tell(words.work_list(await call.ask(list_page, chosen=work_lists.chosen(call.text))))


async def turn_page(call: Press[ListRef]) -> Reply:
    """Another page of the same list, in the place of the one before."""
    chosen = Chosen(**vars(call.payload))
    return Tell(words.work_list(await call.ask(list_page, chosen=chosen)), replace=True)


async def begin(call: Press[TaskRef]) -> Reply:
    """The owner does it before it opens by itself."""
    await call.act(tasks.begin, task_id=call.payload.task)
    return None


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
    return await _ask_for_reason(call, call.payload, "return")


async def waive(call: Call, ref: TaskRef) -> Reply:
    """A lead is about to waive it and is asked for the reason."""
    return await _ask_for_reason(call, ref, "waive")


async def reopen(call: Call, ref: TaskRef) -> Reply:
    """A lead is about to reopen it and is asked for the reason."""
    return await _ask_for_reason(call, ref, "reopen")


async def _ask_for_reason(call: Call, ref: TaskRef, move: forms.ReasonFor) -> Reply:
    task = await call.ask(tasks.to_judge, move=move, task_id=ref.task, version=ref.version)
    return Open(forms.reason_modal(move, ref=ref, title=task.title))


async def comment(call: Call, ref: TaskRef) -> Reply:
    """Somebody wants to leave a sentence."""
    task = await call.ask(tasks.to_see, task_id=ref.task)
    return Open(forms.reason_modal("comment", ref=ref, title=task.title))


async def explain(call: Press[TaskRef]) -> Reply:
    """The owner of a missed task is asked what stood in the way."""
    task = await call.ask(tasks.to_explain, task_id=call.payload.task)
    return Open(forms.reason_modal("explain", ref=call.payload, title=task.title))


def _decided(command: Callable[..., Task]) -> Callable[[Form[TaskRef]], Awaitable[Reply]]:
    """The form in which a lead gave the reason for a decision."""

    async def decided(call: Form[TaskRef]) -> Reply:
        ref = call.payload
        await call.act(command, task_id=ref.task, version=ref.version, reason=call.text(forms.REASON))
        return None

    return decided


async def explained(call: Form[TaskRef]) -> Reply:
    """The owner said what stood in the way."""
    await call.act(tasks.explain, task_id=call.payload.task, reason=call.text(forms.REASON))
    return None


async def commented(call: Form[TaskRef]) -> Reply:
    """Somebody left a sentence."""
    await call.act(tasks.comment, task_id=call.payload.task, text=call.text(forms.COMMENT))
    return None


Deed = Callable[[Call, TaskRef], Awaitable[Reply]]

DEEDS: Mapping[str, Deed] = {
    "comment": comment,
    "waive": waive,
    "reopen": reopen,
}
"""What the menu of a card leads to, in this room."""

ROUTES = (
    verb(
        "tasks",
        usage="[mine | team | all | @person] [overdue] [state] [standard]",
        sentence="shows what waits for you, or for others",
        handler=list_tasks,
    ),
    press(words.DONE, TaskRef, done),
    press(words.BEGIN, TaskRef, begin),
    press(words.ADD_EVIDENCE, TaskRef, add_evidence),
    press(words.ACCEPT, TaskRef, accept),
    press(words.RETURN, TaskRef, return_),
    press(words.EXPLAIN, TaskRef, explain),
    press(f"{words.PAGE}.back", ListRef, turn_page),
    press(f"{words.PAGE}.on", ListRef, turn_page),
    form(forms.RETURN_FORM, TaskRef, _decided(tasks.return_)),
    form(forms.WAIVE_FORM, TaskRef, _decided(tasks.waive)),
    form(forms.REOPEN_FORM, TaskRef, _decided(tasks.reopen)),
    form(forms.EXPLAIN_FORM, TaskRef, explained),
    form(forms.COMMENT_FORM, TaskRef, commented),
)

# --- what the bot says by itself ---


def nudge(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The reminder, unless the task was handed in meanwhile."""
    task = uow.get(Task, row.subject_id)
    if task.state not in WAITS_FOR_ITS_OWNER:
        return Skip(f"the task is {task.state.value} by now")
    return Post(words.nudge(card(uow, task, at), ladders.step_of(row.values["what"][0]).value))


def review(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The request for a verdict, unless one was given meanwhile."""
    task = uow.get(Task, row.subject_id)
    if task.state is not TaskState.SUBMITTED:
        return Skip(f"the task is {task.state.value} by now")
    return Post(words.card(card(uow, task, at), "lead"))


def returned(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """To the owner: something is still needed."""
    task = uow.get(Task, row.subject_id)
    if task.state not in WAITS_FOR_ITS_OWNER:
        return Skip(f"the task is {task.state.value} by now")
    shown = card(uow, task, at)
    return Post(words.card(shown, reader(uow, shown, row.recipient)))


def escalated(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The card for those further up the ladder, and as whom they get it."""
    task = uow.get(Task, row.subject_id)
    if task.state not in WAITS_FOR_ITS_OWNER:
        return Skip(f"the task is {task.state.value} by now")
    shown = card(uow, task, at)
    return Post(words.escalated(shown, reader(uow, shown, row.recipient), row.values["what"][2]))


def decided_of(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """To the owner: it was waived, reopened or missed, unless something else happened meanwhile."""
    task = uow.get(Task, row.subject_id)
    what = row.kind.partition(".")[2]
    if task.state.value != {"reopened": "open"}.get(what, what):
        return Skip(f"the task is {task.state.value} by now")
    shown = card(uow, task, at)
    return Post(words.told(shown, reader(uow, shown, row.recipient), what))


def refresh(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """Every card of the task as it stands now, each for the one who reads it."""
    task = uow.get(Task, row.subject_id)
    shown, leads = card(uow, task, at), people.holders(uow, Role.LEAD)
    return Refresh(lambda place: words.card(shown, _reader(shown, leads, place.recipient)))


def reader(uow: UnitOfWork, shown: words.TaskCard, person_id: str) -> words.Reader:
    """As whom somebody reads a card."""
    return _reader(shown, people.holders(uow, Role.LEAD), person_id)


def _reader(shown: words.TaskCard, leads: Sequence[str], person_id: str) -> words.Reader:
    if person_id == shown.owner_id:
        return "owner"
    if shown.asked and shown.asked.kind == "delegation" and shown.asked.to_id == person_id:
        return "asked"
    return "lead" if person_id in leads else "reader"


COMPOSERS = {
    "task.nudge": nudge,
    "task.review": review,
    "task.returned": returned,
    "task.overdue": escalated,
    "task.waived": decided_of,
    "task.reopened": decided_of,
    "task.missed": decided_of,
    "task.refresh": refresh,
}
