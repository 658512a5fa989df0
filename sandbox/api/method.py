"""What a Web API method declares, and what its function is given."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.refusal import Refusal
from sandbox.store import Json
from sandbox.workspace import kind_of
from sandbox.world import World
from sandbox.worlds import Worlds

_SECRETS = ("token", "client_secret", "code")
_YES = {"1", "true", "yes", "True"}


class Arguments:
    """A call's arguments from query, form and JSON, where a number or a list may also be written as text."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        value = self._values.get(name)
        return default if value is None else str(value)

    def all(self) -> Json:
        """Every argument as it came, without the token."""
        return {name: value for name, value in self._values.items() if name != "token"}

    def required(self, name: str) -> str:
        """A text that must be there. Refuses: invalid_arguments."""
        value = self.text(name)
        if not value:
            raise Refusal("invalid_arguments", f"[ERROR] missing required field: {name} [json-pointer:/{name}]")
        return value

    def flag(self, name: str) -> bool:
        value = self._values.get(name)
        return value is True or str(value) in _YES

    def number(self, name: str, default: int, *, lowest: int, highest: int, refused: str) -> int:
        """A whole number within limits; `refused` is the error code otherwise."""
        text = self.text(name, str(default))
        if not re.fullmatch(r"-?[0-9]{1,18}", text) or not lowest <= int(text) <= highest:
            reason = f"[ERROR] `{name}` is a number from {lowest} to {highest} [json-pointer:/{name}]"
            raise Refusal(refused, reason)
        return int(text)

    def moment(self, name: str, *, refused: str) -> float | None:
        """Unix seconds, also as a message's ts; None when absent. `refused` is the error for anything else."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.replace(".", "", 1).isdigit()):
            raise Refusal(refused, f"[ERROR] `{name}` is no timestamp [json-pointer:/{name}]")
        return float(text)

    def items(self, name: str) -> list[str]:
        """A list of ids, given as JSON list or separated by commas."""
        value = self._values.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [item.strip() for item in self.text(name).split(",") if item.strip()]

    def structure(self, name: str, *, refused: str) -> Any:
        """A JSON value, given as such or as text; None when it is absent. `refused` is the error for bad JSON."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise Refusal(refused, f"[ERROR] `{name}` is no JSON [json-pointer:/{name}]") from None

    def digest(self) -> str:
        """The short arguments in one line, for the log."""
        parts = (f"{name}={str(value)[:60]}" for name, value in self._values.items() if name not in _SECRETS)
        return " ".join(parts)[:240]


@dataclass(frozen=True)
class Call:
    """One call of a method: the workspace its token is good for, and its arguments.

    `worlds` is for the few methods that are called without a bot token.
    """

    world: World
    arguments: Arguments
    worlds: Worlds

    def conversation(self, name: str = "channel") -> Json:
        """The conversation that the argument names, if it is not hidden from the app. Refuses: channel_not_found."""
        conversation = self.world.workspace.conversation(self.arguments.required(name))
        if not self.sees(conversation):
            raise Refusal("channel_not_found")
        return conversation

    def sees(self, conversation: Json) -> bool:
        """Slack hides from an app that private channels exist which it is not in."""
        return kind_of(conversation) == "public_channel" or self.is_member(conversation)

    def is_member(self, conversation: Json) -> bool:
        return self.world.app.user in conversation["members"]

    def need_scope(self, *scopes: str) -> None:
        """Refuses with missing_scope unless the app was granted one of the scopes."""
        granted = self.world.app.scopes
        if scopes and not set(scopes) & set(granted):
            raise Refusal("missing_scope", needed=",".join(scopes), provided=",".join(granted))


@dataclass(frozen=True)
class Method:
    """A row of the table: what runs, under which rights and how often.

    One of `scopes` is needed; `caller` is whose token it takes (bot, app, anybody); `pace` is a row of
    `limits.PACES`. `json` says whether Slack looks for arguments in a JSON body there (each method's page, "Content
    types"): elsewhere it does not see them.
    """

    run: Callable[[Call], Json]
    scopes: tuple[str, ...] = ()
    caller: str = "bot"
    pace: str = "tier3"
    json: bool = True


def page_of(
    items: list[Json], call: Call, *, default: int, lowest: int = 1, highest: int = 1000
) -> tuple[list[Json], Json]:
    """One page of a list and the `response_metadata` with the cursor of the next (Slack reference: "Pagination").

    Where `lowest` is 0, a limit of 0 is none. Refuses: invalid_limit, invalid_cursor.
    """
    limit = call.arguments.number("limit", default, lowest=lowest, highest=highest, refused="invalid_limit") or default
    start = _position(call.arguments.text("cursor"))
    following = start + limit
    cursor = base64.b64encode(f"next:{following}".encode()).decode() if following < len(items) else ""
    return items[start:following], {"response_metadata": {"next_cursor": cursor}}


def _position(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:  # not base64, or not text in it
        raise Refusal("invalid_cursor") from None
    if word != "next" or not re.fullmatch(r"[0-9]{1,9}", number):
        raise Refusal("invalid_cursor")
    return int(number)
