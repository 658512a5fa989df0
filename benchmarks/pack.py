"""An audit pack of 1 GB, in 1,000 and in 10,000 files, against `zip -0` plus `sha256sum`: `python -m benchmarks.pack`.

Both read the same files from the same disk. Ours hashes every file to check it, writes the ZIP, and hashes the ZIP as
it goes into the store; the other hashes every file, and writes a ZIP that nobody can check. The selection, the index
and the extract of the trail are in our time. Each is measured three times in turn, and the best of each counts.
"""

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks.memory import most_held
from bot.packs.packing import Packing
from storage.engine.canonical import JSON
from storage.engine.database import Database
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.files.blobs import BlobStore
from storage.programme.tables import Obligation
from storage.tasks.tables import Task, TaskState
from workflows.packs.rules import Scope
from workflows.packs.selecting import select

WORKSPACE = "T0BENCH"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = date(2026, 11, 2)
YEAR = Scope(frozenset({"iso27001-2022"}), date(2026, 1, 1), date(2026, 12, 31))
MEGABYTE = 1_000_000
FILES = (1_000, 10_000)
ROUNDS = 3
FILES_PER_TASK = 100


def main() -> None:
    """Measure both, and print a line for each number of files; or be the process that is measured."""
    given = _given()
    if given.pack:
        asyncio.run(_pack(given.pack))
        return
    with tempfile.TemporaryDirectory(prefix="deskaudit-pack-") as name:
        for files in given.files:
            folder = Path(name) / str(files)
            asyncio.run(_prepare(folder, files, given.megabytes * MEGABYTE // files))
            ours, theirs, grown = _measured(folder, given.rounds)
            print(
                f"{files:>6,} files: pack {ours:6.2f} s, zip -0 + sha256sum {theirs:6.2f} s, ratio {ours / theirs:.2f},"
                f" memory grows by {grown:.0f} MB"
            )
            shutil.rmtree(folder)


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What an audit pack costs, by the number of its files.")
    parser.add_argument("--megabytes", type=int, default=1_000, help="how much the files hold together")
    parser.add_argument("--files", type=int, nargs="+", default=FILES, help="how many there are")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each is measured")
    parser.add_argument("--pack", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


async def _prepare(folder: Path, files: int, size: int) -> None:
    """Files of `size` bytes in a store with their rows, and the same files in a folder for the other program."""
    (folder / "plain").mkdir(parents=True)
    database = Database.open(f"sqlite:///{folder}/deskaudit.db")
    database.upgrade()
    blobs = BlobStore.open(str(folder / "store"))
    kept = [await _keep(blobs, folder / "plain" / f"file-{number}.pdf", size) for number in range(files)]
    _write_rows(database, kept, size)
    database.shut_down()


async def _keep(blobs: BlobStore, path: Path, size: int) -> str:
    data = os.urandom(size)
    await asyncio.to_thread(path.write_bytes, data)

    async def chunks() -> AsyncIterator[bytes]:
        yield data

    return (await blobs.put(chunks())).sha256


def _write_rows(database: Database, kept: list[str], size: int) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(name="Bench", standards=["iso27001-2022"])
        uow.add(Obligation(key="access", title="Review access", owner_id="UJONAS", recurrence="", starts_on=DAY))
        for start in range(0, len(kept), FILES_PER_TASK):
            task = uow.add(_task(DAY - timedelta(days=start // FILES_PER_TASK)))
            for number, sha256 in enumerate(kept[start : start + FILES_PER_TASK], start=start):
                evidence = uow.add(_evidence(number, sha256, size))
                uow.add(_use(evidence.id, task.id))
                details: dict[str, JSON] = {"sha256": sha256, "size": size}
                uow.record(
                    actor="UJONAS",
                    verb="evidence.keep",
                    subject="evidence",
                    subject_id=evidence.id,
                    at=AT,
                    details=details,
                )


def _task(scheduled_on: date) -> Task:
    references = ["iso27001-2022:A.5.18"]
    return Task(
        obligation_id=1,
        title="Review access",
        requirements=references,
        owner_id="UJONAS",
        scheduled_on=scheduled_on,
        opens_on=DAY,
        due_on=DAY,
        state=TaskState.ACCEPTED,
    )


def _evidence(number: int, sha256: str, size: int) -> Evidence:
    return Evidence(
        name=f"file-{number}.pdf",
        size=size,
        sha256=sha256,
        media_type="application/pdf",
        state=EvidenceState.KEPT,
        provided_by="UJONAS",
        received_at=AT,
        collected_on=DAY,
    )


def _use(evidence_id: int, task_id: int) -> EvidenceUse:
    return EvidenceUse(
        evidence_id=evidence_id,
        task_id=task_id,
        added_by="UJONAS",
        added_at=AT,
        verdict=Verdict.ACCEPTED,
        judged_by="UMIRA",
        judged_at=AT,
    )


def _measured(folder: Path, rounds: int) -> tuple[float, float, float]:
    measured = [(_ours(folder), _timed(lambda: _theirs(folder))) for _ in range(rounds)]
    return (
        min(ours for (ours, _), _ in measured),
        min(theirs for _, theirs in measured),
        max(grown for (_, grown), _ in measured),
    )


def _ours(folder: Path) -> tuple[float, float]:
    """Seconds and growth of memory in MB, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.pack", "--pack", str(folder)]
    seconds, grown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(seconds), float(grown)


def _theirs(folder: Path) -> None:
    plain, target = folder / "plain", folder / "theirs.zip"
    subprocess.run(["zip", "-0", "-q", "-r", str(target), "."], cwd=plain, check=True)
    with (folder / "sums").open("wb") as sums:
        subprocess.run("find . -type f -print0 | xargs -0 sha256sum", shell=True, cwd=plain, stdout=sums, check=True)
    target.unlink()


def _timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


async def _pack(folder: Path) -> None:
    """Make the pack into the store, as the bot does."""
    database, blobs = Database.open(f"sqlite:///{folder}/deskaudit.db"), BlobStore.open(str(folder / "store"))
    before = most_held()
    begun = time.perf_counter()
    with database.unit_of_work(WORKSPACE) as uow:
        selection = select(uow, YEAR, asked_by="UMIRA", at=AT)
    with selection:
        kept = await blobs.put(Packing(database=database, blobs=blobs, selection=selection))
    seconds = time.perf_counter() - begun
    print(seconds, most_held() - before)
    (folder / "store" / "sha256" / kept.sha256[:2] / kept.sha256).unlink()
    database.shut_down()


if __name__ == "__main__":
    main()
