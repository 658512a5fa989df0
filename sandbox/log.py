"""The last 500 Web API calls, deliveries and dropped events, with what was refused and why."""

from __future__ import annotations

from collections import deque

from sandbox.clock import Clock
from sandbox.event_bus import EventBus, Logged
from sandbox.store import Json

KEPT = 500


class Log:
    def __init__(self, *, clock: Clock, bus: EventBus) -> None:
        self._clock = clock
        self._bus = bus
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._count = 0

    def write(
        self, kind: str, name: str, *, started: float, who: str = "", error: str | None = None, detail: str = ""
    ) -> None:
        """Note a `call`, a `delivery`, a `fault` or an event that was `dropped`; without `error` it went well.

        `started` is when it began, in elapsed seconds.
        """
        self._count += 1
        entry = {
            "n": self._count,
            "at": self._clock.now().isoformat(),
            "kind": kind,
            "name": name,
            "who": who,
            "ok": error is None,
            "error": error,
            "detail": detail,
            "ms": round((self._clock.elapsed() - started) * 1000, 1),
        }
        self._entries.append(entry)
        self._bus.announce(Logged(entry))

    def after(self, n: int) -> list[Json]:
        return [entry for entry in self._entries if entry["n"] > n]
