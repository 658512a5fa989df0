"""The kinds of faults there are: one table from which requests are checked, and forms are drawn.

A kind bites at its places: a call of the app, a kind of delivery, a socket, a download.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.refusal import Refusal
from sandbox.store import Json

LONGEST_TEXT = 200
LONGEST_HOLD = 3600.0  # seconds


@dataclass(frozen=True)
class Setting:
    """What may be set about a kind of fault. What is `optional` may be None, and the sentence says what that means."""

    name: str
    type: str  # number, text or boolean, as the page's form knows them
    default: Any
    sentence: str
    lowest: float = 0
    highest: float = math.inf
    whole: bool = False
    optional: bool = False

    def checked(self, value: Any) -> Any:
        """The value, if it may be set. Refuses: invalid_fault."""
        if value is None and self.optional:
            return None
        if not _FITS[self.type](self, value):
            raise Refusal("invalid_fault", f"`{self.name}` is {self._wanted()}.")
        return value

    def described(self) -> Json:
        told = ("name", "type", "default", "sentence", "optional")
        return {name: getattr(self, name) for name in told}

    def _wanted(self) -> str:
        if self.type != "number":
            return {"text": f"a text of up to {LONGEST_TEXT} characters", "boolean": "true or false"}[self.type]
        what = "a whole number" if self.whole else "a number"
        return f"{what} of at least {self.lowest:g}" + (
            f", at most {self.highest:g}" if self.highest < math.inf else ""
        )


def _fits_number(setting: Setting, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    # Compared before anything is computed: JSON knows whole numbers that no float can hold.
    return setting.lowest <= value <= min(setting.highest, 1e15) and not (setting.whole and value != int(value))


def _fits_text(_: Setting, value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_TEXT


def _fits_boolean(_: Setting, value: Any) -> bool:
    return isinstance(value, bool)


_FITS = {"number": _fits_number, "text": _fits_text, "boolean": _fits_boolean}


@dataclass(frozen=True)
class Kind:
    """A row of the table. `places` are where it may bite; `settings` begin with those that every kind has."""

    name: str
    places: tuple[str, ...]
    sentence: str
    settings: tuple[Setting, ...]

    def described(self) -> Json:
        settings = [setting.described() for setting in self.settings]
        return {"kind": self.name, "sentence": self.sentence, "settings": settings}


def _number(name: str, default: float | None, sentence: str, **more: Any) -> Setting:
    return Setting(name, "number", default, sentence, **more)


def _seconds(default: float, sentence: str) -> Setting:
    return _number("seconds", default, sentence, highest=LONGEST_HOLD)


def _common(match: str, what: str, times: int | None = 1, lasts: float | None = None) -> tuple[Setting, ...]:
    until = "Empty: until it is taken back."
    return (
        Setting("match", "text", match, f"Which {what}; * and ? stand for anything."),
        _number("times", times, f"How many times. {until}", lowest=1, whole=True, optional=True),
        _number("probability", 1.0, "How likely each time, from 0 to 1.", highest=1),
        _number("lasts", lasts, f"For how many seconds from now on. {until}", optional=True),
    )


_CALLS = ("call",)
_EVENTS = ("events_api",)
_DELIVERIES = ("events_api", "slash_commands", "interactive")
_SOCKETS = ("socket",)
_DOWNLOADS = ("download",)
_A_CALL = "methods (chat.*), or upload or response_url"
_A_DELIVERY = "events, commands (/tea) or action ids"
_AN_EVENT = "events (message)"
_A_SOCKET = "moment: now, or the delivery during which it happens (message, /tea)"
_A_FILE = "file names (*.pdf)"
_BYTES = _number("bytes", None, "How many bytes still come. Empty: half of it.", whole=True, optional=True)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "429_storm",
            _CALLS,
            "Calls are answered with 429 Too Many Requests and are not carried out.",
            (
                *_common("*", _A_CALL, times=None, lasts=30.0),
                _number("retry_after", 5, "Seconds in the Retry-After header.", highest=LONGEST_HOLD, whole=True),
                Setting("empty", "boolean", False, "With an empty body instead of JSON, as Slack sometimes does."),
            ),
        ),
        Kind(
            "server_error",
            _CALLS,
            "Calls are answered with a server error and a proxy's HTML page, and are not carried out.",
            (
                *_common("*", _A_CALL),
                _number("status", 503, "The HTTP status.", lowest=500, highest=599, whole=True),
            ),
        ),
        Kind(
            "slow_answer",
            _CALLS,
            "Calls are carried out and answered late.",
            (*_common("*", _A_CALL), _seconds(5.0, "How many seconds pass before the call is carried out.")),
        ),
        Kind(
            "lost_answer",
            _CALLS,
            "Calls are carried out, but the connection is cut before the answer.",
            (*_common("chat.postMessage", _A_CALL), _seconds(0.0, "How many seconds of silence come before the cut.")),
        ),
        Kind(
            "late_delivery",
            _DELIVERIES,
            "A delivery reaches the app late; an interaction's trigger has then run for as long.",
            (*_common("*", _A_DELIVERY), _seconds(2.5, "How many seconds late.")),
        ),
        Kind(
            "slow_ack",
            _DELIVERIES,
            "The app's acknowledgement takes longer to come back; after 3 seconds it is too late.",
            (*_common("*", _A_DELIVERY), _seconds(2.5, "How many seconds longer.")),
        ),
        Kind(
            "ignored_ack",
            _DELIVERIES,
            "The app's acknowledgement is lost: an event is delivered again, a person is told that nobody answered.",
            _common("*", _A_DELIVERY),
        ),
        Kind(
            "duplicate_event",
            _EVENTS,
            "An event is delivered twice with the same event_id, although the app acknowledged the first.",
            _common("*", _AN_EVENT),
        ),
        Kind(
            "reordered_event",
            _EVENTS,
            "An event is held back until the next one has been delivered.",
            (*_common("*", _AN_EVENT), _seconds(5.0, "How many seconds it waits for a next one.")),
        ),
        Kind(
            "dropped_socket",
            _SOCKETS,
            "A socket is cut without a close frame, as when a network fails.",
            _common("now", _A_SOCKET),
        ),
        Kind(
            "half_open_socket",
            _SOCKETS,
            "A socket stays open, but nothing comes through in either direction and pings are not answered.",
            _common("now", _A_SOCKET),
        ),
        Kind(
            "disconnect",
            _SOCKETS,
            "Slack announces the end of a socket (warning), then ends it with a reason.",
            (
                *_common("now", _A_SOCKET),
                Setting("reason", "text", "refresh_requested", "The reason in the disconnect message."),
                _number("warning", 10.0, "How many seconds before comes the warning; 0: none.", highest=LONGEST_HOLD),
            ),
        ),
        Kind(
            "stalled_download",
            _DOWNLOADS,
            "A file's download begins and then falls silent; at last the connection is cut.",
            (*_common("*", _A_FILE), _BYTES, _seconds(600.0, "How many seconds of silence.")),
        ),
        Kind(
            "cut_download",
            _DOWNLOADS,
            "A file's download ends before as many bytes came as Content-Length told.",
            (*_common("*", _A_FILE), _BYTES),
        ),
        Kind(
            "short_download",
            _DOWNLOADS,
            "A file is shorter than files.info says; Content-Length tells the shorter length.",
            (*_common("*", _A_FILE), _BYTES),
        ),
        Kind(
            "login_page",
            _DOWNLOADS,
            "Instead of a file comes the HTML page that asks to sign in, with status 200.",
            _common("*", _A_FILE),
        ),
    )
}
