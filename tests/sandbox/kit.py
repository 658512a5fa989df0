"""Block Kit parts, as short as they may be."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str, text: str | None = None) -> Json:
    return {"text": plain(text or value[:75]), "value": value}


def section(text: str | None = None, **more: Any) -> Json:
    return {"type": "section"} | ({} if text is None else {"text": {"type": "mrkdwn", "text": text}}) | more


def divider(block_id: str | None = None) -> Json:
    return {"type": "divider"} | ({"block_id": block_id} if block_id else {})


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text)}


def context(*elements: Json) -> Json:
    return {"type": "context", "elements": list(elements)}


def actions(*elements: Json, block_id: str | None = None) -> Json:
    return {"type": "actions", "elements": list(elements)} | ({"block_id": block_id} if block_id else {})


def button(action_id: str = "go", text: str = "Go", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(text)} | more


def select(*options: Json, action_id: str = "choose") -> Json:
    return {"type": "static_select", "action_id": action_id, "options": list(options)}


def overflow(*options: Json) -> Json:
    return {"type": "overflow", "action_id": "more", "options": list(options)}


def checkboxes(*options: Json) -> Json:
    return {"type": "checkboxes", "action_id": "check", "options": list(options)}


def radio(*options: Json) -> Json:
    return {"type": "radio_buttons", "action_id": "tune", "options": list(options)}


def text_input(action_id: str = "words", **more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": action_id} | more


def file_input(**more: Any) -> Json:
    return {"type": "file_input", "action_id": "files"} | more


def input_block(element: Json, label: str = "Label", block_id: str | None = None, **more: Any) -> Json:
    block = {"type": "input", "label": plain(label), "element": element} | more
    return block | ({"block_id": block_id} if block_id else {})


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.org/tea.png", "alt_text": "Tea"} | more


def markdown(text: str) -> Json:
    return {"type": "markdown", "text": text}


def table(rows: int = 1, columns: int = 1, characters: int = 1) -> Json:
    cells = [[{"type": "raw_text", "text": "x"} for _ in range(columns)] for _ in range(rows)]
    cells[0][0]["text"] = "x" * characters
    return {"type": "table", "rows": cells}


def modal(**more: Any) -> Json:
    parts = {"title": plain("Title"), "submit": plain("Send"), "blocks": [section("Text")]}
    return {"type": "modal", **parts, **more}


def home(*blocks: Json) -> Json:
    return {"type": "home", "blocks": list(blocks)}
