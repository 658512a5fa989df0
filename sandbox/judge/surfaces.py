"""Whole surfaces: how much fits, what is unique, what goes together.

Slack reference: "Blocks" (counts), "Modal views" and "Home tab views", "Markdown block", "Table block",
"Data visualization block", "views.open" (view_too_large), "chat.postMessage" (attachments). The total of a message's
blocks is in no page of the reference; it is what apps have measured (`msg_blocks_too_long`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sandbox.judge.blocks import BLOCKS
from sandbox.judge.figures import TABLE_CHARACTERS, characters_in
from sandbox.judge.objection import Objection, missing
from sandbox.judge.objects import ID_LIMIT, plain
from sandbox.judge.shapes import Check, Shape, anything, flag, listed, one_of, repeated, text
from sandbox.judge.walk import Found, elements_of, every_block
from sandbox.store import Json

BLOCK_COUNTS: Mapping[str, int] = {"message": 50, "modal": 100, "home": 100}
MESSAGE_CHARACTERS = 13_200
MARKDOWN_CHARACTERS = 12_000
CHARTS = 2
ATTACHMENTS = 100
VIEW_BYTES = 250_000

_COMMON: Mapping[str, Check] = {
    "private_metadata": text(3000, shortest=0),
    "callback_id": text(ID_LIMIT, shortest=0),
    "external_id": text(ID_LIMIT, shortest=0),
}
_VIEWS: Mapping[str, Check] = {
    "modal": Shape(
        {"type": one_of("modal"), "title": plain(24), "blocks": anything},
        {"submit": plain(24), "close": plain(24), "clear_on_close": flag, "notify_on_close": flag, **_COMMON},
    ),
    "home": Shape({"type": one_of("home"), "blocks": anything}, _COMMON),
}


def faults_of_blocks(blocks: Any, surface: str, pointer: str) -> list[Objection]:
    """What Slack would find wrong with the blocks of a message, modal or home tab; `pointer` is where they stand."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return [Objection(pointer, "must provide an array of objects", error="invalid_blocks_format")]
    least = 0 if surface == "home" else 1
    faults = list(listed(BLOCKS[surface], BLOCK_COUNTS[surface], least)(blocks, pointer))
    if faults:
        return faults  # the rules below take well-formed blocks for granted
    found = list(every_block(blocks, pointer))
    if sum(map(_room, blocks)) > BLOCK_COUNTS[surface]:
        return [Objection(pointer, f"no more than {BLOCK_COUNTS[surface]} items allowed")]
    faults = [fault for rule in _RULES for fault in rule(found, pointer)]
    if surface == "message":
        faults += [fault for rule in _MESSAGE_RULES for fault in rule(found, pointer)]
        faults += _short_message(blocks, pointer)
    return faults


def faults_of_view(view: Any, kind: str | None = None, pointer: str = "/view") -> list[Objection]:
    """What Slack would find wrong with a view that must be of that kind (None: modal or home, as it says itself)."""
    if not isinstance(view, dict):
        return [Objection(pointer, "must provide an object")]
    said = view.get("type")
    if said is None:
        return [missing(pointer, "type")]
    if not isinstance(said, str) or said not in _VIEWS or kind not in (None, said):
        return [
            Objection(f"{pointer}/type", f"unsupported type: {said}" if isinstance(said, str) else "must be a string")
        ]
    faults = list(_VIEWS[said](view, pointer))
    if view.get("blocks") is not None:
        faults += faults_of_blocks(view["blocks"], said, f"{pointer}/blocks")
    return faults or [*_submit_for_inputs(view, pointer), *_small_enough(view, pointer)]


def faults_of_attachments(attachments: Any, pointer: str = "/attachments") -> list[Objection]:
    """What Slack would find wrong with the secondary attachments of a message: their number and their blocks."""
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        return [Objection(pointer, "must provide an array of objects", error="invalid_attachments")]
    if len(attachments) > ATTACHMENTS:
        return [Objection(pointer, f"no more than {ATTACHMENTS} items allowed", error="too_many_attachments")]
    faults = [
        fault
        for index, attachment in enumerate(attachments)
        if attachment.get("blocks") is not None
        for fault in faults_of_blocks(attachment["blocks"], "message", f"{pointer}/{index}/blocks")
    ]
    return [replace(fault, error="invalid_attachments") for fault in faults]


def _unique_blocks(found: list[Found], _: str) -> Iterator[Objection]:
    yield from repeated(((block.get("block_id"), at) for block, at in found), "block_id")


def _unique_actions(found: list[Found], _: str) -> Iterator[Objection]:
    for block, at in found:
        yield from repeated(((part.get("action_id"), where) for part, where in elements_of(block, at)), "action_id")


def _one_focus(found: list[Found], _: str) -> Iterator[Objection]:
    elements = [entry for block, at in found for entry in elements_of(block, at)]
    focused = [at for element, at in elements if element.get("focus_on_load")]
    for at in focused[1:]:
        yield Objection(f"{at}/focus_on_load", "only one element can have focus_on_load")


def _one_table(found: list[Found], _: str) -> Iterator[Objection]:
    for at in _of_kind("table", found)[1:]:
        yield Objection(at, "only_one_table_allowed", error="invalid_attachments")


def _data_tables_together(found: list[Found], pointer: str) -> Iterator[Objection]:
    cells = sum(characters_in(block["rows"]) for block, _ in found if block["type"] == "data_table")
    most = TABLE_CHARACTERS["data_table"]
    if cells > most:
        yield Objection(pointer, f"must be less than {most + 1} characters in all cells of the message")


def _few_charts(found: list[Found], _: str) -> Iterator[Objection]:
    for at in _of_kind("data_visualization", found)[CHARTS:]:
        yield Objection(at, f"no more than {CHARTS} data visualizations allowed")


def _short_markdown(found: list[Found], pointer: str) -> Iterator[Objection]:
    if sum(len(block["text"]) for block, _ in found if block["type"] == "markdown") > MARKDOWN_CHARACTERS:
        yield Objection(pointer, f"markdown must be less than {MARKDOWN_CHARACTERS + 1} characters in all blocks")


def _short_message(blocks: list[Json], pointer: str) -> Iterator[Objection]:
    """Data tables are not counted: they have a limit of their own, above that of the message."""
    counted = [_counted(block) for block in blocks if block["type"] != "data_table"]
    if characters_in(counted) > MESSAGE_CHARACTERS:
        yield Objection(pointer, "the blocks together are too long", error="msg_blocks_too_long")


def _room(block: Json) -> int:
    """How many blocks of its surface a block takes: a layout takes room for each block in it, too."""
    if block["type"] != "layout":
        return 1
    return 1 + sum(len(item["blocks"]) for row in block["rows"] for item in row["items"])


def _counted(block: Json) -> Json:
    """What of a block counts as text; of a layout it is the label and the rows."""
    return {"text": block["label"], "rows": block["rows"]} if block["type"] == "layout" else block


def _of_kind(kind: str, found: list[Found]) -> list[str]:
    return [at for block, at in found if block["type"] == kind]


def _submit_for_inputs(view: Any, pointer: str) -> Iterator[Objection]:
    if view["type"] == "modal" and not view.get("submit") and any(block["type"] == "input" for block in view["blocks"]):
        yield missing(pointer, "submit")


def _small_enough(view: Any, pointer: str) -> Iterator[Objection]:
    """Measured last: only a well-formed view is sure to be no deeper than it can be written."""
    written = json.dumps(view, ensure_ascii=False, separators=(",", ":"))
    if len(written.encode(errors="surrogatepass")) > VIEW_BYTES:
        yield Objection(pointer, f"must be smaller than {VIEW_BYTES} bytes", error="view_too_large")


Rule = Callable[[list[Found], str], Iterator[Objection]]
_RULES: tuple[Rule, ...] = (_unique_blocks, _unique_actions, _one_focus)
_MESSAGE_RULES: tuple[Rule, ...] = (
    _one_table,
    _data_tables_together,
    _few_charts,
    _short_markdown,
)
