"""The heartbeat: once a minute every planner looks at what is due, which is computed from rows and not remembered."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from opentelemetry import trace

from bot.clock import Clock
from bot.http.server import Meters
from storage.engine.database import Database
from workflows.deed import Deed, as_the_bot

log = structlog.get_logger(__name__)
tracer = trace.get_tracer(__name__)

HOUR_OF_HOUSEKEEPING = 2
"""In UTC."""

Tick = Callable[[Deed], None]
"""A planner: plans, as a deed of the bot, what is due at that moment. Called twice, it plans nothing twice."""


class Heartbeat:
    """Calls the planners for every workspace, each as its own unit of work, and then tells the dispatcher."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ticks: Sequence[Tick],
        looked: Callable[[datetime], None],
        meters: Meters,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ticks = ticks
        self._looked = looked
        self._meters = meters
        self._beating = asyncio.Lock()
        self._last: float | None = None
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._early: set[asyncio.Task[None]] = set()
        self._afterwards: Callable[[], Awaitable[None]] | None = None
        self._nightly: Callable[[], Awaitable[None]] | None = None
        self._night_ends = datetime.max.replace(tzinfo=UTC)

    @property
    def age(self) -> timedelta | None:
        """How long ago the planners last ran well, in real time; None before the first time.

        They ran well when any of them did: one that fails has its own figure, and must not take the rest from people.
        """
        return None if self._last is None else timedelta(seconds=time.monotonic() - self._last)

    async def start(
        self, nightly: Callable[[], Awaitable[None]], afterwards: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Beat once now, then every minute; the housekeeping of `nightly` is done when the clock passes 02:00 UTC.

        What `afterwards` does follows each beat, outside of any unit of work.
        """
        self._afterwards, self._nightly = afterwards, nightly
        self._night_ends = _next_night(self._clock.now())
        late_is_fine: dict[str, Any] = {"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        self._scheduler.add_job(self.beat, "interval", minutes=1, **late_is_fine)
        self._scheduler.add_job(self._keep_house, "interval", minutes=1, **late_is_fine)
        self._scheduler.start()
        await self.beat()

    async def stop(self) -> None:
        """No further beat; one that runs ends first."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await asyncio.gather(*self._early)
        async with self._beating:
            pass

    def beat_early(self) -> None:
        """The demo's clock jumped: what became due by that is due now, not in a minute."""
        for early in (self.beat(), self._keep_house()):
            task = asyncio.create_task(early)
            self._early.add(task)
            task.add_done_callback(self._early.discard)

    async def beat(self) -> None:
        """Call every planner once. One that fails is logged and holds up none of the others."""
        async with self._beating:
            at = self._clock.now()
            known = await asyncio.to_thread(self._database.workspaces)
            if all([await self._beat_in(workspace.id, at) for workspace in known]):
                self._last = time.monotonic()
            await self._follow_up()
        self._looked(at)

    async def _keep_house(self) -> None:
        """By the clock of the bot, so that the nights of the demo pass when its time is moved."""
        now = self._clock.now()
        if self._nightly is not None and now >= self._night_ends:
            self._night_ends = _next_night(now)
            await _succeeds(self._nightly(), "what is done at night failed")

    async def _follow_up(self) -> None:
        if self._afterwards is not None:
            await _succeeds(self._afterwards(), "what follows a beat failed")

    async def _beat_in(self, workspace_id: str, at: datetime) -> bool:
        # One after another, as their order counts.
        went_well = not self._ticks
        for tick in self._ticks:
            planner = f"{tick.__module__}.{tick.__name__}"
            with tracer.start_as_current_span(planner):
                planning = self._database.run(workspace_id, as_the_bot(tick, at))
                done = await _succeeds(planning, "a planner failed", planner=planner)
            self._meters.tick("done" if done else "failed")
            went_well |= done
        return went_well


def _next_night(now: datetime) -> datetime:
    night = now.replace(hour=HOUR_OF_HOUSEKEEPING, minute=0, second=0, microsecond=0)
    return night if now < night else night + timedelta(days=1)


async def _succeeds(deed: Awaitable[None], failed: str, **about: str) -> bool:
    """Whether a deed came to its end. What goes wrong in it is logged, as `failed` with what it was about."""
    try:
        await deed
    except Exception:  # whatever it was: the heart goes on beating, for the other planners and in a minute again
        log.exception(failed, **about)
        return False
    return True
