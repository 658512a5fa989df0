"""`deskaudit backup` and `deskaudit restore`: database and files into a folder, and back to where there are none."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path

from rich.progress import Progress
from sqlalchemy import URL

from bot.clock import Clock
from bot.commands import doctor, store_check
from bot.commands.doctor import Inspection
from bot.settings import Places
from storage.copying import backups, databases
from storage.copying.backups import DATABASE_FILES, FILES, Manifest
from storage.copying.errors import CannotCopy
from storage.engine import connecting, migrating
from storage.engine.canonical import utc_text
from storage.engine.database import Database
from storage.engine.errors import BlobMissing
from storage.engine.migrating import Found
from storage.files.blobs import BlobStore
from storage.files.intake import Intake


@dataclass(frozen=True)
class BackedUp:
    """How many files were copied, and a sentence for each that the records need and the store does not have."""

    files: int
    faults: tuple[str, ...]


async def back_up(places: Places, folder: Path, clock: Clock, progress: Progress) -> BackedUp:
    """Copy database and files into an empty folder; the bot may run. Raises `StorageError` and the disk's errors.

    The database comes first: files are only ever added, so those that it names are there when it is their turn.
    """
    url = connecting.database_url(places.database_url)
    migrating.must_be_ours(url)
    store = BlobStore.open_existing(places.evidence_url)  # without keys: what is sealed is copied sealed
    backups.begin(folder)
    needed = await _needed(places)
    with backups.whole_or_nothing(folder):
        copied = await _write(url, store, folder, progress)
        needed &= await _needed(places)  # what was disposed of meanwhile is needed no more
        _finish(url, folder, len(copied), clock)
    missing = sorted(needed - {path.rpartition("/")[2] for path in copied})
    return BackedUp(len(copied), tuple(f"evidence file {sha256} is missing from the store" for sha256 in missing))


async def restore(places: Places, folder: Path, progress: Progress) -> Inspection:
    """Put a backup back where no database is, and check all of it. Raises `StorageError` and the disk's errors.

    The database comes last, so what was cut off is no database yet, and can be begun again.
    """
    manifest, url = backups.read(folder), connecting.database_url(places.database_url)
    _must_fit(manifest, url)
    sums = dict(backups.sums(folder))
    database_file = DATABASE_FILES[manifest.kind]
    backups.must_be(folder / database_file, sums.pop(database_file, ""))
    await _put_back_files(folder, sums, BlobStore.open(places.evidence_url), progress)
    task = progress.add_task("database", total=None)
    await asyncio.to_thread(databases.put_back, url, folder / database_file)
    progress.update(task, total=1, completed=1)
    return await _inspected(places, progress)


# --- backup ---


async def _write(url: URL, store: BlobStore, folder: Path, progress: Progress) -> list[str]:
    database_file = DATABASE_FILES[url.get_backend_name()]
    with (folder / backups.SUMS).open("w", encoding="utf-8") as sums:
        await _take_database(url, folder / database_file, progress)
        sums.write(backups.sum_line(database_file, backups.hash_of(folder / database_file)))
        copied = []
        async for path, sha256 in _copied_files(store, BlobStore.open(str(folder / FILES)), progress):
            copied.append(path)
            sums.write(backups.sum_line(f"{FILES}/{path}", sha256))
    return copied


async def _take_database(url: URL, file: Path, progress: Progress) -> None:
    task = progress.add_task("database", total=None)

    def tell(done: int, of: int) -> None:
        progress.update(task, completed=done, total=of)

    await asyncio.to_thread(databases.take, url, file, tell)
    progress.update(task, total=1, completed=1)


async def _copied_files(source: BlobStore, target: BlobStore, progress: Progress) -> AsyncIterator[tuple[str, str]]:
    paths = sorted([path async for path in source.objects()])
    for path in progress.track(paths, description="files"):
        try:
            yield path, (await target.lay(path, source.as_it_lies(path))).sha256
        except BlobMissing:
            continue  # disposed of since they were listed


def _finish(url: URL, folder: Path, files: int, clock: Clock) -> None:
    manifest = Manifest(
        kind=url.get_backend_name(),
        revision=migrating.revision(url),
        made_at=utc_text(clock.now()),
        version=version_of("deskaudit"),
        files=files,
        sums_sha256=backups.hash_of(folder / backups.SUMS),
    )
    backups.finish(folder, manifest)


async def _needed(places: Places) -> set[str]:
    url = connecting.database_url(places.database_url)
    if migrating.look(url) is not Found.CURRENT:
        return set()  # of an older version, whose tables today's questions do not fit
    database = Database.open(places.database_url)
    try:
        return await store_check.needed_files(database)
    finally:
        await database.close()


# --- restore ---


def _must_fit(manifest: Manifest, url: URL) -> None:
    if manifest.kind != url.get_backend_name():
        raise CannotCopy(
            f"The backup is of {manifest.kind}, and DESKAUDIT_DATABASE_URL names {url.get_backend_name()}. "
            "Restore it to its own kind; `deskaudit move` goes from SQLite to PostgreSQL."
        )
    if not all(migrating.knows(step) for step in manifest.revision.split(",")):
        raise CannotCopy(
            f"The backup was made by version {manifest.version}, which is newer. Restore it with that one."
        )
    if migrating.look(url) not in (Found.MISSING, Found.EMPTY):
        raise CannotCopy(
            f"The database {connecting.said(url)} is not empty, so nothing was restored. "
            "Name another one, or move it away."
        )


async def _put_back_files(folder: Path, sums: Mapping[str, str], target: BlobStore, progress: Progress) -> None:
    source = BlobStore.open(str(folder / FILES))
    await target.now()  # some stores make a bucket when its first file is written, and list nothing before
    there = {path async for path in target.objects()}
    for name, sha256 in progress.track(sums.items(), description="files"):
        path = name.removeprefix(f"{FILES}/")
        if path not in there:
            await target.lay(path, source.as_it_lies(path), sha256)
        elif await _hash_of(target, path) != sha256:
            raise CannotCopy(
                f"{path} lies in the store already, with other bytes. It was left alone; nothing was restored."
            )


async def _hash_of(store: BlobStore, path: str) -> str:
    intake = Intake(store.as_it_lies(path))
    async for _ in intake:
        pass
    return intake.sha256


async def _inspected(places: Places, progress: Progress) -> Inspection:
    database = Database.open(places.database_url)
    try:
        await asyncio.to_thread(database.upgrade)  # a backup may be of an older version
        return await doctor.inspect(database, places.evidence_store(), progress)
    finally:
        await database.close()
