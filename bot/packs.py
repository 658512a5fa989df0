"""Evidence room at the edge: `/iso pack`, the card of a pack while it is made, and the address it is fetched from.

A pack streams into the file store as it is made, so it is never there twice. A row says that somebody waits for it:
what a crash interrupts is begun anew at the next start.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime

import structlog
from dateutil.relativedelta import relativedelta

from bot.calls import Command, Composer, Form, Open, Post, Press, Refresh, Reply, Tell
from bot.errors import SlackError
from bot.house import House
from bot.packing import PackFails, Packing
from bot.port import Fetched
from bot.routes import form, press, verb
from messages import packs as words
from messages.kit import Message, Modal
from messages.payloads import Nothing, PackRef
from storage import packs as stored
from storage import posted
from storage.blobs import BlobStore
from storage.errors import StoreUnavailable
from storage.outbox import OutboxRow
from storage.packs import Pack, PackState
from storage.posted import Place
from storage.unit_of_work import UnitOfWork
from workflows import frameworks
from workflows.errors import Refusal
from workflows.nudges import local_day
from workflows.packs import commands
from workflows.packs.commands import Outcome
from workflows.packs.selecting import select
from workflows.packs.selection import Selection
from workflows.people import Actor

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_WORDS = 2.0
"""How often the card says how far it is: well within Slack's pace for redrawing."""

LARGEST_IN_SLACK = 500_000_000
"""Bytes; Slack takes a gigabyte, and people on the road rather take less."""

# --- what the words need to know ---


def card_of(uow: UnitOfWork, pack: Pack, at: datetime, *, done: int = 0, files: int = 0) -> Message:
    """The card of a pack as it stands now."""
    values = words.PackCard(
        ref=PackRef(pack.id, pack.version),
        state=pack.state.value,
        standards=[frameworks.catalogue_of(uow, edition).standard for edition in pack.editions],
        first=pack.first,
        last=pack.last,
        is_narrowed=bool(pack.themes or pack.owners or pack.requirements),
        files=pack.files,
        size=pack.size,
        sha256=pack.sha256 or "",
        manifest_sha256=pack.manifest_sha256 or "",
        links=len(commands.living_links(uow, pack, at)),
        fits_into_slack=pack.size <= LARGEST_IN_SLACK,
        kept_days=commands.KEPT_FOR.days,
        why=pack.reason,
        fault=pack.fault,
    )
    return words.card(replace(values, done=done, files=files) if files else values)


def _ask_modal(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Modal:
    editions = commands.may_ask(uow, actor)
    catalogues = [frameworks.catalogue_of(uow, edition) for edition in editions]
    themes = dict.fromkeys(each.theme for found in catalogues for each in found.requirements.values())
    today = local_day(uow.workspace().zone, at)
    return words.ask_modal(
        standards=[(each.edition, each.standard) for each in catalogues],
        themes=[(theme, theme.replace("_", " ")) for theme in themes],
        first=today - relativedelta(years=1) + relativedelta(days=1),
        last=today,
    )


# --- what people do ---


async def ask(call: Command) -> Reply:
    """`/iso pack`: what is it to be about?"""
    return Open(await call.ask(_ask_modal))


async def asked(call: Form[Nothing]) -> Reply:
    """A pack is wanted; it is made beside everything else."""
    pack = await call.act(
        _asked,
        editions=call.choices(words.EDITIONS),
        days=(call.day(words.FIRST), call.day(words.LAST)),
        theme=call.choice(words.THEME) or words.EVERY_THEME,
        owners=call.people(words.OWNERS),
        typed=call.text(words.REQUIREMENTS),
    )
    make_later(call.house, call.workspace_id, pack)
    return None


def _asked(
    uow: UnitOfWork,
    actor: Actor,
    *,
    editions: Sequence[str],
    days: tuple[date | None, date | None],
    theme: str,
    owners: Sequence[str],
    typed: str,
    at: datetime,
) -> Pack:
    themes = frozenset({theme} - {words.EVERY_THEME})
    scope = commands.scope_for(
        uow, editions=editions, days=days, themes=themes, owners=owners, typed=typed.split(",") if typed else []
    )
    return commands.ask(uow, actor, scope=scope, at=at)


async def again(call: Press[PackRef]) -> Reply:
    """Try once more what failed."""
    pack = await call.act(commands.again, pack_id=call.payload.pack, version=call.payload.version)
    make_later(call.house, call.workspace_id, pack)
    return None


async def anew(call: Press[PackRef]) -> Reply:
    """Another pack of the same scope as one that expired."""
    pack = await call.act(commands.anew, pack_id=call.payload.pack, version=call.payload.version)
    make_later(call.house, call.workspace_id, pack)
    return None


async def send(call: Press[PackRef]) -> Reply:
    """The ZIP once more into the thread of the card."""
    pack = await call.act(commands.hand_out, pack_id=call.payload.pack)
    channel = call.channel_id or await call.house.gateway.open_dm(call.person_id)
    call.house.later(_share(call.house, pack, channel, call.message_ts), about=f"sending pack {pack.id}")
    return None


async def link(call: Press[PackRef]) -> Reply:
    """A private address that ends by itself."""
    made, secret = await call.act(commands.make_link, pack_id=call.payload.pack)
    url = f"{call.house.settings.reached_at}packs/{secret}.zip"
    return Tell(words.link(url=url, ends_at=made.ends_at))


async def revoke(call: Press[PackRef]) -> Reply:
    """No address any more."""
    await call.act(commands.revoke_links, pack_id=call.payload.pack)
    return Tell(words.revoked())


ROUTES = (
    verb("pack", usage="", sentence="makes a pack for an auditor, who can check it without us", handler=ask),
    form(words.ASK_FORM, Nothing, asked),
    press(words.SEND, PackRef, send),
    press(words.LINK, PackRef, link),
    press(words.REVOKE, PackRef, revoke),
    press(words.AGAIN, PackRef, again),
    press(words.ANEW, PackRef, anew),
)

# --- what whoever has the address gets ---


async def fetch(house: House, workspace_id: str, secret: str) -> Fetched | None:
    """The pack of an address, or None where there is none. What leads nowhere writes nothing."""
    at = house.clock.now()
    if not await house.database.read(workspace_id, commands.leads_somewhere, secret, at=at):
        return None
    pack = await house.database.run(workspace_id, commands.fetch, secret, at=at)
    if pack is None or pack.sha256 is None:
        return None
    return Fetched(file_name(pack), pack.size, house.blobs.stream(pack.sha256))


def file_name(pack: Pack) -> str:
    """What the ZIP is called."""
    return f"audit-pack-{pack.id}-{pack.first.isoformat()}-{pack.last.isoformat()}.zip"


# --- what the bot does by itself ---


async def take_up(house: House, workspace_id: str) -> None:
    """Begin anew what an earlier run of the bot was making when it ended."""
    for pack in await house.database.read(workspace_id, stored.asked):
        make_later(house, workspace_id, pack)


async def expire(house: House, workspace_id: str) -> None:
    """Let go, once a night, of the packs that were kept long enough."""
    await house.database.run(workspace_id, commands.expire, at=house.clock.now())


def make_later(house: House, workspace_id: str, pack: Pack) -> None:
    """Make a pack beside everything else."""
    house.later(_carefully(house, workspace_id, pack.id), about=f"pack {pack.id}")


async def _carefully(house: House, workspace_id: str, pack_id: int) -> None:
    """Whatever goes wrong, the card says so."""
    (failure,) = await asyncio.gather(_make(house, workspace_id, pack_id), return_exceptions=True)
    if isinstance(failure, PackFails):
        log.warning("a pack was not made", pack=pack_id, reason=failure.reason, fault=failure.fault)
        await _fail(house, workspace_id, pack_id, failure.reason, failure.fault)
    elif isinstance(failure, Refusal):
        log.warning("a pack was overtaken", pack=pack_id, why=failure.name)
    elif failure is not None:
        log.error("a pack was not made", pack=pack_id, exc_info=failure)
        await _fail(house, workspace_id, pack_id, "unexpected", "")
    house.wake()


async def _fail(house: House, workspace_id: str, pack_id: int, reason: str, fault: str) -> None:
    at = house.clock.now()
    await house.database.run(workspace_id, commands.fail, pack_id=pack_id, reason=reason, fault=fault, at=at)


async def _make(house: House, workspace_id: str, pack_id: int) -> None:
    pack = await house.database.run(workspace_id, commands.begin, pack_id=pack_id, at=house.clock.now())
    if pack is None:
        return
    with await house.database.read(workspace_id, chosen_for, pack) as selection:
        made = await _made_of(house, selection, pack)
    if made.size <= LARGEST_IN_SLACK:
        for place in await _places(house, workspace_id, pack_id):
            await _share(house, made, place.channel_id, place.ts)


async def _made_of(house: House, selection: Selection, pack: Pack) -> Pack:
    async with _telling_how_far(house, pack, len(selection.rows("files"))) as counter:
        packing = Packing(database=house.database, blobs=house.blobs, selection=selection, told=counter.put)
        outcome = await _into_the_store(house.blobs, packing)
        at = house.clock.now()
        return await house.database.run(pack.workspace_id, commands.settle, pack_id=pack.id, outcome=outcome, at=at)


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


async def _share(house: House, pack: Pack, channel: str, thread_ts: str | None) -> None:
    assert pack.sha256 is not None  # packs that are made have one
    chunks = house.blobs.stream(pack.sha256)
    await house.gateway.share(channel, thread_ts, file_name(pack), pack.size, chunks)


class _Counter:
    """How many files are in."""

    def __init__(self) -> None:
        self.value = 0

    def put(self, value: int) -> None:
        self.value = value


@asynccontextmanager
async def _telling_how_far(house: House, pack: Pack, files: int) -> AsyncIterator[_Counter]:
    """While the pack is made the card counts."""
    counter, ended = _Counter(), asyncio.Event()
    telling = asyncio.create_task(_tell(house, pack, counter, files, ended))
    try:
        yield counter
    finally:
        ended.set()
        await telling


async def _tell(house: House, pack: Pack, counter: _Counter, files: int, ended: asyncio.Event) -> None:
    while not ended.is_set():
        try:
            await asyncio.wait_for(ended.wait(), SECONDS_BETWEEN_WORDS)
        except TimeoutError:
            await _draw(house, pack.workspace_id, pack.id, counter.value, files)


async def _draw(house: House, workspace_id: str, pack_id: int, done: int, files: int) -> None:
    message = await house.database.read(workspace_id, _card_now, pack_id, house.clock.now(), done, files)
    try:
        for place in await _places(house, workspace_id, pack_id):
            await house.gateway.update(place.channel_id, place.ts, message)
    except SlackError as error:
        log.info("a card could not say how far it is", pack=pack_id, error=str(error))


def _card_now(uow: UnitOfWork, pack_id: int, at: datetime, done: int, files: int) -> Message:
    pack = uow.get(Pack, pack_id)
    is_running = pack.state is PackState.ASKED
    return card_of(uow, pack, at, done=done, files=files if is_running else 0)


async def _places(house: House, workspace_id: str, pack_id: int) -> Sequence[Place]:
    return await house.database.read(workspace_id, posted.where_posted, "pack", pack_id)


# --- what the bot says by itself ---


def card(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The card of a pack, to whoever asked for it."""
    return Post(card_of(uow, uow.get(Pack, row.subject_id), at))


def redrawn(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """The same card as the pack moves on."""
    message = card_of(uow, uow.get(Pack, row.subject_id), at)
    return Refresh(lambda _: message)


COMPOSERS: Mapping[str, Composer] = {"pack.card": card, "pack.refresh": redrawn}
