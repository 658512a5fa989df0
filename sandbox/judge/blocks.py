"""Blocks and the surfaces they may stand on (Slack reference: "Blocks")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.judge.elements import ACCESSORY, ACTING, BUTTON, CONTEXT, CONTEXT_ACTING, IMAGE, INPUT
from sandbox.judge.fault import Fault
from sandbox.judge.objects import ID_LIMIT, SLACK_FILE, URL, formatted, plain
from sandbox.judge.rich_text import RICH_TEXT
from sandbox.judge.shapes import Check, Shape, exactly_one, flag, listed, number, one_of, text, typed, whole_number

TABLE_CHARACTERS = 10_000


def _block(kind: str, required: Mapping[str, Check], whole: Check | None = None, **optional: Check) -> Shape:
    return Shape({"type": one_of(kind), **required}, {"block_id": text(ID_LIMIT), **optional}, whole)


def _says_something(block: Any, pointer: str) -> Iterator[Fault]:
    if not block.get("text") and not block.get("fields"):
        yield Fault(pointer, "missing required field: text or fields")


def _even_and_short(block: Any, pointer: str) -> Iterator[Fault]:
    """Every row is as long as the first, and all cells together are within the limit."""
    widths = {len(row) for row in block["rows"]}
    if len(widths) > 1:
        yield Fault(f"{pointer}/rows", "all rows must have the same number of cells")
    if characters_in(block["rows"]) > TABLE_CHARACTERS:
        yield Fault(f"{pointer}/rows", f"must be less than {TABLE_CHARACTERS + 1} characters in all cells")


def characters_in(value: Any) -> int:
    """The characters of every `text` in a structure, as Slack counts blocks."""
    if isinstance(value, list):
        return sum(characters_in(part) for part in value)
    if not isinstance(value, dict):
        return 0
    own = len(value["text"]) if isinstance(value.get("text"), str) else 0
    return own + sum(characters_in(part) for part in value.values())


_CELL = typed(
    {
        "raw_text": Shape({"type": one_of("raw_text"), "text": text(40_000, shortest=0)}, {}),
        "raw_number": Shape({"type": one_of("raw_number"), "value": number}, {"text": text(1000)}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = Shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": flag})


def _column(value: Any, pointer: str) -> Iterator[Fault]:
    """A column may also be null, which leaves it at the defaults."""
    if value is not None:
        yield from _COLUMN(value, pointer)


_POINT = Shape({"label": text(100), "value": number}, {})
_SERIES = Shape({"name": text(100), "data": listed(_POINT, 100)}, {})
_AXES = Shape({"categories": listed(text(100), 100)}, {"x_label": text(100), "y_label": text(100)})
_PIE = Shape({"type": one_of("pie"), "segments": listed(_POINT, 6)}, {})
_CHART = typed(
    {"pie": _PIE}
    | {
        kind: Shape({"type": one_of(kind), "series": listed(_SERIES, 6), "axis_config": _AXES}, {})
        for kind in ("bar", "area", "line")
    }
)
_CARD_PARTS: Mapping[str, Check] = {
    "hero_image": IMAGE,
    "icon": IMAGE,
    "title": formatted(150),
    "subtitle": formatted(150),
    "body": formatted(200),
    "actions": listed(BUTTON, 5),
}


def _shows_something(card: Any, pointer: str) -> Iterator[Fault]:
    if not any(card.get(name) for name in ("hero_image", "title", "body", "actions")):
        yield Fault(pointer, "missing required field: hero_image, title, body or actions")


_CARD = _block("card", {}, _shows_something, **_CARD_PARTS)

_ANYWHERE: Mapping[str, Check] = {
    "section": _block(
        "section",
        {},
        _says_something,
        text=formatted(3000),
        fields=listed(formatted(2000), 10),
        accessory=ACCESSORY,
        expand=flag,
    ),
    "divider": _block("divider", {}),
    "header": _block("header", {"text": plain(150)}),
    "context": _block("context", {"elements": listed(CONTEXT, 10)}),
    "actions": _block("actions", {"elements": listed(ACTING, 25)}),
    "image": _block(
        "image",
        {"alt_text": text(2000)},
        exactly_one("image_url", "slack_file"),
        image_url=URL,
        slack_file=SLACK_FILE,
        title=plain(2000),
    ),
    "input": _block(
        "input", {"label": plain(2000), "element": INPUT}, hint=plain(2000), optional=flag, dispatch_action=flag
    ),
    "rich_text": RICH_TEXT,
    "video": _block(
        "video",
        {"title": plain(200), "video_url": URL, "thumbnail_url": URL, "alt_text": text(2000)},
        title_url=URL,
        description=plain(200),
        author_name=text(50),
        provider_name=text(50),
        provider_icon_url=URL,
    ),
}
_IN_MESSAGES: Mapping[str, Check] = {
    "markdown": _block("markdown", {"text": text(12_000)}),
    "table": _block(
        "table",
        {"rows": listed(listed(_CELL, 20), 100)},
        _even_and_short,
        column_settings=listed(_column, 20, least=0),
    ),
    "data_table": _block(
        "data_table",
        {"rows": listed(listed(_CELL, 20), 101, least=2), "caption": text(2000)},
        _even_and_short,
        page_size=whole_number(1, 100),
        row_header_column_index=whole_number(0, 19),
    ),
    "data_visualization": _block("data_visualization", {"title": text(50), "chart": _CHART}),
    "context_actions": _block("context_actions", {"elements": listed(CONTEXT_ACTING, 5)}),
    "card": _CARD,
    "carousel": _block("carousel", {"elements": listed(typed({"card": _CARD}), 10)}),
}
_IN_MODALS: Mapping[str, Check] = {
    "alert": _block(
        "alert",
        {"text": formatted(3000)},
        level=one_of("default", "info", "warning", "error", "success"),
    ),
}

BLOCKS: Mapping[str, Check] = {
    "message": typed({**_ANYWHERE, **_IN_MESSAGES}),
    "modal": typed({**_ANYWHERE, **_IN_MODALS}),
    "home": typed(_ANYWHERE),
}
