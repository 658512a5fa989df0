"""A pack on its way: everything it is made of, hashed and checked as it streams, until the archive is whole.

Little is held, however much it is: kept files come out of the store piece by piece, the trail comes page by page, and
the index row by row from where it was put aside. When one file is missing or altered there is no pack.
"""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing
from functools import partial
from importlib.resources import files
from io import SEEK_END
from itertools import chain
from tempfile import TemporaryFile
from typing import BinaryIO

from bot.files.storing import whole
from messages.case_records import paper as case_paper
from messages.case_records.paper import CaseRecord
from messages.packs import index as pack_index
from messages.packs import workbook as pack_workbook
from storage.engine.canonical import JSON
from storage.engine.database import Database
from storage.engine.errors import BlobAltered, BlobMissing
from storage.files.archives import Archive, is_worth_squeezing
from storage.files.blobs import BlobStore
from storage.files.spool import Spooled, canonical_pieces
from storage.record.signing import Signer
from workflows.packs import extract, rules
from workflows.packs.commands import Outcome
from workflows.packs.extract import TrailBroken
from workflows.packs.indexing import HeldFile
from workflows.packs.selection import FORMAT, Selection

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"
ENOUGH = 256 * 1024
"""Bytes that go out together."""

WORTH_A_THREAD = 64 * 1024
"""Bytes of which squeezing would keep everybody waiting."""

SMALL = 256 * 1024
AHEAD = 4
"""Files of at most so many bytes are read a few ahead: each waits longer for the store than it takes."""

LINE = 4096
"""Bytes announced for an entry of the trail, several times what one takes: how large the extract becomes is known at
its end only, and its header must say beforehand whether it could pass the limits of the old format. ZIP64 for every
trail, however short, would keep auditors with a Mac from opening their pack with a double click.
"""

LISTED = "listed"
"""Under which name the files that the manifest lists are put aside."""

Coming = deque[tuple[int, HeldFile, asyncio.Task[bytes | None]]]

Write = Callable[[BinaryIO], object]
"""Writes a document into a file."""

Told = Callable[[int], None]
"""Told how many of the kept files are in."""


class PackFails(Exception):
    """There is no pack: `reason` names the sentence that says why, `fault` the file that is to blame."""

    def __init__(self, reason: str, fault: str = "") -> None:
        super().__init__(f"{reason}: {fault}")
        self.reason, self.fault = reason, fault


class Packing:
    """The bytes of one pack, once; `outcome` is there when they are through."""

    def __init__(
        self,
        *,
        database: Database,
        blobs: BlobStore,
        selection: Selection,
        told: Told = lambda _: None,
        signer: Signer | None = None,
    ) -> None:
        self._database, self._blobs, self._selection, self._told = database, blobs, selection, told
        self._signer = signer
        self._archive = Archive()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises `PackFails`, and `StoreUnavailable`, which may pass."""
        try:
            async for piece in self._pieces():
                yield piece
        finally:
            self._archive.close()
        yield self._archive.taken()

    def outcome(self, sha256: str, size: int) -> Outcome:
        """What came of it, given what the ZIP is."""
        return Outcome(
            sha256=sha256,
            size=size,
            manifest_sha256=self._selection.spool.part(LISTED).get(MANIFEST)["sha256"],
            files=len(self._selection.rows("files")),
            trail_sequence=self._selection.head_sequence,
        )

    async def _pieces(self) -> AsyncIterator[bytes]:
        for path, write in chain(self._documents(), self._papers()):
            async for piece in self._document(path, write):
                yield piece
        async with aclosing(self._read_ahead()) as files:
            async for number, held, data in files:
                async for piece in self._kept(held, data):
                    yield piece
                self._told(number)
        async for piece in self._trail():
            yield piece
        for path, write in self._closing():
            async for piece in self._document(path, write):
                yield piece

    def _documents(self) -> list[tuple[str, Write]]:
        """What is made for the pack, each written when its turn comes."""
        chosen, index = self._selection, self._selection.index
        by_folder = {name: chosen.in_folder(name) for name in rules.folders()}
        program = files("workflows.packs").joinpath("verify.py")
        return [
            ("index.html", lambda file: pack_index.write_page(file, index, by_folder, chosen.titles)),
            ("index.xlsx", lambda file: pack_workbook.write_workbook(file, index)),
            ("index.json", lambda file: _write_json(file, index)),
            ("verify.py", lambda file: file.write(program.read_bytes())),
        ]

    def _papers(self) -> Iterator[tuple[str, Write]]:
        """The record of each nonconformity, on paper."""
        for facts in self._selection.cases:
            record = CaseRecord(facts, self._selection.asked_at)
            yield rules.paper_of_case(record.number), partial(_write_paper, record)

    def _closing(self) -> list[tuple[str, Write]]:
        """What says of everything else what it is, and whose it is."""
        manifest: list[tuple[str, Write]] = [(MANIFEST, self._write_manifest)]
        return [*manifest, (SIGNATURE, self._write_signature)] if self._signer else manifest

    async def _document(self, path: str, write: Write) -> AsyncIterator[bytes]:
        """It is written to the disk first: how large it is must be announced, and it may be too large to be held."""
        hashed = hashlib.sha256()
        with TemporaryFile() as file:
            await asyncio.to_thread(write, file)
            size = file.seek(0, SEEK_END)
            file.seek(0)
            self._archive.begin(path, size=size, squeeze=True)
            while chunk := file.read(ENOUGH):
                hashed.update(chunk)
                await self._write(chunk, squeeze=True)
                yield self._archive.taken()
        self._archive.end()
        self._list(path, hashed.hexdigest(), size)

    async def _read_ahead(self) -> AsyncGenerator[tuple[int, HeldFile, bytes | None], None]:
        """The files by their number, the small ones with their bytes; while one is written the next are read."""
        coming = Coming()
        try:
            for number, held in enumerate(self._selection.files, start=1):
                coming.append((number, held, asyncio.create_task(self._read(held))))
                if len(coming) > AHEAD:
                    yield await _first_of(coming)
            while coming:
                yield await _first_of(coming)
        finally:
            reading = [task for _, _, task in coming]
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)

    async def _read(self, held: HeldFile) -> bytes | None:
        if held.size > SMALL:
            return None
        data = bytearray()
        async for chunk in self._bytes_of(held):
            data += chunk
            if len(data) > held.size:
                raise PackFails("altered", held.path)
        return bytes(data)

    async def _kept(self, held: HeldFile, read: bytes | None) -> AsyncIterator[bytes]:
        squeeze = is_worth_squeezing(held.media_type)
        hashed, size = hashlib.sha256(), 0
        self._archive.begin(held.path, size=held.size, squeeze=squeeze)
        async for chunk in self._bytes_of(held) if read is None else whole(read):
            hashed.update(chunk)
            size += len(chunk)
            await self._write(chunk, squeeze=squeeze)
            if self._archive.waiting >= ENOUGH:
                yield self._archive.taken()
        if (hashed.hexdigest(), size) != (held.sha256, held.size):
            raise PackFails("altered", held.path)
        self._archive.end()
        self._list(held.path, held.sha256, size)

    async def _bytes_of(self, held: HeldFile) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._blobs.stream(held.sha256):
                yield chunk
        except BlobMissing as error:
            raise PackFails("missing", held.path) from error
        except BlobAltered as error:
            raise PackFails("altered", held.path) from error

    async def _trail(self) -> AsyncIterator[bytes]:
        chosen, behind = self._selection, extract.BEGINNING
        hashed, size = hashlib.sha256(), 0
        self._archive.begin("trail.jsonl", size=chosen.head_sequence * LINE, squeeze=True)
        while (page := await self._page(behind)).lines:
            behind = page
            hashed.update(page.lines)
            size += len(page.lines)
            await self._write(page.lines, squeeze=True)
            yield self._archive.taken()
        if (behind.sequence, behind.hash) != (chosen.head_sequence, chosen.head_hash):
            raise PackFails("trail", str(behind.sequence + 1))
        self._archive.end()
        self._list("trail.jsonl", hashed.hexdigest(), size)

    async def _page(self, behind: extract.Page) -> extract.Page:
        chosen = self._selection
        try:
            return await self._database.read(
                chosen.workspace_id, extract.page, behind, upto=chosen.head_sequence, told=chosen.told
            )
        except TrailBroken as error:
            raise PackFails("trail", str(error.sequence)) from error

    def _write_manifest(self, file: BinaryIO) -> None:
        chosen = self._selection
        trail: JSON = {"workspace": chosen.workspace_id, "sequence": chosen.head_sequence, "hash": chosen.head_hash}
        listed = chosen.spool.part(LISTED)
        _write_json(file, {"format": FORMAT, "files": listed, "disposed": chosen.disposed, "trail": trail})

    def _write_signature(self, file: BinaryIO) -> None:
        """Of the SHA-256 of the manifest, which names everything else."""
        assert self._signer is not None  # else there is none
        sha256 = self._selection.spool.part(LISTED).get(MANIFEST)["sha256"]
        signed = self._signer.sign(f"{FORMAT} {sha256}".encode())
        _write_json(file, {"key": self._signer.key, "signature": signed})

    def _list(self, path: str, sha256: str, size: int) -> None:
        self._selection.spool.put(LISTED, path, {"path": path, "sha256": sha256, "size": size})

    async def _write(self, data: bytes, *, squeeze: bool) -> None:
        if squeeze and len(data) >= WORTH_A_THREAD:
            await asyncio.to_thread(self._archive.write, data)
        else:
            self._archive.write(data)


async def _first_of(coming: Coming) -> tuple[int, HeldFile, bytes | None]:
    number, held, reading = coming.popleft()
    return number, held, await reading


def _write_paper(record: CaseRecord, file: BinaryIO) -> None:
    file.write(case_paper.pdf(record))


def _write_json(file: BinaryIO, whole: Spooled) -> None:
    file.writelines(piece.encode() for piece in canonical_pieces(whole))
