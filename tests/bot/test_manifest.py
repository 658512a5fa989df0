"""The manifest says what the rooms answer to and what the gateway calls, and nothing more."""

import re
from pathlib import Path
from typing import Any

import pytest

import bot.slack.gateway
from bot.rooms import ROUTES
from bot.slack.calls import Reply
from bot.slack.manifest import METHODS, WHY, manifest, scopes
from bot.slack.routes import EventRoute, ShortcutRoute, event, shortcut, verb


async def handler(_call: Any) -> Reply:
    return None


def test_every_method_the_gateway_calls_is_accounted_for() -> None:
    source = Path(bot.slack.gateway.__file__).read_text()
    by_name = re.findall(r"self\.(?:client|_reading)\.(\w+)\(", source)
    called = {name.replace("apps_connections", "apps.connections").replace("_", ".", 1) for name in by_name}
    called |= set(re.findall(r'"((?:conversations|chat|users|files|views)\.\w+)"', source))
    assert called - {"api.call"} == set(METHODS)


def test_every_scope_is_needed_and_explained() -> None:
    assert set(scopes(ROUTES)) == set(WHY)


def test_the_scopes_agreed_on() -> None:
    agreed = "commands chat:write im:write im:history channels:history groups:history files:read files:write users:read"
    agreed += " usergroups:read channels:read groups:read dnd:read app_mentions:read"
    assert set(scopes(ROUTES)) == set(agreed.split())


def test_every_event_with_a_room_is_subscribed_and_none_more() -> None:
    subscribed = manifest(ROUTES)["settings"]["event_subscriptions"]["bot_events"]
    assert set(subscribed) == {each.type for each in ROUTES if isinstance(each, EventRoute)}
    assert subscribed == sorted(subscribed)


def test_shortcuts_stand_in_the_menu() -> None:
    listed = manifest([shortcut("save", "Save", "Saves it", "message", handler)])["features"]["shortcuts"]
    assert listed == [{"name": "Save", "type": "message", "callback_id": "save", "description": "Saves it"}]
    assert "shortcuts" not in manifest([])["features"]
    named = [each for each in ROUTES if isinstance(each, ShortcutRoute)]
    assert len(named) <= 10
    assert all(len(each.name) <= 24 for each in named)


def test_only_what_is_there_asks_for_a_scope() -> None:
    assert "commands" not in scopes([])
    assert "commands" in scopes([verb("tasks", handler=handler)])
    assert "reactions:read" in scopes([event("reaction_added", handler, scopes=["reactions:read"])])


def test_slack_accepts_the_lengths() -> None:
    shown = manifest(ROUTES)["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000


@pytest.mark.parametrize("url", [None, "https://bot.example.org/slack/events"])
def test_socket_mode_or_http(url: str | None) -> None:
    made = manifest(ROUTES, url)
    assert made["settings"]["socket_mode_enabled"] is (url is None)
    for part in (made["settings"]["event_subscriptions"], made["settings"]["interactivity"]):
        assert part.get("request_url") == url
    assert made["features"]["slash_commands"][0].get("url") == url


def test_people_can_write_to_the_bot() -> None:
    assert manifest(ROUTES)["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }
