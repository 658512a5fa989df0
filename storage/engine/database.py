"""The database: runs commands in units of work, and questions beside them."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine

from storage.engine import connecting, migrating, statements
from storage.engine.errors import DatabaseClosed
from storage.engine.group_commit import group_commit
from storage.engine.queue import JobQueue
from storage.engine.transaction_pool import TransactionPool
from storage.engine.unit_of_work import UnitOfWork
from storage.engine.workspace import Workspace
from storage.engine.workspace_rows import as_row
from storage.record import trail

P = ParamSpec("P")
T = TypeVar("T")

Now = Callable[[], datetime]


def _wall_clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - for commands in a terminal, which have no clock; the bot hands in its own


class Database:
    """One database, open. `run` and `read` are for the event loop, `unit_of_work` for everything synchronous.

    `now` dates the entries of the trail that no command writes itself.
    """

    def __init__(self, writing: Engine, reading: Engine, now: Now) -> None:
        self._writing = writing
        self._reading = reading
        self._now = now
        self._commands: TransactionPool | JobQueue = (
            group_commit(writing)
            if writing.dialect.name == "sqlite"
            else TransactionPool("database-writer", writing, connecting.POSTGRES_THREADS)
        )
        self._questions = TransactionPool("database-reader", reading, connecting.READER_THREADS)
        self._closed = False

    @classmethod
    def open(cls, url: str, now: Now = _wall_clock, *, prepared: bool = True) -> "Database":
        """Open `sqlite:///path` or `postgresql://…`. Nothing is read yet. Raises ValueError for any other URL.

        Without `prepared` statements go SQLAlchemy's own way and take four times as long (see `prepared.py`).
        """
        parsed = connecting.database_url(url)
        writing, reading = connecting.writing_engine(parsed), connecting.reading_engine(parsed)
        options = {"prepared": prepared}
        return cls(writing.execution_options(**options), reading.execution_options(**options), now)

    @classmethod
    def open_existing(cls, url: str) -> "Database":
        """Open a database that `upgrade` has made, and make none.

        Raises the `StorageError` that says so when it is missing, empty, foreign, older or newer, beside ValueError.
        """
        migrating.must_be_current(connecting.database_url(url))
        return cls.open(url)

    def upgrade(self) -> None:
        """Bring the tables to what this version of the bot needs. Leaves others untouched.

        Raises DatabaseIsNewer and DatabaseIsForeign.
        """
        migrating.upgrade(self._writing, self._now)

    async def run(
        self,
        workspace_id: str,
        command: Callable[Concatenate[UnitOfWork, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """One command as one unit of work: committed before its result is seen, rolled back when it raises.

        It may be run more than once before it is committed, so it must do nothing outside the database.
        """
        self._must_be_open()

        def completed(uow: UnitOfWork) -> T:
            result = command(uow, *args, **kwargs)
            uow.complete(self._now)
            return result

        return await self._commands.run(workspace_id, completed)

    async def read(
        self,
        workspace_id: str,
        question: Callable[Concatenate[UnitOfWork, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """One question, answered from one committed state of the database, beside the writer. It cannot write."""
        self._must_be_open()
        return await self._questions.run(workspace_id, lambda uow: question(uow, *args, **kwargs))

    @contextmanager
    def unit_of_work(self, workspace_id: str) -> Iterator[UnitOfWork]:
        """A unit of work in the calling thread: committed at the end of the block, rolled back when it raises."""
        self._must_be_open()
        with self._writing.begin() as connection:
            uow = UnitOfWork(connection, workspace_id)
            yield uow
            uow.complete(self._now)

    def workspaces(self) -> list[Workspace]:
        """Every workspace: the one question that is asked across them."""
        self._must_be_open()
        with self._reading.begin() as connection:
            return [as_row(Workspace, found) for found in connection.execute(statements.select_workspaces())]

    def trails(self) -> list[str]:
        """The id of every workspace that is there, or has a trail though it is there no more."""
        self._must_be_open()
        with self._reading.begin() as connection:
            there = {each.id for each in connection.execute(statements.select_workspaces())}
            return sorted(there.union(trail.workspaces_with_one(connection)))

    async def close(self) -> None:
        """Finish what was asked for before, then close every connection."""
        self._closed = True  # here, on the loop, so that no command can slip in behind the last one
        await asyncio.to_thread(self.shut_down)

    def shut_down(self) -> None:
        """What `close` does, for callers without an event loop."""
        self._closed = True
        self._commands.shut_down()
        self._questions.shut_down()
        self._writing.dispose()
        self._reading.dispose()

    def _must_be_open(self) -> None:
        if self._closed:
            raise DatabaseClosed("the database was closed; nothing more can be read or written")
