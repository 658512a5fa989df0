"""A few threads, each with one command or question at a time in a transaction of its own.

Commands go this way on PostgreSQL, questions on both databases.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from storage.engine.errors import VersionConflict
from storage.engine.unit_of_work import UnitOfWork

T = TypeVar("T")

RETRIES = 3
LOST_A_RACE = frozenset({"40001", "40P01", "23505"})
"""PostgreSQL's SQLSTATE for a serialisation failure, a deadlock, and a row that another replica stored first.

Run again, the same command sees what the other one did. The same holds for a row that another one changed first.
"""


class TransactionPool:
    """Threads with a connection each; as many transactions run side by side, also on other replicas."""

    def __init__(self, name: str, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, workspace_id: str, work: Callable[[UnitOfWork], T]) -> T:
        """Do the work and wait until it is committed. What lost a race is done again, thrice at most."""

        def once() -> T:
            with self._engine.begin() as connection:
                return _without_stop_iteration(work, UnitOfWork(connection, workspace_id))

        return await asyncio.get_running_loop().run_in_executor(self._threads, _again_after_races, once)

    def shut_down(self) -> None:
        """Finish what was asked for before, then stop."""
        self._threads.shutdown()


def _again_after_races(once: Callable[[], T]) -> T:
    # Nothing has an effect but on the database, so what was rolled back can simply be done again.
    for _ in range(RETRIES):
        try:
            return once()
        except VersionConflict:
            continue
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in LOST_A_RACE:
                raise
    return once()


def _without_stop_iteration(work: Callable[[UnitOfWork], T], uow: UnitOfWork) -> T:
    # asyncio cannot hand this one error on: whoever awaits the work would wait for ever.
    try:
        return work(uow)
    except StopIteration as error:
        raise RuntimeError("work in the database raised StopIteration") from error
