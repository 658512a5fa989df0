"""The clock at the edge: the machine's own, and one that somebody may move."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.clock import FollowingClock, WallClock
from tests.bot.kit import NOON


class MovableClock:
    """A workspace's clock over HTTP: a long poll that answers when it was moved."""

    def __init__(self) -> None:
        self.reading: dict[str, Any] = {"now": NOON.isoformat(), "playing": False, "speed": 1.0, "revision": 1}
        self.url = ""
        self._moved = asyncio.Condition()

    async def move(self, **changes: Any) -> None:
        async with self._moved:
            self.reading = {**self.reading, **changes, "revision": self.reading["revision"] + 1}
            self._moved.notify_all()

    async def get(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "-1"))
        async with self._moved:
            await self._moved.wait_for(lambda: self.reading["revision"] != after)
        return web.json_response(self.reading)


@pytest.fixture
async def movable() -> AsyncIterator[MovableClock]:
    clock, pages = MovableClock(), web.Application()
    pages.add_routes([web.get("/clock", clock.get)])
    runner = web.AppRunner(pages, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    clock.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield clock
    await runner.cleanup()


def test_the_wall_clock_knows_its_zone() -> None:
    now = WallClock().now()
    assert now.tzinfo is UTC
    assert abs(datetime.now(UTC) - now) < timedelta(seconds=5)  # noqa: TID251 - what the machine says


async def test_a_followed_clock_jumps_with_the_one_it_follows(movable: MovableClock) -> None:
    clock, jumped = FollowingClock(movable.url), asyncio.Event()
    await clock.start(jumped.set)
    assert clock.now() == NOON
    await movable.move(now=(NOON + timedelta(days=3)).isoformat())
    await asyncio.wait_for(jumped.wait(), 5)
    assert clock.now() == NOON + timedelta(days=3)
    await clock.stop()


async def test_playing_is_no_jump(movable: MovableClock) -> None:
    clock, jumped = FollowingClock(movable.url), asyncio.Event()
    await clock.start(jumped.set)
    await movable.move(playing=True, speed=3600.0)
    async with asyncio.timeout(5):
        while clock.now() < NOON + timedelta(seconds=30):  # noqa: ASYNC110 - time passes by itself
            await asyncio.sleep(0)
    assert not jumped.is_set()
    await clock.stop()


def test_a_clock_that_was_not_started_tells_no_time() -> None:
    with pytest.raises(RuntimeError, match="not started"):
        FollowingClock("http://127.0.0.1:1/").now()
