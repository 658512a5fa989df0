"""Importing room at the edge: `/iso import`, the one card about a file, and the file's way from Slack to its rows.

What the bot does by itself (reading, checking, taking) runs beside everything else. A row says how far it has come, so
what a crash interrupts is taken up, or told, at the next start.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import PurePath
from typing import Any

import structlog

from bot.calls import Command, Composer, Event, Form, Open, Post, Press, Refresh, Reply, Tell
from bot.errors import SlackError
from bot.house import House
from bot.routes import form, press, verb
from bot.slack_objects import SlackFile
from bot.uploads import contents
from messages import catalogues
from messages import importing as words
from messages.kit import Message, Modal
from messages.payloads import ImportRef, Nothing
from storage import importing as stored
from storage import posted
from storage.errors import Stale, StoreUnavailable
from storage.importing import ImportRun, ImportState
from storage.outbox import OutboxRow
from storage.posted import Place
from storage.unit_of_work import UnitOfWork
from workflows import people, spreadsheets
from workflows.errors import Refusal, UnreadableFile
from workflows.importing import commands, questions
from workflows.importing.checking import Fault, Ground, Report, check
from workflows.importing.commands import INTERRUPTED, OVERTAKEN, UNEXPECTED, BroughtFile
from workflows.importing.guessing import Field, Sheet, letters, sheet_of
from workflows.nudges import local_day
from workflows.people import Actor

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_WORDS = 2.0
"""How often the card says how far it is: well within Slack's pace for redrawing."""

# --- what the words need to know ---


def card_of(uow: UnitOfWork, run: ImportRun, *, progress: int = 0) -> Message:
    """The card of a file as it stands now."""
    return words.card(replace(_values(run), progress=progress, **_earlier(uow, run)))


def _values(run: ImportRun) -> words.ImportCard:
    return words.ImportCard(
        ref=ImportRef(run.id, run.version),
        state=run.state.value,
        file=run.file_name,
        rows=run.rows,
        columns=_columns(run.headings),
        guessed=_guessed(run),
        faulty=run.faulty,
        faults=[fault_line(run.headings, Fault(**each)) for each in run.faults],
        **_counts(run),
        is_running=run.state is ImportState.CHECKED and run.begun_at is not None,
        why=run.reason,
        settled_by=run.settled_by or "",
    )


def _counts(run: ImportRun) -> dict[str, Any]:
    return dict(run.counts)


def _earlier(uow: UnitOfWork, run: ImportRun) -> dict[str, Any]:
    before = questions.imported_before(uow, run)
    if before is None or before.settled_at is None:
        return {}
    return {
        "before_by": before.settled_by or before.given_by,
        "before_on": local_day(uow.workspace().zone, before.settled_at),
    }


def _columns(headings: Sequence[str]) -> list[words.Column]:
    return [words.Column(letters(number), heading) for number, heading in enumerate(headings)]


def _guessed(run: ImportRun) -> list[words.FieldColumn]:
    sure = run.guesses if run.state is ImportState.READ else {}
    return [words.FieldColumn(each.value, run.columns.get(each), sure.get(each, 0)) for each in Field]


def fault_line(headings: Sequence[str], fault: Fault) -> words.Fault:
    """What is wrong with a row, with the address of its cell."""
    address = "" if fault.column is None else f"{letters(fault.column)}{fault.row}"
    heading = "" if fault.column is None else headings[fault.column]
    return words.Fault(fault.row, address, heading, str(fault.why), fault.value)


def _columns_modal(uow: UnitOfWork, actor: Actor, *, run_id: int, at: datetime) -> Modal:
    run = questions.to_map(uow, actor, run_id=run_id, at=at)
    return words.columns_modal(
        ref=ImportRef(run.id, run.version),
        file=run.file_name,
        columns=_columns(run.headings),
        samples=run.samples,
        guessed=_guessed(run),
    )


# --- what people do ---


async def ask(call: Command) -> Reply:
    """`/iso import`: ask for the file."""
    await call.ask(commands.may_import)
    return Open(words.ask_modal())


async def picked(call: Form[Nothing]) -> Reply:
    """The file was picked; its card comes into the direct messages."""
    files = call.files(words.FILE)
    await _receive(call, files)
    return Tell(catalogues.reading(files[0].name)) if files else None


def is_meant(message: Mapping[str, Any]) -> bool:
    """Whether files in a direct message are dropped to be imported: the word `import` stands beside them."""
    said = message.get("text", "").casefold().removeprefix("/iso").split()
    return bool(message.get("files")) and said[:1] == ["import"]


async def dropped(call: Event) -> Reply:
    """Files dropped with the word beside them, each a file of its own."""
    await _receive(call, [SlackFile.of(each) for each in call.body["files"]])
    return None


async def _receive(call: Event | Form[Nothing], files: Sequence[SlackFile]) -> None:
    runs = await call.act(_received, files=files)
    for run in runs:
        _later(call.house, call.workspace_id, run, _read(call.house, call.workspace_id, run))


def _received(uow: UnitOfWork, actor: Actor, *, files: Sequence[SlackFile], at: datetime) -> list[ImportRun]:
    return [commands.receive(uow, actor, file=BroughtFile(each.name, each.id), at=at) for each in files]


async def choose_columns(call: Press[ImportRef]) -> Reply:
    """Ask which column holds what; the guess is chosen already."""
    return Open(await call.ask(_columns_modal, run_id=call.payload.run))


async def columns_chosen(call: Form[ImportRef]) -> Reply:
    """The columns are confirmed, and every row is looked at."""
    chosen = {each: call.choice(each) for each in Field}
    columns = {each: int(number) for each, number in chosen.items() if number and number.isdecimal()}
    ref = call.payload
    run = await call.act(commands.confirm_columns, run_id=ref.run, version=ref.version, columns=columns)
    _later(call.house, call.workspace_id, run, _check(call.house, call.workspace_id, run))
    return None


async def import_(call: Press[ImportRef]) -> Reply:
    """Take all rows."""
    return await _begin(call, once_more=False)


async def import_once_more(call: Press[ImportRef]) -> Reply:
    """Take all rows, though the same file was imported before."""
    return await _begin(call, once_more=True)


async def _begin(call: Press[ImportRef], *, once_more: bool) -> Reply:
    ref = call.payload
    run = await call.act(commands.begin, run_id=ref.run, version=ref.version, once_more=once_more)
    _later(call.house, call.workspace_id, run, _take(call.house, call.workspace_id, run, once_more=once_more))
    return None


async def cancel(call: Press[ImportRef]) -> Reply:
    """The file is not wanted any more."""
    await call.act(commands.cancel, run_id=call.payload.run, version=call.payload.version)
    return None


ROUTES = (
    verb("import", usage="", sentence="brings the spreadsheet you come from", handler=ask),
    form(words.ASK_FORM, Nothing, picked),
    press(words.COLUMNS, ImportRef, choose_columns),
    form(words.COLUMNS_FORM, ImportRef, columns_chosen),
    press(words.DO, ImportRef, import_),
    press(words.ONCE_MORE, ImportRef, import_once_more),
    press(words.CANCEL, ImportRef, cancel),
)

# --- what the bot does by itself ---


async def take_up(house: House, workspace_id: str) -> None:
    """Go on with the files that an earlier run was reading or checking; what it was importing was not imported."""
    for run in await house.database.read(workspace_id, stored.under_way):
        if run.state is ImportState.RECEIVED and run.slack_file_id:
            _later(house, workspace_id, run, _read(house, workspace_id, run))
        elif run.state is ImportState.MAPPED:
            _later(house, workspace_id, run, _check(house, workspace_id, run))
        else:
            await _fail(house, workspace_id, run, INTERRUPTED)


def _later(house: House, workspace_id: str, run: ImportRun, work: Awaitable[None]) -> None:
    house.later(_carefully(house, workspace_id, run, work), about=f"import {run.id}")


async def _carefully(house: House, workspace_id: str, run: ImportRun, work: Awaitable[None]) -> None:
    """Whatever goes wrong, the card says so."""
    (failure,) = await asyncio.gather(work, return_exceptions=True)
    if isinstance(failure, UnreadableFile):
        await _fail(house, workspace_id, run, failure.why)
    elif isinstance(failure, Refusal | Stale):
        log.warning("an import was overtaken", run=run.id, why=type(failure).__name__)
        await _fail(house, workspace_id, run, OVERTAKEN)
    elif failure is not None:
        log.error("an import failed", run=run.id, exc_info=failure)
        await _fail(house, workspace_id, run, UNEXPECTED)
    house.wake()


async def _fail(house: House, workspace_id: str, run: ImportRun, reason: str) -> None:
    at = house.clock.now()
    await house.database.run(workspace_id, commands.fail, run_id=run.id, version=run.version, reason=reason, at=at)


async def _read(house: House, workspace_id: str, run: ImportRun) -> None:
    file = SlackFile(run.slack_file_id or "", run.file_name, 0, "", "", "", "")
    data = await contents(house, file)
    sheet = await asyncio.to_thread(sheet_in, run.file_name, data)
    try:
        kept = await house.blobs.put(_whole(data))
    except StoreUnavailable as error:
        raise UnreadableFile(run.file_name, "not_kept") from error
    at = house.clock.now()
    await house.database.run(
        workspace_id, commands.take_sheet, run_id=run.id, sheet=sheet, sha256=kept.sha256, size=kept.size, at=at
    )


def sheet_in(file: str, data: bytes) -> Sheet:
    """The sheet in the bytes of a file. Raises `UnreadableFile`."""
    return sheet_of(file, spreadsheets.grid(file, data))


async def _check(house: House, workspace_id: str, run: ImportRun) -> None:
    report = await _report(house, workspace_id, run)
    at = house.clock.now()
    await house.database.run(
        workspace_id, commands.take_report, run_id=run.id, version=run.version, report=report, at=at
    )
    house.wake()
    if report.faults:
        await _share_faults(house, workspace_id, run, report)


async def _report(house: House, workspace_id: str, run: ImportRun) -> Report:
    data = b"".join([chunk async for chunk in house.blobs.stream(run.sha256 or "")])
    ground = await house.database.read(workspace_id, _ground, run.given_by, at=house.clock.now())
    columns = {Field(name): number for name, number in run.columns.items()}
    sheet = await asyncio.to_thread(sheet_in, run.file_name, data)
    return await asyncio.to_thread(check, sheet, columns, ground)


def _ground(uow: UnitOfWork, person_id: str, *, at: datetime) -> Ground:
    return questions.ground(uow, people.actor(uow, person_id), at=at)


async def _share_faults(house: House, workspace_id: str, run: ImportRun, report: Report) -> None:
    data = words.faults_file([fault_line(run.headings, each) for each in report.faults])
    name = f"{PurePath(run.file_name).stem[:100]}-faults.csv"
    for place in await _places(house, workspace_id, run):
        await house.gateway.share(place.channel_id, place.ts, name, len(data), _whole(data))


async def _take(house: House, workspace_id: str, run: ImportRun, *, once_more: bool) -> None:
    report = await _report(house, workspace_id, run)
    async with _telling_how_far(house, workspace_id, run) as counter:
        await house.database.run(
            workspace_id,
            commands.take_rows,
            run_id=run.id,
            version=run.version,
            report=report,
            once_more=once_more,
            told=counter.put,
            at=house.clock.now(),
        )


class _Counter:
    """How much is done, counted on the database's thread and read on the loop."""

    def __init__(self) -> None:
        self.value = 0

    def put(self, value: int) -> None:
        self.value = value


@asynccontextmanager
async def _telling_how_far(house: House, workspace_id: str, run: ImportRun) -> AsyncIterator[_Counter]:
    """While the rows are being taken the card counts; at the end it is drawn once more, so that no count stays."""
    counter, ended = _Counter(), asyncio.Event()
    telling = asyncio.create_task(_tell(house, workspace_id, run, counter, ended))
    try:
        yield counter
    finally:
        ended.set()
        await telling
        await _draw(house, workspace_id, run, 0)


async def _tell(house: House, workspace_id: str, run: ImportRun, counter: _Counter, ended: asyncio.Event) -> None:
    while not ended.is_set():
        try:
            await asyncio.wait_for(ended.wait(), SECONDS_BETWEEN_WORDS)
        except TimeoutError:
            await _draw(house, workspace_id, run, counter.value)


async def _draw(house: House, workspace_id: str, run: ImportRun, progress: int) -> None:
    message = await house.database.read(workspace_id, _card_now, run.id, progress)
    try:
        for place in await _places(house, workspace_id, run):
            await house.gateway.update(place.channel_id, place.ts, message)
    except SlackError as error:
        log.info("a card could not say how far it is", run=run.id, error=str(error))


def _card_now(uow: UnitOfWork, run_id: int, progress: int) -> Message:
    return card_of(uow, uow.get(ImportRun, run_id), progress=progress)


async def _places(house: House, workspace_id: str, run: ImportRun) -> Sequence[Place]:
    return await house.database.read(workspace_id, posted.where_posted, "import_run", run.id)


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data


# --- what the bot says by itself ---


def card(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The card of a file, to whoever gave it."""
    return Post(card_of(uow, uow.get(ImportRun, row.subject_id)))


def redrawn(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """The same card as the file moves on."""
    message = card_of(uow, uow.get(ImportRun, row.subject_id))
    return Refresh(lambda _: message)


COMPOSERS: Mapping[str, Composer] = {"import.card": card, "import_run.refresh": redrawn}
