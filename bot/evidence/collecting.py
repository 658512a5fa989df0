"""The way of a file: from Slack into the store, hashed as it streams, then a verdict on the row.

It is an errand, so what a crash interrupts is begun anew, and what is nobody's fault is tried again for a day.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from functools import partial
from typing import NamedTuple

import structlog

from bot.errands import Conclusion, Kind, nothing, passes
from bot.files.sniffing import ENOUGH_TO_TELL, media_type
from bot.files.storing import MEGABYTE
from bot.services import Services
from bot.slack.errors import MissingScope, SignInPage, SlackError
from bot.slack.objects import SlackFile
from storage.engine.errors import StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, WayIn
from storage.files.blobs import Blob
from storage.record.errands import Errand
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import file_kinds
from workflows.evidence import questions as evidence_questions
from workflows.evidence.rules import FileFault, OfferedFile, Place

log = structlog.get_logger(__name__)

TRIES = 3
SECONDS_BETWEEN_TRIES = 2.0
MOST_TRIES: Mapping[type[Exception], int] = {SignInPage: 2, MissingScope: 2}
"""A sign-in page may come by mistake, but hardly twice."""

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


async def collect(services: Services, errand: Errand) -> Conclusion:
    """Fetch one file; keep it and say so, or say what is wrong with it. Raises what may be better later."""
    given = await services.database.read(errand.workspace_id, _given, errand)
    if given.state is not EvidenceState.COLLECTING:
        return nothing
    accepts = await services.database.read(errand.workspace_id, evidence_questions.accepted_kinds, given.id)
    try:
        fetched = await _fetch(services, given, accepts)
    except Unfit as unfit:
        return _not_kept(services, errand, unfit)
    return partial(
        _keep, evidence_id=given.id, sha256=fetched.blob.sha256, size=fetched.blob.size, found=fetched.media_type
    )


def _given(uow: UnitOfWork, errand: Errand) -> Evidence:
    return uow.get(Evidence, errand.values["of"])


async def give_up(services: Services, errand: Errand, error: Exception) -> Conclusion:
    """A day has passed, or it failed in a way that nobody foresaw: its giver hears what to do."""
    log.error("evidence could not be fetched", evidence=errand.values["of"], exc_info=error)
    is_ours = isinstance(error, StoreUnavailable)
    return _not_kept(services, errand, Unfit(FileFault.STORE_UNAVAILABLE if is_ours else FileFault.DOWNLOAD_FAILED))


def _keep(deed: Deed, *, evidence_id: int, sha256: str, size: int, found: str) -> None:
    evidence_commands.keep(deed, evidence_id=evidence_id, sha256=sha256, size=size, media_type=found)


def _not_kept(services: Services, errand: Errand, unfit: Unfit) -> Conclusion:
    log.warning("evidence was not kept", evidence=errand.values["of"], fault=unfit.fault.value)

    def conclude(deed: Deed) -> None:
        evidence_commands.refuse(
            deed,
            evidence_id=errand.values["of"],
            fault=unfit.fault,
            received=unfit.size,
            media_type=unfit.media_type,
            most=_most(services),
        )

    return conclude


def _most(services: Services) -> int:
    return services.settings.evidence_most_mb * MEGABYTE


async def _fetch(services: Services, given: Evidence, accepts: Collection[str]) -> Fetched:
    """The file in the store. Raises `Unfit` for what is wrong with the file, or what may be better later."""
    for tried in range(1, TRIES + 1):
        try:
            async with asyncio.timeout(SECONDS_FOR_A_FILE):
                return await _stream(services, given.slack_file_id or "", accepts)
        except (SlackError, TimeoutError) as error:
            log.warning("a download failed", evidence=given.id, tried=tried, why=type(error).__name__)
            if tried == MOST_TRIES.get(type(error), TRIES):
                raise _final(error) from error
            await asyncio.sleep(SECONDS_BETWEEN_TRIES)
    raise AssertionError  # the last try has returned or raised


def _final(error: Exception) -> Exception:
    """What an error means that did not go away within seconds."""
    if isinstance(error, SignInPage | MissingScope):
        return Unfit(FileFault.SIGN_IN_PAGE)
    return error if passes(error) else Unfit(FileFault.DOWNLOAD_FAILED)


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


ERRANDS = {evidence_commands.COLLECT: Kind(collect, give_up)}
