"""The composition root: every part once, wired together, started and stopped in order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlalchemy import make_url

from bot import rooms
from bot.clock import Clock, FollowingClock, WallClock
from bot.errands import Errands, Kind
from bot.heartbeat import Heartbeat, Tick
from bot.home import handlers as home_handlers
from bot.http import server, slack_requests
from bot.http.fetching import Fetcher
from bot.http.ports import Port
from bot.http.server import Condition, Meters
from bot.machines import probes
from bot.people import directory as people_directory
from bot.readiness import Readiness, Sending, tried
from bot.room import Chore, Page, carry_out
from bot.sending.dispatcher import Dispatcher
from bot.services import Services, ShowHome
from bot.settings import Settings
from bot.slack.calls import Composer
from bot.slack.errors import SlackError
from bot.slack.gateway import Gateway
from bot.slack.objects import Identity
from bot.slack.patience import patiently
from bot.slack.rate_limits import Pace
from bot.slack.router import Router
from bot.slack.routes import Routes, index
from bot.stopping import Budget
from storage.engine.database import Database
from storage.engine.errors import StorageError
from storage.engine.unit_of_work import UnitOfWork
from storage.record import inbox, outbox

log = structlog.get_logger(__name__)

PING_SECONDS = 2
"""With Bolt's own 10 a dead socket is noticed after 10 to 20 seconds, with 2 after 2 to 4."""

INTAKE_TAKES = 0.5
"""The part of the budget for stopping that answers on their way may take; the rest is for what they have begun."""

WORK_TAKES = 0.8
"""The part of what is left then that work may take before it is let go of; the rest is for closing."""

HALF_RECEIVED_STAYS = timedelta(days=1)
KEYS_ARE_KEPT = timedelta(days=7)
"""Slack delivers again within minutes; the keys of what arrived are kept far longer."""


@dataclass(frozen=True, kw_only=True)
class Rooms:
    """What the rooms bring together (see `bot/room.py`), how App Home is drawn, and how the directory is read."""

    routes: Routes
    composers: Mapping[str, Composer]
    ticks: Sequence[Tick]
    show_home: ShowHome
    sync_directory: Chore
    errands: Mapping[str, Kind] = field(default_factory=dict)
    take_up: Sequence[Chore] = ()
    follow_up: Sequence[Chore] = ()
    nightly: Sequence[Chore] = ()
    pages: Sequence[Page] = ()


def our_rooms(settings: Settings) -> Rooms:
    """The rooms of this house, which sign with the key that is set, if one is."""
    return Rooms(
        routes=rooms.ROUTES,
        composers=rooms.composers(settings.signer()),
        ticks=rooms.TICKS,
        show_home=home_handlers.publish,
        sync_directory=people_directory.sync_directory,
        errands=rooms.ERRANDS,
        take_up=rooms.TAKE_UP,
        follow_up=rooms.FOLLOW_UP,
        nightly=rooms.NIGHTLY,
        pages=rooms.PAGES,
    )


class Service:
    """The running bot. `port` and, if health has one of its own, `health_port` are the numbers it listens on."""

    def __init__(
        self, services: Services, brought: Rooms, dispatcher: Dispatcher, heartbeat: Heartbeat, meters: Meters
    ) -> None:
        self.services = services
        self.port = 0
        self.health_port = 0
        self._rooms = brought
        self._dispatcher = dispatcher
        self._heartbeat = heartbeat
        self._meters = meters
        self._router = Router(services, index(brought.routes), meters)
        self._ports: list[Port] = []
        self._socket: AsyncSocketModeHandler | None = None
        self._workspace_id = ""
        self._readiness = Readiness(self._write, services.blobs)

    async def start(self) -> None:
        """Bring the database up to date, learn who we are, catch up, and then let people in. Waits while Slack is away.

        Raises `DatabaseIsNewer`, `DatabaseIsForeign`, or a `SlackError` when Slack does not know us.
        """
        if isinstance(self.services.clock, FollowingClock):
            await self.services.clock.start(self._heartbeat.beat_early)
        # Only now, since it may write to the trail, and so wants to know the time.
        await asyncio.to_thread(self.services.database.upgrade)
        identity = await patiently(self.services.gateway.identify)
        await self._settle_in(identity)
        slack = self._bolt(identity)
        await self._open_ports(slack)
        await carry_out(self._rooms.take_up, self.services, self._workspace_id)
        await self.services.take_up(self._workspace_id)
        await self._heartbeat.start(nightly=self._nightly, afterwards=self._follow_up)
        await self._dispatcher.start(identity.team_id)  # after the planners have looked at what an outage left behind
        await self._open_socket(slack)
        log.info("ready", workspace=identity.team, port=self.port, socket_mode=self._socket is not None)

    async def stop(self) -> None:
        """Let nothing more in, finish what runs, settle what was sent, and close everything, within `stop_seconds`."""
        budget = Budget(self.services.settings.stop_seconds)
        await budget.spend(self._close_intake(INTAKE_TAKES * budget.left), about="answers to Slack")
        seconds = WORK_TAKES * budget.left
        await asyncio.gather(
            budget.spend(self._heartbeat.stop(), about="the planners"),
            budget.spend(self.services.background.finish(seconds=seconds), about="work begun by people"),
            budget.spend(self._dispatcher.stop(seconds=seconds), about="messages being sent"),
        )
        if isinstance(self.services.clock, FollowingClock):
            await budget.spend(self.services.clock.stop(), about="the clock")
        await budget.spend(self.services.gateway.close(), about="connections to Slack")
        await budget.spend(self.services.database.close(), about="the database")

    async def _settle_in(self, identity: Identity) -> None:
        self._workspace_id = identity.team_id
        await self.services.database.run(identity.team_id, _know_workspace, identity)
        await self._sync()

    async def _sync(self) -> None:
        try:
            await self._rooms.sync_directory(self.services, self._workspace_id)
        except SlackError as error:
            log.warning("the directory could not be read; yesterday's is used", error=str(error))

    async def _follow_up(self) -> None:
        await self.services.take_up(self._workspace_id)
        await carry_out(self._rooms.follow_up, self.services, self._workspace_id)

    async def _nightly(self) -> None:
        await self._sync()
        before = self.services.clock.now() - KEYS_ARE_KEPT
        await self.services.database.run(self._workspace_id, inbox.forget_before, before)
        await self._sweep()
        await carry_out(self._rooms.nightly, self.services, self._workspace_id)

    async def _sweep(self) -> None:
        """By the store's clock, which dates what lies there, whatever time it is on this machine or in a demo."""
        blobs = self.services.blobs
        try:
            await blobs.sweep(await blobs.now() - HALF_RECEIVED_STAYS)
        except StorageError as error:
            log.warning("what was half received could not be swept", error=str(error))

    def _bolt(self, identity: Identity) -> AsyncApp:
        secret = self.services.settings.signing_secret
        slack = AsyncApp(
            name="deskaudit",  # else Bolt reads through every caller's source for one
            # It only ever warns of a token beside `authorize`, and of payloads that nobody asked for.
            logger=_library_logger("slack.bolt", logging.ERROR),
            client=self.services.gateway.client,
            authorize=_authorize(identity, self.services.settings),
            signing_secret=secret.get_secret_value() if secret else "",
            process_before_response=True,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
        )
        slack.use(self._router)
        return slack

    async def _open_ports(self, slack: AsyncApp) -> None:
        settings = self.services.settings
        pages = [page(self.services, self._workspace_id) for page in self._rooms.pages]
        if settings.app_token is None and settings.signing_secret is not None:
            pages.append(slack_requests.page(slack, settings.signing_secret.get_secret_value()))
        health = server.health(self._condition, self._lag, self._meters)
        if settings.health_port is None:
            pages = [*pages, *health]
        else:
            self.health_port = await self._open_port(health, settings.health_port)
        self.port = await self._open_port(pages, settings.port)

    async def _open_port(self, pages: Sequence[web.RouteDef], number: int) -> int:
        port = Port(pages, seconds_to_finish=INTAKE_TAKES * self.services.settings.stop_seconds)
        self._ports.append(port)
        await port.open(self.services.settings.host, number)
        return port.number

    async def _open_socket(self, slack: AsyncApp) -> None:
        token = self.services.settings.app_token
        if token is None:
            return
        # Asked for here too, since the handler itself would go on for ever with a token that is refused.
        url = await patiently(partial(self.services.gateway.socket_url, token.get_secret_value()))
        self._socket = AsyncSocketModeHandler(
            slack,
            token.get_secret_value(),
            logger=_library_logger("slack.socket", logging.WARNING),
            web_client=self.services.gateway.client,
            ping_interval=PING_SECONDS,
        )
        self._socket.client.wss_uri = url
        await self._socket.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def _close_intake(self, seconds: float) -> None:
        for port in self._ports:
            await port.close()
        if self._socket is None:
            return
        # First no more reading, then the answers that are on their way, then the socket they go out by.
        if self._socket.client.message_receiver is not None:
            self._socket.client.message_receiver.cancel()
        await self._router.finish(seconds=seconds)
        await self._socket.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    async def _condition(self) -> Condition:
        connected = self._socket is not None and await self._socket.client.is_connected()
        over_http = self.services.settings.app_token is None
        looked = await self._readiness.look()
        return Condition(
            connected=connected or over_http,
            tick_age=self._heartbeat.age,
            outbox_lag=looked.sending.lag,
            send_age=looked.sending.age,
            faults=looked.faults,
        )

    async def _lag(self) -> timedelta | None:
        """None while the database is away: the other figures are told all the same."""
        lag, _ = await tried(self.services.database.read(self._workspace_id, outbox.lag, self.services.clock.now()))
        return lag

    async def _write(self) -> Sending:
        return await self.services.database.run(self._workspace_id, _written, self.services.clock.now())


def build(settings: Settings, brought: Rooms, fetcher: Fetcher | None = None, pace: Pace | None = None) -> Service:
    """Wire everything; nothing is read, written or asked yet. To be called inside the event loop.

    `fetcher` fetches links and probes, `pace` is how fast Slack lets us speak.
    """
    _make_room_for(settings.database_url)
    clock: Clock = FollowingClock(settings.clock_url) if settings.clock_url else WallClock()
    database, meters = Database.open(settings.database_url, clock.now), Meters()
    gateway = Gateway.open(token=settings.bot_token.get_secret_value(), base_url=settings.slack_api_url)
    blobs = settings.evidence_store()
    dispatcher = Dispatcher(
        database=database,
        gateway=gateway,
        blobs=blobs,
        clock=clock,
        composers=brought.composers,
        meters=meters,
        pace=pace or Pace(),
    )
    heartbeat = Heartbeat(database=database, clock=clock, ticks=brought.ticks, looked=dispatcher.looked, meters=meters)
    services = Services(
        settings=settings,
        database=database,
        blobs=blobs,
        gateway=gateway,
        clock=clock,
        wake=dispatcher.wake,
        show_home=brought.show_home,
        do_errands=Errands(brought.errands).take_up,
        probes=probes.own(settings),
        fetcher=fetcher or Fetcher(),
    )
    return Service(services, brought, dispatcher, heartbeat, meters)


def _make_room_for(database_url: str) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)


def _written(uow: UnitOfWork, at: datetime) -> Sending:
    inbox.try_to_write(uow, at)
    sent = outbox.last_sent(uow)
    return Sending(outbox.lag(uow, at), None if sent is None else max(timedelta(0), at - sent))


def _know_workspace(uow: UnitOfWork, identity: Identity) -> None:
    uow.put_workspace(name=identity.team, bot_user_id=identity.bot_user_id)


def _authorize(identity: Identity, settings: Settings) -> Callable[..., Awaitable[Any]]:
    # Kept in memory: Bolt's own way asks the database and `auth.test` for every click.
    known = AuthorizeResult(
        enterprise_id=None,
        team_id=identity.team_id,
        bot_id=identity.bot_id,
        bot_user_id=identity.bot_user_id,
        bot_token=settings.bot_token.get_secret_value(),
    )

    async def authorize(team_id: str | None) -> AuthorizeResult | None:
        return known if team_id == identity.team_id else None

    return authorize


def _library_logger(name: str, level: int) -> logging.Logger:
    # Bolt and the SDK take a logger without a level of its own for one that wants every detail, and build it.
    logger = logging.getLogger(name)
    if logger.level == logging.NOTSET:
        logger.setLevel(level)
    return logger
