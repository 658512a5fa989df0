"""A bot killed while it makes a pack: nothing half made is handed to anybody, and the next start makes the pack."""

import os
from pathlib import Path

import pytest

from bot.services import Services
from storage.engine.database import Database
from storage.files.blobs import BlobStore
from storage.packs.tables import Pack, PackState
from tests.bot import packer_process
from tests.bot.conftest import ON_SQLITE
from tests.bot.killing import killed_in
from tests.bot.kit import FakeGateway, StoppedClock, do_errands, let_leases_end
from tests.bot.packer_process import STEPS
from tests.bot.packs import THE_YEAR, WORKSPACE, begin, checked, keep, unpacked
from tests.workflows.conftest import MONDAY, deed
from workflows.packs import commands


@ON_SQLITE
@pytest.mark.parametrize("step", STEPS)
async def test_a_pack_is_made_anew_and_only_what_is_temporary_is_left(
    services: Services, clock: StoppedClock, database: Database, database_url: str, tmp_path: Path, step: str
) -> None:
    store = BlobStore.open(str(tmp_path / "evidence"))
    with database.unit_of_work(WORKSPACE) as uow:
        begin(uow)
    await keep(database, store, [("photo.png", os.urandom(8_000_000))])
    with database.unit_of_work(WORKSPACE) as uow:
        pack = commands.ask(deed(uow, "UMIRA"), scope=THE_YEAR)
    kept = {each async for each in store.names()}
    await killed_in(packer_process.main, database_url, str(tmp_path / "evidence"), step)
    assert (await the_row(database, pack)).state is PackState.ASKED
    assert len(await store.leftovers()) == (step != "stored")
    assert len({each async for each in store.names()} - kept) == (step == "stored")

    again = Services(**{**vars(services), "blobs": store, "gateway": FakeGateway()})
    clock.at = MONDAY
    let_leases_end(services)
    await do_errands(again)
    made = await the_row(database, pack)
    assert (made.state, made.tries) == (PackState.MADE, 2)
    zipped = b"".join([chunk async for chunk in store.stream(made.sha256 or "")])
    code, [first, *_] = checked(unpacked(zipped, tmp_path), made.manifest_sha256)
    assert (code, first) == (0, "intact: 6 files")


async def the_row(database: Database, pack: Pack) -> Pack:
    return await database.read(WORKSPACE, lambda uow: uow.get(Pack, pack.id))
