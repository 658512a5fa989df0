"""Programs that do something of the bot's in a process of their own, and are killed where they stand still.

Their processes are forked from one that has imported all of it before: to begin each from nothing would take longer
than everything else that such a test does.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection

PROGRAMS = ["tests.bot.backup_process", "tests.bot.collector_process", "tests.bot.packer_process"]
SECONDS = 60

forked = get_context("forkserver")
forked.set_forkserver_preload(PROGRAMS)

_told: list[Connection] = []
"""In such a process: to whom it says where it stands."""


async def killed_in(program: Callable[..., object], *words: str) -> None:
    """A process that does what a program does with these words, killed without a notice where it stands still."""
    hears, says = forked.Pipe(duplex=False)
    process = forked.Process(target=_begin, args=(says, dict(os.environ), program, words))
    process.start()
    says.close()
    try:
        assert await asyncio.to_thread(hears.poll, SECONDS), "it never came so far"
    finally:
        process.kill()
        await asyncio.to_thread(process.join)
    assert process.exitcode == -9


def say_so() -> None:
    """Tell the test that this is the place."""
    _told[0].send("here")


def _begin(says: Connection, environment: Mapping[str, str], program: Callable[..., object], words: tuple[str]) -> None:
    os.environ.update(environment)  # that of the test, and not of whichever asked for a process first
    _told.append(says)
    program(*words)
