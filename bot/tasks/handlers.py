"""Tasks room at the edge: the task's card, its buttons, and `/iso tasks`."""

from collections.abc import Awaitable, Callable, Mapping

from bot.slack.calls import Call, Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import prose
from bot.slack.routes import form, press, verb
from bot.tasks.facts import list_page
from messages.nudges import day as day_words
from messages.tasks import cards as words
from messages.tasks import forms
from messages.tasks.payloads import ListRef, TaskRef
from storage.tasks.tables import Task
from workflows.evidence import questions as evidence_questions
from workflows.tasks import commands as task_commands
from workflows.tasks import questions as task_questions
from workflows.tasks import work_lists
from workflows.tasks.work_lists import Chosen


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
    await call.act(task_commands.begin, task_id=call.payload.task)
    return None


async def done(call: Press[TaskRef]) -> Reply:
    """The owner says that it is done."""
    await call.act(task_commands.done, task_id=call.payload.task)
    return None


async def add_evidence(call: Press[TaskRef]) -> Reply:
    """The owner wants to pick files."""
    task = await call.ask(evidence_questions.task_taking, task_id=call.payload.task)
    return Open(words.evidence_modal(ref=call.payload, title=task.title, wanted=task.evidence_wanted))


async def accept(call: Press[TaskRef]) -> Reply:
    """A lead accepts."""
    await call.act(task_commands.accept, task_id=call.payload.task, version=call.payload.version)
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
    task = await call.ask(task_commands.to_judge, move=move, task_id=ref.task, version=ref.version)
    return Open(forms.reason_modal(move, ref=ref, title=task.title))


async def comment(call: Call, ref: TaskRef) -> Reply:
    """Somebody wants to leave a sentence."""
    task = await call.ask(task_questions.to_see, task_id=ref.task)
    return Open(forms.reason_modal("comment", ref=ref, title=task.title))


async def explain(call: Press[TaskRef]) -> Reply:
    """The owner of a missed task is asked what stood in the way."""
    task = await call.ask(task_commands.to_explain, task_id=call.payload.task)
    return Open(forms.reason_modal("explain", ref=call.payload, title=task.title))


async def returned(call: Form[TaskRef]) -> Reply:
    """A lead said what is missing."""
    await _decide(call, task_commands.return_)
    return None


async def waived(call: Form[TaskRef]) -> Reply:
    """A lead said why it is not needed this time."""
    task = await _decide(call, task_commands.waive)
    return Tell(forms.decided("waive", title=task.title, owner_id=task.owner_id))


async def reopened(call: Form[TaskRef]) -> Reply:
    """A lead said why it is needed after all."""
    task = await _decide(call, task_commands.reopen)
    return Tell(forms.decided("reopen", title=task.title, owner_id=task.owner_id))


async def _decide(call: Form[TaskRef], command: Callable[..., Task]) -> Task:
    ref = call.payload
    return await call.act(command, task_id=ref.task, version=ref.version, reason=prose(call, forms.REASON))


async def explained(call: Form[TaskRef]) -> Reply:
    """The owner said what stood in the way."""
    await call.act(task_commands.explain, task_id=call.payload.task, reason=prose(call, forms.REASON))
    return None


async def commented(call: Form[TaskRef]) -> Reply:
    """Somebody left a sentence."""
    await call.act(task_commands.comment, task_id=call.payload.task, text=prose(call, forms.COMMENT))
    return None


Deed = Callable[[Call, TaskRef], Awaitable[Reply]]


DEEDS: Mapping[str, Deed] = {
    "comment": comment,
    "waive": waive,
    "reopen": reopen,
}
"""What the menu of a card leads to, in this room."""


ROUTES = (
    verb("tasks", handler=list_tasks, for_all=True),
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
