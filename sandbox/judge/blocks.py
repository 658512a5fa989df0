"""Blocks: the keys of each kind and their limits (Slack reference: "Blocks", one page for each kind).

Where a block and its elements may stand says `placement.py`; tables and charts are in `figures.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sandbox.judge.elements import ELEMENTS, IMAGE, URL_SOURCE
from sandbox.judge.figures import Keys, data_table, data_visualization, table
from sandbox.judge.objection import Objection
from sandbox.judge.objects import ID_LIMIT, SLACK_FILE, SLACK_ICON, TEXT_LIMIT, URL, formatted, mrkdwn, plain
from sandbox.judge.placement import IN_CONTAINERS, IN_LAYOUTS, SURFACES, blocks_on, elements_in, keys_out_of_place
from sandbox.judge.rich_text import RICH_TEXT
from sandbox.judge.shapes import (
    Check,
    Shape,
    at_least_one,
    every,
    exactly_one,
    flag,
    listed,
    matching,
    not_both,
    one_of,
    text,
    typed,
    unique,
    whole_number,
)

_HTTPS = matching("https://.+", "an https address", 2000)
_BELOW_200 = plain(199)  # the page of the video block says "less than 200", and "less than 50" of names
_BELOW_50 = text(49)


def _no_dispatch_for_files(block: Any, pointer: str) -> Iterator[Objection]:
    if block.get("dispatch_action") and block["element"]["type"] == "file_input":
        yield Objection(f"{pointer}/element/type", "unsupported type: file_input")


def _collapses_only_what_can(block: Any, pointer: str) -> Iterator[Objection]:
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield Objection(f"{pointer}/default_collapsed", "is_collapsible must be true")
    if block.get("has_header_divider") and block.get("is_collapsible"):
        yield Objection(f"{pointer}/has_header_divider", "is_collapsible must be false")


_TASK: Mapping[str, Check] = {"task_id": text(), "title": text()}
_TASK_MORE: Mapping[str, Check] = {
    "details": RICH_TEXT,
    "output": RICH_TEXT,
    "sources": listed(typed({"url": URL_SOURCE})),
    "status": one_of("pending", "in_progress", "complete", "error"),
}
_PLANNED_TASK = Shape(_TASK, {"type": one_of("task_card"), "block_id": text(ID_LIMIT), **_TASK_MORE})

# Kinds that hold no element: what they must have, what they may have, and what must be true of the whole.
_PLAIN_KINDS: Mapping[str, Keys] = {
    "alert": ({"text": formatted(200)}, {"level": one_of("default", "info", "warning", "error", "success")}, None),
    "divider": ({}, {}, None),
    "header": ({"text": plain(150)}, {"level": whole_number(1, 4)}, None),
    "image": (
        {"alt_text": text(2000)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "markdown": ({"text": text(12_000)}, {}, None),
    "plan": ({"title": text()}, {"tasks": listed(_PLANNED_TASK, 50, least=0)}, unique("task_id", "tasks")),
    "task_card": (_TASK, _TASK_MORE, None),
    "video": (
        {"title": _BELOW_200, "video_url": _HTTPS, "thumbnail_url": text(2000), "alt_text": text()},
        {
            "title_url": _HTTPS,
            "description": _BELOW_200,
            "author_name": _BELOW_50,
            "provider_name": _BELOW_50,
            "provider_icon_url": text(2000),
        },
        None,
    ),
    "data_visualization": data_visualization(),
    "table": table(),
}


def _holding_elements(surface: str) -> Mapping[str, Keys]:
    """Kinds that hold elements, which depend on the surface."""

    def elements(block: str) -> Mapping[str, Check]:
        misplaced = keys_out_of_place(block, surface)
        return {kind: _without(ELEMENTS[kind], misplaced) for kind in elements_in(block, surface)}

    words: Mapping[str, Check] = {"plain_text": plain(TEXT_LIMIT), "mrkdwn": mrkdwn(TEXT_LIMIT)}
    return {
        "section": (
            {},
            {
                "text": formatted(3000),
                "fields": listed(formatted(2000), 10),
                "accessory": typed(elements("section")),
                "expand": flag,
            },
            at_least_one("text", "fields"),
        ),
        "actions": ({"elements": listed(typed(elements("actions")), 25)}, {}, None),
        "context": ({"elements": listed(typed({**words, **elements("context")}), 10)}, {}, None),
        "context_actions": ({"elements": listed(typed(elements("context_actions")), 5)}, {}, None),
        "input": (
            {"label": plain(2000), "element": typed(elements("input"))},
            {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
            _no_dispatch_for_files,
        ),
        "card": (
            {},
            {
                "hero_image": IMAGE,
                "icon": IMAGE,
                "slack_icon": SLACK_ICON,
                "title": formatted(150),
                "subtitle": formatted(150),
                "body": formatted(200),
                "subtext": formatted(200),
                "actions": listed(typed(elements("card")), 3),
            },
            every(at_least_one("hero_image", "title", "body", "actions"), not_both("icon", "slack_icon")),
        ),
        "data_table": data_table(elements("data_table")),
    }


def _holding_blocks(shapes: Mapping[str, Check]) -> Mapping[str, Keys]:
    """Kinds that hold other blocks."""
    children = {kind: shapes[kind] for kind in IN_CONTAINERS.split()}
    return {
        "carousel": ({"elements": listed(typed({"card": shapes["card"]}), 10)}, {}, None),
        "container": (
            {"child_blocks": listed(typed(children), 10)},
            {
                "title": plain(150),
                "rich_text_title": RICH_TEXT,
                "subtitle": formatted(150),
                "icon": IMAGE,
                "width": one_of("narrow", "standard", "wide", "full"),
                **dict.fromkeys(("is_collapsible", "default_collapsed", "has_header_divider"), flag),
            },
            every(at_least_one("title", "rich_text_title"), _collapses_only_what_can),
        ),
    }


def _layout(top_level: Mapping[str, Check]) -> Keys:
    """A grid of blocks. How many items and blocks fit is not in what is stored of its page: these are our guess."""
    children = listed(typed({kind: check for kind, check in top_level.items() if kind in IN_LAYOUTS.split()}), 10)
    item = Shape({"blocks": children}, {"width": one_of("narrow", "standard", "wide")})
    return (
        {"label": text(150), "rows": listed(Shape({"items": listed(item, 4)}, {}), 5)},
        {
            "is_label_visible": flag,
            "grid_lines": one_of("none", "rows", "outer"),
            "fallback": listed(typed(top_level), 50, least=0),
        },
        None,
    )


def _without(shape: Shape, keys: list[str]) -> Shape:
    return replace(shape, optional={name: check for name, check in shape.optional.items() if name not in keys})


def _block(kind: str, keys: Keys) -> Check:
    required, optional, whole = keys
    return Shape({"type": one_of(kind), **required}, {"block_id": text(ID_LIMIT), **optional}, whole)


def _judged_on(surface: str) -> Check:
    keys = {**_PLAIN_KINDS, **_holding_elements(surface)}
    shapes: dict[str, Check] = {"rich_text": RICH_TEXT, **{kind: _block(kind, entry) for kind, entry in keys.items()}}
    shapes |= {kind: _block(kind, entry) for kind, entry in _holding_blocks(shapes).items()}
    top_level = {kind: shapes[kind] for kind in blocks_on(surface) if kind in shapes}
    return typed({**top_level, "layout": _block("layout", _layout(top_level))})


BLOCKS: Mapping[str, Check] = {surface: _judged_on(surface) for surface in SURFACES}
