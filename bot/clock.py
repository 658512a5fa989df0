"""The clock at the edge: the only place where the bot learns what time it is."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import httpx
import structlog
from pydantic import AwareDatetime, BaseModel, ValidationError

from bot.http.fetching import machines_certificates

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
        return datetime.now(UTC)  # noqa: TID251 - this is the clock


class Reading(BaseModel):
    """What a clock to follow says of itself: `speed` is how many of its seconds pass in one of ours."""

    now: AwareDatetime
    playing: bool
    speed: float
    revision: int


class FollowingClock:
    """The demo's clock: the time of a workspace in which time can be moved.

    Between two readings it runs on by the machine's steady clock.
    """

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/clock"
        self._client = httpx.AsyncClient(verify=machines_certificates(), timeout=LONG_POLL_SECONDS)
        self._reading: Reading | None = None
        self._read_at = 0.0
        self._follower: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """This moment in the followed workspace, in UTC."""
        if self._reading is None:
            raise RuntimeError("the clock to follow was not started")
        passed = time.monotonic() - self._read_at if self._reading.playing else 0.0
        return self._reading.now.astimezone(UTC) + timedelta(seconds=passed * self._reading.speed)

    async def start(self, on_jump: Callable[[], None]) -> None:
        """Read the clock once and follow it from then on; `on_jump` is called whenever time was moved forward."""
        self._take(await self._ask())
        self._follower = asyncio.create_task(self._follow(on_jump))

    async def stop(self) -> None:
        """Stop following."""
        if self._follower is not None:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)
        await self._client.aclose()

    async def _follow(self, on_jump: Callable[[], None]) -> None:
        while True:
            try:
                if self._has_jumped(await self._ask(after=self._reading)):
                    on_jump()
            except (httpx.HTTPError, ValidationError) as error:
                log.warning("the clock to follow does not answer", error=str(error))
                await asyncio.sleep(AFTER_A_FAILURE_SECONDS)

    async def _ask(self, after: Reading | None = None) -> Reading:
        answer = await self._client.get(self._url, params={"after": after.revision} if after else None)
        return Reading.model_validate_json(answer.raise_for_status().content)

    def _has_jumped(self, reading: Reading) -> bool:
        expected = self.now()
        self._take(reading)
        return reading.now - expected > A_JUMP

    def _take(self, reading: Reading) -> None:
        self._reading, self._read_at = reading, time.monotonic()
