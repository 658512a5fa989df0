"""Importing: reading, checking and taking a list, beside everything else."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime
from functools import partial
from pathlib import PurePath

import structlog

from bot.importing.facts import card_of, fault_line
from bot.progress import CountingCard, places
from bot.services import Services
from bot.slack.objects import SlackFile
from bot.slack.uploads import contents
from messages.importing import cards as words
from messages.words.kit import Message
from storage.engine.errors import StoreUnavailable, VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.importing import queries as importing_queries
from storage.importing.tables import ImportRun, ImportState
from workflows.deed import Deed, as_the_bot
from workflows.importing import commands, questions
from workflows.importing.checking import Ground, Report, check
from workflows.importing.commands import INTERRUPTED, OVERTAKEN, UNEXPECTED
from workflows.importing.guessing import Field, sheet_in
from workflows.refusals import Refusal, UnreadableFile

log = structlog.get_logger(__name__)


async def take_up(services: Services, workspace_id: str) -> None:
    """Go on with the files that an earlier run was reading or checking; what it was importing was not imported."""
    for run in await services.database.read(workspace_id, importing_queries.under_way):
        if run.state is ImportState.RECEIVED and run.slack_file_id:
            in_background(services, workspace_id, run, read_list(services, workspace_id, run))
        elif run.state is ImportState.MAPPED:
            in_background(services, workspace_id, run, check_list(services, workspace_id, run))
        else:
            await _fail(services, workspace_id, run, INTERRUPTED)


def in_background(services: Services, workspace_id: str, run: ImportRun, work: Awaitable[None]) -> None:
    services.later(_carefully(services, workspace_id, run, work), about=f"import {run.id}")


async def _carefully(services: Services, workspace_id: str, run: ImportRun, work: Awaitable[None]) -> None:
    """Whatever goes wrong, the card says so."""
    try:
        await work
    except UnreadableFile as unreadable:
        await _fail(services, workspace_id, run, unreadable.why)
    except (Refusal, VersionConflict) as overtaken:
        log.warning("an import was overtaken", run=run.id, why=type(overtaken).__name__)
        await _fail(services, workspace_id, run, OVERTAKEN)
    except Exception:  # whatever it was: nobody awaits this work, and its card would wait for ever
        log.exception("an import failed", run=run.id)
        await _fail(services, workspace_id, run, UNEXPECTED)
    services.wake()


async def _fail(services: Services, workspace_id: str, run: ImportRun, reason: str) -> None:
    at = services.clock.now()
    await services.database.run(
        workspace_id, as_the_bot(commands.fail, at), run_id=run.id, version=run.version, reason=reason
    )


async def read_list(services: Services, workspace_id: str, run: ImportRun) -> None:
    file = SlackFile(run.slack_file_id or "", run.file_name, 0, "", "", "", "")
    data = await contents(services, file)
    sheet = await services.reader.read(sheet_in, run.file_name, data)
    try:
        kept = await services.blobs.put(_whole(data))
    except StoreUnavailable as error:
        raise UnreadableFile(run.file_name, "not_kept") from error
    at = services.clock.now()
    await services.database.run(
        workspace_id,
        as_the_bot(commands.take_sheet, at),
        run_id=run.id,
        sheet=sheet,
        sha256=kept.sha256,
        size=kept.size,
    )


async def check_list(services: Services, workspace_id: str, run: ImportRun) -> None:
    report = await _report(services, workspace_id, run)
    at = services.clock.now()
    await services.database.run(
        workspace_id, as_the_bot(commands.take_report, at), run_id=run.id, version=run.version, report=report
    )
    services.wake()
    if report.faults:
        await _share_faults(services, workspace_id, run, report)


async def _report(services: Services, workspace_id: str, run: ImportRun) -> Report:
    data = b"".join([chunk async for chunk in services.blobs.stream(run.sha256 or "")])
    ground = await services.database.read(workspace_id, _ground, run.given_by, at=services.clock.now())
    columns = {Field(name): number for name, number in run.columns.items()}
    sheet = await services.reader.read(sheet_in, run.file_name, data)
    return await asyncio.to_thread(check, sheet, columns, ground)


def _ground(uow: UnitOfWork, person_id: str, *, at: datetime) -> Ground:
    return questions.ground(Deed.of(uow, person_id, at))


async def _share_faults(services: Services, workspace_id: str, run: ImportRun, report: Report) -> None:
    data = words.faults_file([fault_line(run.headings, each) for each in report.faults])
    name = f"{PurePath(run.file_name).stem[:100]}-faults.csv"
    for place in await places(services, workspace_id, "import_run", run.id):
        await services.gateway.share(place.channel_id, place.ts, name, len(data), _whole(data))


async def take_rows(services: Services, workspace_id: str, run: ImportRun, *, once_more: bool) -> None:
    report = await _report(services, workspace_id, run)
    card_now = partial(_card_now, run_id=run.id)
    async with CountingCard(services, workspace_id, "import_run", run.id, card_now).counting() as counter:
        await services.database.run(
            workspace_id,
            as_the_bot(commands.take_rows, services.clock.now()),
            run_id=run.id,
            version=run.version,
            report=report,
            once_more=once_more,
            told=counter.put,
        )


def _card_now(uow: UnitOfWork, progress: int, *, run_id: int) -> Message:
    return card_of(uow, uow.get(ImportRun, run_id), progress=progress)


async def _whole(data: bytes) -> AsyncIterator[bytes]:
    yield data
