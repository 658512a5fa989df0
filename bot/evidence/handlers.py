"""Evidence room at the edge: files dropped in a thread or picked in a modal, and what people hear about them."""

from bot.evidence import dropped, links, unasked
from bot.evidence.collecting import IN_A_MODAL, offered
from bot.evidence.facts import listing, tasks_served
from bot.interviews import later, talking
from bot.machines import keys as machine_keys
from bot.responses import talking as responding
from bot.slack.calls import Command, Event, Form, Open, Press, Reply, Tell
from bot.slack.routes import event, form, press, verb
from messages.evidence import cards as words
from messages.evidence.payloads import EvidenceRef
from messages.nonconformities import forms as nonconformity_forms
from messages.nonconformities.payloads import NonconformityRef
from messages.tasks import cards as task_words
from messages.tasks.payloads import TaskRef
from messages.words.kit import Modal
from storage.evidence.tables import Evidence
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import reuse, showing
from workflows.evidence.refusals import NoOtherTask


async def list_evidence(call: Command) -> Reply:
    """`/iso evidence`: the newest files; with an address, that is given as evidence."""
    if call.text.lower() == "keys":
        return await machine_keys.list_keys(call)
    if call.text:
        return await links.ask(call)
    return Tell(await call.ask(listing))


async def picked_for_task(call: Form[TaskRef]) -> Reply:
    """Files picked in a task's modal."""
    files = [offered(file, call.text(words.NOTE)) for file in call.files(words.FILES)]
    await call.act(evidence_commands.give, task_id=call.payload.task, files=files, place=IN_A_MODAL)
    return None


async def picked_for_nonconformity(call: Form[NonconformityRef]) -> Reply:
    """Files picked in a nonconformity's modal."""
    files = [offered(file, call.text(words.NOTE)) for file in call.files(words.FILES)]
    await call.act(
        evidence_commands.give_for_nonconformity,
        nonconformity_id=call.payload.nonconformity,
        files=files,
        place=IN_A_MODAL,
    )
    return None


async def said(call: Event) -> Reply:
    """Files dropped in a direct message, in the thread of a card or beside it, and words.

    Words are the answer to a question of an interview, or of a case, where one waits for them; to others it is said
    what they can do.
    """
    if await later.noticed(call):
        return None
    if not (call.body.get("files") and call.person_id):
        if not (call.person_id and talking.is_said(call.body)):
            return None
        if await talking.heard(call) or await responding.heard(call):
            return None
        return await unasked.answer(call)
    # The message itself is the key here, and not the event: it may be found in Slack without one.
    promised = await call.services.database.run(
        call.workspace_id, dropped.take, call.body, call.body["channel"], call.at
    )
    call.services.wake()
    if promised:
        call.services.later(call.services.take_up(call.workspace_id), about="taking up what was dropped")
    return None


async def show(call: Press[EvidenceRef]) -> Reply:
    """Somebody who judges a file wants to see it: a copy out of the store comes into the thread of the card."""
    channel = call.channel_id or await call.services.gateway.open_dm(call.person_id)
    await call.act(
        showing.show, evidence_id=call.payload.evidence, place=(channel, call.message_ts or ""), key=call.key
    )
    return None


async def still_right(call: Press[EvidenceRef]) -> Reply:
    """The giver says that the same file as before is right this time too."""
    await call.act(reuse.still_right, evidence_id=call.payload.evidence)
    return None


async def wrong_file(call: Press[EvidenceRef]) -> Reply:
    """The giver says that the same file as before was given by mistake."""
    await call.act(reuse.wrong_file, evidence_id=call.payload.evidence)
    return None


async def serves(call: Press[EvidenceRef]) -> Reply:
    """Somebody wants to say what else a file serves."""
    return Open(await call.ask(_serves_modal, ref=call.payload))


def _serves_modal(deed: Deed, *, ref: EvidenceRef) -> Modal:
    found = reuse.further_tasks(deed, evidence_id=ref.evidence)
    row = deed.uow.get(Evidence, ref.evidence)
    if not found:
        raise NoOtherTask(file=row.name)
    served = tasks_served(deed.uow, row)
    tasks = [words.OpenTask(task.id, task.title, task.due_on) for task in found]
    return words.serves_modal(ref=ref, name=row.name, serves=served, tasks=tasks)


async def served_also(call: Form[EvidenceRef]) -> Reply:
    """Somebody has ticked the further tasks that a file serves."""
    chosen = [int(task) for task in call.choices(words.TASKS)]
    await call.act(reuse.serve_also, evidence_id=call.payload.evidence, task_ids=chosen)
    return None


ROUTES = (
    verb("evidence", handler=list_evidence, for_all=True),
    form(task_words.EVIDENCE_FORM, TaskRef, picked_for_task),
    press(words.SHOW, EvidenceRef, show),
    press(words.STILL_RIGHT, EvidenceRef, still_right),
    press(words.WRONG_FILE, EvidenceRef, wrong_file),
    press(words.SERVES, EvidenceRef, serves),
    form(words.SERVES_FORM, EvidenceRef, served_also),
    form(nonconformity_forms.EVIDENCE_FORM, NonconformityRef, picked_for_nonconformity),
    event("message.im", said, scopes=("im:history", "files:read")),
)
