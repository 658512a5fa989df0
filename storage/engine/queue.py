"""The line before a writer: work that somebody awaits on an event loop, and a thread that takes what waits together.

A transaction has a price of its own, and so has every waking of a thread or a loop. Shared, each is paid once.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from storage.engine.unit_of_work import UnitOfWork

T = TypeVar("T")

AT_ONCE = 64
"""Jobs that are taken together at most."""


class Job(Generic[T]):
    """A command that somebody awaits, and what became of it."""

    def __init__(self, workspace_id: str, work: Callable[[UnitOfWork], T]) -> None:
        self.workspace_id = workspace_id
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self.loop.create_future()
        self.error: BaseException | None = None
        self._work = work
        self._result: T

    def carry_out(self, uow: UnitOfWork) -> None:
        """Do the work; its result or error is kept."""
        try:
            self._result = self._work(uow)
        except BaseException as error:  # noqa: BLE001 - not swallowed: whoever awaits the job is given it
            self.error = error

    def outcome(self) -> T:
        """What the work returned. Raises what it raised, or what kept it from being committed."""
        if self.error is not None:
            raise self.error
        return self._result

    def wake(self) -> None:
        """Tell whoever awaits that the outcome is there; runs on their loop. They may have stopped waiting."""
        if not self.done.done():
            self.done.set_result(None)


class JobQueue:
    """A queue of jobs, and the thread that carries them out, as many as wait at once.

    `together` carries out the jobs it is given; when it raises, so do those of them that have not failed already.
    """

    def __init__(self, name: str, together: Callable[[list[Job[Any]]], None]) -> None:
        self._together = together
        self._waiting: SimpleQueue[Job[Any] | None] = SimpleQueue()
        # A daemon, so that a process that dies of an error is not held up; `shut_down` waits for what is queued.
        self._thread = Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    async def run(self, workspace_id: str, work: Callable[[UnitOfWork], T]) -> T:
        """Have the work done and wait until it is. Cancelling stops the waiting, not the work."""
        job = Job(workspace_id, work)
        self._waiting.put(job)
        await job.done
        return job.outcome()

    def shut_down(self) -> None:
        """Finish what was asked for before, then stop."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while job := self._waiting.get():
            jobs = [job, *self._also_waiting()]
            try:
                self._together(jobs)
            except BaseException as error:  # noqa: BLE001 - not swallowed: everybody who waits for these is given it
                for each in jobs:
                    each.error = each.error or error
            _deliver(jobs)

    def _also_waiting(self) -> Iterator[Job[Any]]:
        with suppress(Empty):
            for _ in range(AT_ONCE - 1):
                job = self._waiting.get_nowait()
                if job is None:
                    self._waiting.put(None)  # the last word stays the last
                    return
                yield job


def _deliver(jobs: list[Job[Any]]) -> None:
    by_loop = defaultdict(list)
    for job in jobs:
        by_loop[job.loop].append(job)
    for loop, those in by_loop.items():
        with suppress(RuntimeError):  # the loop was closed: nobody awaits any more
            loop.call_soon_threadsafe(_wake_all, those)


def _wake_all(jobs: list[Job[Any]]) -> None:
    for job in jobs:
        job.wake()
