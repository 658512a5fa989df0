"""The clock at the edge: the only place where the bot learns what time it is."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx
import structlog
from pydantic import AwareDatetime, BaseModel

log = structlog.get_logger(__name__)

A_JUMP = timedelta(seconds=2)
"""A followed clock that is this much later than it should be was moved by somebody."""

LONG_POLL_SECONDS = 40
AFTER_A_FAILURE_SECONDS = 1.0


class Clock(Protocol):
    """Tells the time, as an aware moment in UTC."""

    def now(self) -> datetime: ...


class WallClock:
    """The time of the machine."""

    def now(self) -> datetime:
        """This moment in UTC."""
        return datetime.now(UTC)


class Reading(BaseModel):
    """What a clock to follow says of itself: `speed` is how many of its seconds pass in one of ours."""

    now: AwareDatetime
    playing: bool
    speed: float
    revision: int


class FollowingClock:
    """The demo's clock: the time of a workspace in which time can be moved.

    Between two readings it runs on by the machine's steady clock. `on_jump` is called when time was moved forward.
    """

    def __init__(self, url: str, on_jump: Callable[[], None]) -> None:
        self._url = f"{url.rstrip('/')}/clock"
        self._on_jump = on_jump
        self._reading: Reading | None = None
        self._read_at = 0.0
        self._follower: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """This moment in the followed workspace, in UTC."""
        if self._reading is None:
            raise RuntimeError("the clock to follow was not started")
        passed = time.monotonic() - self._read_at if self._reading.playing else 0.0
        return self._reading.now.astimezone(UTC) + timedelta(seconds=passed * self._reading.speed)

    async def start(self) -> None:
        """Read the clock once and follow it from then on."""
        client = httpx.AsyncClient(timeout=LONG_POLL_SECONDS)
        self._take(await self._ask(client))
        self._follower = asyncio.create_task(self._follow(client))

    async def stop(self) -> None:
        """Stop following."""
        if self._follower is not None:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)

    async def _follow(self, client: httpx.AsyncClient) -> None:
        async with client:
            while True:
                try:
                    self._notice(await self._ask(client, after=self._reading))
                except httpx.HTTPError as error:
                    log.warning("the clock to follow does not answer", error=str(error))
                    await asyncio.sleep(AFTER_A_FAILURE_SECONDS)

    async def _ask(self, client: httpx.AsyncClient, after: Reading | None = None) -> Reading:
        answer = await client.get(self._url, params={"after": after.revision} if after else None)
        return Reading.model_validate_json(answer.raise_for_status().content)

    def _notice(self, reading: Reading) -> None:
        expected = self.now()
        self._take(reading)
        if reading.now - expected > A_JUMP:
            self._on_jump()

    def _take(self, reading: Reading) -> None:
        self._reading, self._read_at = reading, time.monotonic()
