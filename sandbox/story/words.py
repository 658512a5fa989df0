"""The words on messages, views and blocks, and the controls among them, as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.elements import elements_of, options_of
from sandbox.hands import Json

_PARTS = (
    *("title", "text", "blocks", "child_blocks", "rows", "items", "elements", "fields", "label", "hint"),
    *("accessory", "element", "files"),
)


@dataclass(frozen=True)
class Control:
    """A button or field and the words it is known by: its own, those beside it, those of its options."""

    element: Json
    block_id: str
    names: tuple[str, ...]

    @property
    def name(self) -> str:
        """What a person would call it."""
        return self.names[0] if self.names else str(self.element["type"])

    def is_called(self, words: str) -> bool:
        """Whether one of its names begins so."""
        return any(name.startswith(words) for name in self.names)


def readable(surface: Any) -> str:
    """All text a person reads on a message, view or block, without marks and invisible characters."""
    text = "\n".join(_texts(surface))
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    return re.sub(r"[*\u200b\u200c\u200d\u2060\u2066-\u2069]", "", text)


def controls(surface: Json) -> list[Control]:
    """What can be pressed or chosen on a message or view."""
    return [
        Control(part, str(block.get("block_id")), _names(block, part))
        for block, part in elements_of(surface.get("blocks") or [])
    ]


def buttons(surface: Json) -> list[Control]:
    """The buttons on a message or view."""
    return [each for each in controls(surface) if each.element["type"] == "button"]


def fields(surface: Json) -> list[Control]:
    """What is chosen in rather than pressed: selects, pickers, boxes, menus."""
    return [each for each in controls(surface) if each.element["type"] != "button"]


def _names(block: Json, element: Json) -> tuple[str, ...]:
    if element["type"] == "button":
        return (readable(element["text"]),)
    beside = [element.get("placeholder"), block.get("text"), block.get("label")]
    options = [option["text"] for option in options_of(element)]
    return tuple(readable(words) for words in [*beside, *options] if words)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        for name in _PARTS:
            # What a person typed stands in the text, and again as rich text.
            if name != "blocks" or "client_msg_id" not in part:
                yield from _texts(part.get(name))
        if "mimetype" in part:
            yield str(part["name"])
