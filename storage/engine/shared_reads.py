"""The readers: threads that answer the questions waiting together from one committed state of the database.

Everything they are asked was asked before that state is looked at, so nobody is told less than was committed when they
asked. What one question has read of the rows that hardly ever change, the next ones in its workspace need not read.
"""

from collections import deque
from typing import Any

from sqlalchemy import Engine

from storage.engine.queue import Job, JobQueue
from storage.engine.unit_of_work import UnitOfWork


def shared_reads(engine: Engine, threads: int) -> JobQueue:
    """The line before the readers."""

    def answer_together(jobs: list[Job[Any]]) -> None:
        left = deque(jobs)
        while left:
            _answer_until_one_fails(engine, left)

    return JobQueue("database-reader", threads, answer_together)


def _answer_until_one_fails(engine: Engine, left: deque[Job[Any]]) -> None:
    # PostgreSQL answers nothing more in a transaction in which a statement has failed; the others get a new one.
    with engine.begin() as connection:
        seen: dict[str, UnitOfWork] = {}
        while left:
            job = left.popleft()
            if job.workspace_id not in seen:
                seen[job.workspace_id] = UnitOfWork(connection, job.workspace_id)
            job.carry_out(seen[job.workspace_id])
            if job.error is not None:
                return
