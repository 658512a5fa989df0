"""A bot killed at any step of an upload: the row and the bytes agree, and the next start brings it to its end."""

from pathlib import Path

import pytest

from bot.services import Services
from storage.engine.database import Database
from storage.evidence.tables import Evidence, EvidenceState
from storage.files.blobs import BlobStore
from storage.tasks.tables import Task, TaskState
from tests.bot import collector_process
from tests.bot.collector_process import STEPS
from tests.bot.conftest import ON_SQLITE
from tests.bot.killing import killed_in
from tests.bot.kit import WORKSPACE, do_errands, let_leases_end
from tests.bot.sending import FILE, Sending, chunks_of, sends
from tests.bot.test_collecting import given


@pytest.fixture(params=["folder", "s3"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    url: str = request.getfixturevalue("s3_url") if request.param == "s3" else str(tmp_path / "evidence")
    return url


@ON_SQLITE
@pytest.mark.parametrize("step", STEPS)
async def test_row_and_bytes_agree_after_a_kill(
    services: Services, database: Database, database_url: str, store_url: str, step: str
) -> None:
    taken = await given(services)
    store = BlobStore.open(store_url)
    await store.put(sends(b"kept before")())
    await killed_in(collector_process.main, database_url, store_url, step)
    row = await the_row(database, taken)
    assert row.state is (EvidenceState.KEPT if step == "kept" else EvidenceState.COLLECTING)
    for sha256 in [each async for each in store.names()]:
        assert await store.check(sha256)

    again = Services(**{**vars(services), "blobs": store, "gateway": Sending(chunks_of(FILE), len(FILE))})
    let_leases_end(services)  # the one that died lets go of it by that
    await do_errands(again)
    row = await the_row(database, taken)
    assert (row.state, row.size) == (EvidenceState.KEPT, len(FILE))
    assert await store.check(row.sha256 or "")
    assert await database.read(WORKSPACE, lambda uow: uow.all(Task)[0].state) is TaskState.SUBMITTED


async def the_row(database: Database, taken: Evidence) -> Evidence:
    return await database.read(WORKSPACE, lambda uow: uow.get(Evidence, taken.id))
