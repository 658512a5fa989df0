"""The sandbox as one process on one port."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.clock import BEAT_SECONDS, Clock
from sandbox.company import Company
from sandbox.delivery.courier import ACK_SECONDS, Courier
from sandbox.delivery.deliveries import Deliveries
from sandbox.delivery.events import Events
from sandbox.delivery.signed_http import SignedHttp
from sandbox.delivery.sockets import Sockets
from sandbox.files import Files
from sandbox.happenings import Bulletin
from sandbox.limits import Limits
from sandbox.live import Live
from sandbox.log import Log
from sandbox.manifest import Manifest
from sandbox.messages import Messages
from sandbox.present import Presenter
from sandbox.routes.answers import answered
from sandbox.routes.desk import Desk
from sandbox.routes.files import FileRoutes
from sandbox.routes.hands import hands_routes
from sandbox.routes.response import ResponseRoute
from sandbox.routes.web_api import BODY_LIMIT, WebApi
from sandbox.store import Store
from sandbox.tokens import Tokens
from sandbox.triggers import ResponseUrls, Triggers
from sandbox.views import Views
from sandbox.workspace import Workspace
from sandbox.world import World


class Sandbox:
    """A workspace under `folder`: what people saw there is there again after a restart, or a kill.

    `start` is the first moment of sandbox time in a new folder (default: now). `rate_factor` scales Slack's rate
    limits, None switches them off. `ack_seconds` is how long the app may take to acknowledge (Slack: 3).
    """

    def __init__(
        self,
        *,
        folder: Path,
        manifest: Mapping[str, Any],
        company: Company,
        start: datetime | None = None,
        rate_factor: float | None = 1.0,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        self.url = ""
        self._store = Store(folder / "workspace.sqlite")
        self._runner: web.AppRunner | None = None
        self._beating: asyncio.Task[None] | None = None
        self._stopped = False
        self.world = _build(
            self._store, folder, Manifest(manifest), company, start, rate_factor, ack_seconds, lambda: self.url
        )

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one."""
        self._runner = web.AppRunner(_application(self.world), access_log=None, shutdown_timeout=2)
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
        await self.world.sockets.disconnect()
        await self.world.live.stop()
        self.world.clock.close()
        if self._runner:
            await self._runner.cleanup()
        # Last, since the requests that were still under way may have caused events.
        await self.world.deliveries.stop()
        self._store.close()

    @property
    def environment(self) -> dict[str, str]:
        """What an app needs to know to work here, as environment variables."""
        tokens = self.world.tokens
        return {
            "SLACK_BOT_TOKEN": tokens.bot,
            "SLACK_APP_TOKEN": tokens.app,
            "SLACK_SIGNING_SECRET": tokens.signing_secret,
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


def _build(
    store: Store,
    folder: Path,
    manifest: Manifest,
    company: Company,
    start: datetime | None,
    rate_factor: float | None,
    ack_seconds: float,
    base_url: Callable[[], str],
) -> World:
    """The composition root: every part once, and who listens to what happens."""
    bulletin = Bulletin()
    clock = Clock(shelf=store.shelf("clock"), bulletin=bulletin, start=start)
    tokens = Tokens.of(store)
    messages = Messages(store=store, clock=clock, bulletin=bulletin)
    workspace = Workspace(store=store, clock=clock, bulletin=bulletin, messages=messages)
    workspace.settle(company, manifest)
    files = Files(store=store, folder=folder, clock=clock, base_url=base_url)
    presenter = Presenter(workspace, files)
    log = Log(clock=clock, bulletin=bulletin)
    sockets = Sockets(bulletin=bulletin, ack_seconds=ack_seconds)
    http = SignedHttp(manifest=manifest, tokens=tokens, clock=clock, ack_seconds=ack_seconds)
    courier: Courier = sockets if manifest.socket_mode else http
    team_id = company.team_id
    deliveries = Deliveries(store=store, clock=clock, log=log, tokens=tokens, courier=courier, team_id=team_id)
    live = Live(workspace=workspace, presenter=presenter)
    bulletin.listen(live)
    bulletin.listen(
        Events(manifest=manifest, workspace=workspace, presenter=presenter, clock=clock, deliveries=deliveries)
    )
    return World(
        base_url=base_url,
        manifest=manifest,
        tokens=tokens,
        bulletin=bulletin,
        clock=clock,
        workspace=workspace,
        messages=messages,
        files=files,
        views=Views(store=store, clock=clock, bulletin=bulletin, team_id=team_id),
        presenter=presenter,
        triggers=Triggers(clock.elapsed),
        responses=ResponseUrls(clock.elapsed, base_url),
        limits=Limits(clock.elapsed, rate_factor),
        log=log,
        sockets=sockets,
        http=http,
        deliveries=deliveries,
        live=live,
    )


def _application(world: World) -> web.Application:
    application = web.Application(client_max_size=BODY_LIMIT)
    files = FileRoutes(world)
    application.add_routes(
        [
            web.route("*", "/api/{method}", WebApi(world).handle),
            web.get("/socket", world.sockets.serve),
            web.get("/files/{file}/{name}", files.download),
            web.post("/upload/{file}", files.upload),
            web.post("/response/{id}", ResponseRoute(world).handle),
            web.get("/live/{user}", answered(world.live.serve)),
            *hands_routes(world),
            *Desk(world).routes(),
        ]
    )
    return application
