"""Evidence room at the edge: files dropped in a thread or picked in a modal, and what people hear about them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from bot import importing, links, machines
from bot.calls import Command, Composer, Event, Form, Open, Post, Press, Refresh, Reply, Tell
from bot.collecting import collect_later
from bot.nudges import Subject
from bot.routes import event, form, press, verb
from bot.slack_objects import SlackFile
from messages import evidence as words
from messages import nonconformity_forms
from messages import people as people_words
from messages import tasks as task_words
from messages.kit import Message, Modal
from messages.nudges import DayItem
from messages.payloads import EvidenceRef, NonconformityRef, TaskRef
from storage import evidence as stored
from storage import requests as stored_requests
from storage.evidence import Evidence, EvidenceState, EvidenceUse, Given, Verdict, WayIn
from storage.nudges import Nudge
from storage.outbox import OutboxRow
from storage.tasks import Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import dropping, earlier, evidence, file_kinds, nudges, reuse
from workflows import links as links_rules
from workflows.errors import NoOtherTask
from workflows.evidence import OfferedFile, Place
from workflows.people import Actor

MOST_LISTED = 20
IN_A_MODAL = Place(channel_id="", message_ts="", way_in=WayIn.MODAL)
"""A modal is no place in Slack: the receipt goes to the person's direct messages."""

# --- what the words need to know ---


def file_line(given: Given) -> words.GivenFile:
    """A piece of evidence as a line on the card of what it serves."""
    return _line(given.evidence, given.use.verdict)


def _line(row: Evidence, verdict: Verdict | None) -> words.GivenFile:
    judged = row.state is EvidenceState.KEPT and verdict is not None and verdict is not Verdict.WAITING
    size = row.announced_size if row.size is None else row.size
    ref = EvidenceRef(row.id, row.version) if row.state is EvidenceState.KEPT else None
    state = verdict.value if judged and verdict else row.state.value
    return words.GivenFile(row.name, size, state, row.note, ref, links_rules.is_address_only(row))


def belongs_to(uow: UnitOfWork, use: EvidenceUse) -> str:
    """What a piece of evidence is for, as people call it."""
    served = evidence.served_by(uow, use)
    return served.title if isinstance(served, Task) else f"NC-{served.number}"


def _listing(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Message:
    found = evidence.latest(uow, actor, limit=MOST_LISTED, at=at)
    return words.listing(items=[_item(uow, row) for row in found], total=len(found))


def _item(uow: UnitOfWork, row: Evidence) -> words.EvidenceItem:
    uses = stored.uses_of(uow, row.id)
    line = _line(row, uses[0].verdict if uses else None)
    return words.EvidenceItem(line, _serves(uow, row), row.received_at.date(), row.permalink)


def _serves(uow: UnitOfWork, row: Evidence) -> list[str]:
    """Everything that a piece of evidence is for."""
    uses, answers = stored.uses_of(uow, row.id), stored_requests.answered_by(uow, row.id)
    return [*(belongs_to(uow, use) for use in uses), *(f"R-{each.number}" for each in answers)]


# --- what people do ---


async def list_evidence(call: Command) -> Reply:
    """`/iso evidence`: the newest files; with an address, that is given as evidence."""
    if call.text.lower() == "keys":
        return await machines.list_keys(call)
    if call.text:
        return await links.ask(call)
    return Tell(await call.ask(_listing))


async def picked_for_task(call: Form[TaskRef]) -> Reply:
    """Files picked in a task's modal."""
    files = [offered(file, call.text(words.NOTE)) for file in call.files(words.FILES)]
    taken = await call.act(evidence.give, task_id=call.payload.task, files=files, place=IN_A_MODAL)
    collect_later(call.house, call.workspace_id, taken)
    return None


async def picked_for_nonconformity(call: Form[NonconformityRef]) -> Reply:
    """Files picked in a nonconformity's modal."""
    files = [offered(file, call.text(words.NOTE)) for file in call.files(words.FILES)]
    taken = await call.act(
        evidence.give_for_nonconformity,
        nonconformity_id=call.payload.nonconformity,
        files=files,
        place=IN_A_MODAL,
    )
    collect_later(call.house, call.workspace_id, taken)
    return None


async def dropped(call: Event) -> Reply:
    """Files dropped in a direct message, in the thread of a card or beside it. Words beside a thread get a hint."""
    if importing.is_meant(call.body):
        return await importing.dropped(call)
    files = [offered(SlackFile.of(each), call.body.get("text", "")) for each in call.body.get("files", ())]
    if files:
        place = Place(call.body["channel"], call.body.get("thread_ts") or call.body["ts"])
        taken = await call.act(dropping.give_where_dropped, files=files, place=place)
        collect_later(call.house, call.workspace_id, taken)
        return None
    return Tell(people_words.welcome(person_id=call.person_id)) if _is_said_to_us(call.body) else None


def _is_said_to_us(message: Mapping[str, Any]) -> bool:
    """A person's words beside any thread; edits, deletions and our own messages come as events too."""
    return not ({"subtype", "bot_id", "thread_ts"} & message.keys())


def offered(file: SlackFile, note: str = "") -> OfferedFile:
    """A file as the floor below takes note of it, with what its giver says about it."""
    return OfferedFile(file.id, file.name, file.size, file.permalink, note)


async def show(call: Press[EvidenceRef]) -> Reply:
    """Somebody who judges a file wants to see it: a copy out of the store comes into the thread of the card."""
    found = await call.act(evidence.look, evidence_id=call.payload.evidence)
    call.house.later(_share(call, found), about=f"showing evidence {found.id}")
    return None


async def _share(call: Press[EvidenceRef], found: Evidence) -> None:
    assert found.sha256 is not None  # `show` stands on files that are kept
    gateway = call.house.gateway
    channel = call.channel_id or await gateway.open_dm(call.person_id)
    chunks = call.house.blobs.stream(found.sha256)
    await gateway.share(channel, call.message_ts, found.name, found.size or 0, chunks)


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


def _serves_modal(uow: UnitOfWork, actor: Actor, *, ref: EvidenceRef, at: datetime) -> Modal:
    found = reuse.further_tasks(uow, actor, evidence_id=ref.evidence, at=at)
    row = uow.get(Evidence, ref.evidence)
    if not found:
        raise NoOtherTask(file=row.name)
    served = _serves(uow, row)
    tasks = [words.OpenTask(task.id, task.title, task.due_on) for task in found]
    return words.serves_modal(ref=ref, name=row.name, serves=served, tasks=tasks)


async def served_also(call: Form[EvidenceRef]) -> Reply:
    """Somebody has ticked the further tasks that a file serves."""
    chosen = [int(task) for task in call.choices(words.TASKS)]
    await call.act(reuse.serve_also, evidence_id=call.payload.evidence, task_ids=chosen)
    return None


ROUTES = (
    verb(
        "evidence",
        usage="[link | keys]",
        sentence="shows the files given as evidence, newest first; gives a link; shows the keys of machines",
        handler=list_evidence,
        for_all=True,
    ),
    form(task_words.EVIDENCE_FORM, TaskRef, picked_for_task),
    press(words.SHOW, EvidenceRef, show),
    press(words.STILL_RIGHT, EvidenceRef, still_right),
    press(words.WRONG_FILE, EvidenceRef, wrong_file),
    press(words.SERVES, EvidenceRef, serves),
    form(words.SERVES_FORM, EvidenceRef, served_also),
    form(nonconformity_forms.EVIDENCE_FORM, NonconformityRef, picked_for_nonconformity),
    event("message.im", dropped, scopes=("im:history", "files:read")),
)

# --- what the bot says by itself ---


def receipt(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """That the file is kept, with its fingerprint, in the thread where it was dropped."""
    kept = uow.get(Evidence, row.subject_id)
    message = words.receipt(
        name=kept.name,
        size=kept.size or 0,
        sha256=kept.sha256 or "",
        title=_first_served(uow, kept),
        ref=EvidenceRef(kept.id, kept.version),
    )
    return Post(message, thread_ts=kept.message_ts or None)


def same_again(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The question whether the same file as before still is right, in the thread where it was dropped."""
    kept = uow.get(Evidence, row.subject_id)
    return Post(words.same_again(_same_again(uow, kept)), thread_ts=kept.message_ts or None)


def refresh(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """That question as it stands now; receipts stay as they were given."""
    asked = words.same_again(_same_again(uow, uow.get(Evidence, row.subject_id)))
    return Refresh(lambda place: asked if place.kind == "evidence.same_again" else None)


def why_not_newer(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why nobody need hear that evidence runs out, or nothing."""
    state = uow.get(Task, uow.get(EvidenceUse, nudge.subject_id).task_id or 0).state
    return "" if state is TaskState.ACCEPTED else f"the task is {state.value} by now"


def runs_out(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """That evidence runs out soon and nothing that is planned asks for newer."""
    task = uow.get(Task, uow.get(EvidenceUse, nudge.subject_id).task_id or 0)
    return words.runs_out(title=task.title, until=date.fromisoformat(nudge.what))


def _same_again(uow: UnitOfWork, kept: Evidence) -> words.SameAgain:
    use, before = stored.uses_of(uow, kept.id)[0], earlier.uses_of_same_bytes(uow, kept)[-1]
    return words.SameAgain(
        ref=EvidenceRef(kept.id, kept.version),
        name=kept.name,
        title=belongs_to(uow, use),
        before=before.evidence.name,
        served=belongs_to(uow, before.use),
        given_by=before.evidence.provided_by,
        given_on=nudges.local_day(uow.workspace().zone, before.evidence.received_at),
        verdict=before.use.verdict or "",
        state={None: "asked", Verdict.WITHDRAWN: "withdrawn"}.get(use.verdict, "confirmed"),
    )


def _first_served(uow: UnitOfWork, row: Evidence) -> str:
    return _serves(uow, row)[0]


def refused(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """That the file could not be kept, and what to do."""
    lost = uow.get(Evidence, row.subject_id)
    file = words.RefusedFile(
        name=lost.name,
        announced=lost.announced_size,
        received=lost.size or 0,
        most=int(row.values.get("most", 0)),
        found=file_kinds.called(lost.media_type),
        wanted=file_kinds.in_words(evidence.accepted_kinds(uow, lost.id)),
        title=_first_served(uow, lost),
    )
    return Post(words.refused(file, lost.reason), thread_ts=lost.message_ts or None)


def scope_missing(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To the leads: Slack does not let us read files."""
    lost = uow.get(Evidence, nudge.subject_id)
    return words.scope_missing(scope="files:read", name=lost.name, given_by=lost.provided_by)


COMPOSERS: Mapping[str, Composer] = {
    "evidence.receipt": receipt,
    "evidence.same_again": same_again,
    "evidence.refresh": refresh,
    "evidence.refused": refused,
}
SUBJECTS = {"evidence": Subject(scope_missing), "evidence_use": Subject(runs_out, why_not_newer)}
