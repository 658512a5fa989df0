"""A program that makes a pack and stands still at a step, to be killed there."""

import asyncio
from collections.abc import AsyncIterable

from storage.files.blobs import Blob
from tests.bot.kit import FakeGateway, do_errands
from tests.bot.standing_still import StoppingStore, services_of, stand_still
from tests.workflows.conftest import MONDAY

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


def main(database_url: str, store_url: str, step: str) -> None:
    """Make the pack that was promised until there."""
    services = services_of(database_url, Store.at(step, store_url), FakeGateway(), MONDAY)
    asyncio.run(do_errands(services))
