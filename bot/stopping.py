"""Stopping within one budget of time: what is not done when it is over is a row, and taken up at the next start."""

import asyncio
import time
from collections.abc import Awaitable

import structlog

log = structlog.get_logger(__name__)


class Budget:
    """So many seconds for everything that is done on the way out."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """How many seconds are left; zero once they are spent."""
        return max(0.0, self._ends - time.monotonic())

    async def spend(self, work: Awaitable[object], *, about: str) -> None:
        """Wait for work as long as there is time, and let go of it then; `about` names it in the log."""
        try:
            await asyncio.wait_for(work, self.left)
        except TimeoutError:
            log.warning("there was no time to finish this; it is taken up at the next start", about=about)
