"""Composition objects (Slack reference: "Composition objects")."""

from __future__ import annotations

from sandbox.judge.shapes import Check, Shape, at_least_one, exactly_one, flag, listed, one_of, text, typed

ID_LIMIT = 255
TEXT_LIMIT = 3000
URL = text(3000)
ACTION_ID = text(ID_LIMIT)
STYLE = one_of("primary", "danger")


def plain(longest: int) -> Check:
    """A plain_text object."""
    return typed({"plain_text": _plain_shape(longest)})


def formatted(longest: int) -> Check:
    """A plain_text or mrkdwn object."""
    return typed({"plain_text": _plain_shape(longest), "mrkdwn": mrkdwn(longest)})


def mrkdwn(longest: int) -> Shape:
    """A mrkdwn object."""
    return Shape({"type": one_of("mrkdwn"), "text": text(longest)}, {"verbatim": flag})


def _plain_shape(longest: int) -> Shape:
    return Shape({"type": one_of("plain_text"), "text": text(longest)}, {"emoji": flag})


def _option(label: Check, **more: Check) -> Shape:
    return Shape({"text": label, "value": text(150)}, {"description": label, **more})


SELECT_OPTION = _option(plain(75))
OVERFLOW_OPTION = _option(plain(75), url=URL)
CHOICE_OPTION = _option(formatted(75))  # radio buttons and checkboxes

OPTION_GROUP = Shape({"label": plain(75), "options": listed(SELECT_OPTION, 100)}, {})

# The page asks for plain_text in `text`, and formats the text of its own example.
CONFIRM = Shape(
    {"title": plain(100), "text": formatted(300), "confirm": plain(30), "deny": plain(30)},
    {"style": STYLE},
)
CONVERSATION_FILTER = Shape(
    {},
    {
        "include": listed(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
    at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),
)
DISPATCH_CONFIG = Shape(
    {},
    {"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 2)},
)
SLACK_FILE = Shape({}, {"id": text(ID_LIMIT), "url": URL}, exactly_one("id", "url"))

_PARAMETER = Shape({"name": text(TEXT_LIMIT), "value": text(TEXT_LIMIT)}, {})
_TRIGGER = Shape({"url": URL}, {"customizable_input_parameters": listed(_PARAMETER, 100)})
WORKFLOW = Shape({"trigger": _TRIGGER}, {})

_ICONS = (
    *("archive", "book", "bookmark", "bot", "bug", "calendar", "call", "caret-left", "caret-right", "check"),
    *("clipboard", "code", "comment", "compass", "copy", "cube", "download", "edit", "email", "eye-closed"),
    *("eye-open", "file", "flag", "folder", "gear", "globe", "heart", "help", "image", "info", "key", "lightbulb"),
    *("link", "map", "mobile", "new-window", "pin", "plus", "refine", "refresh", "rocket", "save", "screen"),
    *("share", "sparkle", "star", "star-filled", "tag", "thumbs-down", "thumbs-up", "trash", "upload", "user"),
    "warning",
)
SLACK_ICON = Shape({"type": one_of("icon"), "name": one_of(*_ICONS)}, {})
