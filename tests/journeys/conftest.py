"""Whole conversations: people in a sandbox, the real bot over a real Socket Mode connection, a real database."""

import math
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import app, rooms, settings
from bot.app import Service
from bot.http.fetching import Fetcher
from bot.slack.manifest import manifest
from bot.slack.rate_limits import Pace
from sandbox.company import Company
from sandbox.delivery.courier import ACK_SECONDS
from sandbox.hands import Hands
from sandbox.server import Sandbox
from sandbox.story import Chapter, Player, Step, read_story

MONDAY = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
"""Five past nine in Berlin."""

REVIEW = "Review who has access to what"
"""The task that falls due first for Jonas."""

STORIES = Path(app.__file__).parent / "stories"
COMPANY = Path(__file__).parents[2] / "sandbox" / "sample_company.yaml"


class Journey:
    """A sandbox with the bot in it; `play` takes the steps of a story, `see` waits for words."""

    def __init__(
        self, sandbox: Sandbox, build: Callable[[], Service], hands: Hands, environment: Mapping[str, str]
    ) -> None:
        self.sandbox = sandbox
        self.environment = environment
        self.service = build()
        self.hands = hands
        self._build = build
        self._runs = True
        self._player = Player(hands)

    async def stop(self) -> None:
        """Stop the bot, if it runs."""
        if self._runs:
            self._runs = False
            await self.service.stop()

    async def restart(self) -> None:
        """Stop the bot and start it again from what it has kept."""
        await self.stop()
        await self.start()

    async def start(self) -> None:
        """Start a bot anew from what one before has kept."""
        self.service = self._build()
        self._runs = True
        await self.service.start()

    async def play(self, *steps: Step) -> None:
        """Each step in turn. Raises `StoryFailed`."""
        for step in steps:
            await self._player.play(step)

    async def does(
        self, who: str, deed: str, what: Any, *, of: str = "", sees: str = "", place: str = "messages"
    ) -> None:
        """One step of one person."""
        await self.play(Step(deed, who, deed, what, of, (sees,) if sees else (), place))

    async def answers(self, who: str, command: str, text: str) -> None:
        """Somebody types a command, and is answered with `text` as nobody else is and as they weren't before."""
        await self.play(Step(command, who, "types", command, answers=(text,)))

    async def sees(self, who: str, text: str, place: str = "messages") -> None:
        """Wait until somebody reads `text`."""
        await self.play(Step("looks", who, sees=(text,), place=place))


Begin = Callable[..., Awaitable[Journey]]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
async def begin(tmp_path: Path, database_url: str) -> AsyncIterator[Begin]:
    """Start a journey: `granted` changes what the app may do, `over_http` how it hears, `environment` its settings.

    `fetcher` fetches links and probes; `retry_factor` scales the time between two deliveries of an event. The workspace
    is that of the sample company, or of `companies`; `hurried`: Slack has no limits, the bot keeps to
    none, and has longer to answer, since everything happens at once.
    """
    async with AsyncExitStack() as stack:

        async def start(
            *,
            granted: Callable[[dict[str, Any]], None] = lambda _: None,
            over_http: bool = False,
            fetcher: Fetcher | None = None,
            retry_factor: float = 1.0,
            companies: Sequence[Company] = (),
            hurried: bool = False,
            **environment: str,
        ) -> Journey:
            port = free_port() if over_http else 0
            installed = manifest(rooms.ROUTES, f"http://127.0.0.1:{port}/slack/events" if over_http else None)
            granted(installed)
            sandbox = Sandbox(
                folder=tmp_path / "workspace",
                manifest=installed,
                companies=companies or [Company.load(COMPANY)],
                start=MONDAY,
                rate_factor=None if hurried else 1.0,
                ack_seconds=10 * ACK_SECONDS if hurried else ACK_SECONDS,
                retry_factor=retry_factor,
            )
            await sandbox.start()
            stack.push_async_callback(sandbox.stop)
            own = {
                "DESKAUDIT_DATABASE_URL": database_url,
                "DESKAUDIT_EVIDENCE_URL": str(tmp_path / "evidence"),
                "DESKAUDIT_CLOCK_URL": sandbox.url,
                "DESKAUDIT_PORT": str(port),
            }
            told = {name: value for name, value in sandbox.environment.items() if not over_http or "APP" not in name}
            given = {**told, **own, **environment}
            known = settings.load(given)
            hands = await stack.enter_async_context(Hands(sandbox.url))
            pace = Pace(math.inf) if hurried else None
            journey = Journey(sandbox, lambda: app.build(known, app.our_rooms(known), fetcher, pace), hands, given)
            stack.push_async_callback(journey.stop)
            await journey.service.start()
            return journey

        yield start


@pytest.fixture(scope="session")
def opening() -> Chapter:
    """The first chapter of the working day: a lead, a programme, the first nudge."""
    return read_story(STORIES / "one_working_day.yaml").chapters[0]


@pytest.fixture
async def running(begin: Begin, opening: Chapter) -> Journey:
    """The programme has begun and Jonas has got the card of the access review."""
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.sees("Jonas", REVIEW)
    return journey
