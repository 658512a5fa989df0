"""What a button or a modal carries back to us: small typed values as compact JSON with a version.

Buttons live for ever in people's histories, so a payload says by which version of this module it was written.
"""

import json
from dataclasses import dataclass, fields
from typing import TypeVar

from messages.words import limits

VERSION = 1


class UnreadablePayload(Exception):
    """The value of a button or modal is not one that this version of Deskaudit wrote."""


@dataclass(frozen=True)
class Payload:
    """What a room puts into a button or modal: fields of plain texts and numbers, in `messages/<room>/payloads.py`."""


@dataclass(frozen=True)
class Nothing(Payload):
    """For buttons that need no value."""


@dataclass(frozen=True)
class PageRef(Payload):
    """A page of a long list, counted from 1."""

    page: int


P = TypeVar("P", bound=Payload)

ORIGIN = "origin"
"""The key under which a modal remembers where it was opened, beside what it carries."""


def encode(payload: Payload) -> str:
    """The payload as Slack carries it, in a button's `value` or a view's `private_metadata`."""
    text = json.dumps({"v": VERSION, **vars(payload)}, separators=(",", ":"), ensure_ascii=False)
    if limits.length(text) > limits.BUTTON_VALUE:
        raise ValueError(f"a payload of {len(text)} characters does not fit into a button")
    return text


def decode(kind: type[P], text: str) -> P:
    """The payload of that kind in `text`; raises `UnreadablePayload` for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadablePayload("the value is not JSON") from error
    if not isinstance(found, dict) or found.pop("v", None) != VERSION:
        raise UnreadablePayload("the value was written by another version")
    found.pop(ORIGIN, None)
    wanted = {field.name: field.type for field in fields(kind)}
    if {name: type(value) for name, value in found.items()} != wanted:
        raise UnreadablePayload(f"the value is no {kind.__name__}")
    return kind(**found)


def opened_from(origin: str, text: str) -> str:
    """What a modal carries, and the `response_url` of the message from which it was opened."""
    return json.dumps({**json.loads(text), ORIGIN: origin}, separators=(",", ":"), ensure_ascii=False)


def origin_of(text: str) -> str | None:
    """The `response_url` that `opened_from` wrote down, if it did."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    origin = found.get(ORIGIN) if isinstance(found, dict) else None
    return origin if isinstance(origin, str) else None
