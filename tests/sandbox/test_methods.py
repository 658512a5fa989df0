"""Contracts of the Web API methods: what they answer, and what they refuse."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Person
from sandbox.server import Sandbox
from tests.sandbox.kit import home, modal, section

Json = dict[str, Any]
Slack = AsyncWebClient

# A call that Slack refuses, and its error code.
REFUSED: dict[str, tuple[str, Json, str]] = {
    "post: nowhere": ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
    "post: unknown channel": ("chat.postMessage", {"channel": "C0NONE", "text": "x"}, "channel_not_found"),
    "post: unknown person": ("chat.postMessage", {"channel": "U0NONE", "text": "x"}, "channel_not_found"),
    "post: not a member": ("chat.postMessage", {"channel": "C0ITOPS", "text": "x"}, "not_in_channel"),
    "post: nothing": ("chat.postMessage", {"channel": "C0MGMT"}, "no_text"),
    "post: bad blocks": ("chat.postMessage", {"channel": "C0MGMT", "blocks": "[{]"}, "invalid_blocks_format"),
    "post: bad metadata": (
        "chat.postMessage",
        {"channel": "C0MGMT", "text": "x", "metadata": '{"event_type": "t"}'},
        "invalid_metadata_format",
    ),
    "update: unknown": ("chat.update", {"channel": "C0MGMT", "ts": "1.0", "text": "x"}, "message_not_found"),
    "delete: unknown": ("chat.delete", {"channel": "C0MGMT", "ts": "1.0"}, "message_not_found"),
    "whisper: outsider": (
        "chat.postEphemeral",
        {"channel": "C0MGMT", "user": "U0TOM", "text": "x"},
        "user_not_in_channel",
    ),
    "permalink: unknown": ("chat.getPermalink", {"channel": "C0MGMT", "message_ts": "1.0"}, "message_not_found"),
    "history: unknown": ("conversations.history", {"channel": "C0NONE"}, "channel_not_found"),
    "history: not a member": ("conversations.history", {"channel": "C0ITOPS"}, "not_in_channel"),
    "history: bad cursor": ("conversations.history", {"channel": "C0MGMT", "cursor": "zz"}, "invalid_cursor"),
    "history: bad limit": ("conversations.history", {"channel": "C0MGMT", "limit": 0}, "invalid_limit"),
    "history: bad bound": ("conversations.history", {"channel": "C0MGMT", "oldest": "noon"}, "invalid_ts_oldest"),
    "replies: unknown": ("conversations.replies", {"channel": "C0MGMT", "ts": "1.0"}, "thread_not_found"),
    "list: unknown kind": ("conversations.list", {"types": "seance"}, "invalid_types"),
    "list: other scope": ("conversations.list", {"types": "private_channel"}, "missing_scope"),
    "open: nobody": ("conversations.open", {}, "users_list_not_supplied"),
    "open: unknown": ("conversations.open", {"users": "U0NONE"}, "user_not_found"),
    "open: Slackbot": ("conversations.open", {"users": "USLACKBOT"}, "cannot_dm_bot"),
    "join: a DM": ("conversations.join", {"channel": "D0MIRA"}, "channel_not_found"),
    "user: unknown": ("users.info", {"user": "U0NONE"}, "user_not_found"),
    "email: unknown": ("users.lookupByEmail", {"email": "x@y.z"}, "users_not_found"),
    "view: no trigger": ("views.open", {"view": modal()}, "invalid_arguments"),
    "view: bad trigger": ("views.open", {"view": modal(), "trigger_id": "1.2.3"}, "invalid_trigger_id"),
    "view: wrong kind": ("views.open", {"view": home(), "trigger_id": "1.2.3"}, "invalid_arguments"),
    "view: not there": ("views.update", {"view": modal(), "view_id": "V0NONE"}, "not_found"),
    "view: no id": ("views.update", {"view": modal()}, "invalid_arguments"),
    "home: unknown": ("views.publish", {"view": home(), "user_id": "U0NONE"}, "invalid_arguments"),
    "file: unknown": ("files.info", {"file": "F0NONE"}, "file_not_found"),
    "upload: empty": ("files.getUploadURLExternal", {"filename": "a.txt", "length": 0}, "invalid_arguments"),
    "complete: unknown": ("files.completeUploadExternal", {"files": [{"id": "F0NONE"}]}, "file_not_found"),
    "complete: nonsense": ("files.completeUploadExternal", {"files": ["F0NONE"]}, "invalid_arguments"),
    "react: unknown": ("reactions.add", {"channel": "C0MGMT", "timestamp": "1.0", "name": "tea"}, "message_not_found"),
    "react: no name": ("reactions.add", {"channel": "C0MGMT", "timestamp": "1.0", "name": "?"}, "invalid_name"),
    "validate: nothing": ("blocks.validate", {}, "invalid_arguments"),
    "validate: bad view": ("blocks.validate", {"view": {"type": "modal"}}, "invalid_view"),
    "validate: bad blocks": ("blocks.validate", {"blocks": [{"type": "x"}]}, "invalid_blocks"),
    "test": ("api.test", {"error": "my_error"}, "my_error"),
}


def as_form(value: Any) -> str:
    """Form fields hold structures as JSON; not every method reads a JSON body."""
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize("name", REFUSED)
async def test_refusals(slack: Slack, name: str) -> None:
    method, arguments, error = REFUSED[name]
    with pytest.raises(SlackApiError) as refused:
        await slack.api_call(method, data={name: as_form(value) for name, value in arguments.items()})
    assert refused.value.response["error"] == error


async def test_validate_says_where(slack: Slack) -> None:
    assert (await slack.api_call("blocks.validate", json={"blocks": [section("x")]}))["ok"]
    assert (await slack.api_call("blocks.validate", json={"message": {"blocks": [section("x")]}}))["ok"]
    with pytest.raises(SlackApiError) as refused:
        await slack.api_call("blocks.validate", json={"blocks": [section("x" * 3001)]})
    (fault,) = refused.value.response["errors"]
    assert fault == {
        "code": "failed_constraint",
        "message": "must be less than 3001 characters",
        "pointer": "/0/text/text",
    }


# Directory


async def test_users_list_pages(slack: Slack) -> None:
    seen: list[Json] = []
    cursor = ""
    while True:
        page = await slack.users_list(limit=6, cursor=cursor)
        assert len(page["members"]) <= 6
        seen += page["members"]
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    people = {person["id"]: person for person in seen}
    assert len(seen) == len(people) == 17
    assert people["U0OTTO"]["deleted"]
    assert "tz" not in people["U0OTTO"]
    assert (people["U0DAVID"]["is_owner"], people["U0MIRA"]["is_admin"]) == (True, True)
    assert people["U0APP"]["is_bot"]
    assert not people["USLACKBOT"]["is_bot"]


async def test_zone_offsets_follow_the_sandbox_clock(slack: Slack, sandbox: Sandbox) -> None:
    sandbox.clock.go_to(datetime(2031, 1, 15, tzinfo=UTC))
    assert (await slack.users_info(user="U0MIRA"))["user"]["tz_offset"] == 3600
    sandbox.clock.go_to(datetime(2031, 7, 15, tzinfo=UTC))
    assert (await slack.users_info(user="U0MIRA"))["user"]["tz_offset"] == 7200


async def test_lookup_and_team(slack: Slack) -> None:
    assert (await slack.users_lookupByEmail(email="mira@aldermoor.example"))["user"]["id"] == "U0MIRA"
    assert (await slack.team_info())["team"]["domain"] == "aldermoor"


# Conversations


async def test_open_is_idempotent_and_reaches_the_deactivated(slack: Slack) -> None:
    first = await slack.conversations_open(users="U0MIRA")
    assert first["channel"]["id"] == "D0MIRA"
    again = await slack.conversations_open(users="U0MIRA")
    assert (again["channel"]["id"], again["already_open"]) == ("D0MIRA", True)
    assert (await slack.chat_postMessage(channel="U0OTTO", text="are you there?"))["channel"] == "D0OTTO"


async def test_list_info_members_and_join(slack: Slack) -> None:
    channels = {channel["name"]: channel for channel in (await slack.conversations_list())["channels"]}
    assert {name: channel["is_member"] for name, channel in channels.items()} == {
        "general": False,
        "management-review": True,
        "it-operations": False,
        "office-move": False,
    }
    joined = await slack.conversations_join(channel="C0ITOPS")
    assert joined["channel"]["is_member"]
    assert (await slack.conversations_join(channel="C0ITOPS"))["warning"] == "already_in_channel"
    members = (await slack.conversations_members(channel="C0ITOPS"))["members"]
    assert sorted(members) == ["U0APP", "U0JONAS", "U0LIAM", "U0MIRA", "U0PRIYA", "U0VERA"]
    assert (await slack.conversations_info(channel="C0ITOPS"))["channel"]["name"] == "it-operations"


async def test_history_pages_backwards_between_bounds(slack: Slack) -> None:
    stamps = [(await slack.chat_postMessage(channel="C0MGMT", text=str(n)))["ts"] for n in range(5)]
    first = await slack.conversations_history(channel="C0MGMT", limit=2)
    assert [message["text"] for message in first["messages"]] == ["4", "3"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    second = await slack.conversations_history(channel="C0MGMT", limit=2, cursor=cursor)
    assert [message["text"] for message in second["messages"]] == ["2", "1"]

    async def between(**bounds: Any) -> list[str]:
        found = await slack.conversations_history(channel="C0MGMT", **bounds)
        return [message["text"] for message in found["messages"]]

    assert await between(oldest=stamps[1], latest=stamps[3]) == ["2"]
    assert await between(oldest=stamps[1], latest=stamps[3], inclusive=True) == ["3", "2", "1"]


async def test_metadata_is_given_on_request(slack: Slack) -> None:
    metadata = {"event_type": "order", "event_payload": {"pots": 2}}
    posted = await slack.chat_postMessage(channel="C0MGMT", text="x", metadata=metadata)
    (plain,) = (await slack.conversations_history(channel="C0MGMT"))["messages"]
    assert "metadata" not in plain
    (whole,) = (await slack.conversations_history(channel="C0MGMT", include_all_metadata=True))["messages"]
    assert whole["metadata"] == metadata
    await slack.chat_update(channel="C0MGMT", ts=posted["ts"], text="y")
    (kept,) = (await slack.conversations_history(channel="C0MGMT", include_all_metadata=True))["messages"]
    assert (kept["text"], kept["metadata"]) == ("y", metadata)


# Messages


async def test_a_thread_is_counted_and_replied(slack: Slack, mira: Person) -> None:
    root = await slack.chat_postMessage(channel="U0MIRA", text="root")
    await mira.say("first", thread_ts=root["ts"])
    reply = await slack.chat_postMessage(channel="U0MIRA", text="second", thread_ts=root["ts"])
    (shown,) = await mira.messages()
    assert (shown["reply_count"], shown["latest_reply"], shown["reply_users"]) == (2, reply["ts"], ["U0MIRA", "U0APP"])
    replies = (await slack.conversations_replies(channel="D0MIRA", ts=root["ts"]))["messages"]
    assert [message["text"] for message in replies] == ["root", "first", "second"]
    assert replies[1]["parent_user_id"] == "U0APP"
    assert [message["text"] for message in await mira.thread(root["ts"])] == ["root", "first", "second"]
    await slack.chat_delete(channel="D0MIRA", ts=reply["ts"])
    assert (await mira.messages())[0]["reply_count"] == 1


async def test_a_reply_to_a_reply_stays_in_the_thread_and_a_root_leaves_a_tombstone(slack: Slack, mira: Person) -> None:
    root = await slack.chat_postMessage(channel="U0MIRA", text="root")
    reply = await mira.say("reply", thread_ts=root["ts"])
    await mira.say("reply to the reply", thread_ts=reply)
    assert [one["text"] for one in await mira.thread(root["ts"])] == ["root", "reply", "reply to the reply"]
    await slack.chat_delete(channel="D0MIRA", ts=root["ts"])
    (tombstone,) = await mira.messages()
    assert (tombstone["subtype"], tombstone["reply_count"], tombstone["user"]) == ("tombstone", 2, "USLACKBOT")
    assert len(await mira.thread(root["ts"])) == 3


async def test_a_reply_to_nothing_stands_alone(slack: Slack) -> None:
    posted = await slack.chat_postMessage(channel="C0MGMT", text="x", thread_ts="1.000000")
    assert "thread_ts" not in posted["message"]


async def test_update_takes_blocks_away_only_when_text_comes_alone(slack: Slack, mira: Person) -> None:
    posted = await slack.chat_postMessage(channel="U0MIRA", text="old", blocks=[section("old")])
    channel, ts = posted["channel"], posted["ts"]
    await slack.chat_update(channel=channel, ts=ts, text="new", blocks=[section("new")])
    (shown,) = await mira.messages()
    assert (shown["text"], shown["blocks"][0]["text"]["text"], shown["edited"]["user"]) == ("new", "new", "U0APP")
    await slack.chat_update(channel=channel, ts=ts, text="bare")
    assert "blocks" not in (await mira.messages())[0]


async def test_others_messages_are_not_ours(slack: Slack, mira: Person) -> None:
    ts = await mira.say("mine")
    for act, error in (
        (slack.chat_update(channel="D0MIRA", ts=ts, text="x"), "cant_update_message"),
        (slack.chat_delete(channel="D0MIRA", ts=ts), "cant_delete_message"),
    ):
        assert await error_of(act) == error


async def test_deleted_is_gone(slack: Slack, mira: Person) -> None:
    posted = await slack.chat_postMessage(channel="U0MIRA", text="oops")
    await slack.chat_delete(channel=posted["channel"], ts=posted["ts"])
    assert await mira.messages() == []


async def test_only_visible_to_you(slack: Slack, mira: Person, sandbox: Sandbox) -> None:
    await slack.chat_postEphemeral(channel="C0MGMT", user="U0MIRA", text="psst")
    (whisper,) = await mira.messages("C0MGMT")
    assert (whisper["text"], whisper["ephemeral"]) == ("psst", True)
    assert (await slack.conversations_history(channel="C0MGMT"))["messages"] == []


async def test_permalink_leads_to_the_page(slack: Slack) -> None:
    posted = await slack.chat_postMessage(channel="C0MGMT", text="x")
    link = (await slack.chat_getPermalink(channel="C0MGMT", message_ts=posted["ts"]))["permalink"]
    async with httpx.AsyncClient(verify=False) as client:
        answer = await client.get(link)
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/?channel=C0MGMT&ts={posted['ts']}"


async def test_reactions_count(slack: Slack) -> None:
    posted = await slack.chat_postMessage(channel="C0MGMT", text="x")
    await slack.reactions_add(channel="C0MGMT", timestamp=posted["ts"], name="tea")
    (message,) = (await slack.conversations_history(channel="C0MGMT"))["messages"]
    assert message["reactions"] == [{"name": "tea", "users": ["U0APP"], "count": 1}]
    again = slack.reactions_add(channel="C0MGMT", timestamp=posted["ts"], name="tea")
    assert await error_of(again) == "already_reacted"


# Home


async def test_publish_and_hash(slack: Slack, mira: Person) -> None:
    first = (await slack.views_publish(user_id="U0MIRA", view=home(section("one"))))["view"]
    second = (await slack.views_publish(user_id="U0MIRA", view=home(section("two")), hash=first["hash"]))["view"]
    assert (second["id"], second["root_view_id"]) == (first["id"], first["id"])
    stale = slack.views_publish(user_id="U0MIRA", view=home(section("three")), hash=first["hash"])
    assert await error_of(stale) == "hash_conflict"
    shown = await mira.home()
    assert shown is not None
    assert shown["blocks"][0]["text"]["text"] == "two"


async def error_of(act: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as refused:
        await act
    return str(refused.value.response["error"])
