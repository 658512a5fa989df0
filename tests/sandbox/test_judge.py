"""The rules of Block Kit that reach beyond one key, and what Slack answers when one of them is broken."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.judge import (
    elements_of,
    every_block,
    faults_of_blocks,
    faults_of_view,
    judged_attachments,
    judged_blocks,
    judged_view,
)
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
    plain,
    section,
    select,
    table,
    text_input,
)

Json = dict[str, Any]


def words(length: int) -> str:
    return "x" * length


# What Slack answers, for each way in: the blocks, the error code, and the first reason.
CODES: list[tuple[Any, str, str]] = [
    (
        [section(words(3001))],
        "invalid_blocks",
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    ([divider()] * 51, "invalid_blocks", "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"),
    ([section(words(2700))] * 5, "msg_blocks_too_long", "[ERROR] the blocks together"),
    ([table(), table()], "invalid_attachments", "[ERROR] only_one_table_allowed [json-pointer:/blocks/1]"),
    ({"type": "divider"}, "invalid_blocks_format", "[ERROR] must provide an array of objects [json-pointer:/blocks]"),
    (["divider"], "invalid_blocks_format", "[ERROR] must provide an array of objects [json-pointer:/blocks]"),
    ("[]", "invalid_blocks_format", "[ERROR] must provide an array of objects [json-pointer:/blocks]"),
]


@pytest.mark.parametrize(("blocks", "error", "reason"), CODES)
def test_what_a_message_is_refused_with(blocks: Any, error: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        judged_blocks(blocks, "message")
    assert refused.value.error == error
    assert refused.value.reasons[0].startswith(reason)


def test_attachments() -> None:
    plain_ones = [{"color": "good", "fallback": "Tea"}, {"blocks": [actions(button())]}]
    assert judged_attachments(plain_ones)[1]["blocks"][0]["block_id"]
    for attachments, error, pointer in (
        ([{"blocks": [header(words(151))]}], "invalid_attachments", "/attachments/0/blocks/0/text/text"),
        ([{"color": "good"}] * 101, "too_many_attachments", "/attachments"),
        ({"blocks": []}, "invalid_attachments", "/attachments"),
    ):
        with pytest.raises(Refusal) as refused:
            judged_attachments(attachments)
        assert refused.value.error == error
        assert f"[json-pointer:{pointer}]" in refused.value.reasons[0]


GROUP = {"label": plain("Teas"), "options": [option("a")]}


def container(*children: Json) -> Json:
    return {"type": "container", "title": plain("Teas"), "child_blocks": list(children)}


def layout(*children: Json) -> Json:
    return {"type": "layout", "label": "Teas", "rows": [{"items": [{"blocks": list(children)}]}]}


def card(block_id: str, *buttons: Json) -> Json:
    return {"type": "card", "block_id": block_id, "title": plain("Tea")} | (
        {"actions": list(buttons)} if buttons else {}
    )


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
    "section without words": ([section()], "message", "/0", "one of text, fields"),
    "text field among buttons": ([actions(text_input())], "message", "/0/elements/0/type", "plain_text_input"),
    "button in an input": ([input_block(button())], "modal", "/0/element/type", "unsupported type: button"),
    "button in a context": ([context(button())], "message", "/0/elements/0/type", "unsupported type: button"),
    "options and groups": (
        [actions(select(option("v")) | {"option_groups": [{"label": plain("l"), "options": [option("v")]}]})],
        "message",
        "/0/elements/0",
        "exactly one",
    ),
    "preset with another text": (
        [actions(select(option("a", "A")) | {"initial_option": option("a", "B")})],
        "message",
        "/0/elements/0/initial_option",
        "among the options",
    ),
    "preset in a group": (
        [actions(select() | {"options": None, "option_groups": [GROUP], "initial_option": option("z")})],
        "message",
        "/0/elements/0/initial_option",
        "among the options",
    ),
    "same block_id inside a container": (
        [divider("a"), container(divider("a"))],
        "message",
        "/1/child_blocks/0/block_id",
        "already exists",
    ),
    "same block_id in a carousel": (
        [{"type": "carousel", "elements": [card("a"), card("a")]}],
        "message",
        "/0/elements/1/block_id",
        "already exists",
    ),
    "same action_id inside a container": (
        [container(actions(button("a"), button("a")))],
        "message",
        "/0/child_blocks/0/elements/1/action_id",
        "already exists",
    ),
    "same action_id in a card": (
        [card("a", button("x"), button("x"))],
        "message",
        "/0/actions/1/action_id",
        "already exists",
    ),
    "same block_id inside a layout": (
        [divider("a"), layout(divider("a"))],
        "modal",
        "/1/rows/0/items/0/blocks/0/block_id",
        "already exists",
    ),
    "table in the layout of a modal": (
        [layout(table())],
        "modal",
        "/0/rows/0/items/0/blocks/0/type",
        "unsupported type: table",
    ),
    "second table in a container": (
        [table(), container(table())],
        "message",
        "/1/child_blocks/0",
        "only_one_table_allowed",
    ),
    "focus twice in one block": (
        [actions(*[select(option("a"), action_id=name) | {"focus_on_load": True} for name in "ab"])],
        "home",
        "/0/elements/1/focus_on_load",
        "only one element",
    ),
    "card without content": ([{"type": "card", "subtitle": plain("x")}], "message", "/0", "hero_image, title"),
    "no blocks": ([], "message", "", "no fewer than 1"),
    "two with focus": (
        [input_block(text_input(focus_on_load=True)), input_block(text_input(focus_on_load=True))],
        "modal",
        "/1/element/focus_on_load",
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


def test_blocks_within_blocks_get_ids_too() -> None:
    press = {"type": "button", "text": plain("Go")}
    cells = [[{"type": "raw_text", "text": "Tea"}], [{"type": "action_cell", "element": press}]]
    blocks = [
        container(section("Tea", accessory=press)),
        {"type": "carousel", "elements": [{"type": "card", "actions": [press]}]},
        {"type": "data_table", "caption": "Teas", "rows": cells},
        section("Tea", accessory=image()),
        layout(actions(press)),
    ]
    inner = "/4/rows/0/items/0/blocks/0"
    named = list(every_block(judged_blocks(blocks, "message"), ""))
    assert [at for _, at in named] == ["/0", "/0/child_blocks/0", "/1", "/1/elements/0", "/2", "/3", "/4", inner]
    assert all(block["block_id"] for block, _ in named)
    pressed = [(at, "action_id" in element) for block, where in named for element, at in elements_of(block, where)]
    assert pressed == [
        ("/0/child_blocks/0/accessory", True),
        ("/1/elements/0/actions/0", True),
        ("/2/rows/1/0/element", True),
        ("/3/accessory", False),
        (f"{inner}/elements/0", True),
    ]
