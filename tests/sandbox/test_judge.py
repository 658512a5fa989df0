"""The Block Kit judge at every limit: n is accepted, n + 1 is refused at the right place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.judge import faults_of_blocks, faults_of_view, judged_blocks, judged_view
from sandbox.judge.app_manifest import faults_of_manifest
from sandbox.judge.surfaces import MESSAGE_CHARACTERS
from sandbox.manifest import Manifest
from sandbox.refusal import Refusal
from tests.sandbox.kit import (
    actions,
    button,
    checkboxes,
    context,
    divider,
    file_input,
    header,
    image,
    input_block,
    markdown,
    modal,
    option,
    overflow,
    plain,
    radio,
    section,
    select,
    table,
    text_input,
)
from tests.sandbox.manifest import MANIFEST

Json = dict[str, Any]
Sized = Callable[[int], Json]


def words(length: int) -> str:
    return "x" * length


def pointers(block: Json, surface: str = "message") -> list[str]:
    return [fault.pointer for fault in faults_of_blocks([block], surface, "")]


# What is sized, its limit, where the fault is, the surface, and a block of that size.
BLOCK_LIMITS: dict[str, tuple[int, str, str, Sized]] = {
    "section text": (3000, "/0/text/text", "message", lambda n: section(words(n))),
    "section fields": (10, "/0/fields", "message", lambda n: section(fields=[plain("f")] * n)),
    "section field": (2000, "/0/fields/0/text", "message", lambda n: section(fields=[plain(words(n))])),
    "header": (150, "/0/text/text", "message", lambda n: header(words(n))),
    "context elements": (10, "/0/elements", "message", lambda n: context(*[plain("c")] * n)),
    "actions elements": (25, "/0/elements", "message", lambda n: actions(*[button(f"b{i}") for i in range(n)])),
    "button text": (75, "/0/elements/0/text/text", "message", lambda n: actions(button(text=words(n)))),
    "button value": (2000, "/0/elements/0/value", "message", lambda n: actions(button(value=words(n)))),
    "button url": (3000, "/0/elements/0/url", "message", lambda n: actions(button(url=words(n)))),
    "action_id": (255, "/0/elements/0/action_id", "message", lambda n: actions(button(words(n)))),
    "block_id": (255, "/0/block_id", "message", lambda n: divider(words(n))),
    "option text": (
        75,
        "/0/elements/0/options/0/text/text",
        "message",
        lambda n: actions(select(option("v", words(n)))),
    ),
    "option value": (150, "/0/elements/0/options/0/value", "message", lambda n: actions(select(option(words(n))))),
    "option description": (
        75,
        "/0/elements/0/options/0/description/text",
        "message",
        lambda n: actions(select(option("v") | {"description": plain(words(n))})),
    ),
    "select options": (
        100,
        "/0/elements/0/options",
        "message",
        lambda n: actions(select(*[option(f"v{i}") for i in range(n)])),
    ),
    "option groups": (100, "/0/elements/0/option_groups", "message", lambda n: actions(_grouped(n))),
    "group label": (75, "/0/elements/0/option_groups/0/label/text", "message", lambda n: actions(_grouped(1, n))),
    "overflow options": (
        5,
        "/0/elements/0/options",
        "message",
        lambda n: actions(overflow(*[option(f"v{i}") for i in range(n)])),
    ),
    "checkboxes": (
        10,
        "/0/elements/0/options",
        "message",
        lambda n: actions(checkboxes(*[option(f"v{i}") for i in range(n)])),
    ),
    "radio buttons": (
        10,
        "/0/elements/0/options",
        "message",
        lambda n: actions(radio(*[option(f"v{i}") for i in range(n)])),
    ),
    "placeholder": (
        150,
        "/0/elements/0/placeholder/text",
        "message",
        lambda n: actions(select(option("v")) | {"placeholder": plain(words(n))}),
    ),
    "confirm title": (100, "/0/elements/0/confirm/title/text", "message", lambda n: actions(_confirmed(title=n))),
    "confirm text": (300, "/0/elements/0/confirm/text/text", "message", lambda n: actions(_confirmed(text=n))),
    "confirm button": (30, "/0/elements/0/confirm/deny/text", "message", lambda n: actions(_confirmed(deny=n))),
    "input label": (2000, "/0/label/text", "modal", lambda n: input_block(text_input(), label=words(n))),
    "input hint": (2000, "/0/hint/text", "modal", lambda n: input_block(text_input(), hint=plain(words(n)))),
    "initial text": (
        3000,
        "/0/element/initial_value",
        "modal",
        lambda n: input_block(text_input(initial_value=words(n))),
    ),
    "max_length": (3000, "/0/element/max_length", "modal", lambda n: input_block(text_input(max_length=n))),
    "max_files": (10, "/0/element/max_files", "modal", lambda n: input_block(file_input(max_files=n))),
    "image url": (3000, "/0/image_url", "message", lambda n: image(image_url=words(n))),
    "image alt": (2000, "/0/alt_text", "message", lambda n: image(alt_text=words(n))),
    "image title": (2000, "/0/title/text", "message", lambda n: image(title=plain(words(n)))),
    "markdown": (12_000, "/0/text", "message", lambda n: markdown(words(n))),
    "table rows": (100, "/0/rows", "message", lambda n: table(rows=n)),
    "table columns": (20, "/0/rows/0", "message", lambda n: table(columns=n)),
    "table characters": (10_000, "/0/rows", "message", lambda n: table(characters=n)),
}


def _grouped(groups: int, label: int = 1) -> Json:
    menu = select(option("v"))
    del menu["options"]
    return menu | {"option_groups": [{"label": plain(words(label)), "options": [option("v")]}] * groups}


def _confirmed(title: int = 1, text: int = 1, deny: int = 1) -> Json:
    sentences = {"title": plain(words(title)), "text": plain(words(text)), "deny": plain(words(deny))}
    return button() | {"confirm": {**sentences, "confirm": plain("Yes")}}


@pytest.mark.parametrize("name", BLOCK_LIMITS)
def test_a_block_at_its_limit(name: str) -> None:
    limit, pointer, surface, block = BLOCK_LIMITS[name]
    assert pointers(block(limit), surface) == []
    assert pointers(block(limit + 1), surface) == [pointer]


VIEW_LIMITS: dict[str, tuple[int, str, Sized]] = {
    "title": (24, "/view/title/text", lambda n: modal(title=plain(words(n)))),
    "submit": (24, "/view/submit/text", lambda n: modal(submit=plain(words(n)))),
    "close": (24, "/view/close/text", lambda n: modal(close=plain(words(n)))),
    "private_metadata": (3000, "/view/private_metadata", lambda n: modal(private_metadata=words(n))),
    "callback_id": (255, "/view/callback_id", lambda n: modal(callback_id=words(n))),
    "external_id": (255, "/view/external_id", lambda n: modal(external_id=words(n))),
    "blocks": (100, "/view/blocks", lambda n: modal(blocks=[divider()] * n)),
}


@pytest.mark.parametrize("name", VIEW_LIMITS)
def test_a_view_at_its_limit(name: str) -> None:
    limit, pointer, view = VIEW_LIMITS[name]
    assert faults_of_view(view(limit), "modal") == []
    assert [fault.pointer for fault in faults_of_view(view(limit + 1), "modal")] == [pointer]


@pytest.mark.parametrize(("surface", "limit"), [("message", 50), ("modal", 100), ("home", 100)])
def test_blocks_per_surface(surface: str, limit: int) -> None:
    assert faults_of_blocks([divider()] * limit, surface, "") == []
    (fault,) = faults_of_blocks([divider()] * (limit + 1), surface, "/blocks")
    assert str(fault) == f"[ERROR] no more than {limit} items allowed [json-pointer:/blocks]"


def test_all_blocks_of_a_message_together() -> None:
    fits = [section(words(3000))] * 4 + [section(words(MESSAGE_CHARACTERS - 12_000))]
    assert faults_of_blocks(fits, "message", "") == []
    with pytest.raises(Refusal) as refused:
        judged_blocks([*fits, section("x")], "message")
    assert refused.value.error == "msg_blocks_too_long"


MRKDWN = {"type": "mrkdwn", "text": "x"}
UNEVEN = [*table(columns=2)["rows"], *table(columns=1)["rows"]]

# Rules of Slack that reach beyond one key: blocks, surface, pointer of the fault, part of the sentence.
RULES: dict[str, tuple[list[Json], str, str, str]] = {
    "file_input in a message": ([input_block(file_input())], "message", "/0/element/type", "unsupported type"),
    "file_input on Home": ([input_block(file_input())], "home", "/0/element/type", "unsupported type"),
    "preset that is no option": (
        [actions(select(option("a")) | {"initial_option": option("b")})],
        "message",
        "/0/elements/0/initial_option",
        "among the options",
    ),
    "checkbox preset that is no option": (
        [actions(checkboxes(option("a")) | {"initial_options": [option("a"), option("b")]})],
        "message",
        "/0/elements/0/initial_options/1",
        "among the options",
    ),
    "same block_id twice": ([divider("a"), divider("a")], "message", "/1/block_id", "already exists"),
    "same action_id twice": ([actions(button("a"), button("a"))], "message", "/0/elements/1/action_id", "already"),
    "two tables": ([table(), table()], "message", "/1", "only_one_table_allowed"),
    "table in a modal": ([table()], "modal", "/0/type", "unsupported type"),
    "markdown on Home": ([markdown("x")], "home", "/0/type", "unsupported type"),
    "unknown block": ([{"type": "hologram"}], "message", "/0/type", "unsupported type: hologram"),
    "block without type": ([{"text": "x"}], "message", "/0", "missing required field: type"),
    "unknown key": ([divider() | {"colour": "red"}], "message", "/0", "invalid additional property: colour"),
    "missing key": ([{"type": "header"}], "message", "/0", "missing required field: text"),
    "mrkdwn in a header": ([{"type": "header", "text": MRKDWN}], "message", "/0/text/type", "mrkdwn"),
    "empty text": ([section("")], "message", "/0/text/text", "more than 0 characters"),
    "section without words": ([section()], "message", "/0", "text or fields"),
    "text field among buttons": ([actions(text_input())], "message", "/0/elements/0/type", "plain_text_input"),
    "button in an input": ([input_block(button())], "modal", "/0/element/type", "unsupported type: button"),
    "button in a context": ([context(button())], "message", "/0/elements/0/type", "unsupported type: button"),
    "options and groups": ([actions(_grouped(1) | select(option("v")))], "message", "/0/elements/0", "exactly one"),
    "card without content": ([{"type": "card", "subtitle": plain("x")}], "message", "/0", "hero_image, title"),
    "no blocks": ([], "message", "", "no fewer than 1"),
    "two with focus": (
        [input_block(text_input(focus_on_load=True)), input_block(text_input(focus_on_load=True))],
        "modal",
        "/1",
        "focus_on_load",
    ),
    "uneven table": ([table(rows=2, columns=2) | {"rows": UNEVEN}], "message", "/0/rows", "same number"),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_rules_beyond_one_key(name: str) -> None:
    blocks, surface, pointer, sentence = RULES[name]
    (fault,) = faults_of_blocks(blocks, surface, "")
    assert (fault.pointer, sentence in fault.message) == (pointer, True), fault


def test_a_modal_with_inputs_needs_a_submit() -> None:
    view = modal(blocks=[input_block(text_input())])
    assert faults_of_view(view, "modal") == []
    del view["submit"]
    assert [fault.message for fault in faults_of_view(view, "modal")] == ["missing required field: submit"]


def test_a_view_that_is_too_large() -> None:
    view = modal(blocks=[section(fields=[plain(words(2000))] * 10) for _ in range(13)])
    with pytest.raises(Refusal) as refused:
        judged_view(view, "modal")
    assert refused.value.error == "view_too_large"


@pytest.mark.parametrize(
    ("view", "sentence"),
    [
        (None, "must provide an object"),
        ({}, "missing required field: type"),
        ({"type": "home", "blocks": []}, "unsupported type: home"),
        ({"type": "modal", "blocks": [divider()]}, "missing required field: title"),
        (modal(submit_disabled=True), "invalid additional property: submit_disabled"),
    ],
)
def test_views_that_are_none(view: Any, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        judged_view(view, "modal")
    assert refused.value.error == "invalid_arguments"
    assert sentence in refused.value.reasons[0]


def test_accepted_blocks_get_ids_and_lose_nulls() -> None:
    nameless = button() | {"url": None}
    del nameless["action_id"]
    (block,) = judged_blocks([actions(nameless)], "message")
    assert block["block_id"]
    assert block["elements"][0]["action_id"]
    assert "url" not in block["elements"][0]
    assert "action_id" not in nameless


_KEYS = st.sampled_from(["type", "text", "elements", "element", "accessory", "options", "block_id", "fields", "rows"])
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)
_KINDS = st.sampled_from(["section", "actions", "input", "table", "context", "static_select", "plain_text", "button"])


@settings(deadline=None)
@given(st.lists(st.dictionaries(_KEYS, _JSON, max_size=4).map(dict), max_size=3), _KINDS)
def test_nonsense_is_judged_not_tripped_over(blocks: list[Json], kind: str) -> None:
    for block in blocks:
        block["type"] = kind
    for surface in ("message", "modal", "home"):
        faults_of_blocks(blocks, surface, "")
    faults_of_view({"type": "modal", "blocks": blocks}, "modal")


# A manifest with one thing wrong, and where.
BAD_MANIFESTS: list[tuple[Json, str]] = [
    ({}, ""),
    ({"display_information": {"name": "x" * 36}}, "/display_information/name"),
    ({"display_information": {"name": "x", "description": "d" * 141}}, "/display_information/description"),
    ({"display_information": {"name": "x", "long_description": "d" * 174}}, "/display_information/long_description"),
    ({"features": {"slash_commands": [{"command": "tea", "description": "d"}]}}, "/features/slash_commands/0/command"),
    ({"features": {"slash_commands": [{"command": "/t", "description": "d"}] * 51}}, "/features/slash_commands"),
    ({"features": {"home": {}}}, "/features"),
    (
        {"settings": {"event_subscriptions": {"bot_events": ["e"] * 101}, "socket_mode_enabled": True}},
        "/settings/event_subscriptions/bot_events",
    ),
    ({"settings": {"interactivity": {"is_enabled": True}}}, "/settings/interactivity"),
]


@pytest.mark.parametrize(("part", "pointer"), BAD_MANIFESTS)
def test_manifests(part: Json, pointer: str) -> None:
    named = {"display_information": {"name": "x" * 35}} if part else {}
    (fault,) = faults_of_manifest({**named, **part})
    assert fault.pointer == pointer
    with pytest.raises(Refusal):
        Manifest({**named, **part})
    assert faults_of_manifest(MANIFEST) == []
