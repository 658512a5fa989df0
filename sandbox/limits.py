"""Rate limits (Slack reference: "Rate limits"): a bucket of calls per method, refilled in real time."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass


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
    "unlimited": Pace(math.inf, 0.0),
}


@dataclass
class _Bucket:
    level: float
    at: float


class Limits:
    """`factor` multiplies what is allowed; None switches the limits off."""

    def __init__(self, elapsed: Callable[[], float], factor: float | None = 1.0) -> None:
        self._elapsed = elapsed
        self._factor = factor
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def wait_seconds(self, pace: str, method: str, within: str = "") -> int:
        """Take one call; 0 if it may go on, else the whole seconds to wait (Slack's `Retry-After`)."""
        if self._factor is None or pace == "unlimited":
            return 0
        burst = PACES[pace].burst * self._factor
        seconds_each = PACES[pace].seconds_each / self._factor
        now = self._elapsed()
        # Filled on looking and not by a timer: an idle sandbox does nothing.
        bucket = self._buckets.setdefault((method, within), _Bucket(burst, now))
        bucket.level = min(burst, bucket.level + (now - bucket.at) / seconds_each)
        bucket.at = now
        if bucket.level >= 1:
            bucket.level -= 1
            return 0
        return math.ceil((1 - bucket.level) * seconds_each)
