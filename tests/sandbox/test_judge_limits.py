"""The Block Kit judge at every limit: n is accepted, n + 1 is refused at the right place."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.judge import faults_of_blocks, faults_of_view, judged_view
from sandbox.judge.surfaces import MESSAGE_CHARACTERS, VIEW_BYTES
from sandbox.refusal import Refusal
from tests.sandbox.judge_samples import BLOCKS, ELEMENTS, holding, place_of, surface_of
from tests.sandbox.kit import divider, markdown, modal, plain, section, table

Json = dict[str, Any]
Sized = Callable[[int], Json]


def words(length: int) -> str:
    return "x" * length


# Slack reference, the page of each block and element: what is sized (a text, a list or a number) and its limit.
BLOCK_LIMITS: list[tuple[str, str, int]] = [
    ("actions", "/block_id", 255),
    ("actions", "/elements", 25),
    ("alert", "/text/text", 200),
    ("card", "/actions", 3),
    ("card", "/body/text", 200),
    ("card", "/subtext/text", 200),
    ("card", "/subtitle/text", 150),
    ("card", "/title/text", 150),
    ("carousel", "/elements", 10),
    ("container", "/child_blocks", 10),
    ("container", "/subtitle/text", 150),
    ("container", "/title/text", 150),
    ("context", "/elements", 10),
    ("context", "/elements/1/text", 3000),
    ("context_actions", "/elements", 5),
    ("data_table", "/page_size", 100),
    ("data_visualization", "/chart/segments", 12),
    ("data_visualization", "/chart/segments/0/label", 20),
    ("data_visualization", "/title", 50),
    ("header", "/level", 4),
    ("header", "/text/text", 150),
    ("image", "/alt_text", 2000),
    ("image", "/image_url", 3000),
    ("image", "/title/text", 2000),
    ("input", "/hint/text", 2000),
    ("input", "/label/text", 2000),
    ("markdown", "/text", 12_000),
    ("plan", "/tasks", 50),
    ("rich_text", "/elements/1/indent", 8),
    ("section", "/fields", 10),
    ("section", "/fields/0/text", 2000),
    ("section", "/text/text", 3000),
    ("table", "/column_settings", 20),
    ("layout", "/label", 150),
    ("layout", "/rows", 5),
    ("layout", "/rows/0/items", 4),
    ("table", "/rows", 100),
    ("video", "/author_name", 49),
    ("video", "/description/text", 199),
    ("video", "/provider_icon_url", 2000),
    ("video", "/provider_name", 49),
    ("video", "/thumbnail_url", 2000),
    ("video", "/title/text", 199),
    ("video", "/title_url", 2000),
    ("video", "/video_url", 2000),
]
ELEMENT_LIMITS: list[tuple[str, str, int]] = [
    ("button", "/accessibility_label", 75),
    ("button", "/action_id", 255),
    ("button", "/agent_prompt", 4000),
    ("button", "/confirm/confirm/text", 30),
    ("button", "/confirm/deny/text", 30),
    ("button", "/confirm/text/text", 300),
    ("button", "/confirm/title/text", 100),
    ("button", "/text/text", 75),
    ("button", "/url", 3000),
    ("button", "/value", 2000),
    ("checkboxes", "/options", 10),
    ("checkboxes", "/options/0/description/text", 75),
    ("checkboxes", "/options/0/text/text", 75),
    ("conversations_select", "/filter/include", 4),
    ("datepicker", "/placeholder/text", 150),
    ("datetimepicker", "/initial_date_time", 9_999_999_999),
    ("feedback_buttons", "/negative_button/accessibility_label", 75),
    ("feedback_buttons", "/positive_button/text/text", 75),
    ("feedback_buttons", "/positive_button/value", 2000),
    ("file_input", "/max_files", 10),
    ("icon_button", "/accessibility_label", 75),
    ("icon_button", "/text/text", 75),
    ("icon_button", "/value", 2000),
    ("image", "/alt_text", 2000),
    ("image", "/image_url", 3000),
    ("multi_static_select", "/option_groups", 100),
    ("multi_static_select", "/option_groups/0/label/text", 75),
    ("multi_static_select", "/option_groups/0/options", 100),
    ("overflow", "/options", 5),
    ("overflow", "/options/0/url", 3000),
    ("plain_text_input", "/initial_value", 3000),
    ("plain_text_input", "/max_length", 3000),
    ("plain_text_input", "/min_length", 3000),
    ("radio_buttons", "/options", 10),
    ("rich_text_input", "/max_lines", 100),
    ("rich_text_input", "/min_lines", 100),
    ("static_select", "/options", 100),
    ("static_select", "/options/0/description/text", 75),
    ("static_select", "/options/0/text/text", 75),
    ("static_select", "/options/0/value", 150),
    ("static_select", "/placeholder/text", 150),
    ("workflow_button", "/accessibility_label", 75),
    ("workflow_button", "/text/text", 75),
    ("workflow_button", "/workflow/trigger/customizable_input_parameters", 100),
    ("workflow_button", "/workflow/trigger/customizable_input_parameters/0/value", 3000),
    ("workflow_button", "/workflow/trigger/url", 3000),
]
# Numbers and lists have a lower end too.
LEAST: list[tuple[str, str, int]] = [
    ("actions", "/elements", 1),
    ("carousel", "/elements", 1),
    ("container", "/child_blocks", 1),
    ("context", "/elements", 1),
    ("data_table", "/page_size", 1),
    ("data_visualization", "/chart/segments", 1),
    ("header", "/level", 1),
    ("header", "/text/text", 1),
    ("layout", "/label", 1),
    ("layout", "/rows", 1),
    ("rich_text", "/elements/1/indent", 0),
    ("rich_text", "/elements/1/offset", 0),
    ("section", "/fields", 1),
    ("table", "/rows", 1),
]


def sized(sample: Json, pointer: str, size: int) -> Json:
    """A copy with so long a text, so many of a list, or this number at the pointer."""
    whole: Json = json.loads(json.dumps(sample))
    *path, key = pointer.strip("/").split("/")
    value: Any = whole
    for step in path:
        value = value[int(step) if isinstance(value, list) else step]
    inner = value.get(key)
    if isinstance(inner, list):
        value[key] = [_numbered(inner[0], n) for n in range(size)]
    else:
        start = "https://" if str(inner).startswith("https://") else ""
        value[key] = size if isinstance(inner, int) or key.endswith("_lines") else start + words(size - len(start))
    return whole


def _numbered(entry: Any, number: int) -> Any:
    """One of a list, with ids of its own."""
    ids = {"block_id", "action_id", "task_id"} & set(entry if isinstance(entry, dict) else ())
    return {**entry, **{key: f"{entry[key]}{number}" for key in ids}} if ids else entry


def element_without_presets(kind: str) -> Json:
    own = {"min_length", "max_length"} | {key for key in ELEMENTS[kind] if key.startswith("initial_")}
    return {key: value for key, value in ELEMENTS[kind].items() if key not in own - {"initial_date_time"}}


@pytest.mark.parametrize(("kind", "pointer", "limit"), BLOCK_LIMITS)
def test_a_block_at_its_limit(kind: str, pointer: str, limit: int) -> None:
    surface = surface_of(kind)
    assert faults_of_blocks([sized(BLOCKS[kind][0], pointer, limit)], surface, "") == []
    (fault,) = faults_of_blocks([sized(BLOCKS[kind][0], pointer, limit + 1)], surface, "")
    assert fault.pointer == f"/0{pointer}"


@pytest.mark.parametrize(("kind", "pointer", "limit"), ELEMENT_LIMITS)
def test_an_element_at_its_limit(kind: str, pointer: str, limit: int) -> None:
    surface, block = place_of(kind)
    whole = holding(kind, block)
    where = next(key for key in ("accessory", "element", "elements", "actions") if key in whole)

    def judged(size: int) -> list[str]:
        element = element_without_presets(kind)
        element |= (
            {"max_length": 1} if pointer == "/max_length" else {"min_length": 1} if pointer == "/min_length" else {}
        )
        element = sized(element, pointer, size)
        filled = whole | {where: [element] if isinstance(whole[where], list) else element}
        return [fault.pointer for fault in faults_of_blocks([filled], surface, "")]

    at = f"/0/{where}/0" if isinstance(whole[where], list) else f"/0/{where}"
    assert judged(limit) == []
    assert judged(limit + 1) == [at + pointer]


@pytest.mark.parametrize(("kind", "pointer", "least"), LEAST)
def test_a_block_at_its_lower_end(kind: str, pointer: str, least: int) -> None:
    surface = surface_of(kind)
    assert faults_of_blocks([sized(BLOCKS[kind][0], pointer, least)], surface, "") == []
    (fault,) = faults_of_blocks([sized(BLOCKS[kind][0], pointer, least - 1)], surface, "")
    assert fault.pointer == f"/0{pointer}"


def layout(blocks: int, label: str = "Teas") -> Json:
    return {"type": "layout", "label": label, "rows": [{"items": [{"blocks": [divider()] * blocks}]}]}


def data_table(rows: int = 2, columns: int = 1, characters: int = 1) -> Json:
    return table(rows, columns, characters - (rows * columns - 1)) | {"type": "data_table", "caption": "Teas"}


def chart(series: int = 1, points: int = 1, name: int = 1, label: int = 2, axis: int = 1) -> Json:
    labels = [str(n).rjust(label) for n in range(points)]
    data = [{"label": one, "value": -1.5} for one in labels]
    lines = [{"name": str(n).rjust(name), "data": data} for n in range(series)]
    axes = {"categories": labels, "x_label": words(axis), "y_label": words(axis)}
    return {
        "type": "data_visualization",
        "title": "Teas",
        "chart": {"type": "bar", "series": lines, "axis_config": axes},
    }


# What no pointer into one sample sizes: the blocks of a message of that size, the limit, and where the fault is.
MESSAGE_LIMITS: dict[str, tuple[int, str, Callable[[int], list[Json]]]] = {
    "blocks": (50, "", lambda n: [divider()] * n),
    "blocks in a layout": (50, "", lambda n: [divider()] * (n - 3) + [layout(2)]),
    "table columns": (20, "/0/rows/0", lambda n: [table(columns=n)]),
    "table characters": (10_000, "/0/rows", lambda n: [table(characters=n)]),
    "tables": (1, "/1", lambda n: [table()] * n),
    "data table rows": (201, "/0/rows", lambda n: [data_table(rows=n, characters=n)]),
    "data table columns": (20, "/0/rows", lambda n: [data_table(columns=n, characters=2 * n)]),
    "data table characters": (20_000, "/0/rows", lambda n: [data_table(characters=n)]),
    "data tables together": (20_000, "", lambda n: [data_table(characters=n - 2), data_table(characters=2)]),
    "charts": (2, "/2", lambda n: [chart()] * n),
    "series": (12, "/0/chart/series", lambda n: [chart(series=n)]),
    "points": (20, "/0/chart", lambda n: [chart(points=n)]),
    "series name": (20, "/0/chart/series/0/name", lambda n: [chart(name=n)]),
    "point label": (20, "/0/chart", lambda n: [chart(label=n)]),
    "axis labels": (50, "/0/chart/axis_config/", lambda n: [chart(axis=n)]),
    "markdown together": (12_000, "", lambda n: [markdown(words(n - 1)), markdown("x")]),
    "characters of all blocks": (
        MESSAGE_CHARACTERS,
        "",
        lambda n: [*[section(words(3000))] * 4, section(words(n - 12_000))],
    ),
    "characters of a layout's label": (
        MESSAGE_CHARACTERS,
        "",
        lambda n: [*[section(words(3000))] * 4, section(words(n - 12_100)), layout(1, words(100))],
    ),
}


@pytest.mark.parametrize("name", MESSAGE_LIMITS)
def test_a_message_at_its_limit(name: str) -> None:
    limit, pointer, blocks = MESSAGE_LIMITS[name]
    assert faults_of_blocks(blocks(limit), "message", "") == []
    faults = faults_of_blocks(blocks(limit + 1), "message", "")
    assert faults
    assert all(fault.pointer.startswith(pointer) for fault in faults), faults


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


def view_of(size: int) -> Json:
    """A modal of so many bytes as JSON."""
    view = modal(blocks=[section(words(3000)) for _ in range(81)], private_metadata="")
    rest = size - len(json.dumps(view, separators=(",", ":")))
    return view | {"private_metadata": words(rest)}


def test_a_view_at_its_limit_of_bytes() -> None:
    assert faults_of_view(view_of(VIEW_BYTES), "modal") == []
    with pytest.raises(Refusal) as refused:
        judged_view(view_of(VIEW_BYTES + 1), "modal")
    assert refused.value.error == "view_too_large"
