"""`deskaudit evidence add`: files that an administrator brings for a task, on the machine where the bot runs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from bot.clock import WallClock
from bot.commands.console import CannotGoOn, in_words, person_named, workspace_of
from bot.files.sniffing import ENOUGH_TO_TELL, media_type
from bot.settings import Settings
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, WayIn
from storage.files.blobs import CHUNK_BYTES, BlobStore
from storage.programme.tables import Obligation
from workflows.deed import Deed
from workflows.evidence import arrivals
from workflows.evidence.arrivals import Piece
from workflows.evidence.periods import period
from workflows.machines import keys as machine_keys
from workflows.refusals import Refusal

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Given:
    """What was typed: the files, in whose name, for which task or obligation, for which period, and a note."""

    files: Sequence[Path]
    person: str
    task: int | None
    obligation: str | None
    period: str | None
    note: str
    workspace: str | None


def main(settings: Settings, given: Given, console: Console) -> None:
    """Keep every file or none, and say what was kept. Raises `CannotGoOn`."""
    if (given.task is None) == (given.obligation is None):
        raise CannotGoOn("Say what the files are for, with either --task and its number, or --obligation and its key.")
    for file in given.files:
        _must_fit(file, settings.evidence_most_mb * MEGABYTE)
    database = Database.open_existing(settings.database_url)
    try:
        workspace_id = workspace_of(database, given.workspace)
        with database.unit_of_work(workspace_id) as uow:
            _task_id(uow, given)  # before a large file is copied for nothing
        pieces = asyncio.run(_pieces(settings.existing_store(), given))
        with database.unit_of_work(workspace_id) as uow:
            kept = _bring(uow, given, pieces)
    finally:
        database.shut_down()
    for each in kept:
        console.print(f"kept {each.name}: {each.size} bytes, SHA-256 {each.sha256}", markup=False, soft_wrap=True)


def _must_fit(file: Path, most: int) -> None:
    size = file.stat().st_size
    if not 0 < size <= most:
        raise CannotGoOn(f"{file.name} has {size} bytes; files must have 1 to {most} bytes. Nothing was kept.")


def _task_id(uow: UnitOfWork, given: Given) -> int:
    if given.task is not None:
        return given.task
    found = uow.matching(Obligation, key=given.obligation)
    task = machine_keys.task_now(uow, found[0].id) if found else None
    if task is None:
        why = "No task of this obligation takes evidence now" if found else "There is no obligation with this key"
        raise CannotGoOn(f"{why}; nothing was kept.")
    return task.id


async def _pieces(blobs: BlobStore, given: Given) -> list[Piece]:
    return [await _piece(blobs, file, given.note) for file in given.files]


async def _piece(blobs: BlobStore, file: Path, note: str) -> Piece:
    with file.open("rb") as opened:
        head = opened.read(ENOUGH_TO_TELL)
    blob = await blobs.put(_chunks(file))
    return Piece(file.name, blob.sha256, blob.size, media_type(head, file.name), "", note=note)


async def _chunks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
            yield chunk


def _bring(uow: UnitOfWork, given: Given, pieces: Sequence[Piece]) -> list[Evidence]:
    person_id = person_named(uow, given.person)
    try:
        deed = Deed.of(uow, person_id, WallClock().now())
        covers = period(given.period) if given.period else None
        task_id = _task_id(uow, given)
        named = [arrivals.by_command(each, task_id) for each in pieces]
        kept = arrivals.bring(deed, task_id=task_id, pieces=named, way_in=WayIn.COMMAND, covers=covers)
    except Refusal as no:
        raise CannotGoOn(in_words(uow, no)) from no
    unfit = [each.name for each in kept if each.state is not EvidenceState.KEPT]
    if unfit:
        raise CannotGoOn(f"{', '.join(unfit)}: the task asks for a different kind of file. Nothing was kept.")
    return kept
