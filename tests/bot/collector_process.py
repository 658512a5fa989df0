"""A process of its own that takes one file in and stops at a step, to be killed there.

    python -m tests.bot.collector_process <database url> <store url> <evidence id> <step>

It says `here` once it stands at the step.
"""

import asyncio
import sys
from collections.abc import AsyncIterable
from typing import Any

from bot.collecting import collect
from bot.house import House
from bot.settings import Settings
from storage.blobs import Blob, BlobStore
from storage.database import Database
from storage.evidence import Evidence
from tests.bot.conftest import TOKENS
from tests.bot.kit import WORKSPACE, StoppedClock
from tests.bot.sending import FILE, Sending, chunks_of

STEPS = ("announced", "half way", "received", "named", "stored", "kept")
"""In the order in which an upload goes through them."""


async def stand_still() -> None:
    print("here", flush=True)  # noqa: T201 - this is how the test is told
    await asyncio.Event().wait()


class StoppingStore(BlobStore):
    """Stands still before or after the bytes get their name, or once they have it for good."""

    stop = ""

    async def put(self, chunks: AsyncIterable[bytes]) -> Blob:
        if self.stop == "announced":
            await stand_still()
        blob = await super().put(chunks)
        if self.stop == "stored":
            await stand_still()
        return blob

    async def _keep(self, temporary: str, name: str) -> None:
        if self.stop == "received":
            await stand_still()
        await super()._keep(temporary, name)
        if self.stop == "named":
            await stand_still()


async def main(database_url: str, store_url: str, evidence_id: int, step: str) -> None:
    store = StoppingStore.open(store_url)
    assert isinstance(store, StoppingStore)
    store.stop = step
    values: dict[str, Any] = dict(TOKENS)
    house = House(
        settings=Settings(**values),
        database=Database.open(database_url),
        blobs=store,
        gateway=Sending(chunks_of(FILE, stand_still if step == "half way" else None), len(FILE)),
        clock=StoppedClock(),
        wake=lambda: None,
        show_home=no_home,
    )
    given = await house.database.read(WORKSPACE, lambda uow: uow.get(Evidence, evidence_id))
    await collect(house, WORKSPACE, given)
    await stand_still()


async def no_home(_house: House, _workspace_id: str, _person_id: str) -> None:
    """Nobody looks."""


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
