"""Events that Slack gave up delivering, so that its loss is told from the app's (Slack reference: "Events API")."""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.store import Json, Store

KEPT = 500
RATE_LIMITED = "rate_limited"


class Dropped:
    """The last 500 of them, kept over a restart."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._shelf = store.shelf("dropped")
        self._clock = clock

    def note(self, payload: Json, *, tries: int, reason: str) -> None:
        """Remember what was dropped after so many tries, and Slack's reason for the last of them."""
        n = self.count + 1
        self._shelf[str(n)] = {
            "n": n,
            "at": self._clock.now().isoformat(),
            "event_id": payload.get("event_id", ""),
            "team_id": payload["team_id"],
            "event": payload.get("event", {}),
            "tries": tries,
            "reason": reason,
        }
        self._shelf.pop(str(n - KEPT), None)

    @property
    def count(self) -> int:
        """How many were dropped altogether."""
        return int(next(reversed(list(self._shelf)), "0"))

    def after(self, n: int) -> list[Json]:
        return [entry for entry in self._shelf.values() if entry["n"] > n]
