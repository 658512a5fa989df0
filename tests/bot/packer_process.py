"""A process of its own that makes a pack and stops at a step, to be killed there.

    python -m tests.bot.packer_process <database url> <store url> <step>

It says `here` once it stands at the step.
"""

import asyncio
import sys
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


async def main(database_url: str, store_url: str, step: str) -> None:
    services = services_of(database_url, Store.at(step, store_url), FakeGateway(), MONDAY)
    await do_errands(services)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
