"""Ready means that a row and a file can be written at this moment."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.readiness import Readiness, Sending
from storage.engine.database import Database
from storage.files.blobs import BlobStore
from storage.record import inbox
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE

SENDING = Sending(timedelta(seconds=3), timedelta(seconds=5))


@pytest.fixture
def store(tmp_path: Path) -> BlobStore:
    return BlobStore.open(str(tmp_path / "evidence"))


@pytest.fixture
def readiness(database: Database, store: BlobStore) -> Readiness:
    async def write() -> Sending:
        await database.run(WORKSPACE, inbox.try_to_write, NOON)
        return SENDING

    return Readiness(write, store)


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow past a few bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_all_is_well(readiness: Readiness, store: BlobStore) -> None:
    for _ in range(2):
        looked = await readiness.look()
        assert (looked.sending, looked.faults) == (SENDING, [])
    assert len([path async for path in store.objects()]) == 1
    assert await store.leftovers() == []


@ON_SQLITE
async def test_a_full_disk_is_not_ready_until_there_is_room_again(readiness: Readiness) -> None:
    with full_disk():
        looked = await readiness.look()
    assert [fault.partition(":")[0] for fault in looked.faults] == [
        "The database takes no row",
        "The store does not take a file and give it back",
    ]
    assert (await readiness.look()).faults == []


@ON_SQLITE
async def test_a_store_whose_folder_was_taken_away_is_not_ready(readiness: Readiness, tmp_path: Path) -> None:
    (tmp_path / "evidence").rmdir()
    (tmp_path / "evidence").touch()
    [fault] = (await readiness.look()).faults
    assert fault.startswith("The store does not take a file")


@ON_SQLITE
async def test_a_database_that_was_closed_is_not_ready(readiness: Readiness, database: Database) -> None:
    await database.close()
    looked = await readiness.look()
    assert (looked.sending, len(looked.faults)) == (Sending(), 1)
    assert "The database takes no row" in looked.faults[0]
