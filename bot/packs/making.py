"""Packs: a pack while it is made, beside everything else."""

from functools import partial

import structlog

from bot.clock import Clock
from bot.packs import facts as pack_facts
from bot.packs.download import file_name
from bot.packs.facts import card_of
from bot.packs.packing import PackFails, Packing
from bot.progress import CountingCard, places
from bot.services import Services
from messages.words.kit import Message
from storage.engine.errors import StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.packs import queries as pack_queries
from storage.packs.tables import Pack, PackState
from workflows.deed import as_the_bot
from workflows.packs import commands
from workflows.packs.commands import Outcome
from workflows.packs.selecting import select
from workflows.packs.selection import Selection
from workflows.refusals import Refusal

log = structlog.get_logger(__name__)


async def take_up(services: Services, workspace_id: str) -> None:
    """Begin anew what an earlier run of the bot was making when it ended."""
    for pack in await services.database.read(workspace_id, pack_queries.asked):
        make_later(services, workspace_id, pack)


async def expire(services: Services, workspace_id: str) -> None:
    """Let go, once a night, of the packs that were kept long enough."""
    await services.database.run(workspace_id, as_the_bot(commands.expire, services.clock.now()))


def make_later(services: Services, workspace_id: str, pack: Pack) -> None:
    """Make a pack beside everything else."""
    services.later(_carefully(services, workspace_id, pack.id), about=f"pack {pack.id}")


async def _carefully(services: Services, workspace_id: str, pack_id: int) -> None:
    """Whatever goes wrong, the card says so."""
    try:
        await _make(services, workspace_id, pack_id)
    except PackFails as fails:
        log.warning("a pack was not made", pack=pack_id, reason=fails.reason, fault=fails.fault)
        await _fail(services, workspace_id, pack_id, fails.reason, fails.fault)
    except Refusal as overtaken:
        log.warning("a pack was overtaken", pack=pack_id, why=overtaken.name)
    except Exception:  # whatever it was: nobody awaits this work, and its card would wait for ever
        log.exception("a pack was not made", pack=pack_id)
        await _fail(services, workspace_id, pack_id, "unexpected", "")
    services.wake()


async def _fail(services: Services, workspace_id: str, pack_id: int, reason: str, fault: str) -> None:
    at = services.clock.now()
    await services.database.run(
        workspace_id, as_the_bot(commands.fail, at), pack_id=pack_id, reason=reason, fault=fault
    )


async def _make(services: Services, workspace_id: str, pack_id: int) -> None:
    pack = await services.database.run(workspace_id, as_the_bot(commands.begin, services.clock.now()), pack_id=pack_id)
    if pack is None:
        return
    with await services.database.read(workspace_id, chosen_for, pack) as selection:
        made = await _made_of(services, selection, pack)
    if made.size <= pack_facts.LARGEST_IN_SLACK:
        for place in await places(services, workspace_id, "pack", pack_id):
            await share(services, made, place.channel_id, place.ts)


async def _made_of(services: Services, selection: Selection, pack: Pack) -> Pack:
    card_now = partial(_card_now, pack_id=pack.id, files=len(selection.rows("files")), clock=services.clock)
    async with CountingCard(services, pack.workspace_id, "pack", pack.id, card_now).counting() as counter:
        packing = Packing(
            database=services.database,
            blobs=services.blobs,
            selection=selection,
            told=counter.put,
            signer=services.settings.signer(),
        )
        outcome = await _into_the_store(services.blobs, packing)
        at = services.clock.now()
        return await services.database.run(
            pack.workspace_id, as_the_bot(commands.settle, at), pack_id=pack.id, outcome=outcome
        )


def chosen_for(uow: UnitOfWork, pack: Pack) -> Selection:
    """What a pack holds that was asked for."""
    return select(uow, commands.scope_of(pack), asked_by=pack.asked_by, at=pack.asked_at)


async def _into_the_store(blobs: BlobStore, packing: Packing) -> Outcome:
    """Keep the ZIP while it is made. Raises `PackFails`."""
    try:
        kept = await blobs.put(packing)
    except StoreUnavailable as error:
        raise PackFails("store") from error
    return packing.outcome(kept.sha256, kept.size)


async def share(services: Services, pack: Pack, channel: str, thread_ts: str | None) -> None:
    assert pack.sha256 is not None  # packs that are made have one
    chunks = services.blobs.stream(pack.sha256)
    await services.gateway.share(channel, thread_ts, file_name(pack), pack.size, chunks)


def _card_now(uow: UnitOfWork, done: int, *, pack_id: int, files: int, clock: Clock) -> Message:
    pack = uow.get(Pack, pack_id)
    is_running = pack.state is PackState.ASKED
    return card_of(uow, pack, clock.now(), done=done, files=files if is_running else 0)
