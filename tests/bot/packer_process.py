"""A process of its own that makes a pack and stops at a step, to be killed there.

    python -m tests.bot.packer_process <database url> <store url> <pack id> <step>

It says `here` once it stands at the step.
"""

import asyncio
import sys
from collections.abc import AsyncIterable

from bot.packs.making import make_later
from storage.files.blobs import Blob
from storage.packs.tables import Pack
from tests.bot.kit import FakeGateway
from tests.bot.packs import WORKSPACE
from tests.bot.standing_still import StoppingStore, services_of, stand_still

STEPS = ("half way", "stored")
"""In the order in which a pack goes through them."""


class Store(StoppingStore):
    """Stands still while the ZIP comes in, or once it lies in the store and nobody knows."""

    async def put(self, chunks: AsyncIterable[bytes]) -> Blob:
        blob = await super().put(self._until_half_way(chunks) if self.stop == "half way" else chunks)
        await stand_still()
        return blob

    async def _until_half_way(self, chunks: AsyncIterable[bytes]) -> AsyncIterable[bytes]:
        received = 0
        async for chunk in chunks:
            yield chunk
            received += len(chunk)
            if received > HALF_WAY:
                await stand_still()


HALF_WAY = 6_000_000
"""More than a store holds of a file on its way in."""


async def main(database_url: str, store_url: str, pack_id: int, step: str) -> None:
    services = services_of(database_url, Store.at(step, store_url), FakeGateway())
    make_later(services, WORKSPACE, await services.database.read(WORKSPACE, lambda uow: uow.get(Pack, pack_id)))
    await services.background.finish(seconds=60)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]))
