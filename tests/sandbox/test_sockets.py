"""Socket Mode: events are kept while the app is away, redelivered when unanswered, and go to one socket each."""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest

from sandbox.hands import Hands, Person
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.heard import Heard
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
    async with Hands(sandbox.url) as hands, SocketApp(sandbox, lambda _: None) as app, Heard(sandbox) as heard:
        await hands.person("U0MIRA").say("anybody?")
        envelopes = [await app.next() for _ in range(4)]
        assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
        assert [envelope["retry_reason"] for envelope in envelopes] == ["", "timeout", "timeout", "timeout"]
        assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1
        assert [(await heard.entry("delivery"))["error"] for _ in range(4)] == ["timeout"] * 4
        await hands.person("U0MIRA").say("never mind")
        assert (await app.event("message"))["text"] == "never mind"  # and no fifth before it


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


async def test_the_eleventh_socket_is_one_too_many(sandbox: Sandbox) -> None:
    async with AsyncExitStack() as stack:
        apps = [await stack.enter_async_context(SocketApp(sandbox)) for _ in range(10)]
        assert [app.hello["num_connections"] for app in apps] == list(range(1, 11))
        eleventh = await stack.enter_async_context(SocketApp(sandbox))
        assert (eleventh.hello["type"], eleventh.hello["reason"]) == ("disconnect", "too_many_websockets")


async def test_an_acknowledgement_may_come_on_another_socket(sandbox: Sandbox, mira: Person) -> None:
    async with SocketApp(sandbox, lambda _: None) as one, SocketApp(sandbox, lambda _: None) as other:
        command = asyncio.create_task(mira.command("/tea"))
        took = await asyncio.wait(
            [asyncio.create_task(app.next()) for app in (one, other)], return_when=asyncio.FIRST_COMPLETED
        )
        (envelope,) = (task.result() for task in took[0])
        for pending in took[1]:
            pending.cancel()
        for app in (one, other):  # on the one it came on and on the one it did not come on
            await app.send({"envelope_id": envelope["envelope_id"], "payload": {"text": "here"}})
        await command
    assert [message["text"] for message in await mira.messages()] == ["here"]


async def test_a_warning_comes_before_the_end(sandbox: Sandbox) -> None:
    async with SocketApp(sandbox) as app:
        await sandbox.world.sockets.disconnect("link_disabled", warning=0.05)
        frames = [await asyncio.wait_for(app.others.get(), 5) for _ in range(2)]
        assert [frame["reason"] for frame in frames] == ["warning", "link_disabled"]
        assert await app.left() == 1000
    assert not sandbox.world.sockets.connected


NONSENSE = [
    "",
    "{",
    "[]",
    "5",
    "null",
    "[" * 100_000,
    '{"envelope_id": ["x"]}',
    '{"envelope_id": {}}',
    '{"payload": {}}',
    '{"envelope_id": "unknown", "payload": {}}',
]


async def test_nonsense_from_the_app_is_passed_over(sandbox: Sandbox, mira: Person) -> None:
    async with SocketApp(sandbox) as app:
        for text in NONSENSE:
            await app.send_text(text)
        await mira.say("still there?")
        assert (await app.event("message"))["text"] == "still there?"


@pytest.mark.parametrize("payload", [[], "text", 5, None])
async def test_an_acknowledgement_without_a_right_payload_is_a_bare_one(
    sandbox: Sandbox, mira: Person, payload: Any
) -> None:
    async with SocketApp(sandbox, lambda _: None) as app:
        command = asyncio.create_task(mira.command("/tea"))
        envelope = await app.next()
        await app.send({"envelope_id": envelope["envelope_id"], "payload": payload})
        await command
    assert await mira.messages() == []


async def test_a_socket_address_wants_a_websocket(sandbox: Sandbox) -> None:
    async with httpx.AsyncClient(base_url=sandbox.url, verify=False) as client:
        assert (await client.get("/socket")).status_code == 400
        assert (await client.post("/socket")).status_code == 405
