"""Reads a file that somebody brought in a process of its own, so that none costs the bot more than that process.

The process knows no setting and no secret, and ends with the file it was begun for.
"""

import asyncio
import os
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.files.confined import OUT_OF_MEMORY, Limits, Refused, Task
from workflows.refusals import UnreadableFile

T = TypeVar("T")

LIMITS = Limits(seconds=30, memory=1_000_000_000)
"""The largest spreadsheet that is taken at all needs about a third of both."""

SECONDS_IN_ALL = 90.0
"""By the clock on the wall, on a machine that has other things to do."""

AT_ONCE = 2
"""What comes beside these waits its turn."""

PROGRAM = "from bot.files.confined import main; main()"
ROOT = Path(__file__).parents[2]
HANDED_ON = ("LD_LIBRARY_PATH", "PYTHONPATH")
"""What Python itself may need to begin. No other variable reaches the process."""


class ReadingFailed(Exception):
    """The process ended in a way that nobody foresaw; the message is what it said last."""


class Reader:
    """Reads files by functions that need nothing but the file. The limits are for tests; no setting reaches them."""

    def __init__(self, limits: Limits = LIMITS, seconds_in_all: float = SECONDS_IN_ALL) -> None:
        self._limits = limits
        self._seconds_in_all = seconds_in_all
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def read(self, how: Callable[[str, bytes], T], name: str, data: bytes) -> T:
        """What `how`, a function at the top of its module, makes of a file.

        Raises what it refuses, and `UnreadableFile` when it takes more time or memory than any file may.
        """
        async with self._turns:
            process = await self._begin()
            try:
                async with asyncio.timeout(self._seconds_in_all):
                    said, complaint = await process.communicate(pickle.dumps(Task(how, name, data, self._limits)))
            except TimeoutError as error:
                raise UnreadableFile(name, "too_costly") from error
            finally:
                await _end(process)
        _must_have_ended_well(process, name, complaint)
        found: T | Refused = await asyncio.to_thread(pickle.loads, said)
        if isinstance(found, Refused):
            raise found.kind(**found.values)
        return found

    async def _begin(self) -> Process:
        environment = {name: value for name in HANDED_ON if (value := os.environ.get(name))}
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM), stdin=PIPE, stdout=PIPE, stderr=PIPE, cwd=ROOT, env=environment
        )


async def _end(process: Process) -> None:
    """Also when nobody waits for the file any more."""
    if process.returncode is None:
        process.kill()
        await process.wait()


def _must_have_ended_well(process: Process, name: str, complaint: bytes) -> None:
    """A process that a signal ended met a limit, be it ours or the machine's."""
    if process.returncode == OUT_OF_MEMORY or (process.returncode or 0) < 0:
        raise UnreadableFile(name, "too_costly")
    if process.returncode:
        raise ReadingFailed(complaint.decode(errors="replace").strip().rpartition("\n")[2])
