"""Health, readiness and figures over HTTP, and what they are made of."""

import math
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

OLDEST_TICK = timedelta(minutes=3)
LONGEST_LAG = timedelta(minutes=10)


class Meters:
    """The figures for Prometheus. They are counted here and nowhere global, so that two bots in a test keep apart."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._interactions = Counter(
            "deskaudit_interactions", "Payloads from Slack", ["kind", "outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "deskaudit_interaction_seconds",
            "From a payload's arrival to its acknowledgement",
            ["kind"],
            buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3),
            registry=self.registry,
        )
        self._deliveries = Counter(
            "deskaudit_deliveries", "Attempts to send", ["kind", "outcome"], registry=self.registry
        )
        self._ticks = Counter("deskaudit_ticks", "Ticks of the planners", ["outcome"], registry=self.registry)
        self._lag = Gauge("deskaudit_outbox_lag_seconds", "Age of the oldest due message", registry=self.registry)
        self._ready = Gauge("deskaudit_ready", "What /readyz answered last", registry=self.registry)
        self._ready.set(math.nan)  # nobody has asked yet
        self._ready_age = Gauge("deskaudit_ready_age_seconds", "How long ago that was", registry=self.registry)
        self._ready_age.set(math.nan)

    def interaction(self, kind: str, outcome: str, seconds: float) -> None:
        """A payload was answered."""
        self._interactions.labels(kind, outcome).inc()
        self._seconds.labels(kind).observe(seconds)

    def delivery(self, kind: str, outcome: str) -> None:
        """An attempt to send ended."""
        self._deliveries.labels(kind, outcome).inc()

    def tick(self, outcome: str) -> None:
        """A planner ended."""
        self._ticks.labels(outcome).inc()

    def lag(self, lag: timedelta | None) -> None:
        """For how long the oldest due message has been waiting; None: nobody can say."""
        self._lag.set(math.nan if lag is None else lag.total_seconds())

    def ready(self, *, is_ready: bool) -> None:
        """Whether the bot can work was looked at just now."""
        looked = time.monotonic()
        self._ready.set(is_ready)
        self._ready_age.set_function(lambda: time.monotonic() - looked)


@dataclass(frozen=True)
class Condition:
    """How the bot is: whether Slack is connected, how long ago the planners ran well, how late the outbox is.

    The age of the last tick is in real time, also where the demo's clock stands still or runs fast; that of the last
    message that arrived in Slack is by the bot's clock, and None before the first. `faults` are sentences of what else
    stands in the way.
    """

    connected: bool
    tick_age: timedelta | None
    outbox_lag: timedelta
    send_age: timedelta | None = None
    faults: Sequence[str] = ()

    def complaints(self) -> list[str]:
        """What is wrong, as sentences; empty when the bot is ready."""
        found = []
        if not self.connected:
            found.append("There is no connection to Slack.")
        if self.tick_age is None or self.tick_age > OLDEST_TICK:
            found.append("The planners have not run well for more than three minutes.")
        if self.outbox_lag > LONGEST_LAG:
            found.append(f"The oldest message has been due for {self.outbox_lag.total_seconds():.0f} seconds.")
        return [*found, *self.faults]


def health(
    condition: Callable[[], Awaitable[Condition]], lag: Callable[[], Awaitable[timedelta | None]], meters: Meters
) -> list[web.RouteDef]:
    """The addresses for whoever watches over the bot: alive, ready or why not, and the figures.

    Only whoever asks whether it is ready has something written to find out; the figures say what was answered last.
    """

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        found = await condition()
        complaints = found.complaints()
        meters.ready(is_ready=not complaints)
        said = {
            "ready": not complaints,
            "reasons": complaints,
            "connected": found.connected,
            "tick_age_seconds": None if found.tick_age is None else found.tick_age.total_seconds(),
            "outbox_lag_seconds": found.outbox_lag.total_seconds(),
            "send_age_seconds": None if found.send_age is None else found.send_age.total_seconds(),
        }
        return web.json_response(said, status=503 if complaints else 200)

    async def metrics(_request: web.Request) -> web.Response:
        meters.lag(await lag())
        return web.Response(body=generate_latest(meters.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)]
