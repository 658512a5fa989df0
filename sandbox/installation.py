"""The app in one workspace: its bot account, what it was granted there, its token."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping

from sandbox.manifest import Manifest
from sandbox.store import Json, Store

_KEY = "installation"


class Installation:
    """What an app has in a workspace from the moment somebody installs it there until it is removed.

    `number` counts the workspaces of one sandbox: the bot account has another id in each, as in Slack.
    """

    def __init__(self, *, store: Store, manifest: Manifest, team_id: str, number: int) -> None:
        suffix = str(number) if number > 1 else ""
        self.user = f"U0APP{suffix}"
        self.bot_id = f"B0APP{suffix}"
        self._team_id = team_id
        self._manifest = manifest
        self._shelf = store.shelf("installation")
        self._revoked = store.shelf("revoked_token")

    @property
    def installed(self) -> bool:
        return _KEY in self._shelf

    @property
    def was_removed(self) -> bool:
        """Whether somebody took the app away; what was given up is not given back by a restart."""
        return bool(self._revoked) and not self.installed

    @property
    def token(self) -> str:
        """The bot token; empty where the app is not installed."""
        return str(self._shelf[_KEY]["token"]) if self.installed else ""

    @property
    def scopes(self) -> tuple[str, ...]:
        return tuple(self._shelf[_KEY]["scopes"]) if self.installed else ()

    @property
    def commands(self) -> Mapping[str, Json]:
        """The slash commands people have here, by name."""
        return self._manifest.commands if self.installed else {}

    @property
    def shortcuts(self) -> Mapping[str, Json]:
        """The shortcuts people have here, by callback id."""
        return self._manifest.shortcuts if self.installed else {}

    @property
    def author(self) -> Json:
        """The author keys of a message that the app posts."""
        return {"user": self.user, "bot_id": self.bot_id, "team": self._team_id}

    def grant(self, scopes: Iterable[str]) -> None:
        """Install the app with these scopes; the token of an app that is installed already stays."""
        token = self.token or f"xoxb-sandbox-{secrets.token_hex(12)}"
        self._shelf[_KEY] = {"token": token, "scopes": list(scopes)}

    def withdraw(self) -> None:
        """The token is worthless from now on."""
        self._revoked[self.token] = {}
        del self._shelf[_KEY]

    def gave_up(self, token: str) -> bool:
        """Whether this was a token of the app here and is none any more."""
        return token in self._revoked
