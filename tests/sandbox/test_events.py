"""What the app is told of what happens in the conversations it is in."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Hands
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp
from tests.sandbox.conftest import Build
from tests.sandbox.contract.contract import EVERY_SCOPE
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]

EVENTS = [
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_rename",
    "file_deleted",
    "member_joined_channel",
    "member_left_channel",
    "message_metadata_deleted",
    "message_metadata_posted",
    "message_metadata_updated",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "user_change",
    "user_profile_changed",
]


@pytest.fixture
async def sandbox(build: Build) -> Sandbox:
    manifest = copy.deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] = list(EVERY_SCOPE)
    manifest["settings"]["event_subscriptions"] = {
        "bot_events": EVENTS,
        "metadata_subscriptions": [{"app_id": "A0SANDBOX", "event_type": "order"}],
    }
    return await build(manifest=manifest)


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    async with SocketApp(sandbox) as connected:
        yield connected


async def test_a_mention_in_a_channel_is_told_and_in_a_dm_is_not(app: SocketApp, hands: Hands) -> None:
    mira = hands.person("U0MIRA")
    await mira.say("hey @Teapot", "D0MIRA")
    await mira.say("hey @Teapot", "C0ITOPS")  # the app is not there
    ts = await mira.say("@teapot: two cups, @sofia?", "C0MGMT")
    event = await app.event("app_mention")
    assert event.items() >= {"user": "U0MIRA", "channel": "C0MGMT", "ts": ts, "event_ts": ts}.items()
    assert event["text"] == "<@U0APP>: two cups, <@U0SOFIA>?"
    assert app.envelopes.empty()


async def test_reactions(app: SocketApp, hands: Hands, slack: AsyncWebClient) -> None:
    ts = (await slack.chat_postMessage(channel="C0MGMT", text="tea?"))["ts"]
    act = {"channel": "C0MGMT", "ts": ts, "name": "tea"}
    await hands.post("/hands/U0MIRA/react", act)
    event = await app.event("reaction_added")
    item = {"type": "message", "channel": "C0MGMT", "ts": ts}
    assert event.items() >= {"user": "U0MIRA", "reaction": "tea", "item_user": "U0APP", "item": item}.items()
    await slack.reactions_add(channel="C0MGMT", timestamp=ts, name="tea")
    shown = (await slack.reactions_get(channel="C0MGMT", timestamp=ts))["message"]
    assert shown["reactions"] == [{"name": "tea", "users": ["U0MIRA", "U0APP"], "count": 2}]
    await hands.post("/hands/U0MIRA/react", {**act, "gone": True})
    assert (await app.event("reaction_removed"))["user"] == "U0MIRA"
    await slack.reactions_remove(channel="C0MGMT", timestamp=ts, name="tea")
    assert (await slack.reactions_get(channel="C0MGMT", timestamp=ts))["message"].keys().isdisjoint({"reactions"})


async def test_pins(app: SocketApp, slack: AsyncWebClient) -> None:
    stamps = [(await slack.chat_postMessage(channel="C0MGMT", text=text))["ts"] for text in ("one", "two")]
    for ts in stamps:
        await slack.pins_add(channel="C0MGMT", timestamp=ts)
    assert (await app.event("pin_added"))["item"]["message"]["text"] == "one"
    items = (await slack.pins_list(channel="C0MGMT"))["items"]
    assert {item["message"]["ts"] for item in items} == set(stamps)
    assert (await slack.conversations_history(channel="C0MGMT"))["pin_count"] == 2
    await slack.pins_remove(channel="C0MGMT", timestamp=stamps[0])
    assert (await app.event("pin_removed"))["channel_id"] == "C0MGMT"
    assert len((await slack.pins_list(channel="C0MGMT"))["items"]) == 1
    unpinned = (await slack.conversations_history(channel="C0MGMT"))["messages"][1]
    assert unpinned["text"] == "one"
    assert unpinned.keys().isdisjoint({"pinned_to", "pinned_info"})


async def test_coming_going_and_closing(app: SocketApp, slack: AsyncWebClient) -> None:
    await slack.conversations_invite(channel="C0MGMT", users="U0TOM")
    joined = await app.event("member_joined_channel")
    assert joined.items() >= {"user": "U0TOM", "inviter": "U0APP", "channel_type": "C", "team": "T0ALDER"}.items()
    await slack.conversations_kick(channel="C0MGMT", user="U0TOM")
    assert (await app.event("member_left_channel"))["user"] == "U0TOM"
    some = await slack.conversations_invite(channel="C0MGMT", users="U0TOM,U0NONE", force=True)
    assert [fault["error"] for fault in some["errors"]] == ["user_not_found"]
    await slack.conversations_archive(channel="C0MGMT")
    event = await app.event("channel_archive")
    assert event.items() >= {"channel": "C0MGMT", "user": "U0APP"}.items()
    names = [one["name"] for one in (await slack.conversations_list(exclude_archived=True))["channels"]]
    assert names == ["general", "it-operations"]


async def test_a_channel_of_the_apps_own(app: SocketApp, slack: AsyncWebClient, hands: Hands) -> None:
    made = (await slack.conversations_create(name="tea-room"))["channel"]
    assert made.items() >= {"name": "tea-room", "is_private": False, "is_member": True, "creator": "U0APP"}.items()
    created = (await app.event("channel_created"))["channel"]
    assert (created["id"], created["creator"]) == (made["id"], "U0APP")
    assert (await app.event("member_joined_channel"))["user"] == "U0APP"
    renamed = (await slack.conversations_rename(channel=made["id"], name="tea-house"))["channel"]
    assert (renamed["name"], renamed["previous_names"]) == ("tea-house", ["tea-room"])
    assert (await app.event("channel_rename"))["channel"]["name"] == "tea-house"
    await slack.conversations_setPurpose(channel=made["id"], purpose="Tea")
    topic = (await slack.conversations_setTopic(channel=made["id"], topic="Darjeeling"))["channel"]["topic"]
    assert (topic["value"], topic["creator"]) == ("Darjeeling", "U0APP")
    await slack.conversations_setTopic(channel=made["id"], topic="")
    shown = (await slack.conversations_info(channel=made["id"]))["channel"]
    assert (shown["topic"]["value"], shown["purpose"]["value"]) == ("", "Tea")
    hidden = (await slack.conversations_create(name="secret-tea", is_private=True))["channel"]
    names = [one["name"] for one in await hands.person("U0MIRA").conversations()]
    assert "tea-house" in names
    assert hidden["name"] not in names


async def test_leaving_and_having_left(slack: AsyncWebClient) -> None:
    assert (await slack.conversations_leave(channel="C0MGMT"))["ok"]
    with pytest.raises(SlackApiError) as refused:  # not ok, and yet no error: so the page of the method has it
        await slack.conversations_leave(channel="C0ITOPS")
    assert refused.value.response.data == {"ok": False, "not_in_channel": True}


async def test_metadata_of_a_subscribed_type(app: SocketApp, slack: AsyncWebClient) -> None:
    def metadata(kind: str, pots: int) -> Json:
        return {"event_type": kind, "event_payload": {"pots": pots}}

    await slack.chat_postMessage(channel="C0MGMT", text="x", metadata=metadata("other", 1))
    ts = (await slack.chat_postMessage(channel="C0MGMT", text="x", metadata=metadata("order", 1)))["ts"]
    posted = await app.event("message_metadata_posted")
    assert posted.items() >= {"message_ts": ts, "channel_id": "C0MGMT", "user_id": "U0APP"}.items()
    assert (posted["metadata"], posted["app_id"]) == (metadata("order", 1), "A0SANDBOX")
    await slack.chat_update(channel="C0MGMT", ts=ts, text="y", metadata=metadata("order", 2))
    updated = await app.event("message_metadata_updated")
    assert (updated["previous_metadata"], updated["metadata"]) == (metadata("order", 1), metadata("order", 2))
    await slack.chat_update(channel="C0MGMT", ts=ts, text="z")  # says nothing of them: they stay
    await slack.chat_update(channel="C0MGMT", ts=ts, text="z", metadata={})
    assert (await app.event("message_metadata_deleted"))["previous_metadata"] == metadata("order", 2)
    assert app.envelopes.empty()


async def test_files_that_go_and_people_that_change(app: SocketApp, slack: AsyncWebClient, sandbox: Sandbox) -> None:
    sent = await slack.files_upload_v2(channel="C0MGMT", filename="plan.txt", content=b"plan")
    file_id = sent["files"][0]["id"]
    await slack.files_delete(file=file_id)
    assert (await app.event("file_deleted"))["channel_ids"] == ["C0MGMT"]
    assert (await slack.files_list())["files"] == []
    (message,) = (await slack.conversations_history(channel="C0MGMT"))["messages"]
    assert message["files"] == [{"id": file_id, "mode": "tombstone"}]
    changed = sandbox.world.workspace.person("U0TOM")
    sandbox.world.workspace.change_person(changed | {"tz": "Asia/Singapore"})
    assert (await app.event("user_change"))["user"]["tz"] == "Asia/Singapore"
    assert (await app.event("user_profile_changed"))["user"]["id"] == "U0TOM"
