"""The port for machines: health, readiness, figures, calendars, and in HTTP mode the requests of Slack."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

from messages.packs import cards as pack_cards

OLDEST_TICK = timedelta(minutes=3)
LONGEST_LAG = timedelta(minutes=10)


ReadFeed = Callable[[str], Awaitable[bytes | None]]
"""The calendar of a secret, or None where there is none."""


@dataclass(frozen=True)
class Fetched:
    """A file on its way to whoever has its address."""

    name: str
    size: int
    chunks: AsyncIterator[bytes]


FetchPack = Callable[[str], Awaitable[Fetched | None]]
"""The audit pack of a secret, or None where there is none."""

TakeEvidence = Callable[[web.Request], Awaitable[web.StreamResponse]]
"""What answers a machine that brings evidence."""

EVIDENCE_PATH = r"/evidence/{key:[0-9a-f]{1,32}}"


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

    def lag(self, lag: timedelta) -> None:
        """For how long the oldest due message has been waiting."""
        self._lag.set(lag.total_seconds())


@dataclass(frozen=True)
class Condition:
    """How the bot is: whether Slack is connected, how long ago the planners ran, how late the outbox is.

    The age of the last tick is in real time, also where the demo's clock stands still or runs fast.
    """

    connected: bool
    tick_age: timedelta | None
    outbox_lag: timedelta

    def complaints(self) -> list[str]:
        """What is wrong, as sentences; empty when the bot is ready."""
        found = []
        if not self.connected:
            found.append("There is no connection to Slack.")
        if self.tick_age is None or self.tick_age > OLDEST_TICK:
            found.append("The planners have not run for more than three minutes.")
        if self.outbox_lag > LONGEST_LAG:
            found.append(f"The oldest message has been due for {self.outbox_lag.total_seconds():.0f} seconds.")
        return found


def application(
    condition: Callable[[], Awaitable[Condition]],
    meters: Meters,
    slack: AsyncApp | None = None,
    read_feed: ReadFeed | None = None,
    fetch_pack: FetchPack | None = None,
    take_evidence: TakeEvidence | None = None,
) -> web.Application:
    """The pages of the port; with `slack` also its requests, whose signature Bolt checks."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        found = await condition()
        complaints = found.complaints()
        said = {
            "ready": not complaints,
            "reasons": complaints,
            "connected": found.connected,
            "tick_age_seconds": None if found.tick_age is None else found.tick_age.total_seconds(),
            "outbox_lag_seconds": found.outbox_lag.total_seconds(),
        }
        return web.json_response(said, status=503 if complaints else 200)

    async def metrics(_request: web.Request) -> web.Response:
        meters.lag((await condition()).outbox_lag)
        return web.Response(body=generate_latest(meters.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    pages = web.Application()
    pages.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    if read_feed is not None:
        pages.add_routes([web.get(r"/calendar/{secret:[0-9a-f]{1,128}}.ics", _calendar(read_feed))])
    if fetch_pack is not None:
        # No HEAD: what looks whether there is something must not stand on the trail as a fetching.
        pages.add_routes([web.get(r"/packs/{secret:[0-9a-f]{1,128}}.zip", _pack(fetch_pack), allow_head=False)])
    if take_evidence is not None:
        pages.add_routes([web.post(EVIDENCE_PATH, take_evidence)])
    if slack is not None:
        pages.add_routes([web.post("/slack/events", _slack_events(slack))])
    return pages


def _calendar(read_feed: ReadFeed) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def calendar(request: web.Request) -> web.Response:
        body = await read_feed(request.match_info["secret"])
        if body is None:
            raise web.HTTPNotFound
        tag = hashlib.sha256(body).hexdigest()
        headers = {"ETag": f'"{tag}"', "Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}
        if tag in {each.value for each in request.if_none_match or ()}:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, headers=headers, content_type="text/calendar", charset="utf-8")

    return calendar


def _pack(fetch_pack: FetchPack) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def pack(request: web.Request) -> web.StreamResponse:
        found = await fetch_pack(request.match_info["secret"])
        if found is None:
            raise web.HTTPNotFound(text=pack_cards.leads_nowhere())
        headers = {
            "Content-Type": "application/zip",
            "Content-Disposition": f'attachment; filename="{found.name}"',
            "Cache-Control": "private, no-store",
            "X-Robots-Tag": "noindex",
        }
        answer = web.StreamResponse(headers=headers)
        answer.content_length = found.size
        await answer.prepare(request)
        async for chunk in found.chunks:
            await answer.write(chunk)
        await answer.write_eof()
        return answer

    return pack


def _slack_events(slack: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await slack.async_dispatch(await to_bolt_request(request)))

    return events
