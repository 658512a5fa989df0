"""A process of its own that writes until it is killed, and says of each command that it was acknowledged.

    python writer_process.py <database url> <workspace>

Each command writes in three places under one number, so that a half-kept one would show.
"""

import asyncio
import itertools
import sys

from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from tests.storage.samples import AT, planned, record

TOGETHER = 20


def write(uow: UnitOfWork, number: int) -> None:
    assert uow.first_time(f"command {number}", AT)
    record(uow, f"command {number}")
    assert planned(uow, f"command {number}")


async def write_without_end(database: Database, workspace: str) -> None:
    numbers = itertools.count()

    async def one_after_another() -> None:
        while True:
            number = next(numbers)
            await database.run(workspace, write, number)
            print(number, flush=True)  # noqa: T201 - this is how the test is told

    await asyncio.gather(*(one_after_another() for _ in range(TOGETHER)))


if __name__ == "__main__":
    asyncio.run(write_without_end(Database.open(sys.argv[1]), sys.argv[2]))
