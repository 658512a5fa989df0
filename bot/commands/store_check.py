"""Whether every file that the records name is in the store as it was kept, and what lies there that nothing names.

Nothing is ever removed here: what is left over is named, and a person decides.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass

from rich.progress import Progress

from storage.engine.database import Database
from storage.engine.errors import BlobMissing, StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.files.blobs import BlobStore
from storage.files.probe import PROBE
from storage.importing import queries as importing_queries
from storage.packs import queries as pack_queries
from workflows.evidence import retention


@dataclass(frozen=True)
class Checked:
    """How many files were hashed again, every fault by name, and what is left over."""

    files: int
    faults: tuple[str, ...]
    left_over: tuple[str, ...] = ()


async def check(database: Database, blobs: BlobStore, progress: Progress) -> Checked:
    """Hash every file that any workspace needs, and look for what none does."""
    needed = await needed_files(database)
    faults = [fault async for fault in faults_of(blobs, needed, progress)]
    to_go = await _of_every_workspace(database, retention.to_be_erased)
    return Checked(len(needed), tuple(faults), tuple([each async for each in _left_over(blobs, needed | to_go)]))


async def needed_files(database: Database) -> set[str]:
    """The SHA-256 of everything that must be in the store, of all workspaces."""
    return await _of_every_workspace(database, _kept_files)


async def _of_every_workspace(database: Database, question: Callable[[UnitOfWork], list[str]]) -> set[str]:
    found = set[str]()
    for workspace in await asyncio.to_thread(database.workspaces):
        found |= set(await database.read(workspace.id, question))
    return found


def _kept_files(uow: UnitOfWork) -> list[str]:
    given = [each.sha256 for each in evidence_queries.with_bytes(uow)]
    imported = [each.sha256 for each in importing_queries.with_bytes(uow)]
    packed = [each.sha256 for each in pack_queries.with_bytes(uow)]
    return [sha256 for sha256 in (*given, *imported, *packed) if sha256]


async def faults_of(blobs: BlobStore, hashes: Iterable[str], progress: Progress) -> AsyncIterator[str]:
    """A sentence for every file that is missing, cannot be read or is not what it was."""
    for sha256 in progress.track(sorted(hashes), description="evidence files"):
        try:
            sound = await blobs.check(sha256)
        except BlobMissing:
            yield f"evidence file {sha256} is missing"
        except StoreUnavailable as error:
            yield f"evidence file {sha256} could not be read: {error}"
        else:
            if not sound:
                yield f"evidence file {sha256} was changed after it was kept"


async def _left_over(blobs: BlobStore, known: set[str]) -> AsyncIterator[str]:
    probe = hashlib.sha256(PROBE).hexdigest()
    async for sha256 in blobs.names():
        if sha256 not in known and sha256 != probe:
            yield f"{sha256}: no record names it"
    for each in await blobs.leftovers():
        yield f"{each.name}: {each.size:,} bytes of a download, last written {each.since:%Y-%m-%d %H:%M} UTC"


async def seal(blobs: BlobStore, progress: Progress) -> Checked:
    """Encrypt what is not encrypted with the newest key. What is not as it was kept is named and left alone."""
    names, faults = await blobs.to_seal(), list[str]()
    for sha256 in progress.track(names, description="files to encrypt"):
        try:
            sound = await blobs.seal_anew(sha256)
        except (BlobMissing, StoreUnavailable) as error:
            faults.append(f"evidence file {sha256} could not be encrypted: {error}")
        else:
            faults += [] if sound else [f"evidence file {sha256} was changed after it was kept; it was left as it is"]
    return Checked(len(names), tuple(faults))
