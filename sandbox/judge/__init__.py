"""Block Kit judge: accepts or refuses blocks and views as Slack does, with a JSON pointer to each fault."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sandbox.judge.objection import Objection
from sandbox.judge.objects import OPTION_GROUP, SELECT_OPTION
from sandbox.judge.shapes import listed, without_nulls
from sandbox.judge.surfaces import faults_of_attachments, faults_of_blocks, faults_of_view
from sandbox.judge.walk import elements_of, every_block
from sandbox.refusal import Refusal
from sandbox.store import Json

__all__ = [
    "Objection",
    "elements_of",
    "every_block",
    "faults_of_attachments",
    "faults_of_blocks",
    "faults_of_view",
    "judged_attachments",
    "judged_blocks",
    "judged_options",
    "judged_view",
]

MOST_OPTIONS = 100


def judged_blocks(blocks: Any, surface: str) -> list[Json]:
    """The blocks with the ids that Slack makes up. Refuses: invalid_blocks and the like, with the reasons."""
    faults = faults_of_blocks(blocks, surface, "/blocks")
    _refuse(faults, faults[0].error if faults else "")
    return _named(blocks, "")


def judged_view(view: Any, kind: str) -> Json:
    """The view with ids in its blocks. Refuses: invalid_arguments, view_too_large, with the reasons."""
    faults = faults_of_view(view, kind)
    # views.* answer with the general code where chat.* say invalid_blocks.
    _refuse(faults, "view_too_large" if faults and faults[0].error == "view_too_large" else "invalid_arguments")
    # In a modal new ids are new fields: what was typed into the old ones is gone, as it is in Slack.
    salt = secrets.token_urlsafe() if kind == "modal" else ""
    return {**view, "blocks": _named(view["blocks"], salt)}


def judged_attachments(attachments: Any) -> list[Json]:
    """The attachments with ids in their blocks. Refuses: invalid_attachments, too_many_attachments."""
    faults = faults_of_attachments(attachments)
    _refuse(faults, faults[0].error if faults else "")
    return [one | {"blocks": _named(one["blocks"], "")} if one.get("blocks") else one for one in attachments]


def _refuse(faults: Sequence[Objection], error: str) -> None:
    if faults:
        raise Refusal(error, *(str(fault) for fault in faults))


def judged_options(options: Any, name: str) -> list[Json]:
    """What an app answers to a `block_suggestion`: `options` or `option_groups`, or none. Refuses: bad_options."""
    one = OPTION_GROUP if name == "option_groups" else SELECT_OPTION
    _refuse(list(listed(one, MOST_OPTIONS, 0)(options, f"/{name}")), "bad_options")
    return without_nulls(options)  # type: ignore[no-any-return] # a list stays one


def _named(blocks: list[Json], salt: str) -> list[Json]:
    """A copy in which every block and every element that may act has an id.

    An id that is made up follows from what the block says and from the salt. So a press on a block that stays as it is
    arrives, although the app has just drawn the message anew.
    """
    named: list[Json] = without_nulls(blocks)
    said_before = Counter[str]()
    for block, at in every_block(named, ""):
        said = json.dumps(block, sort_keys=True)
        said_before[said] += 1
        block.setdefault("block_id", _made_up(salt, said, said_before[said]))
        if block["type"] == "layout":
            block.setdefault("fallback", [])  # Slack always gives it out
        for number, (element, _) in enumerate(elements_of(block, at)):
            if element["type"] != "image":
                element.setdefault("action_id", _made_up(salt, said, said_before[said], number))
    return named


def _made_up(*of: object) -> str:
    return hashlib.sha256(repr(of).encode()).hexdigest()[:10]
