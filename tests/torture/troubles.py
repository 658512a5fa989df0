"""What is done to the bot, when: a list that follows from the seed, and the hands that do it."""

import asyncio
import random
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sandbox.hands import Hands
from tests.torture.options import Options
from tests.torture.processes import S3, Postgres, Process

SHORTEST_FREEZE, LONGEST_FREEZE = 5.0, 20.0
"""Seconds. Past ten another replica takes over the sending."""

SECONDS_DOWN = 0.3
LEAST_PAUSE = 0.5
LONGEST_JUMP = timedelta(hours=10)
"""Two of them are less than the day for which a message is tried, so that what is given up is a loss."""

STORMS: Sequence[Mapping[str, Any]] = (
    {"kind": "429_storm", "match": "chat.*", "retry_after": 2, "lasts": 4},
    {"kind": "429_storm", "match": "*.*", "retry_after": 1, "empty": True, "lasts": 3},
    {"kind": "server_error", "match": "*.*", "times": None, "probability": 0.5, "lasts": 4},
    {"kind": "server_error", "match": "chat.*", "status": 500, "times": None, "lasts": 3},
    {"kind": "lost_answer", "match": "chat.*", "times": 3, "lasts": 10},
    {"kind": "lost_answer", "match": "chat.postMessage", "seconds": 12, "times": 2, "lasts": 10},
    {"kind": "slow_answer", "match": "chat.*", "seconds": 12, "times": 2, "lasts": 10},
    {"kind": "ignored_ack", "times": 2, "lasts": 10},
    {"kind": "slow_ack", "seconds": 4, "times": 2, "lasts": 10},
    {"kind": "duplicate_event", "times": 3, "lasts": 10},
    {"kind": "reordered_event", "times": 3, "lasts": 10},
    {"kind": "cut_download", "times": 2, "lasts": 10},
    {"kind": "login_page", "times": 1, "lasts": 5},
)
"""Calls that are refused, done and not answered, answered late; deliveries lost on their way back, twice, out of order.

None of them eats what the bot says by a `response_url`: by that alone a press that was refused is told from a lost one.
"""

SOCKET_STORMS: Sequence[Mapping[str, Any]] = (
    {"kind": "dropped_socket"},
    {"kind": "dropped_socket", "match": "message", "lasts": 10},
    {"kind": "half_open_socket"},
    {"kind": "disconnect", "warning": 1},
)


@dataclass(frozen=True)
class Trouble:
    """Something bad. `after` is the pause before it and `lasts` how long a freeze is, both in seconds.

    `which` chooses the replica, and `far` says from 0 to 1 how far the clock jumps.
    """

    kind: str
    after: float
    lasts: float
    which: int
    far: float
    storm: Mapping[str, Any] = field(default_factory=dict)


def planned(options: Options) -> tuple[list[Trouble], list[Trouble]]:
    """What happens to the processes of the bot, and what happens around them, each in its own order."""
    chance = random.Random(f"{options.seed}:troubles")
    freezes = -(-options.kills // 2)
    own = ["kill"] * options.kills + ["freeze"] * freezes
    around = ["storm"] * options.kills + ["jump"] * freezes
    if options.database == "postgres":
        around += ["postgres"] * max(1, options.kills // 5) + ["s3"] * max(1, options.kills // 5)
    return _spread(own, options, chance), _spread(around, options, chance)


def _spread(kinds: list[str], options: Options, chance: random.Random) -> list[Trouble]:
    """In some order, one after the other, so that the last one has come when the time is over."""
    chance.shuffle(kinds)
    storms = [*STORMS, *(SOCKET_STORMS if options.transport == "socket" else ())]
    longest = max(SHORTEST_FREEZE, min(LONGEST_FREEZE, options.seconds / 6))
    lasts = [chance.uniform(SHORTEST_FREEZE, longest) if kind == "freeze" else 0.0 for kind in kinds]
    pause = max(LEAST_PAUSE, (options.seconds - sum(lasts)) / max(1, len(kinds)))
    return [
        Trouble(
            kind=kind,
            after=chance.uniform(0.2, 1.2) * pause,
            lasts=seconds,
            which=chance.randrange(options.replicas),
            far=chance.random(),
            storm=chance.choice(storms) if kind == "storm" else {},
        )
        for kind, seconds in zip(kinds, lasts, strict=True)
    ]


class Torturer:
    """Brings trouble, and counts it. `told` hears of each as it happens."""

    def __init__(
        self,
        hands: Hands,
        bots: Sequence[Process],
        told: Callable[[str], None],
        postgres: Postgres | None = None,
        s3: S3 | None = None,
    ) -> None:
        self._hands = hands
        self._bots = bots
        self._told = told
        self.counts: dict[str, int] = {}
        servers: dict[str, Postgres | S3 | None] = {"postgres": postgres, "s3": s3}
        self._deeds: dict[str, Callable[[Trouble], Awaitable[None]]] = {
            "kill": self._kill,
            "freeze": self._freeze,
            "storm": self._storm,
            "jump": self._jump,
            **{name: self._restarts(server) for name, server in servers.items() if server is not None},
        }

    async def bring(self, troubles: Sequence[Trouble], until: asyncio.Event) -> None:
        """One after the other, until it is time to stop."""
        for trouble in troubles:
            try:
                await asyncio.wait_for(until.wait(), trouble.after)
            except TimeoutError:
                self._told(_named(trouble))
                await self._deeds[trouble.kind](trouble)
                self.counts[trouble.kind] = self.counts.get(trouble.kind, 0) + 1
            else:
                return

    async def relent(self) -> None:
        """No more faults, and every replica is up and awake."""
        await self._hands.take_back()
        for bot in self._bots:
            bot.tell(signal.SIGCONT)
            if not bot.lives:
                await bot.start()

    async def _kill(self, trouble: Trouble) -> None:
        bot = self._bots[trouble.which]
        await bot.end(signal.SIGKILL)
        await asyncio.sleep(SECONDS_DOWN)
        await bot.start()

    async def _freeze(self, trouble: Trouble) -> None:
        bot = self._bots[trouble.which]
        bot.tell(signal.SIGSTOP)
        await asyncio.sleep(trouble.lasts)
        bot.tell(signal.SIGCONT)

    async def _storm(self, trouble: Trouble) -> None:
        await self._hands.inject(**trouble.storm)

    async def _jump(self, trouble: Trouble) -> None:
        await self._hands.advance(LONGEST_JUMP * trouble.far)

    def _restarts(self, server: Postgres | S3) -> Callable[[Trouble], Awaitable[None]]:
        async def restart(_: Trouble) -> None:
            await server.restart()

        return restart


def _named(trouble: Trouble) -> str:
    settings = " ".join(f"{name}={value}" for name, value in trouble.storm.items() if name != "kind")
    return " ".join(filter(None, (trouble.kind, str(trouble.storm.get("kind", "")), settings)))
