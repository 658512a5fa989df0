"""Events reach the app: kept while it is away, redelivered when unanswered, to one socket each, signed over HTTP."""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]


async def test_hello_and_event_envelope(sandbox: Sandbox, mira: Person) -> None:
    async with SocketApp(sandbox) as app:
        assert app.hello["type"] == "hello"
        assert app.hello["connection_info"] == {"app_id": "A0SANDBOX"}
        ts = await mira.say("hello")
        envelope = await app.next("events_api")
        assert envelope.items() >= {"accepts_response_payload": False, "retry_attempt": 0}.items()
        payload = envelope["payload"]
        assert payload.keys() >= {"token", "team_id", "api_app_id", "event", "event_id", "event_time", "event_context"}
        assert (payload["type"], payload["authorizations"][0]["user_id"]) == ("event_callback", "U0APP")
        assert payload["event"].items() >= {"type": "message", "ts": ts, "channel": "D0MIRA", "user": "U0MIRA"}.items()


async def test_events_wait_for_the_app(sandbox: Sandbox, mira: Person) -> None:
    await mira.say("one")
    await mira.say("two")
    async with SocketApp(sandbox) as app:
        assert [(await app.event("message"))["text"] for _ in range(2)] == ["one", "two"]


async def test_unanswered_events_are_redelivered_three_times(build: Build) -> None:
    sandbox = await build(ack_seconds=0.05, retry_factor=0.0)
    async with Hands(sandbox.url) as hands, SocketApp(sandbox, lambda _: None) as app:
        await hands.person("U0MIRA").say("anybody?")
        envelopes = [await app.next() for _ in range(4)]
        assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
        assert [envelope["retry_reason"] for envelope in envelopes] == ["", "timeout", "timeout", "timeout"]
        assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1
        await asyncio.sleep(0.1)  # a fifth would come now
        assert app.envelopes.empty()


async def test_each_payload_goes_to_one_of_several_sockets(sandbox: Sandbox, mira: Person) -> None:
    async with SocketApp(sandbox) as one, SocketApp(sandbox) as other:
        assert other.hello["num_connections"] == 2
        for n in range(4):
            await mira.say(str(n))
        seen = Counter([(await app.event("message"))["text"] for app in (one, other) for _ in range(2)])
        assert seen == Counter("0123")


async def test_a_stopping_sandbox_says_so(build: Build) -> None:
    sandbox = await build()
    async with SocketApp(sandbox) as app:
        await sandbox.world.sockets.disconnect()
        assert (await asyncio.wait_for(app.others.get(), 5))["reason"] == "refresh_requested"


async def test_a_ticket_opens_one_socket(sandbox: Sandbox) -> None:
    ticket = sandbox.world.sockets.ticket()
    app = SocketApp(sandbox)
    async with app:
        session = app._session
        address = f"{sandbox.url}/socket?ticket={ticket}"
        first = await session.ws_connect(address)
        assert (await first.receive_json())["type"] == "hello"
        second = await session.ws_connect(address)
        assert (await second.receive_json())["reason"] == "link_disabled"
        await first.close()


async def test_only_what_is_subscribed_and_seen(build: Build) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["settings"]["event_subscriptions"]["bot_events"] = ["message.channels"]
    sandbox = await build(manifest=manifest)
    async with Hands(sandbox.url) as hands, SocketApp(sandbox) as app:
        mira = hands.person("U0MIRA")
        await mira.say("in the DM")
        await mira.say("where the app is not", "C0ITOPS")
        await mira.say("where it is", "C0MGMT")
        assert (await app.event("message"))["text"] == "where it is"
        assert app.envelopes.empty()


async def test_changes_and_people_are_told(sandbox: Sandbox, mira: Person) -> None:
    async with SocketApp(sandbox) as app:
        world = sandbox.world
        ts = await mira.say("here")
        await app.event("message")
        world.messages.change("D0MIRA", ts, world.messages.get("D0MIRA", ts) | {"text": "there"})
        changed = await app.event("message")
        assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "there")
        assert changed["previous_message"]["text"] == "here"
        world.messages.delete("D0MIRA", ts)
        deleted = await app.event("message")
        assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
        world.workspace.change_person(world.workspace.person("U0TOM") | {"deleted": True})
        assert (await app.event("user_change"))["user"]["deleted"]
        world.workspace.change_person(world.workspace.person("U0TOM") | {"id": "U0NEW"})
        assert (await app.event("team_join"))["user"]["id"] == "U0NEW"
        world.workspace.join("U0TOM", "C0MGMT")
        assert (await app.event("member_joined_channel"))["user"] == "U0TOM"


# Signed HTTP


class HttpApp:
    """Checks signatures as Slack's SDK does; refuses as often as `failures` says."""

    def __init__(self) -> None:
        self.url = ""
        self.secret = ""
        self.failures = 0
        self.received: asyncio.Queue[tuple[str, Any, dict[str, str]]] = asyncio.Queue()

    async def handle(self, request: web.Request) -> web.Response:
        body = await request.text()
        assert SignatureVerifier(self.secret).is_valid_request(body, dict(request.headers))
        if request.content_type == "application/json":
            content = await request.json()
        else:
            content = {key: values[0] for key, values in parse_qs(body).items()}
        await self.received.put((request.path, content, dict(request.headers)))
        if self.failures:
            self.failures -= 1
            return web.Response(status=500)
        if "challenge" in content:
            return web.Response(text=content["challenge"])
        return web.json_response({"text": "on its way"}) if "command" in content else web.Response()


@pytest.fixture
async def http_app() -> AsyncIterator[HttpApp]:
    app = HttpApp()
    application = web.Application()
    application.router.add_post("/{kind}", app.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    app.url = f"http://{host}:{port}"
    yield app
    await runner.cleanup()


@pytest.fixture
async def http_sandbox(build: Build, http_app: HttpApp) -> Sandbox:
    manifest = copy.deepcopy(MANIFEST)
    manifest["settings"]["socket_mode_enabled"] = False
    manifest["settings"]["event_subscriptions"]["request_url"] = f"{http_app.url}/events"
    manifest["settings"]["interactivity"]["request_url"] = f"{http_app.url}/acts"
    manifest["features"]["slash_commands"][0]["url"] = f"{http_app.url}/commands"
    sandbox = await build(manifest=manifest)
    http_app.secret = sandbox.environment["SLACK_SIGNING_SECRET"]
    return sandbox


async def test_signed_requests(http_sandbox: Sandbox, http_app: HttpApp) -> None:
    assert await http_sandbox.verify_request_url()
    await http_app.received.get()
    async with Hands(http_sandbox.url) as hands:
        mira = hands.person("U0MIRA")
        await mira.command("/tea", "assam")
        path, form, _ = await http_app.received.get()
        assert (path, form["command"], form["text"]) == ("/commands", "/tea", "assam")
        assert [one["text"] for one in await mira.messages()] == ["on its way"]
        await mira.shortcut("brew")
        path, form, _ = await http_app.received.get()
        assert path == "/acts"
        assert '"callback_id": "brew"' in form["payload"]


async def test_failed_events_are_retried_with_headers(http_sandbox: Sandbox, http_app: HttpApp) -> None:
    http_app.failures = 1
    async with Hands(http_sandbox.url) as hands:
        await hands.person("U0MIRA").say("hello")
    _, first, headers = await http_app.received.get()
    assert "X-Slack-Retry-Num" not in headers
    _, second, headers = await http_app.received.get()
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("1", "http_error")
    assert first["event_id"] == second["event_id"]
