"""What an app's manifest declares (Slack reference: "App manifest reference")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.store import Json


class Manifest:
    """Read access to a manifest document; absent parts mean what they mean to Slack."""

    def __init__(self, document: Mapping[str, Any]) -> None:
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
    def commands(self) -> dict[str, Json]:
        return {entry["command"]: entry for entry in self._features.get("slash_commands", ())}

    @property
    def shortcuts(self) -> dict[str, Json]:
        return {entry["callback_id"]: entry for entry in self._features.get("shortcuts", ())}

    @property
    def home_tab(self) -> bool:
        return bool(self._features.get("app_home", {}).get("home_tab_enabled", False))

    @property
    def messages_read_only(self) -> bool:
        home = self._features.get("app_home", {})
        return bool(home.get("messages_tab_read_only_enabled", False))

    @property
    def events(self) -> frozenset[str]:
        return frozenset(self._settings.get("event_subscriptions", {}).get("bot_events", ()))

    @property
    def socket_mode(self) -> bool:
        return bool(self._settings.get("socket_mode_enabled", False))

    @property
    def events_url(self) -> str:
        return str(self._settings.get("event_subscriptions", {}).get("request_url", ""))

    @property
    def interactivity_url(self) -> str:
        return str(self._settings.get("interactivity", {}).get("request_url", ""))
