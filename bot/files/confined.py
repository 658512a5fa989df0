"""The process in which one file is read: a task comes in, what was found goes out, and then it ends.

python -m bot.files.confined
"""

import pickle
import resource
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.refusals import Refusal

OUT_OF_MEMORY = 3
"""The exit status that says so."""


@dataclass(frozen=True)
class Limits:
    """What a file may cost: seconds of a processor, and bytes of memory, Python's own included."""

    seconds: int
    memory: int


@dataclass(frozen=True)
class Task:
    """A file and the function that reads it."""

    how: Callable[[str, bytes], Any]
    name: str
    data: bytes
    limits: Limits


@dataclass(frozen=True)
class Refused:
    """A refusal on its way to whoever asked, as its class and fields."""

    kind: type[Refusal]
    values: Mapping[str, Any]


def main() -> None:
    """Carry out the task on standard input."""
    task: Task = pickle.load(sys.stdin.buffer)  # noqa: S301 - the bot itself wrote it
    _limit(resource.RLIMIT_CPU, task.limits.seconds)
    if sys.platform != "darwin":  # where a process has more address space than that from its beginning
        _limit(resource.RLIMIT_AS, task.limits.memory)
    try:
        sys.stdout.buffer.write(pickle.dumps(_found(task)))
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)


def _limit(what: int, most: int) -> None:
    _, allowed = resource.getrlimit(what)
    most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
    resource.setrlimit(what, (most, most))


def _found(task: Task) -> Any:
    try:
        return task.how(task.name, task.data)
    except Refusal as no:
        return Refused(type(no), no.values)
