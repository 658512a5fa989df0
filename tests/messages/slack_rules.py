"""Slack's rules once more, written from the reference and not from our own constants, so that each checks the other."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
TEXTS = {  # (kind of block or element, key) -> most characters
    ("section", "text"): 3000,
    ("header", "text"): 150,
    ("button", "text"): 75,
    ("input", "label"): 2000,
    ("input", "hint"): 2000,
    ("modal", "title"): 24,
    ("modal", "submit"): 24,
    ("modal", "close"): 24,
}
CHOICES = {"static_select": 100, "checkboxes": 10, "radio_buttons": 10, "overflow": 5}
NEVER_EMPTY_TYPES = {"plain_text", "mrkdwn"}


def units(text: str) -> int:
    """UTF-16 code units, the strictest way to count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parts(value: Any) -> Iterator[Json]:
    """Every object inside a surface."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)


def texts(surface: Json) -> list[Json]:
    """Every text object of a surface."""
    return [each for each in parts(surface) if each.get("type") in NEVER_EMPTY_TYPES]


def faults(surface: Json) -> list[str]:
    """Everything Slack would refuse in a message, modal or home."""
    kind = surface.get("type", "message")
    return [*_size_faults(surface, kind), *(fault for each in parts(surface) for fault in _part_faults(each))]


def _size_faults(surface: Json, kind: str) -> Iterator[str]:
    blocks = surface["blocks"]
    if not 0 < len(blocks) <= MOST_BLOCKS[kind]:
        yield f"{len(blocks)} blocks"
    if kind == "message" and units(json.dumps(blocks, ensure_ascii=False).replace("\\", "")) > 13_200:
        yield "blocks too long together"
    if kind == "message" and not 0 < units(surface["text"]) <= 4000:
        yield "text of the message"
    if kind != "message" and len(json.dumps(surface, ensure_ascii=False).encode()) > 250_000:
        yield "view too large"
    if kind == "modal" and units(surface["private_metadata"]) > 3000:
        yield "private_metadata"
    if kind == "modal" and "submit" not in surface and any(block["type"] == "input" for block in blocks):
        yield "inputs without submit"
    yield from (f"block_id {name} twice" for name, count in _count(blocks, "block_id") if count > 1)


def _part_faults(part: Json) -> Iterator[str]:
    kind = part.get("type", "")
    if kind in NEVER_EMPTY_TYPES and not 0 < units(part["text"]) <= 3000:
        yield f"{kind} of {units(part['text'])}"
    for (owner, key), most in TEXTS.items():
        if kind == owner and key in part and units(part[key]["text"]) > most:
            yield f"{owner}.{key} of {units(part[key]['text'])}"
    if kind == "context" and not 0 < len(part["elements"]) <= 10:
        yield "context elements"
    if kind == "actions" and not 0 < len(part["elements"]) <= 25:
        yield "actions elements"
    if kind == "actions" and any(count > 1 for _, count in _count(part["elements"], "action_id")):
        yield "one action_id twice in a block"
    if any(units(part.get(key, "")) > 255 for key in ("action_id", "block_id", "callback_id")):
        yield "an id too long"
    yield from _choice_faults(part, kind)
    yield from _small_faults(part, kind)


def _choice_faults(part: Json, kind: str) -> Iterator[str]:
    groups = part.get("option_groups", [])
    options = part.get("options", []) if kind in CHOICES else []
    every = [*options, *(option for group in groups for option in group["options"])]
    if len(options) > CHOICES.get(kind, 0) or len(groups) > 100 or (kind in CHOICES and not every):
        yield f"choices of {kind}"
    if any(units(group["label"]["text"]) > 75 or not 0 < len(group["options"]) <= 100 for group in groups):
        yield "option group"
    if any(units(option["text"]["text"]) > 75 or units(option["value"]) > 150 for option in every):
        yield "option"
    if "initial_option" in part and part["initial_option"] not in every:
        yield "an initial option that is not among the options"


def _small_faults(part: Json, kind: str) -> Iterator[str]:
    if kind == "button" and units(part["value"]) > 2000:
        yield "button value"
    if kind == "plain_text_input" and units(part.get("initial_value", "")) > 3000:
        yield "initial value"
    if kind == "file_input" and not 1 <= part["max_files"] <= 10:
        yield "files"
    confirm = part.get("confirm")
    if isinstance(confirm, dict) and "title" in confirm:
        limits = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
        yield from (f"confirm {key}" for key, most in limits.items() if units(confirm[key]["text"]) > most)


def _count(items: list[Json], key: str) -> list[tuple[str, int]]:
    return list(Counter(each[key] for each in items if key in each).items())
