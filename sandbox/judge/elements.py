"""Block elements and where they may stand (Slack reference: "Block elements")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.judge.fault import Fault
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
    URL,
    mrkdwn,
    plain,
)
from sandbox.judge.rich_text import RICH_TEXT
from sandbox.judge.shapes import (
    Check,
    Shape,
    exactly_one,
    flag,
    listed,
    matching,
    one_of,
    text,
    typed,
    whole_number,
)

_ID = text(255)
_DATE = matching(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a date as YYYY-MM-DD")
_TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time as HH:mm")
_NUMBER = matching(r"-?\d+(\.\d+)?", "a number as text")
_PLACEHOLDER = plain(150)
_SEVERAL = {"max_selected_items": whole_number(1, 100)}


def _initial_among_options(element: Any, pointer: str) -> Iterator[Fault]:
    """Slack refuses a preset that is none of the options."""
    groups = element.get("option_groups") or ()
    options = [*(element.get("options") or ()), *(option for group in groups for option in group["options"])]
    single = element.get("initial_option")
    presets = [("initial_option", single)] if single else []
    presets += [(f"initial_options/{n}", one) for n, one in enumerate(element.get("initial_options") or ())]
    for name, preset in presets:
        if not any(_same_option(preset, option) for option in options):
            yield Fault(f"{pointer}/{name}", f"{name.partition('/')[0]} must be among the options")


def _same_option(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["value"] == other["value"] and one["text"]["text"] == other["text"]["text"])


def _static(element: Any, pointer: str) -> Iterator[Fault]:
    yield from exactly_one("options", "option_groups")(element, pointer)
    yield from _initial_among_options(element, pointer)


def _element(
    optional: Mapping[str, Check], *, required: Mapping[str, Check] | None = None, whole: Check | None = None
) -> Shape:
    common = {"action_id": ACTION_ID, "focus_on_load": flag}
    return Shape({"type": text(50), **(required or {})}, {**common, **optional}, whole)


def _menu(optional: Mapping[str, Check], whole: Check | None = None) -> Shape:
    return _element({"confirm": CONFIRM, "placeholder": _PLACEHOLDER, **optional}, whole=whole)


def _text_field(optional: Mapping[str, Check]) -> Shape:
    return _element({"placeholder": _PLACEHOLDER, "dispatch_action_config": DISPATCH_CONFIG, **optional})


_STATIC: Mapping[str, Check] = {"options": listed(SELECT_OPTION, 100), "option_groups": listed(OPTION_GROUP, 100)}
_SUGGESTED = {"min_query_length": whole_number(0, 1000)}
_CONVERSATIONS: Mapping[str, Check] = {"default_to_current_conversation": flag, "filter": CONVERSATION_FILTER}
_ANSWERABLE = {"response_url_enabled": flag}
_CHOICES = {"options": listed(CHOICE_OPTION, 10)}
_FEEDBACK = Shape({"text": plain(75), "value": text(2000)}, {"accessibility_label": text(75)})

IMAGE = Shape(
    {"type": one_of("image"), "alt_text": text(2000)},
    {"image_url": URL, "slack_file": SLACK_FILE},
    exactly_one("image_url", "slack_file"),
)

ELEMENTS: Mapping[str, Check] = {
    "button": _element(
        {
            "url": URL,
            "value": text(2000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": text(75),
            "visible_to_user_ids": listed(_ID, 100),
            "agent_prompt": text(4000),
            "agent_prompt_display": text(4000),
        },
        required={"text": plain(75)},
    ),
    "image": IMAGE,
    "overflow": _element({"confirm": CONFIRM}, required={"options": listed(OVERFLOW_OPTION, 5)}),
    "checkboxes": _element(
        {"initial_options": listed(CHOICE_OPTION, 10), "confirm": CONFIRM},
        required=_CHOICES,
        whole=_initial_among_options,
    ),
    "radio_buttons": _element(
        {"initial_option": CHOICE_OPTION, "confirm": CONFIRM}, required=_CHOICES, whole=_initial_among_options
    ),
    "datepicker": _menu({"initial_date": _DATE}),
    "timepicker": _menu({"initial_time": _TIME, "timezone": text(100)}),
    "datetimepicker": _element({"initial_date_time": whole_number(10**9, 10**10 - 1), "confirm": CONFIRM}),
    "static_select": _menu({"initial_option": SELECT_OPTION, **_STATIC}, _static),
    "multi_static_select": _menu({"initial_options": listed(SELECT_OPTION, 100), **_SEVERAL, **_STATIC}, _static),
    "external_select": _menu({"initial_option": SELECT_OPTION, **_SUGGESTED}),
    "multi_external_select": _menu({"initial_options": listed(SELECT_OPTION, 100), **_SEVERAL, **_SUGGESTED}),
    "users_select": _menu({"initial_user": _ID}),
    "multi_users_select": _menu({"initial_users": listed(_ID, 100), **_SEVERAL}),
    "conversations_select": _menu({"initial_conversation": _ID, **_CONVERSATIONS, **_ANSWERABLE}),
    "multi_conversations_select": _menu({"initial_conversations": listed(_ID, 100), **_SEVERAL, **_CONVERSATIONS}),
    "channels_select": _menu({"initial_channel": _ID, **_ANSWERABLE}),
    "multi_channels_select": _menu({"initial_channels": listed(_ID, 100), **_SEVERAL}),
    "plain_text_input": _text_field(
        {
            "min_length": whole_number(0, 3000),
            "max_length": whole_number(1, 3000),
            "multiline": flag,
            "initial_value": text(3000, shortest=0),
        }
    ),
    "email_text_input": _text_field({"initial_value": text(3000, shortest=0)}),
    "url_text_input": _text_field({"initial_value": text(3000, shortest=0)}),
    "number_input": _element(
        {
            "placeholder": _PLACEHOLDER,
            "dispatch_action_config": DISPATCH_CONFIG,
            "initial_value": _NUMBER,
            "min_value": _NUMBER,
            "max_value": _NUMBER,
        },
        required={"is_decimal_allowed": flag},
    ),
    "rich_text_input": _text_field(
        {"initial_value": RICH_TEXT, "min_lines": whole_number(1, 100), "max_lines": whole_number(1, 100)}
    ),
    "file_input": _element({"filetypes": listed(text(20), 100), "max_files": whole_number(1, 10)}),
    "feedback_buttons": _element({}, required={"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}),
    "icon_button": _element(
        {
            "value": text(2000),
            "confirm": CONFIRM,
            "accessibility_label": text(75),
            "visible_to_user_ids": listed(_ID, 100),
        },
        required={"icon": one_of("trash"), "text": plain(75)},
    ),
}

_PICKERS = ("datepicker", "timepicker")
_SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
_MULTI_SELECTS = tuple(f"multi_{kind}" for kind in _SELECTS)
_CHOOSERS = ("checkboxes", "radio_buttons")
_FIELDS = ("plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input", "file_input")


def _only(*kinds: str) -> Check:
    return typed({kind: ELEMENTS[kind] for kind in kinds})


ACCESSORY = _only("button", "image", "overflow", *_CHOOSERS, *_PICKERS, *_SELECTS, *_MULTI_SELECTS)
ACTING = _only("button", "overflow", "datetimepicker", *_CHOOSERS, *_PICKERS, *_SELECTS, *_MULTI_SELECTS)
INPUT = _only("datetimepicker", *_CHOOSERS, *_PICKERS, *_SELECTS, *_MULTI_SELECTS, *_FIELDS)
CONTEXT = typed({"image": IMAGE, "plain_text": plain(3000), "mrkdwn": mrkdwn(3000)})
CONTEXT_ACTING = _only("feedback_buttons", "icon_button")
BUTTON = _only("button")
