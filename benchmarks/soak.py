"""Many presses on one process of the bot, and what it holds meanwhile: `python -m benchmarks.soak`.

Memory is what the process has resident, handles are its open files and sockets, both as Linux says, looked at after
each part of the presses. Neither may grow with what was pressed.
"""

import argparse
import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks import company
from benchmarks.contenders import database_url, replica
from benchmarks.load import Figures, press_all
from benchmarks.memory import held_now
from benchmarks.slack import http_line, standing_in
from storage.engine.database import Database

PRESSES = 20_000
PARTS = 10
OUTSTANDING = 8
PLACE = Path("var")
"""On the project's disk: the folder for temporary files may be kept in memory, where a commit costs nothing."""


class Look(NamedTuple):
    """What the process held after so many presses: MB resident, handles open, and how fast the last part went."""

    presses: int
    seconds: float
    megabytes: float
    handles: int
    per_second: float


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Whether memory and handles stay flat over many presses.")
    parser.add_argument("--presses", type=int, default=PRESSES, help="how many altogether")
    presses = parser.parse_args().presses
    console = Console()
    PLACE.mkdir(exist_ok=True)
    with console.status(f"{presses:,} presses …"), TemporaryDirectory(dir=PLACE, prefix="bench-") as folder:
        looks = asyncio.run(_soaked(Path(folder), presses))
    console.print(_table(looks))


# --- measuring ---


async def _soaked(folder: Path, presses: int) -> list[Look]:
    url = database_url(folder)
    looks: list[Look] = []
    async with standing_in() as slack, replica(slack, folder, url) as running:
        began = time.perf_counter()
        for part in _parts(presses):
            payloads, figures = await asyncio.to_thread(_presses, url, part), Figures()
            # For each part anew: the bot closes what says nothing while the next tasks are made.
            async with http_line(running.port, OUTSTANDING) as line:
                await press_all(line, payloads, OUTSTANDING, figures)
            done = part + (looks[-1].presses if looks else 0)
            held = held_now(running.pid), _handles(running.pid)
            looks.append(Look(done, time.perf_counter() - began, *held, figures.per_second))
    return looks


def _parts(presses: int) -> list[int]:
    """As even as can be, and none of them empty."""
    parts = min(PARTS, presses)
    return [presses // parts + (number < presses % parts) for number in range(parts)]


def _presses(url: str, count: int) -> list[str]:
    database = Database.open(url)
    try:
        with database.unit_of_work(company.TEAM) as uow:
            return company.presses(uow, count)
    finally:
        database.shut_down()


def _handles(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


# --- printing ---


def _table(looks: Sequence[Look]) -> Table:
    caption = f"over HTTP, {OUTSTANDING} outstanding, with a SQLite file; growth is to the first line"
    table = Table(title="What the bot holds", caption=caption, box=SIMPLE)
    for name in ("presses", "seconds", "MB", "growth\nMB", "handles", "growth", "presses\nper s"):
        table.add_column(name, justify="right", no_wrap=True)
    first = looks[0]
    for each in looks:
        held = f"{each.megabytes:.0f}", f"{each.megabytes - first.megabytes:+.0f}"
        handles = str(each.handles), f"{each.handles - first.handles:+d}"
        table.add_row(f"{each.presses:,}", f"{each.seconds:.0f}", *held, *handles, f"{each.per_second:.0f}")
    return table


if __name__ == "__main__":
    main()
