"""Sandbox time, which people may pause, speed up and move forward, and real elapsed time, which they may not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sandbox.event_bus import ClockMoved, EventBus
from sandbox.refusal import Refusal
from sandbox.store import Json, Shelf

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KEY = "clock"
BEAT_SECONDS = 1.0
FASTEST = 100_000.0  # about a day each second
LAST = datetime(2100, 1, 1, tzinfo=UTC)  # message stamps sort as text for as long as they have ten digits


def wall_clock() -> datetime:
    """The real moment, aware UTC."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock


class Clock:
    """The one place that reads the machine's time.

    `now` is sandbox time; `elapsed` is real seconds, for what a moved clock must not expire (triggers, response URLs,
    rate limits); `real` is the real moment, for signatures.
    """

    def __init__(
        self,
        *,
        shelf: Shelf,
        bus: EventBus,
        start: datetime,
        elapsed: Callable[[], float] = time.monotonic,
        real: Callable[[], datetime] = wall_clock,
    ) -> None:
        self._shelf = shelf
        self._bus = bus
        self.elapsed = elapsed
        self.real = real
        saved = shelf.get(_KEY)
        self._reading = datetime.fromisoformat(saved["now"]) if saved else start.astimezone(UTC)
        self._read_at = elapsed()
        self._playing: bool = saved["playing"] if saved else True
        self._speed: float = saved["speed"] if saved else 1.0
        self._revision: int = saved["revision"] if saved else 1
        self._last_stamp: int = saved["stamp"] if saved else 0
        self._moved = asyncio.Event()
        self.beat()

    def now(self) -> datetime:
        """Sandbox time, aware UTC."""
        return self._reading + timedelta(seconds=self._run())

    def stamp(self) -> str:
        """A message timestamp ("1763806500.000123"): sandbox time, strictly increasing, also across restarts."""
        self._last_stamp = max((self.now() - _EPOCH) // _MICROSECOND, self._last_stamp + 1)
        self.beat()  # a stamp that a killed process forgot would be given twice
        return f"{self._last_stamp // 1_000_000}.{self._last_stamp % 1_000_000:06d}"

    def seconds(self) -> int:
        """Sandbox time as Unix seconds."""
        return int(self.now().timestamp())

    def state(self) -> Json:
        return {
            "now": self.now().isoformat(),
            "playing": self._playing,
            "speed": self._speed,
            "revision": self._revision,
        }

    def advance(self, seconds: float) -> None:
        if not 0 <= seconds <= (LAST - self.now()).total_seconds():
            raise Refusal("invalid_clock", f"The clock moves forward, up to the year {LAST.year}.")
        self.go_to(self.now() + timedelta(seconds=seconds))

    def go_to(self, at: datetime) -> None:
        """Move the clock. Refuses: clock_goes_forward_only, invalid_clock (beyond all calendars)."""
        if at > LAST:
            raise Refusal("invalid_clock", f"The clock moves forward, up to the year {LAST.year}.")
        if at < self.now():
            raise Refusal("clock_goes_forward_only", "The clock only moves forward; messages are already dated.")
        self._set(at.astimezone(UTC))

    def play(self, playing: bool, speed: float | None = None) -> None:
        if speed is not None and not 0 < speed <= FASTEST:
            raise Refusal("invalid_speed", f"The speed is a number up to {FASTEST}; pause the clock to stop it.")
        self._set(self.now(), playing=playing, speed=speed)

    async def changed(self, after: int, wait_seconds: float) -> None:
        """Returns once the revision differs from `after`, or when the wait is over."""
        if self._revision == after:
            try:
                await asyncio.wait_for(self._moved.wait(), wait_seconds)
            except TimeoutError:
                return

    def beat(self) -> None:
        """Save the reading of the next beat: after a kill the clock resumes there and so never goes back."""
        self._save(ahead=BEAT_SECONDS)

    def close(self) -> None:
        """Save the exact reading and let go of whoever waits."""
        self._save(ahead=0)
        self._moved.set()

    def _run(self, ahead: float = 0) -> float:
        return (self.elapsed() - self._read_at + ahead) * self._speed if self._playing else 0.0

    def _set(self, at: datetime, *, playing: bool | None = None, speed: float | None = None) -> None:
        self._reading, self._read_at = at, self.elapsed()
        self._playing = self._playing if playing is None else playing
        self._speed = speed or self._speed
        self._revision += 1
        self.beat()
        self._moved.set()
        self._moved = asyncio.Event()  # a new one, so that whoever asks from now on waits for the next move
        self._bus.announce(ClockMoved(self.state()))

    def _save(self, ahead: float) -> None:
        self._shelf[_KEY] = {
            "now": (self._reading + timedelta(seconds=self._run(ahead))).isoformat(),
            "playing": self._playing,
            "speed": self._speed,
            "revision": self._revision,
            "stamp": self._last_stamp,
        }
