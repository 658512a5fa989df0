"""The deeds a story knows, and what is written after each."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SECONDS = {"weeks": 604_800, "days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}
LONGEST_SECONDS = 36_500 * SECONDS["days"]
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEXT = re.compile(rf"({'|'.join(WEEKDAYS)}) ([01]\d|2[0-3]):[0-5]\d", re.IGNORECASE)


@dataclass(frozen=True)
class Form:
    """What follows the name of a deed, in words, and whether something is that. `person`: somebody has to do it."""

    words: str
    fits: Callable[[Any], bool]
    person: bool = True


def is_text(what: Any) -> bool:
    """Whether it is a text that says something."""
    return isinstance(what, str) and bool(what.strip())


def is_number(what: Any) -> bool:
    """Whether it is a number, or the text of one."""
    try:
        return not isinstance(what, bool) and 0 <= float(what) < math.inf
    except (TypeError, ValueError):
        return False


def is_span(what: Any) -> bool:
    """Whether it is a length of time up to a century, such as `{days: 14}`."""
    if not isinstance(what, dict) or not what or not set(what) <= set(SECONDS):
        return False
    numbers = all(map(is_number, what.values()))
    return numbers and sum(float(number) * SECONDS[unit] for unit, number in what.items()) <= LONGEST_SECONDS


def _one_of(*words: str) -> Callable[[Any], bool]:
    return lambda what: what in words


def _texts(needed: set[str], allowed: set[str]) -> Callable[[Any], bool]:
    def fits(what: Any) -> bool:
        return (
            isinstance(what, dict) and needed <= set(what) <= needed | allowed and all(map(_is_string, what.values()))
        )

    return fits


def _is_string(what: Any) -> bool:
    return isinstance(what, str)


def _is_fields(what: Any) -> bool:
    return isinstance(what, dict) and bool(what)


def _is_filling(what: Any) -> bool:
    return isinstance(what, dict)


def _is_clock(what: Any) -> bool:
    if not isinstance(what, dict) or len(what) != 1:
        return False
    [(way, how)] = what.items()
    fits = {"advance": is_span, "next": _is_next, "to": _is_moment, "plays": is_number, "pauses": _one_of("yes")}
    return way in fits and fits[way](how)


def _is_next(what: Any) -> bool:
    return isinstance(what, str) and _NEXT.fullmatch(what) is not None


def _is_moment(what: Any) -> bool:
    try:
        return bool(datetime.fromisoformat(what))
    except (TypeError, ValueError):
        return False


def _is_fault(what: Any) -> bool:
    return is_text(what) or (
        isinstance(what, dict) and is_text(what.get("kind")) and all(map(_is_string, what.values()))
    )


_IS_MESSAGE = _texts({"text"}, {"thread"})

FORMS: Mapping[str, Form] = {
    "opens": Form("`home` or `messages`, the app's tabs", _one_of("home", "messages")),
    "types": Form("a command and its text, such as `/tea green`", lambda what: is_text(what) and what.startswith("/")),
    "says": Form(
        "what is said, or `text` and `thread` (words of the message that is answered)",
        lambda what: is_text(what) or _IS_MESSAGE(what),
    ),
    "edits": Form("what the message that `of` names says from now on", is_text),
    "deletes": Form("`the message`, which `of` names", _one_of("the message")),
    "presses": Form("the words on a button, or how they begin", is_text),
    "chooses": Form("what is chosen, by the words beside the field: `{Kind of tea: Assam}`", _is_fields),
    "fills": Form(
        "the fields of the open modal by how their labels begin; this submits it, and `{}` submits it as it stands",
        _is_filling,
    ),
    "closes": Form("`modal`", _one_of("modal")),
    "drops": Form(
        "a file as `name` and `content`, and `thread` (words of a message) if it is dropped there",
        _texts({"name", "content"}, {"thread"}),
    ),
    "takes": Form("the name of a shortcut; with `of` it is taken on that message", is_text),
    "reacts": Form("the name of an emoji, such as `eyes`; `of` names the message", is_text),
    "invites": Form("a first name, or `the app`; `at` names the channel", is_text),
    "deactivates": Form("the first name of somebody who leaves the company", is_text),
    "reactivates": Form("the first name of somebody who comes back", is_text),
    "uninstalls": Form("`the app`", _one_of("the app")),
    "clock": Form(
        "one of `advance: {days: 14}`, `next: monday 09:05`, `to: 2027-01-04 09:00`, `plays: 60` (times as fast), "
        "`pauses: yes`",
        _is_clock,
    ),
    "breaks": Form("the kind of a fault, or `kind` with its settings", _is_fault, person=False),
    "mends": Form("the kind of a fault, or `everything`", is_text, person=False),
}
"""By the name of the deed. `clock` wants a person whose time zone counts."""
