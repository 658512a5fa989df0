"""Composition objects (Slack reference: "Composition objects")."""

from __future__ import annotations

from sandbox.judge.shapes import Check, Shape, exactly_one, flag, listed, one_of, text, typed

ID_LIMIT = 255
URL = text(3000)
ACTION_ID = text(ID_LIMIT)


def plain(longest: int) -> Check:
    """A plain_text object."""
    return typed({"plain_text": _plain_shape(longest)})


def formatted(longest: int) -> Check:
    """A plain_text or mrkdwn object."""
    return typed({"plain_text": _plain_shape(longest), "mrkdwn": _mrkdwn_shape(longest)})


def mrkdwn(longest: int) -> Check:
    """A mrkdwn object."""
    return typed({"mrkdwn": _mrkdwn_shape(longest)})


def _plain_shape(longest: int) -> Shape:
    return Shape({"type": one_of("plain_text"), "text": text(longest)}, {"emoji": flag})


def _mrkdwn_shape(longest: int) -> Shape:
    return Shape({"type": one_of("mrkdwn"), "text": text(longest)}, {"verbatim": flag})


def option(label: Check, **more: Check) -> Shape:
    """An option of a select, overflow, radio or checkbox group."""
    return Shape({"text": label, "value": text(150)}, more)


SELECT_OPTION = option(plain(75), description=plain(75))
OVERFLOW_OPTION = option(plain(75), description=plain(75), url=URL)
CHOICE_OPTION = option(formatted(75), description=formatted(75))  # radio buttons and checkboxes

OPTION_GROUP = Shape({"label": plain(75), "options": listed(SELECT_OPTION, 100)}, {})

CONFIRM = Shape(
    {"title": plain(100), "text": formatted(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
CONVERSATION_FILTER = Shape(
    {},
    {
        "include": listed(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
DISPATCH_CONFIG = Shape(
    {"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 2)},
    {},
)
SLACK_FILE = Shape({}, {"id": text(ID_LIMIT), "url": URL}, exactly_one("id", "url"))
