"""Faults on demand: what goes wrong between Slack and the app, where and how often; seeded, so that it can be repeated.

A fault bites at a place (a call, a kind of delivery, a socket, a download) when the name of what happens there matches.
`KINDS` is the one table from which requests are checked and forms are drawn.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from sandbox.clock import Clock
from sandbox.happenings import Bulletin, FaultsChanged
from sandbox.log import Log
from sandbox.refusal import Refusal
from sandbox.store import Json

FIRST_SEED = 1
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


def _common(match: str, what: str, times: int | None = 1, lasts: float | None = None) -> tuple[Setting, ...]:
    return (
        Setting("match", "text", match, f"Which {what}; * and ? stand for anything."),
        Setting(
            "times",
            "number",
            times,
            "How many times. Empty: until it is taken back.",
            lowest=1,
            whole=True,
            optional=True,
        ),
        Setting("probability", "number", 1.0, "How likely each time, from 0 to 1.", highest=1),
        Setting(
            "lasts",
            "number",
            lasts,
            "For how many seconds from now on. Empty: until it is taken back.",
            optional=True,
        ),
    )


def _seconds(default: float, sentence: str) -> Setting:
    return Setting("seconds", "number", default, sentence, highest=LONGEST_HOLD)


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
_BYTES = Setting("bytes", "number", None, "How many bytes still come. Empty: half of it.", whole=True, optional=True)

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "429_storm",
            _CALLS,
            "Calls are answered with 429 Too Many Requests and are not carried out.",
            (
                *_common("*", _A_CALL, times=None, lasts=30.0),
                Setting(
                    "retry_after", "number", 5, "Seconds in the Retry-After header.", highest=LONGEST_HOLD, whole=True
                ),
                Setting("empty", "boolean", False, "With an empty body instead of JSON, as Slack sometimes does."),
            ),
        ),
        Kind(
            "server_error",
            _CALLS,
            "Calls are answered with a server error and a proxy's HTML page, and are not carried out.",
            (
                *_common("*", _A_CALL),
                Setting("status", "number", 503, "The HTTP status.", lowest=500, highest=599, whole=True),
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
                Setting(
                    "warning",
                    "number",
                    10.0,
                    "How many seconds before comes the warning; 0: none.",
                    highest=LONGEST_HOLD,
                ),
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


@dataclass
class Fault:
    """An injected fault. `hit` is how often it bit; `until` is in elapsed seconds, None for as long as it is there."""

    id: str
    kind: Kind
    settings: Json
    until: float | None
    hit: int = 0
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def __getitem__(self, setting: str) -> Any:
        return self.settings[setting]

    @property
    def left(self) -> int | None:
        return None if self["times"] is None else int(self["times"]) - self.hit

    async def hold(self, seconds: float) -> None:
        """Let real time pass, no longer than until the fault is taken back."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()

    def end(self) -> None:
        self._over.set()

    def shown(self) -> Json:
        return {"id": self.id, "kind": self.kind.name, **self.settings, "left": self.left, "hit": self.hit}


class Faults:
    """The faults of now, asked at few points. They live in memory and die with the process.

    One random generator decides all: the same seed and the same order of calls and deliveries give the same faults.
    """

    def __init__(self, *, clock: Clock, log: Log, bulletin: Bulletin, seed: int = FIRST_SEED) -> None:
        self._clock = clock
        self._log = log
        self._bulletin = bulletin
        self._faults: dict[str, Fault] = {}
        self._count = 0
        self._seed = seed
        self._random = random.Random(seed)  # noqa: S311 -- to be repeated, not to be guessed

    def inject(self, asked: Mapping[str, Any]) -> Json:
        """A new fault of a kind with its settings. Refuses: invalid_fault (unknown kind or setting, bad value)."""
        name = asked.get("kind")
        kind = KINDS.get(name) if isinstance(name, str) else None
        if kind is None:
            raise Refusal("invalid_fault", f"`kind` is one of {', '.join(KINDS)}.")
        settings = _settings(kind, asked)
        self._count += 1
        until = None if settings["lasts"] is None else self._clock.elapsed() + settings["lasts"]
        fault = Fault(f"Ft{self._count}", kind, settings, until)
        self._faults[fault.id] = fault
        self._tell()
        return fault.shown()

    def take_back(self, fault_id: str) -> None:
        """Refuses: fault_not_found."""
        if fault_id not in self._faults:
            raise Refusal("fault_not_found", "There is no such fault now.")
        self._faults.pop(fault_id).end()
        self._tell()

    def take_back_all(self) -> None:
        for fault in self._faults.values():
            fault.end()
        self._faults.clear()
        self._tell()

    def sow(self, seed: Any) -> None:
        """Begin the random numbers anew. Refuses: invalid_seed."""
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise Refusal("invalid_seed", "`seed` is a whole number.")
        self._seed = seed
        self._random.seed(seed)
        self._tell()

    def strike(self, place: str, name: str) -> Fault | None:
        """The fault that bites here and now, if one does; this counts as one of its times, and the log says so."""
        fault = next((fault for fault in self._faults.values() if self._bites(fault, place, name)), None)
        if fault:
            fault.hit += 1
            what = fault.kind.name.replace("_", " ")
            self._log.write("fault", name, started=self._clock.elapsed(), error="injected", detail=what)
            self._tell()
        return fault

    def shown(self) -> list[Json]:
        return [fault.shown() for fault in self._faults.values()]

    def state(self) -> Json:
        kinds = [kind.described() for kind in KINDS.values()]
        return {"seed": self._seed, "faults": self.shown(), "kinds": kinds}

    def _bites(self, fault: Fault, place: str, name: str) -> bool:
        if place not in fault.kind.places or fault.left == 0 or not fnmatchcase(name, fault["match"]):
            return False
        if fault.until is not None and self._clock.elapsed() >= fault.until:
            return False
        # A certain fault takes no random number, so that adding one leaves the others as they were.
        return bool(fault["probability"] == 1 or self._random.random() < fault["probability"])

    def _tell(self) -> None:
        self._bulletin.announce(FaultsChanged(self.shown()))


def _settings(kind: Kind, asked: Mapping[str, Any]) -> Json:
    names = [setting.name for setting in kind.settings]
    unknown = sorted(set(asked) - {"kind", *names})
    if unknown:
        raise Refusal("invalid_fault", f"{kind.name} has no setting {unknown[0]!r}, only {', '.join(names)}.")
    return {setting.name: setting.checked(asked.get(setting.name, setting.default)) for setting in kind.settings}
