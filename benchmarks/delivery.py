"""Reminders on their way to people, at Slack's pace and without it: `python -m benchmarks.delivery`.

The real dispatcher with a SQLite file brings them to the sandbox, which runs in a process of its own. Slack's limits
and our own pace are made faster by one factor. Without limits it is held against a bare client that posts the same
messages to the same sandbox and writes nothing down.
"""

import argparse
import asyncio
import json
import math
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from sqlmodel import col

from benchmarks import company
from benchmarks.sandbox_process import person_id
from bot.clock import WallClock
from bot.http.server import Meters
from bot.rooms import composers
from bot.sending.dispatcher import Dispatcher
from bot.slack.gateway import Gateway
from bot.slack.rate_limits import POSTS, Pace
from messages.words.kit import Message
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.people.tables import Person
from storage.record.outbox import Delivery, OutboxRow, OutboxState, Outcome

PEOPLE = 50
FACTOR = 10_000 / POSTS.per_minute
"""With it, 10,000 messages take a minute at the steady rate."""

UNLIMITED = 2000
OUTSTANDING = 50
PLACE = Path("var")
"""On the project's disk: the folder for temporary files may be kept in memory, where a commit costs nothing."""

SECONDS_BETWEEN_LOOKS = 0.05


class Lost(Exception):
    """What was planned did not arrive, or not at the first attempt."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast reminders reach people, with and without Slack's limits.")
    parser.add_argument("--messages", type=int, default=10_000, help="how many are sent at Slack's pace")
    count = parser.parse_args().messages
    console = Console()
    PLACE.mkdir(exist_ok=True)
    with console.status(f"{count:,} reminders at Slack's pace …"):
        paced = asyncio.run(_dispatched(count, FACTOR))
    free_count = min(count, UNLIMITED)
    with console.status(f"{free_count:,} reminders without limits …"):
        free = asyncio.run(_dispatched(free_count, math.inf))
        bare = [asyncio.run(_bare(free_count, outstanding)) for outstanding in (1, OUTSTANDING)]
    console.print(_paced(count, paced))
    console.print(_free(free_count, free, *bare))


# --- measuring ---


async def _dispatched(count: int, factor: float) -> float:
    """Seconds in which the dispatcher sends so many, from its start until the last one is settled."""
    async with _sandbox(factor) as (folder, slack):
        database, _ = _planned(folder, count)
        gateway = Gateway.open(token=slack["SLACK_BOT_TOKEN"], base_url=slack["SLACK_API_URL"])
        dispatcher = Dispatcher(
            database=database,
            gateway=gateway,
            blobs=BlobStore.open("memory://"),
            clock=WallClock(),
            composers=composers(),
            meters=Meters(),
            pace=Pace(factor),
        )
        began = time.perf_counter()
        await dispatcher.start(company.TEAM)
        while await database.read(company.TEAM, _waiting):  # noqa: ASYNC110 - the dispatcher tells nobody when it is done
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        took = time.perf_counter() - began
        await dispatcher.stop()
        await gateway.close()
        await database.run(company.TEAM, _must_have_arrived, count)
        await database.close()
        return took


async def _bare(count: int, outstanding: int) -> float:
    """Seconds in which a client posts the same, its conversations open already."""
    async with _sandbox(math.inf) as (folder, slack):
        database, messages = _planned(folder, count)
        await database.close()
        gateway = Gateway.open(token=slack["SLACK_BOT_TOKEN"], base_url=slack["SLACK_API_URL"])
        channels = [await gateway.open_dm(person_id(number)) for number in range(PEOPLE)]
        left = iter([(channels[number % PEOPLE], message) for number, message in enumerate(messages)])

        async def post() -> None:
            for channel, message in left:
                await gateway.client.chat_postMessage(channel=channel, text=message.text, blocks=message.blocks)

        began = time.perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for _ in range(outstanding):
                tasks.create_task(post())
        took = time.perf_counter() - began
        await gateway.close()
        return took


@asynccontextmanager
async def _sandbox(factor: float) -> AsyncIterator[tuple[Path, dict[str, str]]]:
    with TemporaryDirectory(dir=PLACE, prefix="bench-") as folder:
        given = (folder, "none" if factor == math.inf else str(factor), str(PEOPLE))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "benchmarks.sandbox_process", *given, stdin=PIPE, stdout=PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Path(folder), json.loads(await process.stdout.readline())
        finally:
            process.stdin.close()
            await process.wait()


def _planned(folder: Path, count: int) -> tuple[Database, list[Message]]:
    database = Database.open(f"sqlite:///{folder / 'deskaudit.db'}")
    database.upgrade()
    people = [person_id(number) for number in range(PEOPLE)]
    with database.unit_of_work(company.TEAM) as uow:
        uow.put_workspace(name="Bench")
        for each in people:
            uow.add(Person(slack_id=each, name=each, synced_at=WallClock().now()))
        return database, company.reminders(uow, people, count)


def _waiting(uow: UnitOfWork) -> bool:
    waiting = col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING])
    return uow.first(OutboxRow, waiting) is not None


def _must_have_arrived(uow: UnitOfWork, count: int) -> None:
    sent = uow.count(Delivery, col(Delivery.outcome) == Outcome.SENT)
    if (sent, uow.count(Delivery)) != (count, count):
        raise Lost(f"of {count} reminders {sent} were sent, in {uow.count(Delivery)} attempts")


# --- printing ---


def _paced(count: int, took: float) -> Table:
    least = max(0, count - POSTS.burst) / (POSTS.per_minute * FACTOR / 60)
    caption = f"to {PEOPLE} people, Slack's limits and our pace {FACTOR:.1f} times as fast; none was refused"
    table = _table("At Slack's pace", caption, "reminders", "least s", "took s", "more, %")
    more = f"{100 * (took / least - 1):.1f}" if least else "-"  # a burst takes no time
    table.add_row(f"{count:,}", f"{least:.1f}", f"{took:.1f}", more)
    return table


def _free(count: int, ours: float, one: float, many: float) -> Table:
    caption = f"bare: a client that only posts, one message at a time or {OUTSTANDING}"
    table = _table(
        "Without limits", caption, "reminders", "ours\nper s", "bare, 1\nper s", "ratio", "bare, 50\nper s", "ratio"
    )
    rates = [f"{count / one:.0f}", f"{one / ours:.2f}", f"{count / many:.0f}", f"{many / ours:.2f}"]
    table.add_row(f"{count:,}", f"{count / ours:.0f}", *rates)
    return table


def _table(title: str, caption: str, *names: str) -> Table:
    table = Table(title=title, caption=caption, box=SIMPLE)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    return table


if __name__ == "__main__":
    main()
