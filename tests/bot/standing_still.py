"""A bot in a process of its own that stops at a step, to be killed there: what such programs share."""

import asyncio
from datetime import datetime
from typing import Any

from bot import rooms
from bot.errands import Errands
from bot.services import Services
from bot.settings import Settings
from bot.slack.gateway import Gateway
from storage.engine.database import Database
from storage.files.blobs import BlobStore
from tests.bot.conftest import TOKENS
from tests.bot.killing import say_so
from tests.bot.kit import NOON, StoppedClock


async def stand_still() -> None:
    """Say so, and wait to be killed."""
    say_so()
    await asyncio.Event().wait()


class StoppingStore(BlobStore):
    """A store that stands still at the step `stop`."""

    stop = ""

    @classmethod
    def at(cls, step: str, store_url: str) -> "StoppingStore":
        """Such a store."""
        store = cls.open(store_url)
        assert isinstance(store, cls)
        store.stop = step
        return store


def services_of(database_url: str, blobs: BlobStore, gateway: Gateway, at: datetime = NOON) -> Services:
    """The bot, without anybody who looks at it."""
    values: dict[str, Any] = dict(TOKENS)
    return Services(
        settings=Settings(**values),
        database=Database.open(database_url),
        blobs=blobs,
        gateway=gateway,
        clock=StoppedClock(at),
        wake=lambda: None,
        show_home=_no_home,
        do_errands=Errands(rooms.ERRANDS).take_up,
    )


async def _no_home(_services: Services, _workspace_id: str, _person_id: str) -> None:
    """Nobody looks."""
