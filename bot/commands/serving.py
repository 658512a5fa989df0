"""`deskaudit run`: the bot as a process, from its start until it is told to stop, and not a second longer."""

import asyncio
import gc
import os
import signal
import sys
import threading
from collections.abc import Awaitable

from bot import app
from bot.settings import Settings

SECONDS_TO_LEAVE = 0.5
"""After the budget for stopping, in which the process itself ends."""


def serve(given: Settings, *, until_stdin_closes: bool) -> None:
    """Run until SIGINT or SIGTERM comes, or the standard input closes. Raises what keeps the bot from working."""
    end = _end_anyhow(after=given.stop_seconds + SECONDS_TO_LEAVE)
    try:
        asyncio.run(_serve(given, end, until_stdin_closes=until_stdin_closes))
    finally:
        end.cancel()


async def _serve(given: Settings, end: threading.Timer, *, until_stdin_closes: bool) -> None:
    service = app.build(given, app.our_rooms(given))
    enough = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, enough.set)
    ends = [enough.wait(), *([_stdin_closed()] if until_stdin_closes else [])]
    try:
        await _first(_run_for_ever(service), *ends)
    finally:
        end.start()
        await service.stop()


async def _run_for_ever(service: app.Service) -> None:
    await service.start()
    # What was built at the start stays; a full collection that walks it all would hold up everybody for 0.1 s.
    gc.collect()
    gc.freeze()
    await asyncio.Event().wait()


def _end_anyhow(*, after: float) -> threading.Timer:
    # A thread that waits for a disk or a database can't be told to stop. Nothing that was acknowledged is lost by this.
    end = threading.Timer(after, os._exit, [0])
    end.daemon = True
    return end


async def _first(*waits: Awaitable[object]) -> None:
    """Until one of them ends. Raises what it raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    ended, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    for task in ended:
        task.result()


async def _stdin_closed() -> None:
    # The demo holds the other end: when it ends, however it ends, the bot ends too.
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass
