"""Faults on demand: what goes wrong between Slack and the app, where and how often; seeded, so that it can be repeated.

A fault bites at a place (a call, a kind of delivery, a socket, a download) when the name of what happens there matches.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from sandbox.clock import Clock
from sandbox.event_bus import EventBus, FaultsChanged
from sandbox.fault_kinds import KINDS, Kind
from sandbox.log import Log
from sandbox.refusal import Refusal
from sandbox.store import Json

FIRST_SEED = 1


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

    def __init__(self, *, clock: Clock, log: Log, bus: EventBus, seed: int = FIRST_SEED) -> None:
        self._clock = clock
        self._log = log
        self._bus = bus
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
        self._bus.announce(FaultsChanged(self.shown()))


def _settings(kind: Kind, asked: Mapping[str, Any]) -> Json:
    names = [setting.name for setting in kind.settings]
    unknown = sorted(set(asked) - {"kind", *names})
    if unknown:
        raise Refusal("invalid_fault", f"{kind.name} has no setting {unknown[0]!r}, only {', '.join(names)}.")
    return {setting.name: setting.checked(asked.get(setting.name, setting.default)) for setting in kind.settings}
