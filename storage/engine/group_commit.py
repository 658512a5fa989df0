"""SQLite's one writer: a thread that commits the commands waiting together as one transaction.

A commit costs a flush of the disk, more than all the statements of a command; shared, it is paid once. Each command
has a savepoint, so one that raises undoes only itself. Nobody sees an outcome before the commit that makes it last;
when the commit fails, all of its commands fail.
"""

from typing import Any

from sqlalchemy import Connection, Engine

from storage.engine.queue import Job, JobQueue
from storage.engine.unit_of_work import UnitOfWork


def group_commit(engine: Engine) -> JobQueue:
    """The line before the writer."""

    def commit_together(jobs: list[Job[Any]]) -> None:
        with engine.begin() as connection:
            for job in jobs:
                _carry_out_alone(job, connection)

    return JobQueue("database-writer", commit_together)


def _carry_out_alone(job: Job[Any], connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute("SAVEPOINT command")
    job.carry_out(UnitOfWork(connection, job.workspace_id))
    if job.error is not None:
        driver.execute("ROLLBACK TO command")
    driver.execute("RELEASE command")
