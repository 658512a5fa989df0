"""Whether the bot could do its work at this moment: a row is written, and a file is written and read.

A disk that is full or read-only lets everything be read, so nothing less than writing tells.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from sqlalchemy.exc import SQLAlchemyError

from storage.engine.errors import StorageError, StoreUnavailable
from storage.files import probe
from storage.files.blobs import BlobStore

SECONDS_FOR_AN_ANSWER = 3.0
STORE_IS_ASKED_EVERY = 60.0
"""Seconds. In a bucket each look costs a few requests, and probes come from everywhere."""

T = TypeVar("T")


@dataclass(frozen=True)
class Sending:
    """How late the oldest due message is, and how long ago the last one arrived in Slack, if any did."""

    lag: timedelta = timedelta(0)
    age: timedelta | None = None


@dataclass(frozen=True)
class Looked:
    """How sending goes, as far as the database said so, and what stands in the way, in sentences."""

    sending: Sending
    faults: Sequence[str]


class Readiness:
    """Looks whether the bot can work. `write` writes what leaves nothing behind, and reads."""

    def __init__(self, write: Callable[[], Awaitable[Sending]], blobs: BlobStore) -> None:
        self._write = write
        self._blobs = blobs
        self._store_said: list[str] = []
        self._store_asked: float | None = None
        self._asking = asyncio.Lock()

    async def look(self) -> Looked:
        """Look now; at the store if it was not looked at in the last minute, or was found wanting."""
        sending, faults = await tried(self._write(), "The database takes no row")
        return Looked(sending or Sending(), faults + await self._faults_of_store())

    async def _faults_of_store(self) -> list[str]:
        async with self._asking:
            asked, now = self._store_asked, time.monotonic()
            if self._store_said or asked is None or now - asked > STORE_IS_ASKED_EVERY:
                _, self._store_said = await tried(self._try_store(), "The store does not take a file and give it back")
                self._store_asked = now
            return self._store_said

    async def _try_store(self) -> None:
        if not await probe.works(self._blobs):
            raise StoreUnavailable("it came back different")


async def tried(work: Awaitable[T], sentence: str = "") -> tuple[T | None, list[str]]:
    """What a piece of work gives, or None and why not, within the time for an answer."""
    try:
        return await asyncio.wait_for(work, SECONDS_FOR_AN_ANSWER), []
    except TimeoutError:
        return None, [f"{sentence}: there is no answer within {SECONDS_FOR_AN_ANSWER:g} seconds."]
    except (StorageError, SQLAlchemyError, OSError) as error:
        return None, [f"{sentence}: {(str(error).splitlines() or [type(error).__name__])[0]}"]
