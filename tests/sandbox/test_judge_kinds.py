"""Every kind of block and element: a right sample, the sample with one thing wrong, and every place it may stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.judge import faults_of_blocks, faults_of_view
from tests.sandbox.judge_samples import (
    BLOCKS,
    BLOCKS_OF_ELEMENTS,
    ELEMENTS,
    EVERYWHERE,
    HOLDERS,
    HOME,
    MODAL,
    SURFACES,
    SURFACES_OF_BLOCKS,
    SURFACES_OF_ELEMENTS,
    holding,
    place_of,
    surface_of,
)
from tests.sandbox.kit import input_block, modal

Json = dict[str, Any]

SAMPLES: dict[str, tuple[str, Json]] = {
    f"{kind} {number}": (surface_of(kind), sample)
    for kind, samples in BLOCKS.items()
    for number, sample in enumerate(samples)
} | {kind: (place_of(kind)[0], holding(kind, place_of(kind)[1])) for kind in ELEMENTS}


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("kind", BLOCKS)
def test_a_block_stands_on_its_surfaces_only(kind: str, surface: str) -> None:
    for sample in BLOCKS[kind]:
        faults = faults_of_blocks([sample], surface, "")
        expected = [] if surface in SURFACES_OF_BLOCKS.get(kind, EVERYWHERE) else [f"unsupported type: {kind}"]
        assert [fault.message for fault in faults] == expected


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("block", HOLDERS)
@pytest.mark.parametrize("kind", ELEMENTS)
def test_an_element_stands_in_its_blocks_only(kind: str, block: str, surface: str) -> None:
    if surface not in SURFACES_OF_BLOCKS.get(block, EVERYWHERE):
        return
    faults = faults_of_blocks([holding(kind, block)], surface, "")
    blocks = BLOCKS_OF_ELEMENTS.get(kind, {"section", "actions", "input"})
    fits = block in blocks and surface in SURFACES_OF_ELEMENTS.get(kind, EVERYWHERE)
    assert [fault.message for fault in faults] == ([] if fits else [f"unsupported type: {kind}"])


@pytest.mark.parametrize("kind", ["file", "call", "auth_provider", "hologram", "SECTION", ""])
@pytest.mark.parametrize("surface", SURFACES)
def test_unknown_blocks_are_refused(kind: str, surface: str) -> None:
    (fault,) = faults_of_blocks([{"type": kind, "external_id": "f", "source": "remote"}], surface, "/blocks")
    assert str(fault) == f"[ERROR] unsupported type: {kind} [json-pointer:/blocks/0/type]"


def test_views_with_every_key() -> None:
    assert faults_of_view(MODAL) == []
    assert faults_of_view(HOME) == []


def objects_in(value: Any, pointer: str = "") -> Iterator[tuple[Json, str]]:
    """Every object in a structure, with its pointer."""
    if isinstance(value, dict):
        yield value, pointer
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from objects_in(part, f"{pointer}/{name}")


def copied(sample: Any) -> Any:
    """A copy in which no object stands twice, as the samples themselves have them."""
    return json.loads(json.dumps(sample))


def changed(sample: Any, pointer: str, change: Any) -> Any:
    """A copy in which `change` was done to the object at the pointer."""
    whole = copied(sample)
    for value, at in objects_in(whole):
        if at == pointer:
            change(value)
            return whole
    raise AssertionError(pointer)


def pointers(surface: str, block: Json) -> list[str]:
    return [fault.pointer for fault in faults_of_blocks([block], surface, "")]


@pytest.mark.parametrize("name", SAMPLES)
def test_an_unknown_key_is_refused_where_it_stands(name: str) -> None:
    surface, sample = SAMPLES[name]
    for _, at in objects_in(sample):
        (fault,) = faults_of_blocks([changed(sample, at, lambda value: value.update(colour="red"))], surface, "")
        assert (fault.pointer, fault.message) == (f"/0{at}", "invalid additional property: colour")


# What may be left out of each kind of object, besides what every kind may leave out.
OPTIONAL = {"block_id", "action_id", "style", "confirm", "placeholder", "focus_on_load", "emoji", "verbatim"}
REQUIRED_KEYS: dict[str, set[str]] = {
    "actions": {"elements"},
    "alert": {"text"},
    "carousel": {"elements"},
    "container": {"child_blocks"},
    "context": {"elements"},
    "context_actions": {"elements"},
    "data_table": {"rows", "caption"},
    "data_visualization": {"title", "chart"},
    "header": {"text"},
    "image": {"alt_text"},
    "input": {"label", "element"},
    "layout": {"label", "rows"},
    "markdown": {"text"},
    "plan": {"title"},
    "rich_text": {"elements"},
    "table": {"rows"},
    "task_card": {"task_id", "title"},
    "video": {"title", "video_url", "thumbnail_url", "alt_text"},
    "plain_text": {"text"},
    "mrkdwn": {"text"},
    "button": {"text"},
    "workflow_button": {"text", "workflow", "action_id"},
    "icon_button": {"icon", "text"},
    "feedback_buttons": {"positive_button", "negative_button"},
    "overflow": {"options"},
    "checkboxes": {"options"},
    "radio_buttons": {"options"},
    "number_input": {"is_decimal_allowed"},
    "rich_text_input": {"action_id"},
    "raw_text": {"text"},
    "raw_number": {"value", "text"},
    "pie": {"segments"},
    "bar": {"series", "axis_config"},
    "url": {"url", "text"},
    "icon": {"name"},
    "rich_text_section": {"elements"},
    "rich_text_list": {"elements", "style"},
    "text": {"text"},
    "link": {"url"},
    "emoji": {"name"},
    "user": {"user_id"},
    "color": {"value"},
    "date": {"timestamp", "format"},
    "broadcast": {"range"},
}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_missing_key_is_named(name: str) -> None:
    surface, sample = SAMPLES[name]
    for value, at in objects_in(sample):
        for key in REQUIRED_KEYS.get(value.get("type", ""), set()) | ({"type"} & set(value)):
            if at.endswith(("/tasks/1", "/fallback")) and key == "type":
                continue  # in a plan a task card needs no type
            (fault,) = faults_of_blocks([changed(sample, at, lambda value, key=key: value.pop(key))], surface, "")
            assert (fault.pointer, fault.message) == (f"/0{at}", f"missing required field: {key}")
            assert (fault.code, fault.field) == ("missing_field", key)


@pytest.mark.parametrize("name", SAMPLES)
def test_what_is_not_required_may_be_left_out_or_null(name: str) -> None:
    surface, sample = SAMPLES[name]
    for value, at in objects_in(sample):
        if "deny" in value or "/options/" in at or "/initial_option" in at:
            continue  # all of a confirmation is required; a preset is to be exactly like its option
        for key in (OPTIONAL & set(value)) - REQUIRED_KEYS.get(value.get("type", ""), set()):
            assert pointers(surface, changed(sample, at, lambda value, key=key: value.pop(key))) == []
            assert pointers(surface, changed(sample, at, lambda value, key=key: value.update({key: None}))) == []


WRONG: tuple[Any, ...] = (7, -0.5, True, "", "nonsense" * 2000, [], [[]], {}, {"type": "nonsense"}, ["nonsense"])


def json_type(value: Any) -> str:
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.parametrize("name", SAMPLES)
def test_a_value_of_another_type_is_refused_at_its_key(name: str) -> None:
    surface, sample = SAMPLES[name]
    for value, at in objects_in(sample):
        for key in value:
            here = f"/0{at}/{key}"
            for wrong in WRONG:
                if json_type(wrong) == json_type(value[key]):
                    continue
                found = pointers(
                    surface, changed(sample, at, lambda value, key=key, wrong=wrong: value.update({key: wrong}))
                )
                assert found, (here, wrong)
                assert all(pointer.startswith(here) for pointer in found), (here, wrong, found)


# One thing wrong in a right element: the element, the keys that replace its own, where the fault is, what is said.
WRONG_ELEMENTS: list[tuple[str, Json, str, str]] = [
    ("button", {"style": "blue"}, "style", "valid enum value"),
    ("button", {"text": {"type": "mrkdwn", "text": "Go"}}, "text/type", "unsupported type: mrkdwn"),
    ("icon_button", {"icon": "pencil"}, "icon", "valid enum value"),
    (
        "feedback_buttons",
        {"positive_button": {"text": {"type": "plain_text", "text": "Good"}}},
        "positive_button",
        "value",
    ),
    ("overflow", {"options": []}, "options", "no fewer than 1"),
    ("datepicker", {"initial_date": "2026-02-30"}, "initial_date", "YYYY-MM-DD"),
    ("datepicker", {"initial_date": "22-11-2026"}, "initial_date", "YYYY-MM-DD"),
    ("timepicker", {"initial_time": "24:00"}, "initial_time", "HH:mm"),
    ("timepicker", {"timezone": "Mars/Olympus"}, "timezone", "time zone"),
    ("datetimepicker", {"initial_date_time": 162863382}, "initial_date_time", "whole number"),
    ("datetimepicker", {"placeholder": {"type": "plain_text", "text": "When"}}, "", "property: placeholder"),
    ("button", {"focus_on_load": True}, "", "property: focus_on_load"),
    ("static_select", {"options": None, "initial_option": None}, "", "exactly one of"),
    ("external_select", {"min_query_length": -1}, "min_query_length", "whole number"),
    ("conversations_select", {"filter": {}}, "filter", "one of include"),
    ("conversations_select", {"filter": {"include": []}}, "filter/include", "no fewer than 1"),
    ("conversations_select", {"filter": {"include": ["dm"]}}, "filter/include/0", "valid enum value"),
    ("conversations_select", {"response_url_enabled": True}, "", "property: response_url_enabled"),
    ("multi_users_select", {"max_selected_items": 0}, "max_selected_items", "whole number"),
    (
        "plain_text_input",
        {"min_length": 3, "max_length": 2, "initial_value": None},
        "max_length",
        "at least min_length",
    ),
    ("plain_text_input", {"initial_value": "Tea", "max_length": 2}, "initial_value", "as long as"),
    (
        "plain_text_input",
        {"dispatch_action_config": {"trigger_actions_on": []}},
        "dispatch_action_config/trigger_actions_on",
        "no fewer than 1",
    ),
    ("number_input", {"min_value": "7", "max_value": "5.6", "initial_value": None}, "max_value", "in this order"),
    ("number_input", {"initial_value": "101"}, "max_value", "in this order"),
    ("number_input", {"is_decimal_allowed": False}, "initial_value", "whole number"),
    ("number_input", {"min_value": "ten"}, "min_value", "a number as text"),
    ("file_input", {"max_files": 0}, "max_files", "whole number"),
    ("image", {"slack_file": {"id": "F1"}}, "", "exactly one of"),
    ("image", {"image_url": None, "slack_file": {"id": "F1", "url": "https://e.org"}}, "slack_file", "exactly one of"),
    ("image", {"image_url": None}, "", "exactly one of"),
    ("workflow_button", {"workflow": {"trigger": {}}}, "workflow/trigger", "missing required field: url"),
]


@pytest.mark.parametrize(("kind", "keys", "where", "sentence"), WRONG_ELEMENTS)
def test_an_element_with_one_thing_wrong(kind: str, keys: Json, where: str, sentence: str) -> None:
    surface, block = place_of(kind)
    whole = copied(holding(kind, block))
    (element, at) = next((value, at) for value, at in objects_in(whole) if value.get("type") == kind)
    element |= keys
    (fault,) = faults_of_blocks([whole], surface, "")
    assert (fault.pointer, sentence in fault.message) == (f"/0{at}/{where}".rstrip("/"), True), fault


_TEA = {"label": "Mon", "value": 1}
LAYOUT_ITEM: Json = {"blocks": [{"type": "divider"}]}
# One thing wrong in a right block: the block (and which of its samples), the keys that replace its own, and the fault.
WRONG_BLOCKS: list[tuple[str, int, Json, str, str]] = [
    ("alert", 0, {"level": "fatal"}, "level", "valid enum value"),
    ("card", 1, {"title": None}, "", "one of hero_image, title, body, actions"),
    ("card", 1, {"icon": ELEMENTS["image"]}, "", "only one of: icon, slack_icon"),
    ("card", 1, {"slack_icon": {"type": "icon", "name": "teapot"}}, "slack_icon/name", "valid enum value"),
    ("card", 1, {"title": "Tea"}, "title", "must provide an object"),
    ("carousel", 0, {"elements": [BLOCKS["divider"][0]]}, "elements/0/type", "unsupported type: divider"),
    ("container", 0, {"title": None, "rich_text_title": None}, "", "one of title, rich_text_title"),
    ("container", 0, {"is_collapsible": False}, "default_collapsed", "is_collapsible must be true"),
    ("container", 1, {"is_collapsible": True}, "has_header_divider", "is_collapsible must be false"),
    ("container", 1, {"child_blocks": BLOCKS["container"][:1]}, "child_blocks/0/type", "unsupported type: container"),
    ("container", 1, {"width": "huge"}, "width", "valid enum value"),
    ("data_table", 0, {"row_header_column_index": 2}, "row_header_column_index", "from 0 to 1"),
    ("data_table", 0, {"rows": BLOCKS["data_table"][0]["rows"][::-1]}, "rows/0/0/type", "unsupported type: rich_text"),
    ("data_table", 0, {"page_size": 0}, "page_size", "from 1 to 100"),
    ("header", 0, {"level": 5}, "level", "from 1 to 4"),
    ("image", 0, {"slack_file": {"id": "F1"}}, "", "exactly one of"),
    ("layout", 0, {"grid_lines": "all"}, "grid_lines", "valid enum value"),
    ("layout", 0, {"rows": [{"items": []}]}, "rows/0/items", "no fewer than 1"),
    ("layout", 0, {"rows": [{"items": [{"blocks": []}]}]}, "rows/0/items/0/blocks", "no fewer than 1"),
    ("layout", 0, {"rows": [{"items": [LAYOUT_ITEM | {"width": "full"}]}]}, "rows/0/items/0/width", "valid enum value"),
    (
        "layout",
        0,
        {"rows": [{"items": [{"blocks": BLOCKS["layout"]}]}]},
        "rows/0/items/0/blocks/0/type",
        "unsupported type: layout",
    ),
    ("layout", 0, {"fallback": BLOCKS["layout"]}, "fallback/0/type", "unsupported type: layout"),
    ("plan", 0, {"title": {"type": "plain_text", "text": "Tea"}}, "title", "must provide a string"),
    ("plan", 0, {"tasks": [{"task_id": "t", "title": "T"}] * 2}, "tasks/1/task_id", "already exists"),
    ("task_card", 0, {"status": "resting"}, "status", "valid enum value"),
    ("section", 0, {"text": None, "fields": None}, "", "one of text, fields"),
    ("section", 0, {"fields": []}, "fields", "no fewer than 1"),
    ("table", 0, {"column_settings": [{"align": "middle"}]}, "column_settings/0/align", "valid enum value"),
    ("video", 0, {"video_url": "http://example.org"}, "video_url", "https"),
    ("rich_text", 0, {"elements": [{"type": "text", "text": "Tea"}]}, "elements/0/type", "unsupported type: text"),
    (
        "rich_text",
        0,
        {"elements": [{"type": "rich_text_preformatted", "elements": [{"type": "user", "user_id": "U1"}]}]},
        "elements/0/elements/0/type",
        "unsupported type: user",
    ),
    (
        "data_visualization",
        0,
        {"chart": {"type": "pie", "segments": [{"label": "Green", "value": 0}]}},
        "chart/segments/0/value",
        "greater than 0",
    ),
    (
        "data_visualization",
        1,
        {"chart": {"type": "line", "series": [{"name": "a", "data": [_TEA]}], "axis_config": {"categories": ["Tue"]}}},
        "chart/series/0/data",
        "one point for every category",
    ),
    (
        "data_visualization",
        1,
        {
            "chart": {
                "type": "area",
                "series": [{"name": "a", "data": [_TEA]}] * 2,
                "axis_config": {"categories": ["Mon"]},
            }
        },
        "chart/series/1/name",
        "already exists",
    ),
]


@pytest.mark.parametrize(("kind", "sample", "keys", "where", "sentence"), WRONG_BLOCKS)
def test_a_block_with_one_thing_wrong(kind: str, sample: int, keys: Json, where: str, sentence: str) -> None:
    (fault,) = faults_of_blocks([BLOCKS[kind][sample] | keys], surface_of(kind), "")
    assert (fault.pointer, sentence in fault.message) == (f"/0/{where}".rstrip("/"), True), fault


def test_an_answer_to_a_form_is_asked_for_in_modals_only() -> None:
    asking = input_block(ELEMENTS["channels_select"] | {"response_url_enabled": True})
    assert faults_of_view(modal(blocks=[asking])) == []
    assert pointers("message", asking) == ["/0/element"]


def test_an_upload_is_not_dispatched() -> None:
    upload = input_block(ELEMENTS["file_input"], dispatch_action=True)
    (fault,) = faults_of_blocks([upload], "modal", "")
    assert (fault.pointer, fault.message) == ("/0/element/type", "unsupported type: file_input")
