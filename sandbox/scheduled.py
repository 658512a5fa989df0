"""Messages that are to be posted later, by the sandbox's clock (Slack reference: "chat.scheduleMessage")."""

from __future__ import annotations

import secrets

from sandbox.clock import Clock
from sandbox.event_bus import ClockMoved, Happening
from sandbox.messages import Messages
from sandbox.refusal import Refusal
from sandbox.store import Json, Store

FARTHEST_SECONDS = 120 * 24 * 3600
WINDOW_SECONDS = 5 * 60
MOST_IN_WINDOW = 30
TOO_LATE_SECONDS = 60  # a message that is about to go out cannot be called back


class Scheduled:
    """Durable. A message is posted at the beat after its moment, or when the clock is moved past it."""

    def __init__(self, *, store: Store, clock: Clock, messages: Messages) -> None:
        self._shelf = store.shelf("scheduled")
        self._clock = clock
        self._messages = messages

    def __call__(self, happening: Happening) -> None:
        if isinstance(happening, ClockMoved):
            self.post_due()

    def add(self, channel: str, message: Json, post_at: int) -> Json:
        """Keep a message for a moment in Unix seconds. Refuses: time_in_past, time_too_far, restricted_too_many."""
        ahead = post_at - self._clock.seconds()
        if ahead <= 0:
            raise Refusal("time_in_past")
        if ahead > FARTHEST_SECONDS:
            raise Refusal("time_too_far")
        near = [one for one in self.pending(channel) if abs(one["post_at"] - post_at) < WINDOW_SECONDS]
        if len(near) >= MOST_IN_WINDOW:
            raise Refusal("restricted_too_many")
        key = f"Q0{secrets.token_hex(5).upper()}"
        self._shelf[key] = {
            "id": key,
            "channel_id": channel,
            "post_at": post_at,
            "date_created": self._clock.seconds(),
            "message": message,
        }
        return self._shelf[key]

    def pending(self, channel: str = "") -> list[Json]:
        """What waits, in the order in which it will be posted; with `channel` what waits for that one."""
        waiting = [one for one in self._shelf.values() if channel in ("", one["channel_id"])]
        return sorted(waiting, key=lambda one: one["post_at"])

    def cancel(self, channel: str, key: str) -> None:
        """Refuses: invalid_scheduled_message_id (unknown, elsewhere, posted, or to be posted within a minute)."""
        found = self._shelf.get(key)
        if found is None or found["channel_id"] != channel:
            raise Refusal("invalid_scheduled_message_id")
        if found["post_at"] - self._clock.seconds() < TOO_LATE_SECONDS:
            raise Refusal("invalid_scheduled_message_id", "the message is posted within a minute")
        del self._shelf[key]

    def post_due(self) -> None:
        for one in self.pending():
            if one["post_at"] <= self._clock.seconds():
                del self._shelf[one["id"]]
                # Slack's page of the method says so under "Bug alert": with metadata, nothing is ever posted.
                if "metadata" not in one["message"]:
                    self._messages.post(one["channel_id"], one["message"])
