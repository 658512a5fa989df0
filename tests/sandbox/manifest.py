"""The manifest of the small app in the tests."""

from __future__ import annotations

from typing import Any

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Teapot", "description": "Makes tea"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Teapot", "always_online": True},
        "slash_commands": [{"command": "/tea", "description": "Order tea", "usage_hint": "[kind]"}],
        "shortcuts": [
            {"name": "Brew", "type": "global", "callback_id": "brew", "description": "Brew tea"},
            {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keep this"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "commands",
                "users:read",
                "users:read.email",
                "team:read",
                "im:write",
                "im:history",
                "im:read",
                "channels:read",
                "channels:history",
                "channels:join",
                "files:read",
                "files:write",
                "reactions:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "message.im",
                "message.channels",
                "file_shared",
                "user_change",
                "team_join",
                "member_joined_channel",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
