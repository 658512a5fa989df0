"""Tasks room at the edge: the task's card, its buttons, and `/iso tasks`."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from bot.calls import Call, Command, Form, Open, Post, Press, Refresh, Reply, Skip, Tell
from bot.evidence import file_line
from bot.frameworks import served
from bot.nudges import Subject
from bot.routes import form, press, verb
from messages import nudges as day_words
from messages import task_days
from messages import task_forms as forms
from messages import tasks as words
from messages.nudges import DayItem
from messages.payloads import HandoverRef, ListRef, TaskRef
from storage import evidence as stored_evidence
from storage import tasks as stored
from storage.calendar import Kind, Obligation
from storage.nudges import Nudge
from storage.outbox import OutboxRow
from storage.people import Role
from storage.tasks import NOT_DECIDED, WAITS_FOR_ITS_OWNER, HandoverKind, Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import evidence, file_kinds, ladders, nudges, people, tasks, work_lists
from workflows.handovers import CHANGES_HANDS
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
        accepts=file_kinds.in_words(task.accepts),
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


async def show_list(call: Press[ListRef]) -> Reply:
    """Everything that waits for whoever pressed, beside the message of the day."""
    return Tell(words.work_list(await call.ask(list_page, chosen=Chosen(**vars(call.payload)))))


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


async def returned(call: Form[TaskRef]) -> Reply:
    """A lead said what is missing."""
    await _decide(call, tasks.return_)
    return None


async def waived(call: Form[TaskRef]) -> Reply:
    """A lead said why it is not needed this time."""
    task = await _decide(call, tasks.waive)
    return Tell(forms.decided("waive", title=task.title, owner_id=task.owner_id))


async def reopened(call: Form[TaskRef]) -> Reply:
    """A lead said why it is needed after all."""
    task = await _decide(call, tasks.reopen)
    return Tell(forms.decided("reopen", title=task.title, owner_id=task.owner_id))


async def _decide(call: Form[TaskRef], command: Callable[..., Task]) -> Task:
    ref = call.payload
    return await call.act(command, task_id=ref.task, version=ref.version, reason=call.text(forms.REASON))


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
        for_all=True,
    ),
    press(day_words.LIST, ListRef, show_list),
    press(words.DONE, TaskRef, done),
    press(words.BEGIN, TaskRef, begin),
    press(words.ADD_EVIDENCE, TaskRef, add_evidence),
    press(words.ACCEPT, TaskRef, accept),
    press(words.RETURN, TaskRef, return_),
    press(words.EXPLAIN, TaskRef, explain),
    press(f"{words.PAGE}.back", ListRef, turn_page),
    press(f"{words.PAGE}.on", ListRef, turn_page),
    form(forms.RETURN_FORM, TaskRef, returned),
    form(forms.WAIVE_FORM, TaskRef, waived),
    form(forms.REOPEN_FORM, TaskRef, reopened),
    form(forms.EXPLAIN_FORM, TaskRef, explained),
    form(forms.COMMENT_FORM, TaskRef, commented),
)

# --- what the bot says by itself ---

ASKED_OF_OTHERS = ("review", *HandoverKind)


def begun(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The card of a task that its owner has begun by themselves, unless it was handed in meanwhile."""
    task = uow.get(Task, row.subject_id)
    if task.state not in WAITS_FOR_ITS_OWNER:
        return Skip(f"the task is {task.state.value} by now")
    return Post(words.nudge(card(uow, task, at), ladders.step_of(row.values["what"][0]).value))


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why somebody need not hear of a task any more, or nothing."""
    task, rung = uow.get(Task, nudge.subject_id), nudge.rung
    asked = stored.waiting_handover(uow, task.id)
    states: Mapping[str, Collection[TaskState]] = {
        "review": (TaskState.SUBMITTED,),
        "waived": (TaskState.WAIVED,),
        "missed": (TaskState.MISSED,),
        "reopened": (TaskState.OPEN,),
        "given": NOT_DECIDED,
        **dict.fromkeys(HandoverKind, CHANGES_HANDS),
    }
    if task.state not in states.get(rung, WAITS_FOR_ITS_OWNER):
        return f"the task is {task.state.value} by now"
    if rung in tuple(HandoverKind) and (asked is None or asked.kind != rung or str(asked.id) != nudge.what):
        return "it was answered meanwhile"
    is_owners = rung not in (*ASKED_OF_OTHERS, "given") and nudge.values.get("audience", "owner") == "owner"
    if is_owners and nudge.person_id != task.owner_id:
        return f"it is with {task.owner_id} now"
    return ""


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """A task as one of the things of the day, as its reader may act on it."""
    shown = card(uow, uow.get(Task, nudge.subject_id), at)
    who = reader(uow, shown, nudge.person_id)
    rung = ladders.step_of(nudge.rung).value if "audience" in nudge.values else nudge.rung
    return task_days.item(shown, who, rung, fresh=fresh, about=nudge.values)


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


COMPOSERS = {"task.nudge": begun, "task.refresh": refresh}
SUBJECTS = {"task": Subject(day_item, why_not)}
