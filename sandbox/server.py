"""The sandbox as one process on one port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.authorizations import Authorizations
from sandbox.clock import BEAT_SECONDS, Clock
from sandbox.company import Company
from sandbox.delivery.courier import ACK_SECONDS, Courier
from sandbox.delivery.deliveries import Deliveries
from sandbox.delivery.dropped import Dropped
from sandbox.delivery.events import Events
from sandbox.delivery.faulty import FaultyCourier
from sandbox.delivery.retries import Retries
from sandbox.delivery.signed_http import SignedHttp
from sandbox.delivery.sockets import Sockets
from sandbox.event_bus import EventBus
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.installation import Installation
from sandbox.limits import EventLimits, Limits
from sandbox.live import Live
from sandbox.log import Log
from sandbox.manifest import Manifest
from sandbox.messages import Messages
from sandbox.present import Presenter
from sandbox.routes.answers import answered
from sandbox.routes.avatars import avatar
from sandbox.routes.desk import Desk
from sandbox.routes.faults import FaultRoutes
from sandbox.routes.faulty import faulty_call, faulty_download
from sandbox.routes.files import FileRoutes
from sandbox.routes.hands import hands_routes
from sandbox.routes.install import install_routes
from sandbox.routes.response import respond
from sandbox.routes.web_api import BODY_LIMIT, WebApi
from sandbox.scheduled import Scheduled
from sandbox.store import Store
from sandbox.tokens import Tokens
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace
from sandbox.world import World
from sandbox.worlds import Worlds


@dataclass(frozen=True)
class Tempo:
    """How fast and how patient Slack is here; see `Sandbox`."""

    rate_factor: float | None
    ack_seconds: float
    retry_factor: float


class Sandbox:
    """A workspace for each company under `folder`: what people saw there is there again after a restart, or a kill.

    `start` is the first moment of sandbox time in a new folder. `rate_factor` scales all of Slack's rate
    limits (calls, posts, events) alike, None switches them off. `ack_seconds` is how long the app may take to
    acknowledge (Slack: 3), `retry_factor` scales the time between the redeliveries of an event.
    """

    def __init__(
        self,
        *,
        folder: Path,
        manifest: Mapping[str, Any],
        companies: Sequence[Company],
        start: datetime,
        rate_factor: float | None = 1.0,
        ack_seconds: float = ACK_SECONDS,
        retry_factor: float = 1.0,
    ) -> None:
        self.url = ""
        self._store = Store.open(folder / "workspace.sqlite")
        self._runner: web.AppRunner | None = None
        self._beating: asyncio.Task[None] | None = None
        self._stopped = False
        tempo = Tempo(rate_factor, ack_seconds, retry_factor)
        common = _common(folder, self._store, Manifest(manifest), start, tempo, lambda: self.url)
        self.worlds = Worlds([_workspace(common, company, number) for number, company in enumerate(companies, 1)])

    @property
    def world(self) -> World:
        """The first workspace."""
        return self.worlds.first

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        self._runner = web.AppRunner(_application(self.worlds), access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"
        self.world.deliveries.start()
        self._beating = asyncio.create_task(self._beat())

    async def stop(self) -> None:
        """Send the app's sockets away, save, and stop listening. Stopping twice is stopping once."""
        if self._stopped:
            return
        self._stopped = True
        if self._beating:
            self._beating.cancel()
        self.world.faults.take_back_all()  # whoever is held by one is let go
        await self.world.sockets.stop()
        for world in self.worlds:
            await world.live.stop()
        self.world.clock.close()
        if self._runner:
            await self._runner.cleanup()
        # Last, since the requests that were still under way may have caused events.
        await self.world.deliveries.stop()
        await self.world.http.close()
        self._store.close()

    @property
    def environment(self) -> dict[str, str]:
        """What an app needs to know to work here, as environment variables.

        The bot token is the one of the first workspace, empty while the app is not installed there.
        """
        tokens = self.world.tokens
        return {
            "SLACK_BOT_TOKEN": self.world.app.token,
            "SLACK_APP_TOKEN": tokens.app,
            "SLACK_SIGNING_SECRET": tokens.signing_secret,
            "SLACK_CLIENT_ID": tokens.client_id,
            "SLACK_CLIENT_SECRET": tokens.client_secret,
            "SLACK_API_URL": f"{self.url}/api/",
        }

    async def verify_request_url(self) -> bool:
        """Without Socket Mode: whether the manifest's events URL answers Slack's challenge."""
        return await self.world.http.verify()

    @property
    def clock(self) -> Clock:
        return self.world.clock

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            self.world.clock.beat()
            for world in self.worlds:
                world.scheduled.post_due()


@dataclass(frozen=True)
class _Common:
    """What all workspaces of one sandbox share."""

    store: Store
    folder: Path
    manifest: Manifest
    base_url: Callable[[], str]
    tempo: Tempo
    bus: EventBus
    clock: Clock
    tokens: Tokens
    log: Log
    faults: Faults
    authorizations: Authorizations
    sockets: Sockets
    http: SignedHttp
    deliveries: Deliveries


def _common(
    folder: Path,
    store: Store,
    manifest: Manifest,
    start: datetime,
    tempo: Tempo,
    base_url: Callable[[], str],
) -> _Common:
    bus = EventBus()
    clock = Clock(shelf=store.shelf("clock"), bus=bus, start=start)
    tokens = Tokens.of(store)
    log = Log(clock=clock, bus=bus)
    faults = Faults(clock=clock, log=log, bus=bus)
    sockets = Sockets(bus=bus, faults=faults, ack_seconds=tempo.ack_seconds)
    http = SignedHttp(manifest=manifest, tokens=tokens, clock=clock, ack_seconds=tempo.ack_seconds)
    courier: Courier = sockets if manifest.socket_mode else http
    return _Common(
        store=store,
        folder=folder,
        manifest=manifest,
        base_url=base_url,
        tempo=tempo,
        bus=bus,
        clock=clock,
        tokens=tokens,
        log=log,
        faults=faults,
        authorizations=Authorizations(clock.elapsed),
        sockets=sockets,
        http=http,
        deliveries=Deliveries(
            store=store,
            clock=clock,
            log=log,
            tokens=tokens,
            courier=FaultyCourier(courier=courier, faults=faults, ack_seconds=tempo.ack_seconds),
            limits=EventLimits(clock.elapsed, tempo.rate_factor),
            retries=Retries(store=store, clock=clock, factor=tempo.retry_factor),
            dropped=Dropped(store=store, clock=clock),
        ),
    )


def _workspace(common: _Common, company: Company, number: int) -> World:
    """The composition root of one workspace: every part once, and who listens to what happens."""
    store, clock, team_id = common.store.of(company.team_id), common.clock, company.team_id
    bus = EventBus()
    app = Installation(store=store, manifest=common.manifest, team_id=team_id, number=number)
    if company.app_installed and not app.was_removed:
        app.grant(common.manifest.scopes)
    messages = Messages(store=store, clock=clock, bus=bus)
    workspace = Workspace(store=store, clock=clock, bus=bus, messages=messages, app=app, base_url=common.base_url)
    workspace.settle(company, common.manifest)
    files = Files(store=store, folder=common.folder, clock=clock, base_url=common.base_url, app_user=app.user)
    presenter = Presenter(workspace, files, app.user)
    live = Live(workspace=workspace, presenter=presenter)
    bus.listen(live)
    common.bus.listen(live)
    bus.listen(
        Events(
            manifest=common.manifest,
            app=app,
            workspace=workspace,
            presenter=presenter,
            clock=clock,
            deliveries=common.deliveries,
        )
    )
    return World(
        base_url=common.base_url,
        manifest=common.manifest,
        tokens=common.tokens,
        app=app,
        company=company,
        bus=bus,
        clock=clock,
        workspace=workspace,
        messages=messages,
        scheduled=_scheduled(common, store, messages),
        files=files,
        views=Views(store=store, clock=clock, bus=bus, team_id=team_id, bot_id=app.bot_id),
        presenter=presenter,
        triggers=Triggers(clock.elapsed),
        responses=ResponseUrls(clock.elapsed, lambda: f"{common.base_url()}/response/{team_id}"),
        limits=Limits(clock.elapsed, common.tempo.rate_factor),
        log=common.log,
        faults=common.faults,
        authorizations=common.authorizations,
        sockets=common.sockets,
        http=common.http,
        deliveries=common.deliveries,
        live=live,
    )


def _scheduled(common: _Common, store: Store, messages: Messages) -> Scheduled:
    scheduled = Scheduled(store=store, clock=common.clock, messages=messages)
    common.bus.listen(scheduled)
    return scheduled


def _application(worlds: Worlds) -> web.Application:
    application = web.Application(client_max_size=BODY_LIMIT)
    files, faults = FileRoutes(worlds), worlds.first.faults
    application.add_routes(
        [
            web.route("*", "/api/{method}", faulty_call(faults, WebApi(worlds).handle)),
            web.get("/socket", worlds.first.sockets.serve),
            web.get(r"/avatars/{user}/{size:\d+}.svg", answered(partial(avatar, worlds))),
            web.get("/files/{file}/{name}", faulty_download(worlds, files.download)),
            web.post("/upload/{file}", faulty_call(faults, files.upload, "upload")),
            web.post("/response/{team}/{id}", faulty_call(faults, partial(respond, worlds), "response_url")),
            web.get("/live/{user}", answered(partial(_live, worlds))),
            *install_routes(worlds),
            *hands_routes(worlds),
            *FaultRoutes(worlds.first).routes(),
            *Desk(worlds.first).routes(),
        ]
    )
    return application


async def _live(worlds: Worlds, request: web.Request) -> web.WebSocketResponse:
    return await worlds.of_user(request.match_info["user"]).live.serve(request)
