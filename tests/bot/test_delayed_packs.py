"""A pack whose file store is away or full waits for it, for a day, and its card says so."""

import os
from collections.abc import AsyncIterator

import pytest

from bot.errands import FIRST_PAUSE
from bot.packs.facts import card_of
from bot.services import Services
from storage.engine.errors import StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.packs.tables import Pack, PackState
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import StoppedClock, do_errands, let_fail_for_a_day
from tests.bot.packs import MONDAY, THE_YEAR, WORKSPACE, begin, keep
from tests.bot.test_collecting import MEGABYTE, a_disk_of
from tests.messages.readable import readable
from tests.workflows.conftest import deed
from workflows.packs import commands

WAITS = "It's taking longer: the file store isn't responding or is full."


class SilentStore(BlobStore):
    """Takes what it is given, and gives nothing back."""

    def stream(self, sha256: str) -> AsyncIterator[bytes]:
        raise StoreUnavailable(f"no answer about {sha256}")


@pytest.fixture
async def asked(services: Services, clock: StoppedClock) -> Pack:
    """A pack with one large file."""
    clock.at = MONDAY
    with services.database.unit_of_work(WORKSPACE) as uow:
        begin(uow)
    await keep(services.database, services.blobs, [("photo.png", os.urandom(3 * MEGABYTE))])
    with services.database.unit_of_work(WORKSPACE) as uow:
        return commands.ask(deed(uow, "UMIRA"), scope=THE_YEAR)


async def now(services: Services, pack: Pack) -> tuple[PackState, int, str]:
    """How the pack stands, how many tries are used up, and what its card says."""

    def found(uow: UnitOfWork) -> tuple[PackState, int, str]:
        row = uow.get(Pack, pack.id)
        return row.state, row.tries, readable(card_of(uow, row, MONDAY))

    return await services.database.read(WORKSPACE, found)


@ON_SQLITE
@pytest.mark.parametrize("reads", [True, False])
async def test_it_waits_for_its_store_however_often_that_takes_and_is_made_then(
    services: Services, clock: StoppedClock, asked: Pack, tmp_path_factory: pytest.TempPathFactory, *, reads: bool
) -> None:
    store = services.blobs if reads else SilentStore.open(str(tmp_path_factory.mktemp("silent")))
    waiting = Services(**{**vars(services), "blobs": store})
    for number in range(commands.MOST_TRIES + 1):
        with a_disk_of(MEGABYTE):
            await do_errands(waiting)
        state, tries, said = await now(services, asked)
        assert (state, tries) == (PackState.ASKED, 0)
        assert WAITS in said
        clock.advance(FIRST_PAUSE * 2**number)
    await do_errands(services)
    state, tries, said = await now(services, asked)
    assert (state, tries, WAITS in said) == (PackState.MADE, 1, False)
    redraws = await services.database.read(WORKSPACE, lambda uow: uow.matching(OutboxRow, kind="pack.redraw"))
    assert len(redraws) == 2, "when it began to wait, and when it was made"


@ON_SQLITE
async def test_after_a_day_its_card_says_that_there_is_none(services: Services, asked: Pack) -> None:
    let_fail_for_a_day(services)
    with a_disk_of(MEGABYTE):
        await do_errands(services)
    state, _, said = await now(services, asked)
    assert (state, "the file store isn't responding or is full" in said) == (PackState.FAILED, True)
    assert await services.database.read(WORKSPACE, lambda uow: uow.count(Errand)) == 0
