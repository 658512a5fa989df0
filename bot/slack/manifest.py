"""The app's manifest, made from what the rooms answer to and from the Web API methods that the gateway calls."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from bot.slack.routes import COMMAND, EventRoute, Routes, ShortcutRoute, Verb

METHODS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "auth.test": (),
        "apps.connections.open": (),
        "users.list": ("users:read",),
        "usergroups.list": ("usergroups:read",),
        "dnd.teamInfo": ("dnd:read",),
        "conversations.open": ("im:write",),
        "conversations.info": ("channels:read", "groups:read"),
        "conversations.history": ("channels:history", "groups:history", "im:history"),
        "conversations.replies": ("channels:history", "groups:history", "im:history"),
        "chat.postMessage": ("chat:write",),
        "chat.update": ("chat:write",),
        "chat.getPermalink": (),
        "views.open": (),
        "views.push": (),
        "views.update": (),
        "views.publish": (),
        "files.info": ("files:read",),
        "files.getUploadURLExternal": ("files:write",),
        "files.completeUploadExternal": ("files:write",),
    }
)
"""Every method the gateway calls, and the bot scopes Slack wants for it (Slack reference: each method's page)."""

WHY: Mapping[str, str] = MappingProxyType(
    {
        "commands": "to answer /iso",
        "chat:write": "to remind people and to keep their cards up to date",
        "app_mentions:read": "to say in a channel, where it is mentioned, that answers belong elsewhere",
        "im:write": "to start a direct conversation with someone who has a task",
        "im:history": (
            "to receive files dropped there, to find those whose event Slack gave up, and to see whether a message "
            "arrived when Slack did not answer"
        ),
        "channels:history": "to see whether the digest arrived in a public channel when Slack did not answer",
        "groups:history": "to see whether the digest arrived in a private channel when Slack did not answer",
        "channels:read": "to check before the first digest that it can be posted in the public channel you choose",
        "groups:read": "to check before the first digest that it can be posted in the private channel you choose",
        "dnd:read": "to hold the daily message while someone has Do Not Disturb on",
        "files:read": "to fetch the files that people give as evidence",
        "files:write": "to show a lead or an auditor the evidence they are about to judge",
        "usergroups:read": "to know who belongs to a user group that owns something",
        "users:read": "to know names and time zones, and who has left",
    }
)
"""Every scope the bot asks for, and what for."""

DESCRIPTION = "Keeps an ISO management system alive between audits"
LONG_DESCRIPTION = (
    "Deskaudit holds the compliance calendar and the state of every task. It reminds the people who own a control, "
    "moves evidence from Slack into safe storage, asks interview questions for desk audits, follows nonconformities "
    "to proven closure, and tells management every week where things stand. Type /iso to see what it can do."
)


def scopes(routes: Routes) -> list[str]:
    """The bot scopes needed for these routes and for the methods we call, each once, in alphabetical order."""
    needed = {scope for wanted in METHODS.values() for scope in wanted}
    needed |= {scope for each in routes if isinstance(each, EventRoute) for scope in each.scopes}
    if any(isinstance(each, Verb | ShortcutRoute) for each in routes):
        needed.add("commands")
    return sorted(needed)


def manifest(routes: Routes, request_url: str | None = None) -> dict[str, Any]:
    """The manifest for Socket Mode, or with a `request_url` for HTTP (Slack reference: "App manifest reference")."""
    url = {"request_url": request_url} if request_url else {}
    return {
        "display_information": {
            "name": "Deskaudit",
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": "#1f3a4d",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "Deskaudit", "always_online": True},
            "slash_commands": [_command(request_url)],
            **_shortcuts(each for each in routes if isinstance(each, ShortcutRoute)),
        },
        "oauth_config": {"scopes": {"bot": scopes(routes)}},
        "settings": {
            "event_subscriptions": {**url, "bot_events": _events(routes)},
            "interactivity": {"is_enabled": True, **url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _command(request_url: str | None) -> dict[str, Any]:
    # Escaped, so that a person named in a command arrives as an id and not as a display name.
    described = {"command": COMMAND, "description": DESCRIPTION, "usage_hint": "help", "should_escape": True}
    return described | ({"url": request_url} if request_url else {})


def _shortcuts(shortcuts: Iterable[ShortcutRoute]) -> dict[str, Any]:
    listed = [
        {"name": each.name, "type": each.kind, "callback_id": each.id, "description": each.description}
        for each in shortcuts
    ]
    return {"shortcuts": listed} if listed else {}


def _events(routes: Routes) -> list[str]:
    return sorted(each.type for each in routes if isinstance(each, EventRoute))
