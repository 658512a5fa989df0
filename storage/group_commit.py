"""SQLite's one writer: a thread that commits the commands waiting together as one transaction.

A commit costs a flush of the disk, more than all the statements of a command; shared, it is paid once. Each command
has a savepoint, so one that raises undoes only itself. Nobody sees an outcome before the commit that makes it last;
when the commit fails, all of its commands fail.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from storage.unit_of_work import UnitOfWork

T = TypeVar("T")

COMMANDS_PER_COMMIT = 64


class Job(Generic[T]):
    """A command that somebody awaits on an event loop, and what became of it."""

    def __init__(self, workspace_id: str, command: Callable[[UnitOfWork], T]) -> None:
        self.workspace_id = workspace_id
        self.command = command
        self.loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self.loop.create_future()
        self.error: BaseException | None = None
        self._result: T

    def carry_out(self, connection: Connection) -> None:
        """Run the command within a savepoint; its error is kept, and what it wrote undone."""
        driver: Any = connection.connection.driver_connection
        driver.execute("SAVEPOINT command")
        try:
            self._result = self.command(UnitOfWork(connection, self.workspace_id))
        except BaseException as error:  # noqa: BLE001 - not swallowed: whoever awaits the job is given it
            self.error = error
            driver.execute("ROLLBACK TO command")
        driver.execute("RELEASE command")

    def outcome(self) -> T:
        """What the command returned. Raises what it raised, or what kept it from being committed."""
        if self.error is not None:
            raise self.error
        return self._result

    def wake(self) -> None:
        """Tell whoever awaits that the outcome is there; runs on their loop. They may have stopped waiting."""
        if not self.done.done():
            self.done.set_result(None)


class GroupCommit:
    """The writer thread and the queue before it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: SimpleQueue[Job[Any] | None] = SimpleQueue()
        # A daemon, so that a process that dies of an error is not held up; `shut_down` waits for what is queued.
        self._thread = Thread(target=self._work, name="database-writer", daemon=True)
        self._thread.start()

    async def run(self, workspace_id: str, command: Callable[[UnitOfWork], T]) -> T:
        """Carry out the command and wait until it is committed. Cancelling stops the waiting, not the command."""
        job = Job(workspace_id, command)
        self._waiting.put(job)
        await job.done
        return job.outcome()

    def shut_down(self) -> None:
        """Finish what was asked for before, then stop."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while job := self._waiting.get():
            batch = [job, *self._also_waiting()]
            self._commit_together(batch)
            _deliver(batch)

    def _also_waiting(self) -> Iterator[Job[Any]]:
        with suppress(Empty):
            for _ in range(COMMANDS_PER_COMMIT - 1):
                job = self._waiting.get_nowait()
                if job is None:
                    self._waiting.put(None)  # the last word stays the last
                    return
                yield job

    def _commit_together(self, batch: list[Job[Any]]) -> None:
        try:
            with self._engine.begin() as connection:
                for job in batch:
                    job.carry_out(connection)
        except BaseException as error:  # noqa: BLE001 - not swallowed: everybody in the batch is given it
            for job in batch:
                job.error = job.error or error


def _deliver(batch: list[Job[Any]]) -> None:
    by_loop = defaultdict(list)
    for job in batch:
        by_loop[job.loop].append(job)
    for loop, jobs in by_loop.items():
        with suppress(RuntimeError):  # the loop was closed: nobody awaits any more
            loop.call_soon_threadsafe(_wake_all, jobs)


def _wake_all(jobs: list[Job[Any]]) -> None:
    for job in jobs:
        job.wake()
