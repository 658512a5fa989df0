"""What an app's manifest declares (Slack reference: "App manifest reference")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.judge.app_manifest import judge_manifest
from sandbox.store import Json


class Manifest:
    """Read access to a manifest document; absent parts mean what they mean to Slack. Refuses: invalid_manifest."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        judge_manifest(document)
        self.document: Json = dict(document)
        self._features: Mapping[str, Any] = document.get("features", {})
        self._settings: Mapping[str, Any] = document.get("settings", {})

    @property
    def name(self) -> str:
        return str(self.document.get("display_information", {}).get("name", "App"))

    @property
    def description(self) -> str:
        return str(self.document.get("display_information", {}).get("description", ""))

    @property
    def bot_name(self) -> str:
        return str(self._features.get("bot_user", {}).get("display_name", self.name))

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(self.document.get("oauth_config", {}).get("scopes", {}).get("bot", ()))

    @property
    def redirect_urls(self) -> tuple[str, ...]:
        return tuple(self.document.get("oauth_config", {}).get("redirect_urls", ()))

    @property
    def commands(self) -> dict[str, Json]:
        return {entry["command"]: entry for entry in self._features.get("slash_commands", ())}

    def resolves_names(self, command: str) -> bool:
        """Whether Slack turns @names and #channels typed after a command into ids (`should_escape`)."""
        return bool(self.commands[command].get("should_escape", False))

    @property
    def shortcuts(self) -> dict[str, Json]:
        return {entry["callback_id"]: entry for entry in self._features.get("shortcuts", ())}

    @property
    def home_tab(self) -> bool:
        return bool(self._features.get("app_home", {}).get("home_tab_enabled", False))

    @property
    def messages_tab(self) -> bool:
        """Whether people and the app can write to each other; so they can where the manifest does not speak of it."""
        return bool(self._features.get("app_home", {}).get("messages_tab_enabled", True))

    @property
    def messages_read_only(self) -> bool:
        home = self._features.get("app_home", {})
        return bool(home.get("messages_tab_read_only_enabled", False))

    @property
    def events(self) -> frozenset[str]:
        return frozenset(self._settings.get("event_subscriptions", {}).get("bot_events", ()))

    def subscribes_to_metadata(self, event_type: str) -> bool:
        """Whether message metadata of that type is an event to the app."""
        wanted = self._settings.get("event_subscriptions", {}).get("metadata_subscriptions", ())
        return any(one["event_type"] == event_type for one in wanted)

    @property
    def socket_mode(self) -> bool:
        return bool(self._settings.get("socket_mode_enabled", False))

    @property
    def events_url(self) -> str:
        return str(self._settings.get("event_subscriptions", {}).get("request_url", ""))

    @property
    def interactive(self) -> bool:
        return bool(self._settings.get("interactivity", {}).get("is_enabled", False))

    @property
    def interactivity_url(self) -> str:
        return str(self._settings.get("interactivity", {}).get("request_url", ""))

    @property
    def options_url(self) -> str:
        """Where external selects ask for their options, which Slack asks nowhere else."""
        return str(self._settings.get("interactivity", {}).get("message_menu_options_url", ""))
