"""The apps under test, each in a process of its own."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks import company
from benchmarks.slack import SIGNING_SECRET, Line, StandIn, http_line, standing_in

Transport = Literal["Socket Mode", "HTTP"]

BARE = ("benchmarks.bare",)
DESKAUDIT = ("bot", "run", "--until-stdin-closes")
"""Modules with their arguments. The second is the command that runs the bot in life."""

SECONDS_TO_START = 30


@dataclass(frozen=True)
class Running:
    """A process that is ready, and the port it listens on."""

    pid: int
    port: int


class DidNotStart(Exception):
    """The app ended before it was ready."""


@asynccontextmanager
async def contender(
    module: tuple[str, ...], transport: Transport, folder: Path, connections: int
) -> AsyncIterator[Line]:
    """Start an app, and give the line on which Slack delivers to it."""
    async with standing_in() as slack, _running(module, _settings(transport, folder, slack)) as running:
        if transport == "Socket Mode":
            yield await slack.joined
        else:
            async with http_line(running.port, connections) as line:
                yield line


@asynccontextmanager
async def bot_on_a_socket(folder: Path) -> AsyncIterator[tuple[Line, Running]]:
    """The bot over Socket Mode, for whoever looks at its process too."""
    async with standing_in() as slack, _running(DESKAUDIT, _settings("Socket Mode", folder, slack)) as running:
        yield await slack.joined, running


@asynccontextmanager
async def replica(slack: StandIn, folder: Path, url: str) -> AsyncIterator[Running]:
    """The bot over HTTP, on the database at a URL, perhaps beside others of its kind."""
    async with _running(DESKAUDIT, {**_settings("HTTP", folder, slack), "DESKAUDIT_DATABASE_URL": url}) as running:
        yield running


def database_url(folder: Path) -> str:
    """Where the bot keeps its rows during a measurement."""
    return f"sqlite:///{folder / 'deskaudit.db'}"


def _settings(transport: Transport, folder: Path, slack: StandIn) -> Mapping[str, str]:
    return {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_APP_TOKEN": "xapp-bench" if transport == "Socket Mode" else "",
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_API_URL": slack.url,
        "DESKAUDIT_LEADS": company.LEAD,
        "DESKAUDIT_PORT": "0",
        "DESKAUDIT_DATABASE_URL": database_url(folder),
        "DESKAUDIT_EVIDENCE_URL": str(folder / "evidence"),
        "DESKAUDIT_SETTINGS": os.devnull,
    }


@asynccontextmanager
async def _running(module: tuple[str, ...], settings: Mapping[str, str]) -> AsyncIterator[Running]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *module, env={**os.environ, **settings}, stdin=PIPE, stderr=PIPE
    )
    assert process.stdin is not None
    assert process.stderr is not None
    try:
        port = await asyncio.wait_for(_port(process.stderr), SECONDS_TO_START)
        listening = asyncio.create_task(_pass_on(process.stderr))
        yield Running(process.pid, port)
        process.stdin.close()
        await process.wait()
        await listening
    finally:
        if process.returncode is None:
            process.kill()


async def _port(log: asyncio.StreamReader) -> int:
    seen = []
    async for line in log:
        seen.append(line.decode())
        if line.startswith(b"{") and (said := json.loads(line)).get("event") == "ready":
            return int(said["port"])
    raise DidNotStart("".join(seen))


async def _pass_on(log: asyncio.StreamReader) -> None:
    # What an app says while it is measured should not be said at all, so whoever looks at the figures sees it.
    async for line in log:
        sys.stderr.write(line.decode())
