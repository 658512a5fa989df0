"""Whole surfaces: how much fits, what is unique, what goes together (Slack reference: "Views", "Blocks")."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.judge.blocks import BLOCKS, characters_in
from sandbox.judge.fault import Fault
from sandbox.judge.objects import ID_LIMIT, plain
from sandbox.judge.shapes import Check, Shape, flag, listed, one_of, text

BLOCK_COUNTS: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}
MESSAGE_CHARACTERS = 13_200
MARKDOWN_CHARACTERS = 12_000
VIEW_BYTES = 250_000

_COMMON: Mapping[str, Check] = {
    "private_metadata": text(3000, shortest=0),
    "callback_id": text(ID_LIMIT, shortest=0),
    "external_id": text(ID_LIMIT, shortest=0),
}


def _anything(_: Any, __: str) -> Iterator[Fault]:
    """Judged elsewhere."""
    yield from ()


_VIEWS: Mapping[str, Check] = {
    "modal": Shape(
        {"type": one_of("modal"), "title": plain(24), "blocks": _anything},
        {"submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag, **_COMMON},
    ),
    "home": Shape({"type": one_of("home"), "blocks": _anything}, _COMMON),
}


def faults_of_blocks(blocks: Any, surface: str, pointer: str) -> list[Fault]:
    """What Slack would find wrong with the blocks of a message, modal or home tab; `pointer` is where they stand."""
    least = 0 if surface == "home" else 1
    faults = list(listed(BLOCKS[surface], BLOCK_COUNTS[surface], least)(blocks, pointer))
    if faults:
        return faults  # the rules below take well-formed blocks for granted
    rules = [*_RULES, *(_MESSAGE_RULES if surface == "message" else ())]
    if surface != "modal":
        rules.append(_no_file_input)
    return [fault for rule in rules for fault in rule(blocks, pointer)]


def faults_of_view(view: Any, kind: str | None = None, pointer: str = "/view") -> list[Fault]:
    """What Slack would find wrong with a view that must be of that kind (None: modal or home, as it says itself)."""
    if not isinstance(view, dict):
        return [Fault(pointer, "must provide an object")]
    said = str(view.get("type", ""))
    if not said:
        return [Fault(pointer, "missing required field: type")]
    if said not in _VIEWS or kind not in (None, said):
        return [Fault(f"{pointer}/type", f"unsupported type: {said}")]
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        return [Fault(pointer, f"must be smaller than {VIEW_BYTES} bytes", error="view_too_large")]
    faults = list(_VIEWS[said](view, pointer))
    if view.get("blocks") is not None:
        faults += faults_of_blocks(view["blocks"], said, f"{pointer}/blocks")
    return faults or list(_submit_for_inputs(view, pointer))


Rule = Callable[[list[Any], str], Iterator[Fault]]


def _unique_blocks(blocks: list[Any], pointer: str) -> Iterator[Fault]:
    yield from _repeated([block.get("block_id") for block in blocks], "block_id", pointer)


def _unique_actions(blocks: list[Any], pointer: str) -> Iterator[Fault]:
    for index, block in enumerate(blocks):
        ids = [part.get("action_id") for part in block.get("elements", ())]
        yield from _repeated(ids, "action_id", f"{pointer}/{index}/elements")


def _one_focus(blocks: list[Any], pointer: str) -> Iterator[Fault]:
    focused = 0
    for index, block in enumerate(blocks):
        parts = [*block.get("elements", ()), block.get("accessory"), block.get("element")]
        focused += sum(part is not None and part.get("focus_on_load") is True for part in parts)
        if focused > 1:
            yield Fault(f"{pointer}/{index}", "only one element can have focus_on_load")
            return


def _no_file_input(blocks: list[Any], pointer: str) -> Iterator[Fault]:
    for index, block in enumerate(blocks):
        if block.get("element", {}).get("type") == "file_input":
            yield Fault(f"{pointer}/{index}/element/type", "unsupported type: file_input")


def _one_table(blocks: list[Any], pointer: str) -> Iterator[Fault]:
    tables = [index for index, block in enumerate(blocks) if block["type"] == "table"]
    for index in tables[1:]:
        yield Fault(f"{pointer}/{index}", "only_one_table_allowed", error="invalid_attachments")


def _two_charts(blocks: list[Any], pointer: str) -> Iterator[Fault]:
    charts = [index for index, block in enumerate(blocks) if block["type"] == "data_visualization"]
    for index in charts[2:]:
        yield Fault(f"{pointer}/{index}", "no more than 2 data visualizations allowed")


def _total_characters(blocks: list[Any], pointer: str) -> Iterator[Fault]:
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_CHARACTERS:
        yield Fault(pointer, f"markdown must be less than {MARKDOWN_CHARACTERS + 1} characters in all blocks")
    if characters_in(blocks) > MESSAGE_CHARACTERS:
        yield Fault(pointer, "the blocks together are too long", error="msg_blocks_too_long")


def _submit_for_inputs(view: Any, pointer: str) -> Iterator[Fault]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and not view.get("submit"):
        yield Fault(pointer, "missing required field: submit")


def _repeated(ids: list[str | None], name: str, pointer: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, one in enumerate(ids):
        if one in seen:
            yield Fault(f"{pointer}/{index}/{name}", f"`{name}` {one} already exists")
        elif one is not None:
            seen.add(one)


_RULES: tuple[Rule, ...] = (_unique_blocks, _unique_actions, _one_focus)
_MESSAGE_RULES: tuple[Rule, ...] = (_one_table, _two_charts, _total_characters)
