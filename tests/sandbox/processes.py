"""Programs started as processes of their own, among them the sandbox alone."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PATIENCE_SECONDS = 30


@asynccontextmanager
async def process(*words: str, **environment: str) -> AsyncIterator[Process]:
    """Python with `words` until the end of the block, where it is told to stop."""
    own = {"PATH": os.environ["PATH"], "COLUMNS": "300", **environment}
    started = await asyncio.create_subprocess_exec(
        sys.executable, *words, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=own, cwd=REPOSITORY
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.send_signal(signal.SIGTERM)
        await started.communicate()


@asynccontextmanager
async def sandbox_alone(folder: Path, *options: str) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    """`deskaudit sandbox` on a free port, and the environment it prints."""
    words = ("-m", "bot", "sandbox", "--port", "0", "--folder", str(folder / "sandbox"), *options)
    async with process(*words) as sandbox:
        assert sandbox.stdout is not None
        printed = await asyncio.wait_for(sandbox.stdout.read(), PATIENCE_SECONDS)
        yield sandbox, dict(line.split("=", 1) for line in printed.decode().splitlines())


async def says(started: Process, words: str) -> None:
    """Wait until a process says this on standard error."""
    assert started.stderr is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        while words not in (line := (await started.stderr.readline()).decode()):
            assert line, f"it ended without saying {words!r}"
