"""Block Kit judge: accepts or refuses blocks and views as Slack does, with a JSON pointer to each fault."""

from __future__ import annotations

import secrets
from typing import Any

from sandbox.judge.elements import ELEMENTS
from sandbox.judge.fault import Fault
from sandbox.judge.surfaces import faults_of_blocks, faults_of_view
from sandbox.refusal import Refusal
from sandbox.store import Json

__all__ = ["Fault", "faults_of_blocks", "faults_of_view", "judged_blocks", "judged_view"]


def judged_blocks(blocks: Any, surface: str) -> list[Json]:
    """The blocks with the ids that Slack makes up. Refuses: invalid_blocks and the like, with the reasons."""
    faults = faults_of_blocks(blocks, surface, "/blocks")
    if faults:
        raise Refusal(faults[0].error, *(str(fault) for fault in faults))
    return _named(blocks)


def judged_view(view: Any, kind: str) -> Json:
    """The view with ids in its blocks. Refuses: invalid_arguments, view_too_large, with the reasons."""
    faults = faults_of_view(view, kind)
    if faults:
        # views.* answer with the general code where chat.* say invalid_blocks.
        error = faults[0].error
        raise Refusal("invalid_arguments" if error == "invalid_blocks" else error, *(str(fault) for fault in faults))
    return {**view, "blocks": _named(view["blocks"])}


def _named(blocks: list[Json]) -> list[Json]:
    """A copy in which every block and every element that may act has an id."""
    named: list[Json] = _without_nulls(blocks)
    for block in named:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        parts = [*block.get("elements", ()), *block.get("actions", ()), block.get("accessory"), block.get("element")]
        for part in parts:
            if isinstance(part, dict) and part.get("type") in ELEMENTS and part["type"] != "image":
                part.setdefault("action_id", secrets.token_urlsafe(4))
    return named


def _without_nulls(value: Any) -> Any:
    """A copy without the keys that are null, which to Slack are keys not given."""
    if isinstance(value, list):
        return [_without_nulls(part) for part in value]
    if isinstance(value, dict):
        return {name: _without_nulls(part) for name, part in value.items() if part is not None}
    return value
