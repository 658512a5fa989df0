"""Short-lived permissions: trigger ids to open modals, response URLs to answer an interaction.

They expire in real elapsed time, so that a moved clock takes no modal from a person, and die with the process.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.refusal import Refusal

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    """`view_id` is the modal the interaction came from, if it came from one: only then may a view be pushed.

    `channel` is the conversation it came from, which a modal can take over (`default_to_current_conversation`).
    """

    user: str
    view_id: str | None
    channel: str
    made: float
    used: bool = False


class Triggers:
    def __init__(self, elapsed: Callable[[], float]) -> None:
        self._elapsed = elapsed
        self._triggers: dict[str, Trigger] = {}

    def make(self, user: str, view_id: str | None = None, channel: str = "") -> str:
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, view_id, channel, self._elapsed())
        return trigger_id

    def check(self, trigger_id: str) -> Trigger:
        """A trigger that may still be exchanged. Refuses: invalid_, exchanged_, expired_trigger_id."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise Refusal("invalid_trigger_id")
        if trigger.used:
            raise Refusal("exchanged_trigger_id")
        if self._elapsed() - trigger.made > TRIGGER_SECONDS:
            raise Refusal("expired_trigger_id")
        return trigger


@dataclass
class ResponseUrl:
    """Where an answer goes: the person, the conversation, and the message that was acted on (if any)."""

    user: str
    channel: str
    ts: str | None
    ephemeral: bool
    thread_ts: str | None
    made: float
    uses: int = 0


class ResponseUrls:
    def __init__(self, elapsed: Callable[[], float], address: Callable[[], str]) -> None:
        self._elapsed = elapsed
        self._address = address
        self._urls: dict[str, ResponseUrl] = {}

    def make(
        self,
        user: str,
        channel: str,
        *,
        ts: str | None = None,
        ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        key = secrets.token_urlsafe(18)
        self._urls[key] = ResponseUrl(user, channel, ts, ephemeral, thread_ts, self._elapsed())
        return f"{self._address()}/{key}"

    def check(self, key: str) -> ResponseUrl:
        """A URL that may still be used. Refuses: not_found, used_url, expired_url."""
        found = self._urls.get(key)
        if found is None:
            raise Refusal("not_found")
        if found.uses >= RESPONSE_USES:
            raise Refusal("used_url")
        if self._elapsed() - found.made > RESPONSE_SECONDS:
            raise Refusal("expired_url")
        return found
