"""Evidence room at the edge: an address given as evidence, and what stands there."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import httpx
import structlog

from bot.errands import Conclusion, Kind, nothing
from bot.evidence.saved_messages import choices
from bot.files.sniffing import ENOUGH_TO_TELL, media_type
from bot.files.storing import MEGABYTE, written
from bot.http.fetching import Answer, CannotFetch, Rules, allowed, names_a_machine_of_ones_own, parsed
from bot.services import Services
from bot.settings import Settings
from bot.slack.calls import Command, Form, Open, Reply
from bot.slack.routes import form
from messages.evidence import forms as words
from messages.evidence import link_records
from messages.evidence.link_records import Snapshot
from messages.words.payloads import Nothing
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState
from storage.files.blobs import Blob
from storage.record.errands import Errand
from workflows.deed import Deed
from workflows.evidence import arrivals, links
from workflows.evidence import commands as evidence_commands
from workflows.evidence.arrivals import Piece
from workflows.evidence.refusals import BadAddress
from workflows.evidence.rules import FileFault

log = structlog.get_logger(__name__)

FAULTS: Mapping[str, FileFault] = MappingProxyType(
    {
        "inside": FileFault.INSIDE,
        "no_answer": FileFault.NO_ANSWER,
        "bad_answer": FileFault.BAD_ANSWER,
        "too_large": FileFault.TOO_LARGE,
    }
)
"""What may go wrong once an address was taken; anything else is wrong with an address it sends us on to."""

GOOD = range(200, 300)


class Fetched(NamedTuple):
    """What stood at an address and lies in the store now."""

    blob: Blob
    media_type: str
    snapshot: Snapshot


def rules_of(settings: Settings) -> Rules:
    """What may be fetched by these settings."""
    return Rules(settings.fetch_links, settings.fetch_most_mb * MEGABYTE, plain_http=settings.fetch_plain_http)


# --- what people do ---


async def ask(call: Command) -> Reply:
    """`/iso evidence https://…`: for which task?"""
    url = _typed(call.text)
    is_fetched = allowed(_parsed(url), rules_of(call.services.settings))
    found = await call.ask(arrivals.tasks_taking)
    return Open(words.link_modal(url=url, is_fetched=is_fetched, choices=choices(found)))


def _typed(text: str) -> str:
    """The address as it was typed: Slack writes links as <address|words>."""
    return text.strip().removeprefix("<").removesuffix(">").partition("|")[0]


def _parsed(url: str, field: str = "") -> httpx.URL:
    try:
        found = parsed(url)
    except CannotFetch as no:
        raise BadAddress(why=no.why, field_name=field) from no
    if names_a_machine_of_ones_own(found):
        raise BadAddress(why="own_machine", field_name=field)
    return found


async def give(call: Form[Nothing]) -> Reply:
    """The task was chosen."""
    url = call.text(words.URL)
    _parsed(url, field=words.URL)
    task_id = int(call.choice(words.TASK) or 0)
    await call.act(links.give, task_id=task_id, url=url, note=call.text(words.NOTE))
    return None


ROUTES = (form(words.LINK_FORM, Nothing, give),)

# --- what goes on afterwards ---


async def fetch(services: Services, errand: Errand) -> Conclusion:
    """Keep what stands at an address, or the address alone; or say what is wrong with it."""
    given = await services.database.read(errand.workspace_id, _given, errand)
    if given.state is not EvidenceState.COLLECTING:
        return nothing
    try:
        page, *about = await _pieces(services, given)
    except CannotFetch as no:
        return _not_kept(services, errand, FAULTS.get(no.why, FileFault.REDIRECTED))
    return partial(_keep, evidence_id=given.id, page=page, about=about)


def _given(uow: UnitOfWork, errand: Errand) -> Evidence:
    return uow.get(Evidence, errand.values["of"])


async def give_up(services: Services, errand: Errand, error: Exception) -> Conclusion:
    """A day has passed, or it failed in a way that nobody foresaw: its giver hears what to do."""
    log.error("a link could not be kept", evidence=errand.values["of"], exc_info=error)
    return _not_kept(services, errand, FileFault.STORE_UNAVAILABLE)


def _keep(deed: Deed, *, evidence_id: int, page: Piece, about: Sequence[Piece]) -> None:
    links.keep(deed, evidence_id=evidence_id, page=page, about=about)


def _not_kept(services: Services, errand: Errand, fault: FileFault) -> Conclusion:
    log.warning("a link was not kept", evidence=errand.values["of"], fault=fault.value)
    most = services.settings.fetch_most_mb * MEGABYTE

    def conclude(deed: Deed) -> None:
        evidence_commands.refuse(deed, evidence_id=errand.values["of"], fault=fault, most=most)

    return conclude


async def _pieces(services: Services, given: Evidence) -> list[Piece]:
    rules = rules_of(services.settings)
    if not allowed(parsed(given.permalink), rules):
        record = link_records.address_record(given.permalink, given_by=given.provided_by, at=given.received_at)
        name = links.name_of(given.permalink)
        return [await written(services, record, name, links.ADDRESS_ONLY, given.source_key or "")]
    async with services.fetcher.get(given.permalink, rules) as answer:
        if answer.status not in GOOD:
            raise CannotFetch("bad_answer")
        found = await keep_answer(services, answer, given.permalink, services.clock.now())
    return await pieces_of(services, found, given.source_key or "")


async def keep_answer(services: Services, answer: Answer, asked: str, at: datetime) -> Fetched:
    """Put what an address answers into the store as it comes."""
    head = bytearray()

    async def watched() -> AsyncIterator[bytes]:
        async for chunk in answer.chunks:
            head.extend(chunk[: ENOUGH_TO_TELL - len(head)])
            yield chunk

    blob = await services.blobs.put(watched())
    snapshot = Snapshot(
        asked, answer.via, answer.url, answer.address, answer.status, answer.headers, at, blob.sha256, blob.size
    )
    return Fetched(blob, media_type(bytes(head), file_name(answer.url)), snapshot)


async def pieces_of(services: Services, found: Fetched, source_key: str) -> list[Piece]:
    """The answer itself, and beside it a file that says how it came."""
    name = file_name(found.snapshot.final)
    page = Piece(name, found.blob.sha256, found.blob.size, found.media_type, source_key, found.snapshot.asked)
    record = link_records.response_record(found.snapshot)
    return [page, await written(services, record, f"{name}.response.txt", "text/plain", f"{source_key}:response")]


def file_name(url: str) -> str:
    """What a page is called as a file: the end of its path, else its host."""
    parts = urlsplit(url)
    return unquote(PurePosixPath(parts.path).name)[:120].replace("\0", "") or f"{parts.hostname}.html"


ERRANDS = {links.FETCH: Kind(fetch, give_up)}
