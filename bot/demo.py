"""`deskaudit demo`: a workspace on this machine with a sample company in it, and the bot at work there.

The sandbox runs in this process, the bot in one of its own, so that it can be killed and started like the real one.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from bot.manifest import manifest
from bot.rooms import ROUTES
from sandbox.company import Company
from sandbox.hands import Hands
from sandbox.server import Sandbox
from sandbox.story import Player, Step, Story, StoryFailed

DAY_BEGINS = time(9, 5)
COMPANY_ZONE = ZoneInfo("Europe/Berlin")
OPENING_PLAYED = "opening-played"
SECONDS_TO_CONNECT = 60.0
LOOK_AGAIN_SECONDS = 0.1


class DemoFailed(Exception):
    """The demo could not begin or go on; the sentence says why."""


def first_morning(today: datetime) -> datetime:
    """The Monday that follows `today`, at five past nine in the company's zone."""
    local = today.astimezone(COMPANY_ZONE).date()
    monday = local + timedelta(days=7 - local.weekday())
    return datetime.combine(monday, DAY_BEGINS, COMPANY_ZONE).astimezone(UTC)


class BotProcess:
    """The bot as a process of its own; it ends when this one does, since its standard input closes then."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._log = folder / "deskaudit.log"
        self._environment = environment
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it; what it logs goes to `deskaudit.log` in the demo's folder."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "bot", "run", "--until-stdin-closes"),
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=self._environment,
            )

    async def kill(self) -> None:
        """End it without warning, as a power cut would (SIGKILL)."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """Ask it to finish what it is doing, and wait."""
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._process and self._process.returncode is None:
            self._process.send_signal(how)
            await self._process.wait()

    def has_ended(self) -> bool:
        """Whether it ended by itself, which it should not."""
        return self._process is not None and self._process.returncode is not None

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-1500:]


class Demo:
    """A sandbox, a bot in it, and a console that says what goes on."""

    def __init__(self, folder: Path, port: int, console: Console) -> None:
        self._folder = folder
        self._port = port
        self.console = console

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Player]:
        """Both running and connected; stopped again at the end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        company = Company.load(Path(str(files("sandbox").joinpath("sample_company.yaml"))))
        self.sandbox = Sandbox(
            folder=self._folder / "workspace",
            manifest=manifest(ROUTES),
            company=company,
            start=first_morning(datetime.now(UTC)),
        )
        await self.sandbox.start(self._port)
        self.bot = BotProcess(self._folder, self._environment())
        async with Hands(self.sandbox.url) as hands:
            try:
                await self.bot.start()
                await self._until_connected(hands)
                yield Player(hands, lent={"restarts": self._restart(hands)})
            finally:
                await self.bot.stop()
                await self.sandbox.stop()

    def _environment(self) -> dict[str, str]:
        own = {
            **self.sandbox.environment,
            "DESKAUDIT_SETTINGS": str(self._folder / "no-settings-file"),
            "DESKAUDIT_DATABASE_URL": f"sqlite:///{self._folder.resolve()}/deskaudit.db",
            "DESKAUDIT_EVIDENCE_URL": str(self._folder.resolve() / "evidence"),
            "DESKAUDIT_CLOCK_URL": self.sandbox.url,
            "DESKAUDIT_LEADS": "",
            "DESKAUDIT_PORT": "0",
        }
        return {**os.environ, **own}

    def _restart(self, hands: Hands):  # type: ignore[no-untyped-def]
        async def restart(_what: object) -> None:
            await self.bot.kill()
            await self.bot.start()
            await self._until_connected(hands)

        return restart

    async def _until_connected(self, hands: Hands) -> None:
        deadline = asyncio.get_running_loop().time() + SECONDS_TO_CONNECT
        while not (await hands.workspace())["app"]["connected"]:
            if self.bot.has_ended() or asyncio.get_running_loop().time() > deadline:
                raise DemoFailed(f"The bot did not start. Its last words:\n{self.bot.last_words()}")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def the_day() -> Story:
    """The story of one working day."""
    return Story.load(Path(str(files("bot").joinpath("stories", "one_working_day.yaml"))))


async def stay(folder: Path, port: int, console: Console) -> None:
    """Start, play the opening once per folder, and stay up until interrupted."""
    demo = Demo(folder, port, console)
    with console.status("Starting the workspace and the bot …"):
        running = demo.running()
        player = await running.__aenter__()
    await running.__aexit__(None, None, None)


async def tell(folder: Path, console: Console) -> None:
    """Play the whole day in a fresh folder, a line per step. Raises `StoryFailed` or `DemoFailed`."""
    shutil.rmtree(folder, ignore_errors=True)
    demo = Demo(folder, 0, console)
    story = the_day()
    async with demo.running() as player:
        for chapter in story.chapters:
            console.print(f"\n[bold]{chapter.title}[/bold]")
            for step in chapter.steps:
                await player.play(step)
                console.print(f"  ✓ {step.tells}")
