"""A pack on its way: everything it is made of, hashed and checked as it streams, until the archive is whole.

Nothing is held but the index: kept files come out of the store piece by piece, the trail comes page by page. When one
file is missing or altered there is no pack.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from importlib.resources import files

from bot.collecting import whole
from messages import pack_index
from storage.archives import Archive, is_worth_squeezing
from storage.blobs import BlobStore
from storage.canonical import JSON, canonical_json
from storage.database import Database
from storage.errors import BlobAltered, BlobMissing, StoreUnavailable
from workflows.packs import extract
from workflows.packs.commands import Outcome
from workflows.packs.extract import TrailBroken
from workflows.packs.indexing import HeldFile
from workflows.packs.selecting import FORMAT, Selection

MANIFEST = "manifest.json"
ENOUGH = 1024 * 1024
"""Bytes that go out together."""

WORTH_A_THREAD = 64 * 1024
"""Bytes of which squeezing would keep everybody waiting."""

SMALL = 256 * 1024
AT_ONCE = 16
"""Files of at most so many bytes are read several at a time: each waits far longer for the store than it takes."""

LINE = 4096
"""Bytes announced for an entry of the trail, several times what one takes: how large the extract becomes is known at
its end only, and its header must say beforehand whether it could pass the limits of the old format. ZIP64 for every
trail, however short, would keep auditors with a Mac from opening their pack with a double click.
"""

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
        self, *, database: Database, blobs: BlobStore, selection: Selection, told: Told = lambda _: None
    ) -> None:
        self._database, self._blobs, self._selection, self._told = database, blobs, selection, told
        self._archive = Archive()
        self._listed: list[dict[str, JSON]] = []
        self._manifest_sha256 = ""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises `PackFails`."""
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
            manifest_sha256=self._manifest_sha256,
            files=len(self._selection.files),
            trail_sequence=self._selection.head_sequence,
        )

    async def _pieces(self) -> AsyncIterator[bytes]:
        for path, render in self._documents():
            yield await self._whole(path, await asyncio.to_thread(render))
        for start in range(0, len(self._selection.files), AT_ONCE):
            few = self._selection.files[start : start + AT_ONCE]
            read = await self._small_ones(few)
            for number, held in enumerate(few, start=start + 1):
                async for piece in self._kept(held, read.get(held.path)):
                    yield piece
                self._told(number)
        async for piece in self._trail():
            yield piece
        yield await self._whole(MANIFEST, self._manifest())

    def _documents(self) -> list[tuple[str, Callable[[], bytes]]]:
        """What is made for the pack, each rendered when its turn comes."""
        index = self._selection.index
        return [
            ("index.html", lambda: pack_index.page(index).encode()),
            ("index.xlsx", lambda: pack_index.workbook(index)),
            ("index.json", lambda: canonical_json(index).encode()),
            ("verify.py", files("workflows.packs").joinpath("verify.py").read_bytes),
        ]

    async def _whole(self, path: str, data: bytes) -> bytes:
        self._archive.begin(path, size=len(data), squeeze=True)
        await self._write(data, squeeze=True)
        self._archive.end()
        self._list(path, hashlib.sha256(data).hexdigest(), len(data))
        return self._archive.taken()

    async def _small_ones(self, few: Sequence[HeldFile]) -> dict[str, bytes]:
        small = [each for each in few if each.size <= SMALL]
        read = await asyncio.gather(*(self._read(each) for each in small))
        return {each.path: data for each, data in zip(small, read, strict=True)}

    async def _read(self, held: HeldFile) -> bytes:
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
        except StoreUnavailable as error:
            raise PackFails("store", held.path) from error

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

    def _manifest(self) -> bytes:
        chosen = self._selection
        trail: JSON = {
            "workspace": chosen.workspace_id,
            "sequence": chosen.head_sequence,
            "hash": chosen.head_hash,
        }
        listed = sorted(self._listed, key=lambda each: str(each["path"]))
        disposed: JSON = list(chosen.disposed)
        told: JSON = {"format": FORMAT, "files": listed, "disposed": disposed, "trail": trail}
        data = canonical_json(told).encode()
        self._manifest_sha256 = hashlib.sha256(data).hexdigest()
        return data

    def _list(self, path: str, sha256: str, size: int) -> None:
        self._listed.append({"path": path, "sha256": sha256, "size": size})

    async def _write(self, data: bytes, *, squeeze: bool) -> None:
        if squeeze and len(data) >= WORTH_A_THREAD:
            await asyncio.to_thread(self._archive.write, data)
        else:
            self._archive.write(data)
