"""An app's manifest, judged before the app is installed.

Slack reference: "App manifest reference", and the JSON schema in Slack's repository manifest-schema, which names the
limits. What only apps hosted by Slack have (functions, workflows, datastores and the like) is let through unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.judge.objection import Objection
from sandbox.judge.objects import ID_LIMIT
from sandbox.judge.shapes import (
    Check,
    Shape,
    anything,
    distinct,
    every,
    flag,
    listed,
    matching,
    one_of,
    text,
    whole_number,
)
from sandbox.refusal import Refusal

_NAME_LIMIT = 50  # characters of a scope's or an event's name


def _part(required: Mapping[str, Check], optional: Mapping[str, Check], whole: Check | None = None) -> Shape:
    """A part of a manifest, where null is no way to leave a key out."""
    return Shape(required, optional, whole, nulls=False)


def _flags(*names: str) -> Mapping[str, Check]:
    return dict.fromkeys(names, flag)


def _address(longest: int) -> Check:
    return matching("https?://.+", "an address that begins with https:// or http://", longest)


_REQUEST_URL = _address(3500)
_SCOPES = listed(matching("[a-z][a-z._-]*(:[a-z][a-z._-]*)*", "the name of a scope", _NAME_LIMIT), 255, least=0)
_EVENT = matching("[a-z][a-z._]*", "the name of an event", _NAME_LIMIT)
_EVENTS = every(listed(_EVENT, 100, least=0), distinct)
_METADATA_EVENT = _part({"app_id": text(), "event_type": text(_NAME_LIMIT, shortest=0)}, {})
_OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IP_RANGE = matching(rf"{_OCTET}(\.{_OCTET}){{3}}(/(3[0-2]|[12]?[0-9]))?", "an IPv4 range")
_PROMPT = _part({"title": text(), "message": text()}, {})
_AGENT_ACTION = _part({"name": text(), "description": text()}, {})

_DISPLAY = _part(
    {"name": text(35)},
    {
        "description": text(140),
        "long_description": text(4000, shortest=175),
        "background_color": matching("#([0-9a-fA-F]{3}){1,2}", "a colour as #RGB or #RRGGBB"),
    },
)
_COMMAND = _part(
    {"command": matching(r"/\S{1,31}", "a slash and up to 31 characters"), "description": text(2000)},
    {"usage_hint": text(1000), "url": _address(3000), "should_escape": flag},
)
_SHORTCUT = _part(
    {
        "name": text(24),
        "type": one_of("message", "global"),
        "callback_id": text(ID_LIMIT),
        "description": text(150),
    },
    {},
)
_FEATURES = _part(
    {},
    {
        "app_home": _part({}, _flags("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled")),
        "bot_user": _part({"display_name": text(80)}, {"always_online": flag}),
        "slash_commands": listed(_COMMAND, 50),
        "shortcuts": listed(_SHORTCUT, 10),
        "unfurl_domains": every(listed(matching("(?![.-])[-a-z0-9.]+[a-z0-9]", "a domain", ID_LIMIT), 5), distinct),
        "workflow_steps": listed(_part({"name": text(50), "callback_id": text(50)}, {}), 10),
        "assistant_view": _part(
            {"assistant_description": text(shortest=0)}, {"suggested_prompts": listed(_PROMPT, least=0)}
        ),
        "agent_view": _part(
            {},
            {
                "agent_description": text(300, shortest=0),
                "suggested_prompts": listed(_PROMPT, 4, least=0),
                "actions": listed(_AGENT_ACTION, least=0),
            },
        ),
        "functions": anything,
    },
)
_OAUTH = _part(
    {},
    {
        # Slack takes any text here and compares it when an installation begins.
        "redirect_urls": every(listed(text(2500, shortest=0), 1000, least=0), distinct),
        "scopes": _part({}, dict.fromkeys(("bot", "user", "bot_optional", "user_optional"), _SCOPES)),
        **_flags("token_management_enabled", "pkce_enabled"),
    },
)


def _addresses_without_sockets(settings: Any, pointer: str) -> Iterator[Objection]:
    """Without Socket Mode, events and interactivity need an address to be sent to."""
    if settings.get("socket_mode_enabled"):
        return
    events = settings.get("event_subscriptions", {})
    if (events.get("bot_events") or events.get("user_events")) and "request_url" not in events:
        sentence = "Event Subscription requires either Request URL or Socket Mode Enabled"
        yield Objection(f"{pointer}/event_subscriptions", sentence)
    interactivity = settings.get("interactivity", {})
    if interactivity.get("is_enabled") and "request_url" not in interactivity:
        yield Objection(f"{pointer}/interactivity", "Interactivity requires a Request URL")


_SETTINGS = _part(
    {},
    {
        "event_subscriptions": _part(
            {},
            {
                "request_url": _REQUEST_URL,
                "bot_events": _EVENTS,
                "user_events": _EVENTS,
                "metadata_subscriptions": listed(_METADATA_EVENT, 20),
            },
        ),
        "interactivity": _part(
            {"is_enabled": flag}, {"request_url": _REQUEST_URL, "message_menu_options_url": _REQUEST_URL}
        ),
        "incoming_webhooks": _part({}, _flags("incoming_webhooks_enabled")),
        "siws_links": _part({}, {"initiate_uri": matching("https://.+", "an https address", 3500)}),
        "allowed_ip_address_ranges": every(listed(_IP_RANGE, 50), distinct),
        "hermes_app_type": text(shortest=0),
        "function_runtime": text(shortest=0),
        **_flags("org_deploy_enabled", "socket_mode_enabled", "token_rotation_enabled", "is_hosted", "is_mcp_enabled"),
    },
    _addresses_without_sockets,
)


_HOSTED = ("functions", "workflows", "datastores", "outgoing_domains", "types", "external_auth_providers")
_VERSIONS = {"major_version": whole_number(1, 2), "minor_version": whole_number(0)}
_MANIFEST = _part(
    {"display_information": _DISPLAY},
    {
        "features": _FEATURES,
        "oauth_config": _OAUTH,
        "settings": _SETTINGS,
        "_metadata": _part({}, {**_VERSIONS, "schema_version": whole_number(0), "min_version": whole_number(0)}),
        "$schema": text(),
        **dict.fromkeys((*_HOSTED, "app_directory", "mcp_servers"), anything),
    },
)


def faults_of_manifest(document: Any) -> list[Objection]:
    """What Slack would find wrong with a manifest."""
    return list(_MANIFEST(document, ""))


def judge_manifest(document: Any) -> None:
    """Refuses: invalid_manifest, with the reasons."""
    faults = faults_of_manifest(document)
    if faults:
        raise Refusal("invalid_manifest", *(str(fault) for fault in faults))
