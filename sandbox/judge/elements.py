"""Block elements: the keys of each kind and their limits (Slack reference: "Block elements", one page for each kind).

Where an element may stand says `placement.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from sandbox.judge.objection import Objection
from sandbox.judge.objects import (
    ACTION_ID,
    CHOICE_OPTION,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH_CONFIG,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SELECT_OPTION,
    SLACK_FILE,
    STYLE,
    TEXT_LIMIT,
    URL,
    WORKFLOW,
    plain,
)
from sandbox.judge.rich_text import RICH_TEXT
from sandbox.judge.shapes import (
    Check,
    Shape,
    every,
    exactly_one,
    flag,
    listed,
    matching,
    one_of,
    text,
    whole_number,
    without_nulls,
)

_ID = text()
_IDS = listed(_ID)
_TIME = matching("([01][0-9]|2[0-3]):[0-5][0-9]", "a time as HH:mm")
_NUMBER = matching(r"-?[0-9]+(\.[0-9]+)?", "a number as text")
_DAY = matching("[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date as YYYY-MM-DD")
_LABEL = text(75)
_VALUE = text(2000)
_TYPED_TEXT = text(TEXT_LIMIT, shortest=0)


def _date(value: Any, pointer: str) -> Iterator[Objection]:
    """A day there is."""
    faults = list(_DAY(value, pointer))
    yield from faults
    try:
        if not faults:
            date.fromisoformat(value)
    except ValueError:
        yield Objection(pointer, "must be a date as YYYY-MM-DD")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(value: Any, pointer: str) -> Iterator[Objection]:
    if not isinstance(value, str) or value not in _zones():
        yield Objection(pointer, "must be a time zone as America/Chicago")


def _initial_among_options(element: Any, pointer: str) -> Iterator[Objection]:
    """Slack refuses a preset that is not exactly one of the options."""
    groups = element.get("option_groups") or ()
    options = [*(element.get("options") or ()), *(option for group in groups for option in group["options"])]
    known = without_nulls(options)
    single = element.get("initial_option")
    presets = [("initial_option", single)] if single else []
    presets += [(f"initial_options/{n}", one) for n, one in enumerate(element.get("initial_options") or ())]
    for name, preset in presets:
        if without_nulls(preset) not in known:
            yield Objection(f"{pointer}/{name}", f"{name.partition('/')[0]} must be among the options")


def _numbers_fit(element: Any, pointer: str) -> Iterator[Objection]:
    """min_value ≤ initial_value ≤ max_value, and no decimals where none are allowed."""
    given = {name: element[name] for name in ("min_value", "initial_value", "max_value") if element.get(name)}
    if not element["is_decimal_allowed"]:
        for name, value in given.items():
            if "." in value:
                yield Objection(f"{pointer}/{name}", "must be a whole number")
    values = [(name, Decimal(value)) for name, value in given.items()]
    for (_, lower), (name, value) in pairwise(values):
        if value < lower:
            yield Objection(f"{pointer}/{name}", "min_value, initial_value and max_value must be in this order")


def _text_fits(element: Any, pointer: str) -> Iterator[Objection]:
    """min_length ≤ length of the initial value ≤ max_length."""
    shortest, longest = element.get("min_length") or 0, element.get("max_length") or TEXT_LIMIT
    if shortest > longest:
        yield Objection(f"{pointer}/max_length", "must be at least min_length")
    initial = element.get("initial_value")
    if initial and not shortest <= len(initial) <= longest:
        yield Objection(f"{pointer}/initial_value", "must be as long as min_length and max_length ask for")


def _element(
    kind: str, required: Mapping[str, Check], optional: Mapping[str, Check], whole: Check | None = None
) -> Shape:
    """What a person acts on; all but two kinds may do without an action_id, and Slack makes one up."""
    names = {} if "action_id" in required else {"action_id": ACTION_ID}
    return Shape({"type": one_of(kind), **required}, {**names, **optional}, whole)


_FOCUS: Mapping[str, Check] = {"focus_on_load": flag}
_ASKING: Mapping[str, Check] = {"confirm": CONFIRM}
_PROMPTING: Mapping[str, Check] = {"placeholder": plain(150), **_FOCUS}
_MENU: Mapping[str, Check] = {**_ASKING, **_PROMPTING}
_FIELD: Mapping[str, Check] = {**_PROMPTING, "dispatch_action_config": DISPATCH_CONFIG}
_SEVERAL: Mapping[str, Check] = {"max_selected_items": whole_number(1)}
_STATIC: Mapping[str, Check] = {"options": listed(SELECT_OPTION, 100), "option_groups": listed(OPTION_GROUP, 100)}
_SUGGESTED: Mapping[str, Check] = {"min_query_length": whole_number(0)}
_CONVERSATIONS: Mapping[str, Check] = {"default_to_current_conversation": flag, "filter": CONVERSATION_FILTER}
_ANSWERABLE: Mapping[str, Check] = {"response_url_enabled": flag}
_CHOICES: Mapping[str, Check] = {"options": listed(CHOICE_OPTION, 10)}
_STATIC_WHOLE = every(exactly_one("options", "option_groups"), _initial_among_options)
_FEEDBACK = Shape({"text": plain(75), "value": _VALUE}, {"accessibility_label": _LABEL})
_BUTTON: Mapping[str, Check] = {
    "url": URL,
    "value": _VALUE,
    "style": STYLE,
    "accessibility_label": _LABEL,
    "visible_to_user_ids": _IDS,
    "agent_prompt": text(4000),
    "agent_prompt_display": text(),
}
_LINES = whole_number(1, 100)

IMAGE = Shape(
    {"type": one_of("image"), "alt_text": text(2000)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
)
URL_SOURCE = Shape({"type": one_of("url"), "url": URL, "text": text()}, {})

# kind: what it must have, what it may have, and what must be true of the whole
_SHAPES: Mapping[str, tuple[Mapping[str, Check], Mapping[str, Check], Check | None]] = {
    "button": ({"text": plain(75)}, {**_BUTTON, **_ASKING}, None),
    "workflow_button": (
        {"text": plain(75), "workflow": WORKFLOW, "action_id": ACTION_ID},
        {"style": STYLE, "accessibility_label": _LABEL},
        None,
    ),
    "icon_button": (
        {"icon": one_of("trash"), "text": plain(75)},
        {"value": _VALUE, "accessibility_label": _LABEL, "visible_to_user_ids": _IDS, **_ASKING},
        None,
    ),
    "feedback_buttons": ({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {}, None),
    "overflow": ({"options": listed(OVERFLOW_OPTION, 5)}, _ASKING, None),
    "checkboxes": (
        _CHOICES,
        {"initial_options": listed(CHOICE_OPTION, 10), **_ASKING, **_FOCUS},
        _initial_among_options,
    ),
    "radio_buttons": (_CHOICES, {"initial_option": CHOICE_OPTION, **_ASKING, **_FOCUS}, _initial_among_options),
    "datepicker": ({}, {"initial_date": _date, **_MENU}, None),
    "timepicker": ({}, {"initial_time": _TIME, "timezone": _timezone, **_MENU}, None),
    "datetimepicker": ({}, {"initial_date_time": whole_number(10**9, 10**10 - 1), **_ASKING, **_FOCUS}, None),
    "static_select": ({}, {"initial_option": SELECT_OPTION, **_STATIC, **_MENU}, _STATIC_WHOLE),
    "external_select": ({}, {"initial_option": SELECT_OPTION, **_SUGGESTED, **_MENU}, None),
    "users_select": ({}, {"initial_user": _ID, **_MENU}, None),
    "conversations_select": (
        {},
        {"initial_conversation": _ID, **_CONVERSATIONS, **_ANSWERABLE, **_MENU},
        None,
    ),
    "channels_select": ({}, {"initial_channel": _ID, **_ANSWERABLE, **_MENU}, None),
    "multi_static_select": (
        {},
        {"initial_options": listed(SELECT_OPTION, 100), **_SEVERAL, **_STATIC, **_MENU},
        _STATIC_WHOLE,
    ),
    "multi_external_select": (
        {},
        {"initial_options": listed(SELECT_OPTION, 100), **_SEVERAL, **_SUGGESTED, **_MENU},
        None,
    ),
    "multi_users_select": ({}, {"initial_users": _IDS, **_SEVERAL, **_MENU}, None),
    "multi_conversations_select": ({}, {"initial_conversations": _IDS, **_SEVERAL, **_CONVERSATIONS, **_MENU}, None),
    "multi_channels_select": ({}, {"initial_channels": _IDS, **_SEVERAL, **_MENU}, None),
    "plain_text_input": (
        {},
        {
            "min_length": whole_number(0, TEXT_LIMIT),
            "max_length": whole_number(1, TEXT_LIMIT),
            "multiline": flag,
            "initial_value": _TYPED_TEXT,
            **_FIELD,
        },
        _text_fits,
    ),
    "email_text_input": ({}, {"initial_value": _TYPED_TEXT, **_FIELD}, None),
    "url_text_input": ({}, {"initial_value": _TYPED_TEXT, **_FIELD}, None),
    "number_input": (
        {"is_decimal_allowed": flag},
        {"initial_value": _NUMBER, "min_value": _NUMBER, "max_value": _NUMBER, **_FIELD},
        _numbers_fit,
    ),
    "rich_text_input": (
        {"action_id": ACTION_ID},
        {"initial_value": RICH_TEXT, "min_lines": _LINES, "max_lines": _LINES, **_FIELD},
        None,
    ),
    "file_input": ({}, {"filetypes": listed(text()), "max_files": whole_number(1, 10)}, None),
}

ELEMENTS: Mapping[str, Shape] = {
    "image": IMAGE,
    **{kind: _element(kind, required, optional, whole) for kind, (required, optional, whole) in _SHAPES.items()},
}
