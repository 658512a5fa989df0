"""An app's manifest, judged before the app is installed (Slack reference: "App manifest reference")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.judge.fault import Fault
from sandbox.judge.objects import ID_LIMIT, URL
from sandbox.judge.shapes import Check, Shape, flag, listed, matching, one_of, text, whole_number
from sandbox.refusal import Refusal

_EVENTS = Shape({}, {"request_url": URL, "bot_events": listed(text(100), 100, least=0)})
_INTERACTIVITY = Shape({"is_enabled": flag}, {"request_url": URL, "message_menu_options_url": URL})


def _addresses_without_sockets(settings: Any, pointer: str) -> Iterator[Fault]:
    """Without Socket Mode, whatever is switched on needs an address to send it to."""
    if settings.get("socket_mode_enabled"):
        return
    events = settings.get("event_subscriptions", {})
    if events.get("bot_events") and not events.get("request_url"):
        yield Fault(f"{pointer}/event_subscriptions", "missing required field: request_url")
    interactivity = settings.get("interactivity", {})
    if interactivity.get("is_enabled") and not interactivity.get("request_url"):
        yield Fault(f"{pointer}/interactivity", "missing required field: request_url")


_COMMAND = Shape(
    {"command": matching(r"/\S{1,31}", "a slash and up to 31 characters"), "description": text(2000)},
    {"usage_hint": text(1000), "url": URL, "should_escape": flag},
)
_SHORTCUT = Shape(
    {
        "name": text(24),
        "type": one_of("message", "global"),
        "callback_id": text(ID_LIMIT),
        "description": text(150),
    },
    {},
)
_PARTS: Mapping[str, Check] = {
    "features": Shape(
        {},
        {
            "app_home": Shape(
                {},
                {
                    "home_tab_enabled": flag,
                    "messages_tab_enabled": flag,
                    "messages_tab_read_only_enabled": flag,
                },
            ),
            "bot_user": Shape({"display_name": text(80)}, {"always_online": flag}),
            "slash_commands": listed(_COMMAND, 50, least=0),
            "shortcuts": listed(_SHORTCUT, 10, least=0),
        },
    ),
    "oauth_config": Shape(
        {},
        {
            "redirect_urls": listed(URL, 1000, least=0),
            "scopes": Shape({}, {"bot": listed(text(100), 255, least=0), "user": listed(text(100), 255, least=0)}),
        },
    ),
    "settings": Shape(
        {},
        {
            "event_subscriptions": _EVENTS,
            "interactivity": _INTERACTIVITY,
            "org_deploy_enabled": flag,
            "socket_mode_enabled": flag,
            "token_rotation_enabled": flag,
        },
        _addresses_without_sockets,
    ),
}
_MANIFEST = Shape(
    {
        "display_information": Shape(
            {"name": text(35)},
            {
                "description": text(140),
                "long_description": text(4000, shortest=175),
                "background_color": matching(r"#([0-9a-fA-F]{3}){1,2}", "a colour as #RGB or #RRGGBB"),
            },
        )
    },
    {**_PARTS, "_metadata": Shape({}, {"major_version": whole_number(1, 99), "minor_version": whole_number(0, 99)})},
)


def faults_of_manifest(document: Mapping[str, Any]) -> list[Fault]:
    """What Slack would find wrong with a manifest."""
    return list(_MANIFEST(dict(document), ""))


def judge_manifest(document: Mapping[str, Any]) -> None:
    """Refuses: invalid_manifest, with the reasons."""
    faults = faults_of_manifest(document)
    if faults:
        raise Refusal("invalid_manifest", *(str(fault) for fault in faults))
