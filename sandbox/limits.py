"""Rate limits (Slack reference: "Rate limits"): buckets of calls, refilled in real time, and an hour's events."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pace:
    """So many calls at once, and so many seconds until the next one is earned."""

    burst: float
    seconds_each: float


# Slack grants "so many per minute, occasional bursts"; the bucket starts full.
PACES: Mapping[str, Pace] = {
    "tier1": Pace(1, 60.0),
    "tier2": Pace(20, 60 / 20),
    "tier3": Pace(50, 60 / 50),
    "tier4": Pace(100, 60 / 100),
    "posting": Pace(5, 1.0),  # chat.postMessage: one a second in each channel, short bursts pass
    "workspace_posting": Pace(300, 60 / 300),  # and "several hundred" a minute in the whole workspace
    "unlimited": Pace(math.inf, 0.0),
}
EVENTS_AN_HOUR = 30_000
_NOTHING = 1e-6  # seconds: who waited as told must not fail by a rounding


@dataclass
class _Bucket:
    burst: float
    seconds_each: float
    level: float
    at: float

    def wait(self, now: float) -> float:
        """The seconds until there is a call to take; 0 if there is one."""
        # Filled on looking and not by a timer: an idle sandbox does nothing.
        self.level = min(self.burst, self.level + (now - self.at) / self.seconds_each)
        self.at = now
        seconds = (1 - self.level) * self.seconds_each
        return seconds if seconds > _NOTHING else 0.0


@dataclass
class _Hour:
    """The events of the last sixty minutes, counted by minute; `told` is the minute of the last app_rate_limited."""

    minutes: Counter[int] = field(default_factory=Counter)
    told: int | None = None

    def count(self, minute: int) -> int:
        for old in [one for one in self.minutes if one <= minute - 60]:
            del self.minutes[old]
        return self.minutes.total()


class Limits:
    """What the app may do in a workspace. `factor` multiplies everything that is allowed; None switches it off."""

    def __init__(self, elapsed: Callable[[], float], factor: float | None = 1.0) -> None:
        self._elapsed = elapsed
        self._factor = factor
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait_seconds(self, pace: str, method: str, within: str = "") -> int:
        """Take one call; 0 if it may go on, else the whole seconds to wait (Slack's `Retry-After`).

        `within` is the channel that is posted to. A call that has to wait takes nothing.
        """
        if self._factor is None or pace == "unlimited":
            return 0
        buckets = [self._bucket(pace, self._factor, (method, within))]
        if pace == "posting":
            buckets.append(self._bucket("workspace_posting", self._factor, ("", "")))
        now = self._elapsed()
        seconds = max(bucket.wait(now) for bucket in buckets)
        if not seconds:
            for bucket in buckets:
                bucket.level -= 1
        return math.ceil(seconds)

    def _bucket(self, pace: str, factor: float, key: tuple[str, str]) -> _Bucket:
        burst = max(1.0, PACES[pace].burst * factor)  # with less no call would ever pass, however long one waits
        seconds_each = PACES[pace].seconds_each / factor
        return self._buckets.setdefault(key, _Bucket(burst, seconds_each, burst, self._elapsed()))


class EventLimits:
    """How many events the app is sent from each workspace in an hour; `factor` as with `Limits`."""

    def __init__(self, elapsed: Callable[[], float], factor: float | None = 1.0) -> None:
        self._elapsed = elapsed
        self._factor = factor
        self._hours: dict[str, _Hour] = {}

    def take(self, team_id: str) -> bool:
        """Take one of a workspace's events; False when there is none left in this hour."""
        if self._factor is None:
            return True
        hour, minute = self._hour(team_id), self._minute()
        if hour.count(minute) >= EVENTS_AN_HOUR * self._factor:
            return False
        hour.minutes[minute] += 1
        return True

    def tell(self, team_id: str) -> bool:
        """Whether the app is now to be told that its events are limited: once a minute."""
        hour, minute = self._hour(team_id), self._minute()
        due = hour.told != minute
        hour.told = minute
        return due

    def _hour(self, team_id: str) -> _Hour:
        return self._hours.setdefault(team_id, _Hour())

    def _minute(self) -> int:
        return int(self._elapsed() // 60)
