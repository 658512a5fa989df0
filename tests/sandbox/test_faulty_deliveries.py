"""Deliveries that fail on demand, and a Bolt app that lives through them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import WSMsgType

from sandbox.hands import HandError, Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.heard import Heard
from tests.sandbox.http_app import HttpApp
from tests.sandbox.teapot import Teapot

SHORT_PING = 0.3  # seconds


@pytest.fixture
async def sandbox(build: Build) -> Sandbox:
    return await build(ack_seconds=5.0, retry_factor=0.0)


@pytest.fixture
async def impatient(build: Build) -> Sandbox:
    """For what ends in a timeout anyway."""
    return await build(ack_seconds=0.2, retry_factor=0.0)


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox) as connected:
        yield connected


async def test_a_late_delivery(sandbox: Sandbox, app: SocketApp, hands: Hands, mira: Person) -> None:
    await hands.inject("late_delivery", match="/tea", seconds=600)
    async with Heard(sandbox) as heard:
        command = asyncio.create_task(mira.command("/tea"))
        await heard.entry("fault", "/tea")
        assert app.envelopes.empty()
        await hands.take_back()  # and so it is late enough
        await command
    assert (await app.next())["payload"]["command"] == "/tea"


async def test_a_late_delivery_takes_its_seconds(app: SocketApp, hands: Hands, mira: Person) -> None:
    await hands.inject("late_delivery", seconds=0.2)
    started = asyncio.get_running_loop().time()
    await mira.command("/tea")
    assert asyncio.get_running_loop().time() - started >= 0.2


async def test_a_slow_acknowledgement(app: SocketApp, hands: Hands, mira: Person) -> None:
    app.answer = lambda _: {"text": "coming"}
    await hands.inject("slow_ack", match="/tea", seconds=0.1)
    await mira.command("/tea")
    assert [message["text"] for message in await mira.messages()] == ["coming"]


async def test_an_acknowledgement_that_is_too_slow(impatient: Sandbox) -> None:
    async with Hands(impatient.url) as hands, SocketApp(impatient):
        await hands.inject("slow_ack", match="/tea", seconds=600)
        with pytest.raises(HandError, match="app_did_not_respond"):
            await hands.person("U0MIRA").command("/tea")


async def test_an_ignored_acknowledgement(impatient: Sandbox) -> None:
    async with Hands(impatient.url) as hands, SocketApp(impatient) as app:
        await hands.inject("ignored_ack", times=2)
        await hands.person("U0MIRA").say("hello")
        envelopes = [await app.next("events_api") for _ in range(3)]
        assert [one["retry_attempt"] for one in envelopes] == [0, 1, 2]
        assert [one["retry_reason"] for one in envelopes] == ["", "timeout", "timeout"]
        assert len({one["payload"]["event_id"] for one in envelopes}) == 1
        await hands.inject("ignored_ack", match="/tea")
        with pytest.raises(HandError, match="app_did_not_respond"):
            await hands.person("U0MIRA").command("/tea")
        assert (await app.next("slash_commands"))["payload"]["command"] == "/tea"


async def test_a_duplicate_event(app: SocketApp, hands: Hands, mira: Person) -> None:
    await hands.inject("duplicate_event", match="message")
    await mira.say("hello")
    await mira.say("again")
    envelopes = [await app.next("events_api") for _ in range(3)]
    by_text = sorted((one["payload"]["event"]["text"], one["payload"]["event_id"]) for one in envelopes)
    assert [text for text, _ in by_text] == ["again", "hello", "hello"]
    assert by_text[1] == by_text[2]
    assert {one["retry_attempt"] for one in envelopes} == {0}
    assert len({one["envelope_id"] for one in envelopes}) == 3


@pytest.mark.parametrize("times", [1, 2, None])
async def test_reordered_events(app: SocketApp, hands: Hands, mira: Person, times: int | None) -> None:
    await hands.inject("reordered_event", match="message", times=times, seconds=600)
    for text in ("one", "two"):
        await mira.say(text)
    assert [(await app.event("message"))["text"] for _ in range(2)] == ["two", "one"]


async def test_an_event_is_not_held_for_ever(app: SocketApp, hands: Hands, mira: Person) -> None:
    await hands.inject("reordered_event", seconds=0.05)
    await mira.say("alone")
    assert (await app.event("message"))["text"] == "alone"


async def test_only_events_are_doubled_or_swapped(app: SocketApp, hands: Hands, mira: Person) -> None:
    await hands.inject("duplicate_event", times=None)
    await hands.inject("reordered_event", times=None)
    await mira.command("/tea")
    assert [fault["hit"] for fault in (await hands.faults())["faults"]] == [0, 0]


async def test_faults_of_http_deliveries(build: Build) -> None:
    async with HttpApp() as app:
        sandbox = await build(manifest=app.manifest, ack_seconds=0.1, retry_factor=0.0)
        app.secret = sandbox.environment["SLACK_SIGNING_SECRET"]
        async with Hands(sandbox.url) as hands:
            await hands.inject("ignored_ack")
            await hands.inject("duplicate_event")
            await hands.person("U0MIRA").say("hello")
            asked = [await app.next() for _ in range(3)]
    assert [one.headers.get("X-Slack-Retry-Reason") for one in asked] == [None, "http_timeout", "http_timeout"]
    assert len({one.content["event_id"] for one in asked}) == 1


# Sockets


async def test_a_dropped_socket_ends_without_goodbye(sandbox: Sandbox, app: SocketApp, hands: Hands) -> None:
    await hands.inject("dropped_socket")
    assert await app.left() == aiohttp.WSCloseCode.ABNORMAL_CLOSURE
    assert not sandbox.world.sockets.connected


async def test_without_an_open_socket_the_next_is_dropped(sandbox: Sandbox, hands: Hands) -> None:
    await hands.inject("dropped_socket")
    async with SocketApp(sandbox) as app:
        assert app.hello["type"] == "hello"
        await app.left()
    async with SocketApp(sandbox) as app:
        assert sandbox.world.sockets.connected


async def test_a_socket_dropped_with_an_event_in_flight(
    sandbox: Sandbox, app: SocketApp, hands: Hands, mira: Person
) -> None:
    await hands.inject("dropped_socket", match="message")
    async with SocketApp(sandbox) as other:
        apps = {app, other}
        await mira.say("hello")
        ended = asyncio.wait(
            [asyncio.create_task(one.left(), name=str(id(one))) for one in apps], return_when="FIRST_COMPLETED"
        )
        done, pending = await ended
        for task in pending:
            task.cancel()
        (dropped,) = (one for one in apps if str(id(one)) in {task.get_name() for task in done})
        (left,) = apps - {dropped}
        envelope = await left.next("events_api")
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (1, "connection_failed")
        assert dropped.envelopes.empty()


async def test_a_half_open_socket_is_silent_in_both_directions(impatient: Sandbox) -> None:
    address = f"{impatient.url}/socket?ticket={impatient.world.sockets.ticket()}"
    async with (
        Hands(impatient.url) as hands,
        aiohttp.ClientSession() as session,
        session.ws_connect(address, autoping=False) as socket,
    ):
        assert (await socket.receive_json())["type"] == "hello"
        await socket.ping(b"before")
        assert (await socket.receive()).type is WSMsgType.PONG
        await hands.inject("half_open_socket")
        await socket.ping(b"after")
        with pytest.raises(HandError, match="app_did_not_respond"):
            await hands.person("U0MIRA").command("/tea")
        with pytest.raises(TimeoutError):
            await socket.receive(timeout=0.01)
        assert impatient.world.sockets.connected  # Slack has not noticed


async def test_a_disconnect_with_warning(sandbox: Sandbox, app: SocketApp, hands: Hands) -> None:
    await hands.inject("disconnect", warning=0.05)
    frames = [await asyncio.wait_for(app.others.get(), 5) for _ in range(2)]
    assert [frame["reason"] for frame in frames] == ["warning", "refresh_requested"]
    assert await app.left() == aiohttp.WSCloseCode.OK


# A Bolt app


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ("dropped_socket", {}),
        ("dropped_socket", {"match": "message"}),
        ("half_open_socket", {}),
        ("half_open_socket", {"match": "message"}),
        ("disconnect", {"warning": 0}),
        ("disconnect", {"warning": 0.2, "match": "message"}),
        ("ignored_ack", {"match": "message"}),
        ("late_delivery", {"match": "message", "seconds": 0.1}),
    ],
)
async def test_a_bolt_app_survives(build: Build, kind: str, settings: dict[str, object]) -> None:
    sandbox = await build(ack_seconds=0.5, retry_factor=0.01)
    teapot = Teapot(sandbox, ping_interval=SHORT_PING)
    await teapot.start()
    async with Hands(sandbox.url) as hands, Heard(sandbox) as heard:
        await hands.inject(kind, **settings)
        await hands.person("U0MIRA").say("are you there?")
        assert (await heard.entry("fault"))["detail"] == kind.replace("_", " ")
        assert (await asyncio.wait_for(teapot.received.get(), 15))["text"] == "are you there?"
        while (await heard.entry("delivery", "message"))["error"]:
            continue  # until it was acknowledged in the end
    await teapot.stop()
