"""A pack that was kept long enough leaves the store: the row first, and only bytes that nothing else needs."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from rich.progress import Progress
from sqlmodel import col

from bot import rooms
from bot.commands import store_check
from bot.evidence import retention
from bot.packs import making as pack_making
from bot.packs.packing import Packing
from bot.room import carry_out
from bot.services import Services
from storage.engine.database import Database
from storage.evidence.tables import Evidence
from storage.files.blobs import BlobStore
from storage.packs.tables import Pack, PackState
from storage.record.trail import TrailEntry
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import FakeGateway, StoppedClock
from tests.bot.packs import MONDAY, THE_YEAR, WORKSPACE, begin, chosen, keep
from tests.workflows.conftest import deed, the_bot
from workflows.packs import commands

LATER = MONDAY + commands.KEPT_FOR


@pytest.fixture(params=["folder", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    url: str = request.getfixturevalue("s3_url") if request.param == "s3" else str(tmp_path / "evidence")
    return BlobStore.open(url)


@pytest.fixture
def later(services: Services, blobs: BlobStore) -> Services:
    """The bot when the time of the pack is over."""
    return Services(**{**vars(services), "blobs": blobs, "gateway": FakeGateway(), "clock": StoppedClock(LATER)})


@pytest.fixture
async def pack(database: Database, blobs: BlobStore) -> Pack:
    """A pack with one file, in the store."""
    with database.unit_of_work(WORKSPACE) as uow:
        begin(uow)
    await keep(database, blobs, [("access.txt", b"who has access")])
    with database.unit_of_work(WORKSPACE) as uow:
        asked = commands.ask(deed(uow, "UMIRA"), scope=THE_YEAR)
    with chosen(database) as selection:
        packing = Packing(database=database, blobs=blobs, selection=selection)
        kept = await blobs.put(packing)
        outcome = packing.outcome(kept.sha256, kept.size)
    with database.unit_of_work(WORKSPACE) as uow:
        return commands.settle(the_bot(uow), pack_id=asked.id, outcome=outcome)


async def test_both_replicas_at_once_let_go_of_it_once(later: Services, pack: Pack) -> None:
    await asyncio.gather(carry_out(rooms.NIGHTLY, later, WORKSPACE), carry_out(rooms.NIGHTLY, later, WORKSPACE))
    assert not await later.blobs.exists(pack.sha256 or "")
    assert (await now(later, pack)).erased_at == LATER
    assert await verbs(later) == ["pack.ask", "pack.make", "pack.expire", "pack.erase"]
    assert await check(later) == store_check.Checked(1, ())


@ON_SQLITE
@pytest.mark.parametrize("are_gone", [False, True])
async def test_what_is_killed_between_row_and_bytes_is_ended_the_next_night(
    later: Services, pack: Pack, are_gone: bool
) -> None:
    await pack_making.expire(later, WORKSPACE)
    if are_gone:
        await later.blobs.remove(pack.sha256 or "")
    assert ((await now(later, pack)).state, (await now(later, pack)).erased_at) == (PackState.EXPIRED, None)
    assert await check(later) == store_check.Checked(1, ())
    await carry_out(rooms.NIGHTLY, later, WORKSPACE)
    assert not await later.blobs.exists(pack.sha256 or "")
    assert await verbs(later) == ["pack.ask", "pack.make", "pack.expire", "pack.erase"]


@ON_SQLITE
async def test_bytes_that_are_evidence_too_stay_until_nothing_needs_them(
    later: Services, pack: Pack, database: Database
) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        [kept] = uow.all(Evidence)
        uow.change(kept, sha256=pack.sha256)
    await carry_out(rooms.NIGHTLY, later, WORKSPACE)
    assert await later.blobs.exists(pack.sha256 or "")
    with database.unit_of_work(WORKSPACE) as uow:
        uow.change(uow.all(Evidence)[0], sha256=kept.sha256)
    await retention.erase(later, WORKSPACE)
    assert not await later.blobs.exists(pack.sha256 or "")


@ON_SQLITE
async def test_bytes_of_another_pack_that_is_kept_stay(later: Services, pack: Pack, database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        other = commands.ask(deed(uow, "UMIRA"), scope=THE_YEAR)
        hashes = {"sha256": pack.sha256, "manifest_sha256": pack.manifest_sha256}
        uow.change(other, state=PackState.MADE, settled_at=MONDAY + timedelta(days=1), **hashes)
    await carry_out(rooms.NIGHTLY, later, WORKSPACE)
    assert (await now(later, pack)).state is PackState.EXPIRED
    assert await later.blobs.exists(pack.sha256 or "")


async def now(services: Services, pack: Pack) -> Pack:
    return await services.database.read(WORKSPACE, lambda uow: uow.get(Pack, pack.id))


async def verbs(services: Services) -> list[str]:
    """What the trail says of packs."""
    entries = await services.database.read(
        WORKSPACE, lambda uow: uow.all(TrailEntry, col(TrailEntry.subject) == "pack")
    )
    return [each.verb for each in entries]


async def check(services: Services) -> store_check.Checked:
    """What `deskaudit evidence check` finds."""
    with Progress(disable=True) as progress:
        return await store_check.check(services.database, services.blobs, progress)
