"""How fast a file comes out of Slack into the store: `python -m benchmarks.ingest`.

The real path of `bot/evidence/collecting.py` (HTTP, hashing, store, the row) against `sha256sum` and `cp` of the same
file, whose copy is brought to the disk too. Slack is a process of its own that serves the file on this machine. Each
size is taken in by a process of its own as well, so that what its memory grows by is told by the system.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks.memory import most_held
from bot.clock import WallClock
from bot.evidence.collecting import collect
from bot.services import Services
from bot.settings import Settings
from bot.slack.gateway import Gateway
from bot.slack.objects import SlackFile
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState
from storage.files.blobs import BlobStore
from storage.files.sealing import Key
from storage.programme.tables import Obligation
from storage.record.errands import Errand
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence.rules import OfferedFile, Place
from workflows.people import commands as people_commands
from workflows.people.rules import DirectoryEntry

MEGABYTE = 1_000_000
ROUNDS = {1: 15, 100: 3, 1_000: 3}
"""For each size in megabytes; what is over quickly varies more, and is measured more often."""

WORKSPACE = "T0BENCH"
WARM = bytes(MEGABYTE)
KEY = Key("bench", bytes(32))
PLACE = Path("var")
"""On the project's disk: the folder for temporary files may be kept in memory."""

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def main() -> None:
    """Measure and print; or be one of the processes that are measured."""
    given = _given()
    if given.serve:
        asyncio.run(_serve(given.serve, given.serve.stat().st_size))
        return
    if given.take:
        given.take.mkdir()
        asyncio.run(_take(given.take, given.address, (KEY,) if given.sealed else ()))
        return
    console, rows = Console(), []
    PLACE.mkdir(exist_ok=True)
    for size in [size for size in ROUNDS if size <= given.most]:
        with console.status(f"{size:,} MB …"), TemporaryDirectory(dir=PLACE) as folder:
            rounds, how = given.rounds or ROUNDS[size], ["--sealed"] if given.sealed else []
            rows.append((size, _plain(Path(folder), size, rounds), _ours(Path(folder), rounds, how)))
    console.print(_table(rows))


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What it costs to take a file in, by its size.")
    parser.add_argument("--most", type=int, default=max(ROUNDS), help="the most megabytes to measure with")
    parser.add_argument("--rounds", type=int, help="how often each size is measured; left out: by its size")
    parser.add_argument("--sealed", action="store_true", help="encrypt what is kept")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--take", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--address", default="", help=argparse.SUPPRESS)
    return parser.parse_args()


# --- the bare alternative ---


def _plain(folder: Path, size: int, rounds: int) -> float:
    """Seconds that `sha256sum` and `cp` take, the copy brought to the disk: the median of some rounds."""
    file, copy = folder / "file", folder / "copy"
    with file.open("wb") as written:
        for _ in range(size):
            written.write(os.urandom(MEGABYTE))
    return median(_copied(file, copy) for _ in range(rounds))


def _copied(file: Path, copy: Path) -> float:
    copy.unlink(missing_ok=True)
    begun = time.perf_counter()
    subprocess.run(["sha256sum", file], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cp", file, copy], check=True)
    subprocess.run(["sync", copy], check=True)
    return time.perf_counter() - begun


# --- the real path ---


def _ours(folder: Path, rounds: int, how: Sequence[str]) -> tuple[float, float]:
    """Seconds, and megabytes of memory more than before: the medians of some rounds."""
    server = subprocess.Popen(_this("--serve", folder / "file"), stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        address = server.stdout.readline().strip()
        taken = [_taken_in(folder / f"round {number}", address, how) for number in range(rounds)]
    finally:
        server.terminate()
        server.wait()
    return median(each["seconds"] for each in taken), median(each["grown"] for each in taken)


def _taken_in(folder: Path, address: str, how: Sequence[str]) -> dict[str, float]:
    words = _this("--take", folder, "--address", address, *how)
    told = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    rmtree(folder)  # as the copy of before is removed: what lies about unwritten makes the next round slower
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def _this(*words: object) -> list[str]:
    return [sys.executable, "-m", "benchmarks.ingest", *map(str, words)]


async def _serve(file: Path, size: int) -> None:
    async def answer(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(file, headers={"Content-Type": "application/octet-stream"})

    app = web.Application()

    async def warm(_request: web.Request) -> web.Response:
        return web.Response(body=WARM, content_type="application/octet-stream")

    app.router.add_get("/file", answer)
    app.router.add_get("/warm", warm)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    print(f"http://127.0.0.1:{port}/", size, flush=True)
    await asyncio.Event().wait()


class _OneFile(Gateway):
    """A Slack that knows one file; its bytes come over the real way."""

    file: SlackFile

    async def file_info(self, file_id: str) -> SlackFile:
        return self.file


async def _take(folder: Path, address: str, keys: Sequence[Key]) -> None:
    url, size = address.split()
    async with _services(folder, url, keys) as (services, gateway):
        # A bot runs for weeks: what only its first file pays is paid before.
        gateway.file = SlackFile("F0", "warm", len(WARM), "application/octet-stream", f"{url}warm", "", "U1")
        await _collected(services, await services.database.run(WORKSPACE, _a_file, "F0"))
        gateway.file = SlackFile("F1", "file", int(size), "application/octet-stream", f"{url}file", "", "U1")
        given = await services.database.run(WORKSPACE, _a_file, "F1")
        before = most_held()
        begun = time.perf_counter()
        await _collected(services, given)
        seconds = time.perf_counter() - begun
        kept = await services.database.read(WORKSPACE, lambda uow: uow.get(Evidence, given.id))
    assert kept.state is EvidenceState.KEPT, kept.reason
    print(json.dumps({"seconds": seconds, "grown": most_held() - before}))


async def _collected(services: Services, given: Evidence) -> None:
    """What an errand does, without the looking for one."""
    at = services.clock.now()
    errand = Errand(
        kind="evidence.collect", workspace_id=WORKSPACE, person_id="U1", values={"of": given.id}, planned_at=at
    )
    conclude = await collect(services, errand)
    await services.database.run(WORKSPACE, lambda uow: conclude(Deed.of_the_bot(uow, at)))


@asynccontextmanager
async def _services(folder: Path, url: str, keys: Sequence[Key]) -> AsyncIterator[tuple[Services, _OneFile]]:
    values: dict[str, Any] = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    gateway = _OneFile.open(token="xoxb-1", base_url=url)
    database = Database.open(f"sqlite:///{folder}/deskaudit.db")
    database.upgrade()

    async def nobody_looks(_services: Services, _workspace_id: str, _person_id: str) -> None:
        """No Home is drawn."""

    services = Services(
        settings=Settings(**values),
        database=database,
        blobs=BlobStore.open(str(folder / "evidence"), keys),
        gateway=gateway,
        clock=WallClock(),
        wake=lambda: None,
        show_home=nobody_looks,
    )
    yield services, gateway
    await gateway.close()
    await database.close()


def _a_file(uow: UnitOfWork, slack_file_id: str) -> Evidence:
    """Given for an open task of its own."""
    uow.put_workspace(name="Bench")
    people_commands.sync(Deed.of_the_bot(uow, AT), [DirectoryEntry("U1", "Uma", "", "UTC")])
    obligation = uow.add(
        Obligation(key=slack_file_id, title="A", owner_id="U1", recurrence="FREQ=YEARLY", starts_on=AT.date())
    )
    today = AT.date()
    task = uow.add(
        Task(
            obligation_id=obligation.id,
            title="A",
            owner_id="U1",
            state=TaskState.OPEN,
            scheduled_on=today,
            opens_on=today,
            due_on=today,
        )
    )
    offered = OfferedFile(slack_file_id, "file", 1, "")
    uma = Deed.of(uow, "U1", AT)
    [taken] = evidence_commands.give(uma, task_id=task.id, files=[offered], place=Place("D1", "1"))
    return taken


def _table(rows: list[tuple[int, float, tuple[float, float]]]) -> Table:
    table = Table(title="A file taken in", caption="medians of several rounds; files in a folder", box=SIMPLE)
    for name in ("MB", "sha256sum + cp, s", "ours, s", "speed\nto plain", "memory\ngrows, MB"):
        table.add_column(name, justify="right")
    for size, plain, (ours, grown) in rows:
        table.add_row(f"{size:,}", f"{plain:.3f}", f"{ours:.3f}", f"{plain / ours:.2f}", f"{grown:.0f}")
    return table


if __name__ == "__main__":
    main()
