"""What a message can say, and what an update leaves of it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import Person
from tests.sandbox.conftest import Build
from tests.sandbox.kit import section
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]


async def test_a_long_text_is_cut_off_with_a_warning(slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel="C0MGMT", text="x" * 40_001)
    assert (posted["warning"], posted["response_metadata"]["warnings"]) == ("message_truncated", ["message_truncated"])
    assert len(posted["message"]["text"]) == 40_000
    whole = await slack.chat_postMessage(channel="C0MGMT", text="x" * 40_000)
    assert "warning" not in whole


async def test_an_update_takes_less(slack: AsyncWebClient) -> None:
    posted = await slack.chat_postMessage(channel="C0MGMT", text="x")
    await slack.chat_update(channel="C0MGMT", ts=posted["ts"], text="x" * 4_000)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await slack.chat_update(channel="C0MGMT", ts=posted["ts"], text="x" * 4_001)


async def test_markdown_is_a_block(slack: AsyncWebClient, mira: Person) -> None:
    await slack.chat_postMessage(channel="U0MIRA", markdown_text="**Tea**")
    (shown,) = await mira.messages()
    assert shown["blocks"][0].items() >= {"type": "markdown", "text": "**Tea**"}.items()


# What an update says, and what is then there of text "old", a block and an attachment.
UPDATES: list[tuple[Json, Json]] = [
    ({"text": "new"}, {"text": "new", "blocks": 0, "attachments": 1}),
    ({"blocks": [section("a"), section("b")]}, {"text": "", "blocks": 2, "attachments": 1}),
    ({"attachments": []}, {"text": "old", "blocks": 1, "attachments": 0}),
    ({"text": "new", "attachments": [{"text": "a"}, {"text": "b"}]}, {"text": "new", "blocks": 0, "attachments": 2}),
    ({}, {"text": "old", "blocks": 1, "attachments": 1}),
]


@pytest.mark.parametrize(("said", "left"), UPDATES)
async def test_what_an_update_leaves(slack: AsyncWebClient, said: Json, left: Json) -> None:
    old = {"text": "old", "blocks": [section("x")], "attachments": [{"text": "legacy"}]}
    posted = await slack.api_call("chat.postMessage", json={"channel": "C0MGMT", **old})
    await slack.api_call("chat.update", json={"channel": "C0MGMT", "ts": posted["ts"], **said})
    (message,) = (await slack.conversations_history(channel="C0MGMT"))["messages"]
    counts = {name: len(message.get(name, ())) for name in ("blocks", "attachments")}
    assert {"text": message["text"], **counts} == left


async def test_without_a_messages_tab_there_is_no_dm(build: Build) -> None:
    manifest = copy.deepcopy(MANIFEST)
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    sandbox = await build(manifest=manifest)
    environment = sandbox.environment
    slack = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    with pytest.raises(SlackApiError, match="messages_tab_disabled"):
        await slack.chat_postMessage(channel="U0MIRA", text="x")
    assert (await slack.chat_postMessage(channel="C0MGMT", text="x"))["ok"]
