"""What carries a payload to the app and brings its acknowledgement back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sandbox.store import Json

ACK_SECONDS = 3.0


@dataclass(frozen=True)
class Parcel:
    """`kind` is events_api, slash_commands or interactive; `name` is the event's type, the command or the action id.

    `attempt` counts redeliveries, `reason` says why.
    """

    kind: str
    name: str
    payload: Json
    attempt: int = 0
    reason: str = ""


class NoAnswerError(Exception):
    """The app gave no acknowledgement; the text is Slack's retry reason. `final`: the app wants no further try."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.final = final


class Courier(Protocol):
    @property
    def timeout_reason(self) -> str:
        """What Slack calls an acknowledgement that did not come in time."""

    @property
    def connected(self) -> bool:
        """Whether there is an app to deliver to at this moment."""

    async def wait(self) -> None:
        """Returns once there is an app to deliver to."""

    async def carry(self, parcel: Parcel) -> Json:
        """Deliver once and return the acknowledgement's payload, {} for a bare one. Raises NoAnswerError."""
