"""A program that takes one file in and stands still at a step, to be killed there."""

import asyncio
from collections.abc import AsyncIterable

from storage.files.blobs import Blob
from tests.bot.kit import do_errands
from tests.bot.sending import FILE, Sending, chunks_of
from tests.bot.standing_still import StoppingStore, services_of, stand_still

STEPS = ("announced", "half way", "received", "named", "stored", "kept")
"""In the order in which an upload goes through them."""


class Store(StoppingStore):
    """Stands still before or after the bytes get their name, or once they have it for good."""

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


def main(database_url: str, store_url: str, step: str) -> None:
    """Do what was promised until there."""
    asyncio.run(_collect(database_url, store_url, step))


async def _collect(database_url: str, store_url: str, step: str) -> None:
    sending = Sending(chunks_of(FILE, stand_still if step == "half way" else None), len(FILE))
    services = services_of(database_url, Store.at(step, store_url), sending)
    await do_errands(services)
    await stand_still()
