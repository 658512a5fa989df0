"""Pressing buttons and counting the time."""

import asyncio
import gc
import math
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from benchmarks.slack import Line

LONGEST_ROUND = 60
"""Seconds after which a round is given up."""


@dataclass
class Figures:
    """What the presses of some rounds took."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Presses acknowledged in a second."""
        return len(self.latencies) / self.seconds

    @property
    def each(self) -> float:
        """Milliseconds of the whole round for each press."""
        return 1000 / self.per_second

    def percentile(self, percent: int) -> float:
        """Milliseconds within which so many percent of the presses were acknowledged."""
        ranked = sorted(self.latencies)
        return 1000 * ranked[math.ceil(len(ranked) * percent / 100) - 1]


async def press_all(line: Line, payloads: Iterable[str], outstanding: int, figures: Figures) -> None:
    """Deliver every payload, never more than `outstanding` at a time, and add what it took to the figures."""
    left = iter(payloads)
    gc.collect()
    gc.freeze()  # so that the pauses that are seen are the app's own

    async def person() -> None:
        for payload in left:
            began = time.perf_counter()
            await line.press(payload)
            figures.latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    async with asyncio.timeout(LONGEST_ROUND), asyncio.TaskGroup() as people:
        for _ in range(outstanding):
            people.create_task(person())
    figures.seconds += time.perf_counter() - began
