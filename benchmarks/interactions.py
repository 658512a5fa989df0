"""A press that completes a task, against a bare Bolt app that only acknowledges: `python -m benchmarks.interactions`.

The bot runs as it does in life (`deskaudit run`), with a SQLite file and `synchronous=FULL`: what it acknowledges is on
the disk, with the entry on the audit trail, the key of the delivery, and the messages to be sent. Both apps run in a
process of their own and are pressed by this one in turns, so that a busy machine slows both.
"""

import argparse
import asyncio
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks import company
from benchmarks.breakdown import Share, in_the_database
from benchmarks.contenders import BARE, DESKAUDIT, Transport, contender, database_url
from benchmarks.load import Figures, press_all
from storage.engine.database import Database
from storage.record import trail

PRESSES = 200
TOGETHER = {1: 1, 32: 8}
"""How many times `PRESSES` a round has, by how many of them are outstanding."""

ROUNDS = 5
PLACE = Path("var")
"""On the project's disk: the folder for temporary files may be kept in memory, where a commit costs nothing."""

Case = tuple[Transport, int]
Cases = Mapping[Case, Figures]


class Lost(Exception):
    """What was acknowledged does not stand in the database as it should."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How fast presses are acknowledged, against Bolt by itself.")
    parser.add_argument("--presses", type=int, default=PRESSES, help="how many a round has with one outstanding")
    presses = parser.parse_args().presses
    console, load_before = Console(), os.getloadavg()[0]
    bare: dict[Case, Figures] = defaultdict(Figures)
    ours: dict[Case, Figures] = defaultdict(Figures)
    shares: dict[Case, Share] = {}
    for transport in get_args(Transport):
        with console.status(f"Pressing over {transport} …"), _folder() as folder:
            asyncio.run(_take_turns(transport, folder, presses, bare, ours))
            _must_stand(folder, presses + ROUNDS * presses * sum(TOGETHER.values()))
            shares |= _shares(transport, folder, presses)
    console.print(_comparison(bare, ours))
    console.print(_breakdown(bare, ours, shares))
    console.print(
        "Every press that was acknowledged stood in the database afterwards, with an unbroken audit trail.\n"
        f"Load of the machine before this run: {load_before:.1f} on {os.cpu_count()} cores."
    )


# --- measuring ---


async def _take_turns(transport: Transport, folder: Path, presses: int, bare: Cases, ours: Cases) -> None:
    most = max(TOGETHER)
    async with (
        contender(BARE, transport, folder, most) as bare_line,
        contender(DESKAUDIT, transport, folder, most) as our_line,
    ):
        for line in (bare_line, our_line):
            await press_all(line, await _presses(folder, presses), most, Figures())  # to warm up
        for outstanding, times in list(TOGETHER.items()) * ROUNDS:
            payloads, case = await _presses(folder, presses * times), (transport, outstanding)
            await press_all(bare_line, payloads, outstanding, bare[case])
            await press_all(our_line, payloads, outstanding, ours[case])


def _must_stand(folder: Path, pressed: int) -> None:
    with _database(folder) as database, database.unit_of_work(company.TEAM) as uow:
        if (done := company.done(uow)) != pressed:
            raise Lost(f"{pressed} presses were acknowledged, but {done} tasks are done")
        if faults := trail.verify(uow):
            raise Lost(f"the trail is broken: {faults[0]}")


def _shares(transport: Transport, folder: Path, presses: int) -> dict[Case, Share]:
    """The cost of the database alone, in the file that the bot has just left."""
    with _database(folder) as database:
        return {(transport, together): in_the_database(database, together, presses) for together in TOGETHER}


async def _presses(folder: Path, count: int) -> list[str]:
    def written() -> list[str]:
        with _database(folder) as database, database.unit_of_work(company.TEAM) as uow:
            return company.presses(uow, count)

    return await asyncio.to_thread(written)  # an app whose pings stay unanswered meanwhile would hang up


@contextmanager
def _database(folder: Path) -> Iterator[Database]:
    database = Database.open(database_url(folder))
    try:
        yield database
    finally:
        database.shut_down()


@contextmanager
def _folder() -> Iterator[Path]:
    PLACE.mkdir(exist_ok=True)
    with TemporaryDirectory(dir=PLACE, prefix="bench-") as folder:
        yield Path(folder)


# --- printing ---


def _comparison(bare: Cases, ours: Cases) -> Table:
    caption = "bare: a Bolt app that only acknowledges; ours: the task is done and on the disk"
    table = _table(
        "A press on “Done”", caption, "bare\nper s", "p50\nms", "p99\nms", "ours\nper s", "p50\nms", "p99\nms", "ratio"
    )
    for (transport, outstanding), figures in ours.items():
        other = bare[transport, outstanding]
        ratio = figures.per_second / other.per_second
        table.add_row(transport, str(outstanding), *_three(other), *_three(figures), f"{ratio:.2f}")
    return table


def _three(figures: Figures) -> tuple[str, str, str]:
    return f"{figures.per_second:.0f}", f"{figures.percentile(50):.1f}", f"{figures.percentile(99):.1f}"


def _breakdown(bare: Cases, ours: Cases, shares: Mapping[Case, Share]) -> Table:
    caption = "the rest: our router, handing over between threads, sending; less what overlaps"
    table = _table(
        "Where its time goes, ms", caption, "Bolt and\ntransport", "unit of\nwork", "commit", "the rest", "together"
    )
    for case, figures in ours.items():
        parts = (bare[case].each, shares[case].unit_of_work, shares[case].commit)
        each = (*parts, figures.each - sum(parts), figures.each)
        table.add_row(case[0], str(case[1]), *(f"{milliseconds:.2f}" for milliseconds in each))
    return table


def _table(title: str, caption: str, *figures: str) -> Table:
    table = Table(title=title, caption=caption, box=SIMPLE)
    table.add_column("transport", no_wrap=True)
    for name in ("out-\nstanding", *figures):
        table.add_column(name, justify="right", no_wrap=True)
    return table


if __name__ == "__main__":
    main()
