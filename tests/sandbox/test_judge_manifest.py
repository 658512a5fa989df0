"""An app's manifest before the judge: every limit, every form, and what Socket Mode saves one from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.judge.app_manifest import faults_of_manifest, judge_manifest
from sandbox.manifest import Manifest
from sandbox.refusal import Refusal
from tests.sandbox.manifest import MANIFEST
from tests.sandbox.nonsense import ANY_JSON, NASTY

Json = dict[str, Any]
Part = Callable[[Any], Json]

NAMED: Json = {"display_information": {"name": "Teapot"}}


def words(length: int) -> str:
    return "x" * length


def display(key: str) -> Part:
    return lambda value: {"display_information": {"name": "Teapot", key: value}}


def feature(key: str) -> Part:
    return lambda value: {"features": {key: value}}


def command(**keys: Any) -> Json:
    return {"features": {"slash_commands": [{"command": "/tea", "description": "Order", **keys}]}}


def shortcut(**keys: Any) -> Json:
    names = {"name": "Brew", "type": "global", "callback_id": "brew", "description": "Brew tea"}
    return {"features": {"shortcuts": [names | keys]}}


def oauth(key: str) -> Part:
    return lambda value: {"oauth_config": {key: value}}


def setting(key: str) -> Part:
    return lambda value: {"settings": {"socket_mode_enabled": True, key: value}}


def subscribed(*names: str) -> Json:
    return setting("event_subscriptions")({"bot_events": list(names)})


def events(count: int) -> list[str]:
    return [f"event_{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(count)]


# The App manifest reference and its JSON schema: what is sized, the limit, where the fault is, a manifest of that size.
LIMITS: dict[str, tuple[int, str, Callable[[int], Json]]] = {
    "name": (35, "/display_information/name", lambda n: display("name")(words(n))),
    "description": (140, "/display_information/description", lambda n: display("description")(words(n))),
    "long_description": (
        4000,
        "/display_information/long_description",
        lambda n: display("long_description")(words(n)),
    ),
    "bot name": (80, "/features/bot_user/display_name", lambda n: feature("bot_user")({"display_name": words(n)})),
    "command": (32, "/features/slash_commands/0/command", lambda n: command(command="/" + words(n - 1))),
    "commands": (
        50,
        "/features/slash_commands",
        lambda n: feature("slash_commands")([{"command": f"/t{i}", "description": "d"} for i in range(n)]),
    ),
    "command description": (2000, "/features/slash_commands/0/description", lambda n: command(description=words(n))),
    "usage hint": (1000, "/features/slash_commands/0/usage_hint", lambda n: command(usage_hint=words(n))),
    "command url": (3000, "/features/slash_commands/0/url", lambda n: command(url="https://" + words(n - 8))),
    "shortcuts": (
        10,
        "/features/shortcuts",
        lambda n: {"features": {"shortcuts": shortcut()["features"]["shortcuts"] * n}},
    ),
    "shortcut name": (24, "/features/shortcuts/0/name", lambda n: shortcut(name=words(n))),
    "shortcut callback": (255, "/features/shortcuts/0/callback_id", lambda n: shortcut(callback_id=words(n))),
    "shortcut description": (150, "/features/shortcuts/0/description", lambda n: shortcut(description=words(n))),
    "domains": (5, "/features/unfurl_domains", lambda n: feature("unfurl_domains")([f"{i}.org" for i in range(n)])),
    "redirect urls": (
        1000,
        "/oauth_config/redirect_urls",
        lambda n: oauth("redirect_urls")([f"https://{i}" for i in range(n)]),
    ),
    "redirect url": (2500, "/oauth_config/redirect_urls/0", lambda n: oauth("redirect_urls")([words(n)])),
    "scopes": (255, "/oauth_config/scopes/bot", lambda n: oauth("scopes")({"bot": ["chat:write"] * n})),
    "scope": (50, "/oauth_config/scopes/user/0", lambda n: oauth("scopes")({"user": [words(n)]})),
    "events": (100, "/settings/event_subscriptions/bot_events", lambda n: subscribed(*events(n))),
    "event": (50, "/settings/event_subscriptions/bot_events/0", lambda n: subscribed(words(n))),
    "request url": (
        3500,
        "/settings/interactivity/request_url",
        lambda n: setting("interactivity")({"is_enabled": True, "request_url": "https://" + words(n - 8)}),
    ),
    "IP ranges": (
        50,
        "/settings/allowed_ip_address_ranges",
        lambda n: setting("allowed_ip_address_ranges")([f"10.0.0.{i}/32" for i in range(n)]),
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_manifest_at_its_limit(name: str) -> None:
    limit, pointer, manifest = LIMITS[name]
    assert faults_of_manifest(NAMED | manifest(limit)) == []
    (fault,) = faults_of_manifest(NAMED | manifest(limit + 1))
    assert fault.pointer == pointer


# A manifest with one thing wrong, and where.
WRONG: list[tuple[Json, str]] = [
    ({"display_information": {}}, "/display_information"),
    (display("name")(""), "/display_information/name"),
    (display("long_description")(words(174)), "/display_information/long_description"),
    (display("background_color")("#12345"), "/display_information/background_color"),
    (display("background_color")("red"), "/display_information/background_color"),
    (display("colour")("red"), "/display_information"),
    (display("description")(None), "/display_information/description"),
    ({"home": {}}, ""),
    (feature("home")({}), "/features"),
    (feature("app_home")({"home_tab_enabled": "yes"}), "/features/app_home/home_tab_enabled"),
    (feature("bot_user")({"always_online": True}), "/features/bot_user"),
    (feature("slash_commands")([]), "/features/slash_commands"),
    (command(command="tea"), "/features/slash_commands/0/command"),
    (command(command="/"), "/features/slash_commands/0/command"),
    (command(command="/tea time"), "/features/slash_commands/0/command"),
    (command(url="example.org"), "/features/slash_commands/0/url"),
    (command(token="t"), "/features/slash_commands/0"),
    (shortcut(type="modal"), "/features/shortcuts/0/type"),
    (feature("unfurl_domains")(["https://example.org"]), "/features/unfurl_domains/0"),
    (oauth("redirect_urls")(["https://a", "https://a"]), "/oauth_config/redirect_urls/1"),
    (oauth("scopes")({"bot": ["Chat Write"]}), "/oauth_config/scopes/bot/0"),
    (oauth("scopes")({"app": []}), "/oauth_config/scopes"),
    (subscribed("message.im", "message.im"), "/settings/event_subscriptions/bot_events/1"),
    (subscribed("Message"), "/settings/event_subscriptions/bot_events/0"),
    (setting("event_subscriptions")(None), "/settings/event_subscriptions"),
    (setting("interactivity")({}), "/settings/interactivity"),
    (setting("interactivity")({"is_enabled": 1}), "/settings/interactivity/is_enabled"),
    (setting("allowed_ip_address_ranges")(["10.0.0.256"]), "/settings/allowed_ip_address_ranges/0"),
    (setting("allowed_ip_address_ranges")(["10.0.0.1/33"]), "/settings/allowed_ip_address_ranges/0"),
    ({"_metadata": {"major_version": 3}}, "/_metadata/major_version"),
    ({"settings": {"interactivity": {"is_enabled": True}}}, "/settings/interactivity"),
    ({"settings": {"event_subscriptions": {"bot_events": ["message.im"]}}}, "/settings/event_subscriptions"),
]


@pytest.mark.parametrize(("part", "pointer"), WRONG)
def test_a_manifest_with_one_thing_wrong(part: Json, pointer: str) -> None:
    (fault,) = faults_of_manifest(NAMED | part)
    assert fault.pointer == pointer
    with pytest.raises(Refusal) as refused:
        Manifest(NAMED | part)
    assert (refused.value.error, refused.value.reasons) == ("invalid_manifest", (str(fault),))


RIGHT: list[Json] = [
    MANIFEST,
    NAMED,
    NAMED | {"_metadata": {"major_version": 2, "minor_version": 1}, "$schema": "https://example.org"},
    NAMED | display("background_color")("#aBc"),
    # Slack compares an address when an installation begins; until then a developer's own machine will do.
    NAMED | oauth("redirect_urls")(["https://example.org/oauth", "http://localhost:3000", "http://127.0.0.1:3000"]),
    NAMED | oauth("scopes")({"bot": ["chat:write.customize", "users.profile:read"], "user_optional": ["commands"]}),
    NAMED | {"settings": {"event_subscriptions": {"bot_events": []}, "interactivity": {"is_enabled": False}}},
    NAMED
    | {
        "settings": {
            "event_subscriptions": {"bot_events": ["message.im"], "request_url": "https://example.org"},
            "interactivity": {"is_enabled": True, "request_url": "http://example.org"},
        }
    },
    NAMED | {"functions": {"brew": {"title": "Brew"}}, "outgoing_domains": ["example.org"]},
    NAMED | feature("agent_view")({"suggested_prompts": [{"title": "Tea", "message": "Brew tea"}]}),
]


@pytest.mark.parametrize("manifest", RIGHT)
def test_right_manifests(manifest: Json) -> None:
    assert faults_of_manifest(manifest) == []


@settings(max_examples=150)
@given(ANY_JSON, st.sampled_from(["display_information", "features", "oauth_config", "settings", "_metadata"]))
def test_nonsense_is_judged_not_tripped_over(value: Any, key: str) -> None:
    for manifest in (value, NAMED | {key: value}):
        assert all(fault.message for fault in faults_of_manifest(manifest))


@pytest.mark.parametrize("name", NASTY)
def test_what_is_hard_to_write_down(name: str) -> None:
    for key in ("display_information", "features", "oauth_config", "settings", "tea"):
        with pytest.raises(Refusal):
            judge_manifest(NAMED | {key: NASTY[name]})
