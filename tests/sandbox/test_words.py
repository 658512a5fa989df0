"""What people type: as Slack stores it, as rich text beside it, and what becomes of it when they change their mind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.hands import HandError, Hands, Person
from sandbox.judge import faults_of_blocks
from sandbox.rich_text import rich_text_of
from sandbox.server import Sandbox
from tests.sandbox.app import SocketApp

Json = dict[str, Any]


def text(words: str, **style: bool) -> Json:
    return {"type": "text", "text": words} | ({"style": style} if style else {})


def section(*leaves: Json) -> Json:
    return {"type": "rich_text_section", "elements": list(leaves)}


def points(style: str, indent: int, *lines: str, **more: int) -> Json:
    items = [section(text(line)) for line in lines]
    return {"type": "rich_text_list", "style": style, "indent": indent, "border": 0, "elements": items, **more}


# What is typed, the text that is stored, the parts of the rich text.
TYPED: dict[str, tuple[str, str, list[Json]]] = {
    "plain": ("hello & <co>", "hello &amp; &lt;co&gt;", [section(text("hello & <co>"))]),
    "two lines": ("one\n\ntwo", "one\n\ntwo", [section(text("one\n\ntwo"))]),
    "a mention": (
        "ask @Mira Lindqvist, @tom",
        "ask <@U0MIRA>, <@U0TOM>",
        [
            section(
                text("ask "),
                {"type": "user", "user_id": "U0MIRA"},
                text(", "),
                {"type": "user", "user_id": "U0TOM"},
            )
        ],
    ),
    "a channel and everybody": (
        "#general @here",
        "<#C0GENERAL|general> <!here>",
        [section({"type": "channel", "channel_id": "C0GENERAL"}, text(" "), {"type": "broadcast", "range": "here"})],
    ),
    "a link": (
        "see https://tea.example/a?b=1&c=@tom.",
        "see <https://tea.example/a?b=1&amp;c=@tom>.",
        [section(text("see "), {"type": "link", "url": "https://tea.example/a?b=1&c=@tom"}, text("."))],
    ),
    "a link in brackets": (
        "<https://tea.example>",
        "&lt;<https://tea.example>&gt;",
        [section(text("<"), {"type": "link", "url": "https://tea.example"}, text(">"))],
    ),
    "an address": (
        "mira@tea.example",
        "<mailto:mira@tea.example|mira@tea.example>",
        [section({"type": "link", "url": "mailto:mira@tea.example", "text": "mira@tea.example"})],
    ),
    "emoji": (
        ":tea: at 10:30:45 :wave::skin-tone-3:",
        ":tea: at 10:30:45 :wave::skin-tone-3:",
        [
            section(
                {"type": "emoji", "name": "tea"},
                text(" at 10:30:45 "),
                {"type": "emoji", "name": "wave", "skin_tone": 3},
            )
        ],
    ),
    "styles": (
        "*bold _both_* ~no~ snake_case_name 2*3*4",
        "*bold _both_* ~no~ snake_case_name 2*3*4",
        [
            section(
                text("bold ", bold=True),
                text("both", bold=True, italic=True),
                text(" "),
                text("no", strike=True),
                text(" snake_case_name 2*3*4"),
            )
        ],
    ),
    "code": (
        "run `a @tom https://b.example`",
        "run `a @tom https://b.example`",
        [section(text("run "), text("a @tom https://b.example", code=True))],
    ),
    "a fence": (
        "so:\n```\nif a < b:\n  @tom\n```",
        "so:\n```\nif a &lt; b:\n  @tom\n```",
        [
            section(text("so:")),
            {"type": "rich_text_preformatted", "border": 0, "elements": [text("if a < b:\n  @tom")]},
        ],
    ),
    "lists": (
        "buy:\n- milk\n- tea\n    - green\n3. pour\n4. drink",
        "buy:\n- milk\n- tea\n    - green\n3. pour\n4. drink",
        [
            section(text("buy:")),
            points("bullet", 0, "milk", "tea"),
            points("bullet", 1, "green"),
            points("ordered", 0, "pour", "drink", offset=2),
        ],
    ),
    "a quotation": (
        "> hot\n> tea\nsays she",
        "&gt; hot\n&gt; tea\nsays she",
        [{"type": "rich_text_quote", "elements": [text("hot\ntea")]}, section(text("says she"))],
    ),
}


@pytest.mark.parametrize("name", TYPED)
async def test_a_message_carries_what_a_client_makes_of_it(hands: Hands, mira: Person, name: str) -> None:
    typed, stored, parts = TYPED[name]
    await mira.say(typed)
    (message,) = await mira.messages()
    (block,) = message["blocks"]
    assert (message["text"], block["type"], block["elements"]) == (stored, "rich_text", parts)
    assert faults_of_blocks([block], "message", "") == []


@given(st.text(alphabet="ab1 \n*_~`:-.>&lt;<|@!/", max_size=60))
def test_nothing_that_is_typed_is_lost_or_malformed(words: str) -> None:
    text = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    block = rich_text_of(text)
    assert [fault for fault in faults_of_blocks([block], "message", "") if "no fewer" not in fault.message] == []
    letters = [letter for letter in _said(block) if letter in "ab"]
    assert letters == [letter for letter in words if letter in "ab"]


def _said(part: Json) -> str:
    own = str(part.get("text") or part.get("name") or "")
    return own + "".join(map(_said, part.get("elements", ())))


async def test_an_edit_is_told_with_what_was_there_before(sandbox: Sandbox, mira: Person) -> None:
    async with SocketApp(sandbox) as app:
        ts = await mira.say("Coffee")
        posted = await app.event("message")
        await mira.edit("Tea, @tom", ts=ts)
        event = await app.event("message")
        known = {"type": "message", "subtype": "message_changed", "hidden": True, "channel": "D0MIRA"}
        assert event.items() >= {**known, "channel_type": "im"}.items()
        assert event["ts"] > ts
        assert (event["message"]["text"], event["message"]["ts"]) == ("Tea, <@U0TOM>", ts)
        assert event["message"]["edited"].keys() == {"user", "ts"}
        assert event["message"]["client_msg_id"] == posted["client_msg_id"]
        assert event["message"]["blocks"] != posted["blocks"]
        assert event["previous_message"]["text"] == "Coffee"
        assert "edited" not in event["previous_message"]
        await mira.edit("Tea, @Tom Okafor", ts=ts)  # says the same
        await mira.delete(ts=ts)
        event = await app.event("message")
        assert event.items() >= {**known, "subtype": "message_deleted", "deleted_ts": ts}.items()
        assert event["previous_message"]["text"] == "Tea, <@U0TOM>"
    assert await mira.messages() == []


async def test_the_root_of_a_thread_leaves_a_stone(sandbox: Sandbox, mira: Person) -> None:
    root = await mira.say("Tea?")
    await mira.say("Yes", thread_ts=root)
    async with SocketApp(sandbox) as app:
        for _ in range(2):
            await app.event("message")
        await mira.delete(ts=root)
        event = await app.event("message")
        assert (event["subtype"], event["message"]["subtype"]) == ("message_changed", "tombstone")
    assert [one["text"] for one in await mira.thread(root)] == ["This message was deleted.", "Yes"]


async def test_the_words_of_a_file_may_go(mira: Person) -> None:
    ts = (await mira.upload(("plan.txt", b"plan"), text="The plan"))["ts"]
    await mira.edit("", ts=ts)
    (message,) = await mira.messages()
    assert (message["text"], message["subtype"], len(message["files"])) == ("", "file_share", 1)
    assert "blocks" not in message


# Who does what to whose message in a channel, and the refusal.
REFUSED: list[tuple[str, str, str, str]] = [
    ("U0SOFIA", "edit", "U0MIRA", "cant_update_message"),
    ("U0SOFIA", "delete", "U0MIRA", "cant_delete_message"),
    ("U0SOFIA", "delete", "U0APP", "cant_delete_message"),
    ("U0MIRA", "edit", "U0SOFIA", "cant_update_message"),  # an administrator's rights end here
    ("U0MIRA", "edit", "U0APP", "cant_update_message"),
    ("U0TOM", "delete", "U0MIRA", "not_in_channel"),
    ("U0MIRA", "delete", "U0SOFIA", ""),
    ("U0MIRA", "delete", "U0APP", ""),
    ("U0SOFIA", "edit", "U0SOFIA", ""),
]


@pytest.mark.parametrize(("user", "deed", "author", "error"), REFUSED)
async def test_who_may_touch_a_message(
    hands: Hands, slack: AsyncWebClient, user: str, deed: str, author: str, error: str
) -> None:
    channel = "C0MGMT"
    if author == "U0APP":
        ts = (await slack.chat_postMessage(channel=channel, text="mine"))["ts"]
    else:
        ts = await hands.person(author).say("mine", channel)
    person = hands.person(user)
    act = person.delete(ts=ts, channel=channel) if deed == "delete" else person.edit("yours", ts=ts, channel=channel)
    assert await _error(act) == error


async def test_what_cannot_be_edited(mira: Person) -> None:
    ts = await mira.say("Tea")
    assert await _error(mira.edit("  ", ts=ts)) == "no_text"
    assert await _error(mira.edit("x" * 40_001, ts=ts)) == "msg_too_long"
    assert await _error(mira.edit("x", ts="1.000001")) == "message_not_found"
    assert await _error(mira.delete(ts="1.000001")) == "message_not_found"
    assert await _error(mira.edit("x", ts=ts, channel="C0MOVE")) == "is_archived"


async def _error(act: Any) -> str:
    """The code of the refusal, empty for what went well."""
    try:
        await act
    except HandError as refused:
        return refused.error
    return ""
