"""The way of a file: from Slack into the store, hashed as it streams, then a verdict on the row.

A row in `collecting` is all that is remembered, so what a crash interrupts is taken up again at the next start.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from typing import NamedTuple

import structlog

from bot.files.sniffing import ENOUGH_TO_TELL, media_type
from bot.files.storing import MEGABYTE
from bot.services import Services
from bot.slack.errors import DownloadFailed, MissingScope, SignInPage, SlackError
from bot.slack.objects import SlackFile
from storage.engine.errors import StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, WayIn
from storage.files.blobs import Blob
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import file_kinds
from workflows.evidence import questions as evidence_questions
from workflows.evidence.rules import FileFault, OfferedFile, Place

log = structlog.get_logger(__name__)

TRIES = 3
SECONDS_BETWEEN_TRIES = 2.0
SECONDS_FOR_A_FILE = 3600
"""However slowly its bytes drip in, a file has come by then or is given up."""

IN_A_MODAL = Place(channel_id="", message_ts="", way_in=WayIn.MODAL)
"""A modal is no place in Slack: the receipt goes to the person's direct messages."""


class Fetched(NamedTuple):
    """What came from Slack and lies in the store, and the type its beginning tells."""

    blob: Blob
    media_type: str


class Unfit(Exception):
    """The file cannot be kept. Raised while it passes, so that nothing of it is.

    `size` is how much had come, or how much was named.
    """

    def __init__(self, fault: FileFault, size: int | None = None, found: str = "") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.size = size
        self.media_type = found


def offered(file: SlackFile, note: str = "") -> OfferedFile:
    """A file as the floor below takes note of it, with what its giver says about it."""
    return OfferedFile(file.id, file.name, file.size, file.permalink, note)


def collect_later(services: Services, workspace_id: str, taken: Sequence[Evidence]) -> None:
    """Begin to fetch what was just given, beside everything else."""
    for each in taken:
        if each.state is EvidenceState.COLLECTING and each.slack_file_id:
            services.later(collect(services, workspace_id, each), about=f"evidence {each.id}")


async def collect_what_is_left(services: Services, workspace_id: str) -> None:
    """Take up what an earlier run was fetching when it ended."""
    collect_later(services, workspace_id, await services.database.read(workspace_id, evidence_queries.collecting))


async def collect(services: Services, workspace_id: str, given: Evidence) -> None:
    """Fetch one file, keep it, and say so; or say why not."""
    accepts = await services.database.read(workspace_id, evidence_questions.accepted_kinds, given.id)
    try:
        fetched = await _fetch(services, given, accepts)
    except Unfit as unfit:
        log.warning("evidence was not kept", evidence=given.id, fault=unfit.fault.value)
        await services.database.run(workspace_id, _refuse, services, given, unfit)
    else:
        await services.database.run(workspace_id, _keep, services, given, fetched)
    services.wake()


def _keep(uow: UnitOfWork, services: Services, given: Evidence, fetched: Fetched) -> None:
    evidence_commands.keep(
        Deed.of_the_bot(uow, services.clock.now()),
        evidence_id=given.id,
        sha256=fetched.blob.sha256,
        size=fetched.blob.size,
        media_type=fetched.media_type,
    )


def _refuse(uow: UnitOfWork, services: Services, given: Evidence, unfit: Unfit) -> None:
    evidence_commands.refuse(
        Deed.of_the_bot(uow, services.clock.now()),
        evidence_id=given.id,
        fault=unfit.fault,
        received=unfit.size,
        media_type=unfit.media_type,
        most=_most(services),
    )


def _most(services: Services) -> int:
    return services.settings.evidence_most_mb * MEGABYTE


async def _fetch(services: Services, given: Evidence, accepts: Collection[str]) -> Fetched:
    """The file in the store. What may pass is tried again. Raises `Unfit`."""
    for tried in range(1, TRIES + 1):
        try:
            async with asyncio.timeout(SECONDS_FOR_A_FILE):
                return await _stream(services, given.slack_file_id or "", accepts)
        except (SignInPage, MissingScope) as error:
            raise Unfit(FileFault.SIGN_IN_PAGE) from error
        except StoreUnavailable as error:
            raise Unfit(FileFault.STORE_UNAVAILABLE) from error
        except (DownloadFailed, SlackError, TimeoutError) as error:
            log.warning("a download failed", evidence=given.id, tried=tried, why=type(error).__name__)
            await asyncio.sleep(SECONDS_BETWEEN_TRIES if tried < TRIES else 0)
    raise Unfit(FileFault.DOWNLOAD_FAILED)


async def _stream(services: Services, slack_file_id: str, accepts: Collection[str]) -> Fetched:
    file = await services.gateway.file_info(slack_file_id)
    if file.size > _most(services):
        raise Unfit(FileFault.TOO_LARGE, file.size)
    head = bytearray()
    blob = await services.blobs.put(_watched(services.gateway.download(file), file, head, accepts))
    return Fetched(blob, media_type(bytes(head), file.name))


async def _watched(
    chunks: AsyncIterator[bytes], file: SlackFile, head: bytearray, accepts: Collection[str]
) -> AsyncIterator[bytes]:
    """The chunks on their way into the store, counted and looked at; an error here lets nothing be kept."""
    received = 0
    async for chunk in chunks:
        received += len(chunk)
        if received > file.size:
            raise Unfit(FileFault.SIZE_DIFFERS, received)
        head.extend(chunk[: ENOUGH_TO_TELL - len(head)])
        yield chunk
    found = media_type(bytes(head), file.name)
    if fault := fault_of(received, file.size, found, accepts):
        raise Unfit(fault, received, found)


def fault_of(received: int, named: int, found: str, accepts: Collection[str]) -> FileFault | None:
    """What is wrong with bytes that did arrive: none at all, not as many as `files.info` names, or of another kind."""
    if received == 0:
        return FileFault.EMPTY
    if received != named:
        return FileFault.SIZE_DIFFERS
    return None if file_kinds.is_accepted(found, accepts) else FileFault.WRONG_KIND
