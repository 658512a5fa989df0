"""`deskaudit demo`: a workspace on this machine with a sample company in it, and the bot at work there.

The sandbox runs in this process, the bot in one of its own, so that it can be killed and started like the real one.
"""

import asyncio
import errno
import os
import shutil
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from rich.console import Console

from bot.rooms import ROUTES
from bot.slack.manifest import manifest
from sandbox.company import Company
from sandbox.hands import Hands
from sandbox.server import Sandbox
from sandbox.story import Deed, Player, Story, StoryFailed, StoryRefused, read_story, tell, tell_chapters

FIRST_MORNING = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
"""Five past nine in Berlin on a Monday, for a story that names no beginning: the demo is the same on every day."""

VAR = Path("var")
STORIES = Path(str(files("bot").joinpath("stories")))
OPENING_PLAYED = "opening-played"
SECONDS_TO_CONNECT = 60.0
LOOK_AGAIN_SECONDS = 0.1
WRONG_STORY = 2


class DemoFailed(Exception):
    """The demo could not begin or go on; the sentence says why."""


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

    async def ended(self) -> None:
        """Wait until it has ended by itself."""
        if self._process is not None:
            await self._process.wait()

    def has_ended(self) -> bool:
        """Whether it ended by itself, which it should not."""
        return self._process is not None and self._process.returncode is not None

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-1500:]


class Demo:
    """A sandbox and a bot in it, with all their data in `folder`, or the bot's rows in another database.

    In a new folder the clock begins where `story` does; in one that was used before it goes on.
    """

    def __init__(self, folder: Path, port: int, story: Story, database_url: str | None = None) -> None:
        self._folder = folder
        self._port = port
        self._begins = story.begins or FIRST_MORNING
        self._database_url = database_url or f"sqlite:///{folder.resolve()}/deskaudit.db"

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Player]:
        """Both running and connected; stopped again at the end."""
        self._folder.mkdir(parents=True, exist_ok=True)
        company = Company.load(Path(str(files("sandbox").joinpath("sample_company.yaml"))))
        self.sandbox = Sandbox(
            folder=self._folder / "workspace",
            manifest=manifest(ROUTES),
            companies=[company],
            start=self._begins,
        )
        await self._open()
        self.bot = BotProcess(self._folder, self._environment())
        async with Hands(self.sandbox.url) as hands:
            try:
                await self.bot.start()
                await self._until_connected(hands)
                yield Player(hands, lent={"restarts": self._restart(hands)})
            finally:
                await self.bot.stop()
                await self.sandbox.stop()

    async def _open(self) -> None:
        try:
            await self.sandbox.start(self._port)
        except (OSError, OverflowError) as error:
            await self.sandbox.stop()
            raise DemoFailed(
                f"The page can't be served on port {self._port}: {_why(error)}. "
                "Choose another one with --port 8800, or make demo PORT=8800."
            ) from error

    def _environment(self) -> dict[str, str]:
        own = {
            **self.sandbox.environment,
            "DESKAUDIT_SETTINGS": str(self._folder / "no-settings-file"),
            "DESKAUDIT_DATABASE_URL": self._database_url,
            "DESKAUDIT_EVIDENCE_URL": str(self._folder.resolve() / "evidence"),
            "DESKAUDIT_CLOCK_URL": self.sandbox.url,
            "DESKAUDIT_LEADS": "",
            "DESKAUDIT_PORT": str(_free_port()),
        }
        return {**os.environ, **own}

    def _restart(self, hands: Hands) -> Deed:
        async def restart(_what: object) -> None:
            await self.bot.kill()
            await self.bot.start()
            await self._until_connected(hands)

        return restart

    async def until_the_bot_ends(self) -> None:
        """Returns only when the bot has ended by itself, which is said with its last words as `DemoFailed`."""
        await self.bot.ended()
        raise DemoFailed(f"The bot has stopped. Its last words:\n{self.bot.last_words()}")

    async def _until_connected(self, hands: Hands) -> None:
        deadline = asyncio.get_running_loop().time() + SECONDS_TO_CONNECT
        while not (await hands.workspace())["app"]["connected"]:
            if self.bot.has_ended() or asyncio.get_running_loop().time() > deadline:
                raise DemoFailed(f"The bot didn't start. Its last words:\n{self.bot.last_words()}")
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


def _why(error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "something else is using it, perhaps another demo"
    return str(error)


def _free_port() -> int:
    """A port nobody listens on at this moment: calendar addresses name it, so the bot cannot choose one by itself."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def main(*, reset: bool, port: int, story: str | None = None) -> int:
    """Run the demo; the exit code. With a terminal it stays up; without one it plays the whole day and ends.

    `story` is the name of a story or a file with one, which is played instead.
    """
    console = Console()
    try:
        if story is None and console.is_terminal:
            asyncio.run(stay(VAR / "demo", port, console, reset=reset))
        else:
            asyncio.run(play(the_day() if story is None else story_called(story), VAR / "story", console))
    except KeyboardInterrupt:
        console.print("Stopped. Everything is kept under var/demo; start again to continue.")
    except (DemoFailed, StoryFailed, StoryRefused) as failed:
        console.print(f"✗ {failed}", style="red", markup=False, highlight=False, soft_wrap=True)
        return WRONG_STORY if isinstance(failed, StoryRefused) else 1
    return 0


def stories() -> dict[str, Path]:
    """The stories that come along, by name."""
    return {path.stem: path for path in sorted(STORIES.glob("*.yaml"))}


def story_called(name: str) -> Story:
    """One of the stories that come along, or the one in a YAML file. Raises StoryRefused, which names them all."""
    there_are = stories()
    if name in there_are or Path(name).suffix in (".yaml", ".yml"):
        return read_story(there_are.get(name, Path(name)))
    listed = "".join(f"\n  {each}: {read_story(path).title}" for each, path in there_are.items())
    raise StoryRefused(f"There is no story called {name!r}. Use a YAML file, or one of these:{listed}")


def the_day() -> Story:
    """The story of one working day."""
    return story_called("one_working_day")


async def stay(folder: Path, port: int, console: Console, *, reset: bool) -> None:
    """Start, play the opening the first time, and stay up until interrupted. Data in `folder` survives."""
    if reset:
        shutil.rmtree(folder, ignore_errors=True)
    demo = Demo(folder, port, the_day())
    status = console.status("Opening a workspace and starting the bot…")
    status.start()
    async with demo.running() as player:
        status.stop()
        await _play_opening(folder, player, console)
        console.print(f"\nOpen [bold cyan]{demo.sandbox.url}/?as=U0JONAS[/] and you are Jonas; his nudge is waiting.")
        console.print("Switch to Mira (lead), Liam (auditor) or Elena on the left; move the clock at the top.")
        console.print(f"The bot logs to {folder}/deskaudit.log. Press Ctrl-C to stop; everything is kept.")
        await demo.until_the_bot_ends()


async def _play_opening(folder: Path, player: Player, console: Console) -> None:
    """The first chapter, so that there is something to see; once per folder."""
    played = folder / OPENING_PLAYED
    if played.exists():
        return
    await tell_chapters(the_day().chapters[:1], player, console)
    played.touch()


async def play(story: Story, folder: Path, console: Console) -> None:
    """Play a story in a fresh folder. Raises `StoryFailed`, `StoryRefused` or `DemoFailed`."""
    shutil.rmtree(folder, ignore_errors=True)
    async with Demo(folder, 0, story).running() as player:
        await tell(story, player, console)
