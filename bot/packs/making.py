"""Packs: a pack while it is made, which is an errand."""

from collections.abc import Callable
from functools import partial

import structlog

from bot.clock import Clock
from bot.errands import Conclusion, Kind, nothing
from bot.packs import facts as pack_facts
from bot.packs.facts import card_of
from bot.packs.packing import PackFails, Packing
from bot.progress import CountingCard
from bot.services import Services
from messages.words.kit import Message
from storage.engine.errors import StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.packs.tables import Pack, PackState
from storage.record.errands import Errand
from workflows.deed import Deed, as_the_bot
from workflows.packs import commands
from workflows.packs.commands import Outcome
from workflows.packs.selecting import select
from workflows.packs.selection import Selection
from workflows.refusals import Refusal

log = structlog.get_logger(__name__)


async def expire(services: Services, workspace_id: str) -> None:
    """Let go, once a night, of the packs that were kept long enough."""
    await services.database.run(workspace_id, as_the_bot(commands.expire, services.clock.now()))


async def make(services: Services, errand: Errand) -> Conclusion:
    """Make a pack; its card tells how that goes, and is followed by the ZIP."""
    at, pack_id = services.clock.now(), errand.values["of"]
    pack = await services.database.run(errand.workspace_id, as_the_bot(commands.begin, at), pack_id=pack_id)
    if pack is None:
        return nothing
    with await services.database.read(errand.workspace_id, chosen_for, pack) as selection:
        await _made_of(services, selection, pack)
    return nothing


async def give_up(services: Services, errand: Errand, error: Exception) -> Conclusion:
    """The card says why there is no pack."""
    if isinstance(error, Refusal):
        log.warning("a pack was overtaken", pack=errand.values["of"], why=error.name)
        return nothing
    reason, fault = _reason_and_fault(error)
    log.warning("a pack was not made", pack=errand.values["of"], reason=reason, fault=fault)

    def conclude(deed: Deed) -> None:
        commands.fail(deed, pack_id=errand.values["of"], reason=reason, fault=fault)

    return conclude


def _reason_and_fault(error: Exception) -> tuple[str, str]:
    if isinstance(error, PackFails):
        return error.reason, error.fault
    return (commands.STORE_AWAY if isinstance(error, StoreUnavailable) else "unexpected"), ""


ERRANDS = {commands.MAKE: Kind(make, give_up)}


async def _made_of(services: Services, selection: Selection, pack: Pack) -> None:
    card_now = partial(_card_now, pack_id=pack.id, files=len(selection.rows("files")), clock=services.clock)
    async with CountingCard(services, pack.workspace_id, "pack", pack.id, card_now).counting() as counter:
        packing = Packing(
            database=services.database,
            blobs=services.blobs,
            selection=selection,
            told=counter.put,
            signer=services.settings.signer(),
        )
        try:
            kept = await services.blobs.put(packing)
        except StoreUnavailable:
            await _conclude(services, pack, commands.wait_for_store)
            raise  # nobody's fault: the errand is tried again
        await _conclude(services, pack, _settle, outcome=packing.outcome(kept.sha256, kept.size))


async def _conclude(services: Services, pack: Pack, command: Callable[..., object], **given: object) -> None:
    deed = as_the_bot(command, services.clock.now())
    await services.database.run(pack.workspace_id, deed, pack_id=pack.id, **given)


def _settle(deed: Deed, *, pack_id: int, outcome: Outcome) -> None:
    made = commands.settle(deed, pack_id=pack_id, outcome=outcome)
    if made.size <= pack_facts.LARGEST_IN_SLACK:
        commands.lay(deed, made, to=made.asked_by, key=f"made{made.version}")


def chosen_for(uow: UnitOfWork, pack: Pack) -> Selection:
    """What a pack holds that was asked for."""
    return select(uow, commands.scope_of(pack), asked_by=pack.asked_by, at=pack.asked_at)


def _card_now(uow: UnitOfWork, done: int, *, pack_id: int, files: int, clock: Clock) -> Message:
    pack = uow.get(Pack, pack_id)
    is_running = pack.state is PackState.ASKED
    return card_of(uow, pack, clock.now(), done=done, files=files if is_running else 0)
