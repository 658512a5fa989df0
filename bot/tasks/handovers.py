"""Tasks room at the edge, where work changes hands: delegating, "not me", assigning, putting off, `/iso assign`."""

from collections.abc import Mapping
from datetime import datetime

from bot.nonconformities import raising
from bot.nudges import ladders
from bot.sending.day import Subject
from bot.slack.calls import Call, Command, Form, Next, Open, Post, Press, Reply, Tell
from bot.slack.filling import prose
from bot.slack.routes import form, press, verb
from bot.tasks import handlers as task_handlers
from bot.tasks.composers import reader
from bot.tasks.facts import card, item
from messages.nudges.day import DayItem
from messages.tasks import cards as words
from messages.tasks import days as task_days
from messages.tasks import forms
from messages.tasks.payloads import HandoverRef, ListRef, LoadRef, TaskDeed, TaskRef
from messages.words.kit import Modal
from messages.words.payloads import UnreadablePayload
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted
from workflows.tasks import handovers, work_lists
from workflows.tasks.handovers import PUT_OFF, latest_day
from workflows.wishes import Wish

# --- what an owner does ---


async def ask_to_delegate(call: Call, ref: TaskRef) -> Reply:
    """The owner is asked who could do it."""
    return Open(await call.ask(_person_modal, ref=ref, kind="delegate"))


async def delegate(call: Form[TaskRef]) -> Reply:
    """The owner named somebody, who is asked now."""
    await call.act(
        handovers.delegate,
        task_id=call.payload.task,
        to_id=call.person(forms.PERSON),
        reason=prose(call, forms.REASON),
    )
    return None


async def ask_whose(call: Call, ref: TaskRef) -> Reply:
    """The owner says "not me" and is asked whose it is."""
    return Open(await call.ask(_person_modal, ref=ref, kind="not_mine"))


async def not_mine(call: Form[TaskRef]) -> Reply:
    """The owner said why it is not theirs, and perhaps whose; the leads decide."""
    await call.act(
        handovers.not_mine,
        task_id=call.payload.task,
        suggested_id=call.person(forms.PERSON),
        reason=prose(call, forms.REASON),
    )
    return None


def _person_modal(deed: Deed, *, ref: TaskRef, kind: forms.PersonFor) -> Modal:
    task = handovers.to_hand_over(deed, task_id=ref.task)
    return forms.person_modal(kind, ref=ref, title=task.title)


async def ask_until_when(call: Call, ref: TaskRef) -> Reply:
    """The owner wants to put it off and is asked until when."""
    task = await call.ask(handovers.to_put_off, task_id=ref.task)
    left = PUT_OFF.most_times - task.snoozes
    return Open(
        forms.put_off_modal(ref=ref, title=task.title, due_on=task.due_on, latest=latest_day(task), times_left=left)
    )


async def put_off(call: Form[TaskRef]) -> Reply:
    """The owner named a day, in words, and a reason."""
    await call.act(
        handovers.put_off, task_id=call.payload.task, until=call.text(forms.UNTIL), reason=prose(call, forms.REASON)
    )
    return None


# --- what those who were asked do ---


async def take(call: Press[HandoverRef]) -> Reply:
    """Somebody accepts a delegation, or a lead a suggestion."""
    await call.act(handovers.take, handover_id=call.payload.handover)
    return None


async def decline(call: Press[HandoverRef]) -> Reply:
    """Somebody says no, or a lead that it stays."""
    await call.act(handovers.decline, handover_id=call.payload.handover)
    return None


async def choose(call: Press[HandoverRef]) -> Reply:
    """A lead wants to give what is not the owner's to somebody else than was suggested."""
    return Open(await call.ask(_choice, handover_id=call.payload.handover))


def _choice(deed: Deed, *, handover_id: int) -> Modal:
    asked, task = handovers.to_answer(deed, handover_id=handover_id)
    ref = TaskRef(task.id, task.version)
    return forms.person_modal("assign", ref=ref, title=task.title, suggested=asked.to_id)


# --- what a lead does ---


async def ask_whom(call: Call, ref: TaskRef) -> Reply:
    """A lead is asked who should have a task."""
    task = await call.ask(handovers.to_assign, task_id=ref.task, version=ref.version)
    return Open(forms.person_modal("assign", ref=ref, title=task.title))


async def assign(call: Form[TaskRef]) -> Reply:
    """A lead named somebody."""
    given = await call.act(
        handovers.assign,
        task_id=call.payload.task,
        version=call.payload.version,
        to_id=call.person(forms.PERSON),
        reason=prose(call, forms.REASON),
    )
    return Tell(forms.decided("assign", title=given.title, owner_id=given.owner_id))


async def assign_command(call: Command) -> Reply:
    """`/iso assign`: what has no owner; `@person`: theirs; `@old @new`: everything, after a look at the numbers."""
    named = work_lists.A_PERSON.findall(call.text)
    if len(named) == 2:
        return Open(await call.ask(_preview, from_id=named[0], to_id=named[1]))
    return Tell(words.work_list(await call.ask(_to_assign, person_id=named[0] if named else "")))


def _preview(deed: Deed, *, from_id: str, to_id: str) -> Modal:
    found = handovers.to_assign_all(deed, from_id=from_id, to_id=to_id)
    return forms.assign_all_modal(
        LoadRef(from_id, to_id, found.numbers),
        waiting=len(found.waiting),
        coming=len(found.scheduled),
        obligations=len(found.obligations),
    )


def _to_assign(deed: Deed, *, person_id: str) -> words.ListPage:
    deed.must(Permission.ASSIGN_TASK)
    people_questions.programme_must_run(deed.uow)
    today = deed.today
    if person_id:
        states = [TaskState.SCHEDULED, *WAITS_FOR_ITS_OWNER]
        found, whose = task_queries.owned(deed.uow, person_id, states), person_id
    else:
        found, whose = handovers.to_find_owners(deed.uow), "nobody"
    shown = [item(deed.uow, task, deed.actor, today) for task in found[: work_lists.PER_PAGE]]
    ref = ListRef(whose=whose, state="", overdue=False, edition="", page=0)
    return words.ListPage(ref, deed.by, shown, len(found), 1, today)


async def ask_for_heir(call: Form[LoadRef]) -> Reply:
    """A lead named who gets everything; the numbers come first."""
    to_id = call.person(forms.PERSON)
    if not to_id:
        raise InputWanted(forms.PERSON, Wish.CHOOSE_WHO_GETS_IT)
    return Next(await call.ask(_preview, from_id=call.payload.from_id, to_id=to_id))


async def assign_all(call: Form[LoadRef]) -> Reply:
    """A lead has seen the numbers and says yes."""
    ref = call.payload
    gone = await call.act(handovers.assign_all, from_id=ref.from_id, to_id=ref.to_id, numbers=ref.numbers)
    return Tell(
        forms.handed_over(ref, waiting=len(gone.waiting), coming=len(gone.scheduled), obligations=len(gone.obligations))
    )


DEEDS: Mapping[str, task_handlers.Deed] = {
    "delegate": ask_to_delegate,
    "not_mine": ask_whose,
    "put_off": ask_until_when,
    "assign": ask_whom,
}
"""What the menu of a card leads to, in this room."""


async def more(call: Press[TaskDeed]) -> Reply:
    """Something was chosen in the menu of a card."""
    deed = {**task_handlers.DEEDS, **DEEDS, **ladders.DEEDS, **raising.DEEDS}.get(call.payload.deed)
    if deed is None:
        raise UnreadablePayload(f"the menu has no {call.payload.deed}")
    return await deed(call, TaskRef(call.payload.task, call.payload.version))


ROUTES = (
    press(words.MORE, TaskDeed, more),
    verb("assign", handler=assign_command),
    form(forms.DELEGATE_FORM, TaskRef, delegate),
    form(forms.NOT_MINE_FORM, TaskRef, not_mine),
    form(forms.PUT_OFF_FORM, TaskRef, put_off),
    form(forms.ASSIGN_FORM, TaskRef, assign),
    form(forms.HEIR_FORM, LoadRef, ask_for_heir),
    form(forms.ASSIGN_ALL_FORM, LoadRef, assign_all),
    press(words.TAKE, HandoverRef, take),
    press(words.DECLINE, HandoverRef, decline),
    press(words.CHOOSE, HandoverRef, choose),
)

# --- what the bot says by itself ---


def taken(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The card, to whoever has just taken the task on."""
    by, before, _ = row.values["what"]
    task = uow.get(Task, row.subject_id)
    shown = card(uow, task, at)
    return Post(words.told(shown, reader(uow, shown, row.recipient), "given", by=by, before=before, to=row.recipient))


def work_moved(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """One word for everything somebody has got, alone with what waits for them of it now."""
    actor, today = people_questions.actor(uow, nudge.person_id), nudge_rules.local_day(uow.workspace().zone, at)
    why, from_id = nudge.rung, nudge.values["from"]
    theirs = task_queries.owned(uow, nudge.person_id, WAITS_FOR_ITS_OWNER)
    from_there = [task for task in theirs if why != "stand_in" or task.stands_in_for == from_id]
    return task_days.moved(
        why,
        from_id=from_id,
        waiting=nudge.values["waiting"],
        coming=nudge.values["coming"],
        items=[item(uow, task, actor, today) for task in from_there],
        today=today,
    )


COMPOSERS = {"task.given": taken}
SUBJECTS = {"work": Subject(work_moved)}
