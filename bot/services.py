"""The house: what the composition root wires once and every handler receives. Nothing in it is global."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import structlog

from bot.clock import Clock
from bot.files.reader import Reader
from bot.http.fetching import Fetcher
from bot.settings import Settings
from bot.slack.errors import RateLimited, SlackError
from bot.slack.gateway import Gateway
from storage.engine.database import Database
from storage.files.blobs import BlobStore
from workflows.machines.probes import Probe

log = structlog.get_logger(__name__)

ShowHome = Callable[["Services", str, str], Awaitable[None]]
TakeUp = Callable[["Services", str], Awaitable[None]]


async def nothing_promised(_services: "Services", _workspace_id: str) -> None:
    """For a house that does no errands."""


class Background:
    """Work that goes on after Slack was answered. It is waited for when the bot stops, and its failures are logged."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], *, about: str) -> None:
        """Begin `work` beside everything else; `about` names it in the log if it fails."""
        task = asyncio.create_task(work, name=about)
        self._running.add(task)
        task.add_done_callback(self._ended)

    async def finish(self, *, seconds: float) -> None:
        """Wait for what runs; what takes longer is cancelled."""
        ends = asyncio.get_running_loop().time() + seconds
        while self._running:  # what ends may have begun something
            await asyncio.wait(tuple(self._running), timeout=max(0.0, ends - asyncio.get_running_loop().time()))
            if asyncio.get_running_loop().time() >= ends:
                break
        late = tuple(self._running)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("background work failed", about=task.get_name(), exc_info=error)


class Redraws:
    """One drawing of somebody's Home at a time: all that ask for it while one goes on are served by the next.

    So the last drawing shows the last state, and a crowd of changes costs two drawings. One for which Slack wants us to
    slow down is made up for.
    """

    def __init__(self) -> None:
        self._asked: dict[tuple[str, str], bool] = {}

    async def draw(self, whose: tuple[str, str], drawing: Callable[[], Awaitable[None]]) -> None:
        """Draw, unless a drawing goes on that will be followed by another one. Raises `SlackError`."""
        is_going_on = whose in self._asked
        self._asked[whose] = True
        if is_going_on:
            return
        try:
            while self._asked[whose]:
                self._asked[whose] = False
                await self._draw_once(whose, drawing)
        finally:
            del self._asked[whose]

    async def _draw_once(self, whose: tuple[str, str], drawing: Callable[[], Awaitable[None]]) -> None:
        try:
            await drawing()
        except RateLimited as slower:
            await asyncio.sleep(slower.retry_after)
            self._asked[whose] = True
        except SlackError:
            if not self._asked[whose]:
                raise


@dataclass(frozen=True)
class Services:
    """Everything a handler may need. `wake` tells the dispatcher that something may be due."""

    settings: Settings
    database: Database
    blobs: BlobStore
    gateway: Gateway
    clock: Clock
    wake: Callable[[], None]
    show_home: ShowHome
    do_errands: TakeUp = nothing_promised
    probes: Sequence[Probe] = ()
    fetcher: Fetcher = field(default_factory=Fetcher)
    reader: Reader = field(default_factory=Reader)
    background: Background = field(default_factory=Background)
    redraws: Redraws = field(default_factory=Redraws)

    async def publish_home(self, workspace_id: str, person_id: str) -> None:
        """Draw somebody's App Home anew from what is stored now."""
        draw = partial(self.show_home, self, workspace_id, person_id)
        await self.redraws.draw((workspace_id, person_id), draw)

    async def take_up(self, workspace_id: str) -> None:
        """Begin, beside everything else, what was promised in a workspace and is due."""
        await self.do_errands(self, workspace_id)

    def later(self, work: Coroutine[Any, Any, None], *, about: str) -> None:
        """Do something after Slack was answered. What must not be lost is an errand instead (`bot/errands.py`)."""
        self.background.start(work, about=about)
