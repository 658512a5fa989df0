"""When an event that failed is delivered again, kept over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.clock import Clock
from sandbox.store import Json, Store

# At once, after a minute, and after five more (Slack reference: "Events API", error handling).
RETRY_SECONDS = (0.0, 60.0, 300.0)


@dataclass(frozen=True)
class Attempt:
    """`number` 0 is the first delivery; `reason` says why the last one failed; `due` is in real Unix seconds."""

    number: int = 0
    reason: str = ""
    due: float = 0.0

    @property
    def is_allowed(self) -> bool:
        return self.number <= len(RETRY_SECONDS)


class Retries:
    """The next attempt of each event that has failed.

    `factor` scales the time between attempts. It is real time and goes on while the sandbox is stopped.
    """

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        factor: float = 1.0,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._shelf = store.shelf("attempt")
        self._clock = clock
        self._factor = factor
        self._sleep = sleep

    def next(self, key: str) -> Attempt:
        kept: Json = self._shelf.get(key, {})
        return Attempt(**kept)

    async def wait(self, attempt: Attempt) -> None:
        """Returns once it is due."""
        await self._sleep(max(0.0, attempt.due - self._now()))

    def failed(self, key: str, attempt: Attempt, reason: str) -> None:
        pause = RETRY_SECONDS[attempt.number] * self._factor if attempt.number < len(RETRY_SECONDS) else 0.0
        self._shelf[key] = {"number": attempt.number + 1, "reason": reason, "due": self._now() + pause}

    def forget(self, key: str) -> None:
        if key in self._shelf:
            del self._shelf[key]

    def _now(self) -> float:
        return self._clock.real().timestamp()
