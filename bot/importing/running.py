"""Importing: reading, checking and taking a list. Each is an errand, and goes on after a crash."""

import asyncio
from datetime import datetime
from functools import partial
from pathlib import PurePath

import structlog

from bot.errands import Conclusion, Kind, NotYet, nothing, nothing_said, passes, share_once
from bot.files.storing import whole
from bot.importing.facts import card_of, fault_line
from bot.progress import CountingCard, places
from bot.services import Services
from bot.slack.objects import SlackFile
from bot.slack.uploads import contents
from messages.importing import cards as words
from messages.words.kit import Message
from storage.engine.errors import StoreUnavailable, VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.importing.tables import ImportRun, ImportState
from storage.record.errands import Errand
from workflows.deed import Deed, as_the_bot
from workflows.importing import commands, questions
from workflows.importing.checking import Ground, Report, check
from workflows.importing.commands import OVERTAKEN, UNEXPECTED
from workflows.importing.guessing import Field, sheet_in
from workflows.refusals import Refusal, UnreadableFile

log = structlog.get_logger(__name__)


async def read_list(services: Services, errand: Errand) -> Conclusion:
    """Read the file and keep it; its card then asks what the columns hold."""
    run = await _run_of(services, errand)
    if run.state is not ImportState.RECEIVED:
        return nothing
    data = await contents(services, SlackFile(run.slack_file_id or "", run.file_name, 0, "", "", "", ""))
    sheet = await services.reader.read(sheet_in, run.file_name, data)
    kept = await services.blobs.put(whole(data))

    def conclude(deed: Deed) -> None:
        commands.take_sheet(deed, run_id=run.id, sheet=sheet, sha256=kept.sha256, size=kept.size)

    return conclude


async def check_list(services: Services, errand: Errand) -> Conclusion:
    """Look at every row."""
    run = await _run_of(services, errand)
    if run.state is not ImportState.MAPPED:
        return nothing
    report = await _report(services, run)

    def conclude(deed: Deed) -> None:
        commands.take_report(deed, run_id=run.id, version=run.version, report=report)

    return conclude


async def list_faults(services: Services, errand: Errand) -> Conclusion:
    """Lay a list of all faults under the card."""
    run = await _run_of(services, errand)
    if run.state is not ImportState.CHECKED or not run.faulty:
        return nothing
    report = await _report(services, run)
    data = words.faults_file([fault_line(run.headings, each) for each in report.faults])
    name = f"{PurePath(run.file_name).stem[:100]}-faults.csv"
    found = await places(services, run.workspace_id, "import_run", run.id)
    if not found:
        raise NotYet
    for place in found:
        await share_once(services, errand, place.channel_id, place.ts, name, data)
    return nothing


async def take_rows(services: Services, errand: Errand) -> Conclusion:
    """Take all rows in one unit of work, which the card counts meanwhile."""
    run = await _run_of(services, errand)
    if run.state is not ImportState.CHECKED or run.begun_at is None:
        return nothing
    report = await _report(services, run)
    card_now = partial(_card_now, run_id=run.id)
    async with CountingCard(services, run.workspace_id, "import_run", run.id, card_now).counting() as counter:
        await services.database.run(
            run.workspace_id,
            as_the_bot(commands.take_rows, services.clock.now()),
            run_id=run.id,
            version=run.version,
            report=report,
            once_more=errand.values["once_more"],
            told=counter.put,
        )
    return nothing


async def give_up(services: Services, errand: Errand, error: Exception) -> Conclusion:
    """The card says why nothing came of it."""
    run, reason = await _run_of(services, errand), _reason(error)
    if reason == UNEXPECTED:
        log.error("an import failed", run=run.id, exc_info=error)

    def conclude(deed: Deed) -> None:
        commands.fail(deed, run_id=run.id, version=run.version, reason=reason)

    return conclude


def _reason(error: Exception) -> str:
    if isinstance(error, UnreadableFile):
        return error.why
    if isinstance(error, Refusal | VersionConflict):
        return OVERTAKEN
    return "not_kept" if isinstance(error, StoreUnavailable) and passes(error) else UNEXPECTED


async def _run_of(services: Services, errand: Errand) -> ImportRun:
    return await services.database.read(errand.workspace_id, lambda uow: uow.get(ImportRun, errand.values["of"]))


async def _report(services: Services, run: ImportRun) -> Report:
    data = b"".join([chunk async for chunk in services.blobs.stream(run.sha256 or "")])
    ground = await services.database.read(run.workspace_id, _ground, run.given_by, at=services.clock.now())
    columns = {Field(name): number for name, number in run.columns.items()}
    sheet = await services.reader.read(sheet_in, run.file_name, data)
    return await asyncio.to_thread(check, sheet, columns, ground)


def _ground(uow: UnitOfWork, person_id: str, *, at: datetime) -> Ground:
    return questions.ground(Deed.of(uow, person_id, at))


def _card_now(uow: UnitOfWork, progress: int, *, run_id: int) -> Message:
    return card_of(uow, uow.get(ImportRun, run_id), progress=progress)


ERRANDS = {
    commands.READ: Kind(read_list, give_up),
    commands.CHECK: Kind(check_list, give_up),
    commands.TAKE: Kind(take_rows, give_up),
    commands.LIST_FAULTS: Kind(list_faults, nothing_said),
}
