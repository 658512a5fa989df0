"""The blob store: the bytes of files, each kept under the SHA-256 of what is in it, in a folder or an object store.

A file is received under a temporary name and only then given its own, so under `sha256/` everything is complete, also
after a crash. Nothing there is ever overwritten: the same bytes given twice are kept once.

With keys, what is kept is encrypted and lies under `sealed/` and the name of its key. The SHA-256 is always that of the
bytes as they were given, so everything else knows nothing of it.
"""

import asyncio
import re
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import httpx
import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore, S3Store, from_url

from storage.engine.errors import BlobAltered, BlobMissing, StoreMissing, StoreUnavailable
from storage.files.intake import Intake, gathered
from storage.files.lasting import make_lasting
from storage.files.sealing import Key
from storage.files.unfinished import Bucket

if TYPE_CHECKING:  # obstore does not have these when it runs
    from obstore import GetResult
    from obstore.store import ClientConfig, RetryConfig, S3Config

PART_BYTES = 5 * 1024 * 1024
"""What is held of a file on its way in: the smallest part S3 takes."""

CHUNK_BYTES = 1024 * 1024
"""What is held of a file on its way out."""

INCOMING = "incoming"
KEPT = "sha256"
SEALED = "sealed"
OURS = (INCOMING, KEPT, SEALED)


@dataclass(frozen=True)
class Blob:
    """Bytes that are kept: their SHA-256 (hexadecimal) and how many they are."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Leftover:
    """What a crash left of a file that was on its way in; `since` is when it was last written to."""

    name: str
    size: int
    since: datetime


@dataclass(frozen=True)
class _Place:
    """Where files may lie: as they are, or sealed with a key."""

    prefix: str
    key: Key | None = None

    def path(self, sha256: str) -> str:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"a SHA-256 has 64 hexadecimal digits, unlike {sha256!r}")
        return f"{self.prefix}/{sha256[:2]}/{sha256}"


class BlobStore:
    """Files by their SHA-256. `folder` is where they are, when that is on this machine.

    With `keys` what comes is sealed with the first of them; what was kept as it is, or with the others, is read too.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None, keys: Sequence[Key] = ()) -> None:
        self._store = store
        self._folder = folder
        sealed = [_Place(f"{SEALED}/{key.id}", key) for key in keys]
        self._current, *self._earlier = [*sealed, _Place(KEPT)]

    @classmethod
    def open(cls, url: str, keys: Sequence[Key] = ()) -> "BlobStore":
        """Open a folder (a bare path or `file:///…`), `memory://`, or an object store such as `s3://bucket/prefix`.

        Object stores read their usual environment, for S3 `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL` and so on.
        """
        folder = _folder_of(url)
        if folder is not None:
            return cls(LocalStore(folder, mkdir=True), folder, keys)
        if url.startswith("memory://"):
            return cls(from_url(url), keys=keys)
        return cls(_object_store(url), keys=keys)

    @classmethod
    def open_existing(cls, url: str, keys: Sequence[Key] = ()) -> "BlobStore":
        """The same, and make no folder. Raises StoreMissing where there is none."""
        folder = _folder_of(url)
        if folder is not None and not folder.is_dir():
            raise StoreMissing(f"There is no folder of evidence at {folder}; `deskaudit run` makes one.")
        return cls.open(url, keys)

    async def put(self, chunks: AsyncIterable[bytes]) -> Blob:
        """Keep the bytes and say what they are. When it returns they are complete and safe from a loss of power.

        Raises StoreUnavailable when the store cannot take them, and whatever `chunks` raises; nothing is kept then.
        """
        temporary = f"{INCOMING}/{uuid4().hex}"
        intake = Intake(chunks)
        await self._receive(temporary, intake, self._sealed(intake))
        with _store_errors():
            try:
                if not await self._is_at_any(self._earlier, intake.sha256):
                    await self._keep(temporary, self._current.path(intake.sha256))
            finally:
                await obstore.delete_async(self._store, temporary)
        return Blob(intake.sha256, intake.size)

    async def stream(self, sha256: str) -> AsyncIterator[bytes]:
        """The bytes, chunk by chunk. Raises BlobMissing, BlobAltered or StoreUnavailable."""
        with _store_errors():
            place, found = await self._found(sha256)
            chunks = _chunks_of(found)
            async for chunk in place.key.unseal(chunks) if place.key else chunks:
                yield chunk

    async def unaltered(self, sha256: str) -> AsyncIterator[bytes]:
        """The same, and BlobAltered at their end when they are not the bytes that were kept."""
        intake = Intake(self.stream(sha256))
        async for chunk in intake:
            yield chunk
        if intake.sha256 != sha256:
            raise BlobAltered("what lies in the store is not what was kept")

    async def exists(self, sha256: str) -> bool:
        """Whether the bytes are here. Raises StoreUnavailable when nobody can tell."""
        try:
            with _store_errors():
                if not await self._is_at_any([self._current, *self._earlier, self._current], sha256):
                    raise await self._not_here(sha256)
        except BlobMissing:
            return False
        return True

    async def check(self, sha256: str) -> bool:
        """Whether the bytes kept under this name still are those it names. Raises BlobMissing or StoreUnavailable."""
        intake = Intake(self.stream(sha256))
        try:
            async for _ in intake:
                pass
        except BlobAltered:
            return False
        return intake.sha256 == sha256

    async def leftovers(self) -> list[Leftover]:
        """What crashes left behind; also what is being received at this moment."""
        with _store_errors():
            if self._folder is not None:
                return await asyncio.to_thread(_leftovers_in, self._folder / INCOMING)
            listed = await obstore.list(self._store, INCOMING).collect_async()
            return [Leftover(each["path"], each["size"], each["last_modified"]) for each in listed]

    async def now(self) -> datetime:
        """The moment it is by the clock that dates what lies in the store. Raises StoreUnavailable."""
        mark = f"{INCOMING}/{uuid4().hex}"
        with _store_errors():
            await obstore.put_async(self._store, mark, b"")
            written = await obstore.head_async(self._store, mark)
            await obstore.delete_async(self._store, mark)
        return written["last_modified"]

    async def sweep(self, before: datetime) -> list[Leftover]:
        """Let go of what was last written to before a moment and never completed. Raises StoreUnavailable.

        In a bucket also of uploads in parts that were begun before it: of those nobody knows how large they are.
        """
        old = [each for each in await self.leftovers() if each.since < before]
        with _store_errors():
            for each in old:
                if self._folder is not None:
                    (self._folder / each.name).unlink(missing_ok=True)
                else:
                    await obstore.delete_async(self._store, each.name)
        return old + await self._abort_uploads(before)

    async def _abort_uploads(self, before: datetime) -> list[Leftover]:
        if not isinstance(self._store, S3Store):
            return []
        prefix, aborted = f"{self._store.prefix or ''}/".lstrip("/"), []
        with _store_errors():
            if (bucket := await Bucket.of(self._store)) is None:
                return []
            async for upload in bucket.unfinished(prefix):
                name = upload.key.removeprefix(prefix)
                if upload.since < before and name.partition("/")[0] in OURS:
                    await bucket.abort(upload)
                    aborted.append(Leftover(name, 0, upload.since))
        return aborted

    async def remove(self, sha256: str) -> None:
        """Let go of the bytes for good; that they are gone already is no error. Raises StoreUnavailable."""
        for place in (self._current, *self._earlier):
            await self._remove_from(place, sha256)
        with _store_errors():
            if isinstance(missing := await self._not_here(sha256), StoreUnavailable):
                raise missing

    async def names(self) -> AsyncIterator[str]:
        """The SHA-256 of everything that is kept, as the names of the files say. Raises StoreUnavailable."""
        async for path in self.objects():
            yield path.rpartition("/")[2]

    async def objects(self) -> AsyncIterator[str]:
        """Where everything lies that is kept, sealed or not: what has to be copied to have the whole store."""
        for prefix in (KEPT, SEALED):
            async for path in self._paths_under(prefix):
                yield path

    async def as_it_lies(self, path: str) -> AsyncIterator[bytes]:
        """The bytes of one of the `objects`, not unsealed. Raises BlobMissing or StoreUnavailable."""
        with _store_errors():
            async for chunk in _chunks_of(await obstore.get_async(self._store, path)):
                yield chunk

    async def lay(self, path: str, chunks: AsyncIterable[bytes], sha256: str | None = None) -> Blob:
        """Keep bytes at a place as they come, neither sealed nor unsealed; what lies there already stays.

        Raises BlobAltered when they are not those of the SHA-256, and StoreUnavailable; nothing is kept then.
        """
        temporary, intake = f"{INCOMING}/{uuid4().hex}", Intake(chunks)
        await self._receive(temporary, intake, intake)
        with _store_errors():
            try:
                if sha256 not in (None, intake.sha256):
                    raise BlobAltered(f"{path} is not what it was")
                await self._keep(temporary, path)
            finally:
                await obstore.delete_async(self._store, temporary)
        return Blob(intake.sha256, intake.size)

    async def to_seal(self) -> list[str]:
        """The SHA-256 of what is not sealed with the current key. Raises StoreUnavailable."""
        return sorted({sha256 for place in self._earlier async for sha256 in self._names_under(place.prefix)})

    async def seal_anew(self, sha256: str) -> bool:
        """Keep a file under the current key, and only then let go of how it was kept. False: it is not what it was.

        Raises BlobMissing or StoreUnavailable.
        """
        if not await self.check(sha256):
            return False
        with _store_errors():
            if not await self._is_at_any([self._current], sha256):
                await self._copy_sealed(sha256)
        for place in self._earlier:
            await self._remove_from(place, sha256)
        return True

    async def _copy_sealed(self, sha256: str) -> None:
        temporary, intake = f"{INCOMING}/{uuid4().hex}", Intake(self.stream(sha256))
        await self._receive(temporary, intake, self._sealed(intake))
        try:
            if intake.sha256 != sha256:
                raise BlobAltered(f"{sha256} was altered while it was sealed anew")
            await self._keep(temporary, self._current.path(sha256))
        finally:
            await obstore.delete_async(self._store, temporary)

    async def _names_under(self, prefix: str) -> AsyncIterator[str]:
        async for path in self._paths_under(prefix):
            yield path.rpartition("/")[2]

    async def _paths_under(self, prefix: str) -> AsyncIterator[str]:
        with _store_errors():
            async for part in obstore.list(self._store, prefix):
                for each in part:
                    yield each["path"]

    async def _remove_from(self, place: _Place, sha256: str) -> None:
        with suppress(BlobMissing), _store_errors():
            await obstore.delete_async(self._store, place.path(sha256))

    async def _found(self, sha256: str) -> tuple[_Place, "GetResult"]:
        """A file and where it lies. The current place is looked at twice, since sealing anew moves files there."""
        for place in (self._current, *self._earlier, self._current):
            with suppress(FileNotFoundError):
                return place, await obstore.get_async(self._store, place.path(sha256))
        raise await self._not_here(sha256)

    async def _not_here(self, sha256: str) -> StoreUnavailable | BlobMissing:
        if key_id := await self._locked_with(sha256):
            return StoreUnavailable(f"the file is sealed with the key {key_id}, which was not given")
        return BlobMissing("the store has no file with this SHA-256")

    async def _is_at_any(self, places: Sequence[_Place], sha256: str) -> bool:
        for place in places:
            with suppress(FileNotFoundError):
                await obstore.head_async(self._store, place.path(sha256))
                return True
        return False

    async def _locked_with(self, sha256: str) -> str | None:
        """The name of a key that we do not have and that would open a file."""
        listed = await obstore.list_with_delimiter_async(self._store, SEALED)
        for prefix in listed["common_prefixes"]:
            if await self._is_at_any([_Place(prefix)], sha256):
                return prefix.rpartition("/")[2]
        return None

    def _sealed(self, intake: Intake) -> AsyncIterable[bytes]:
        return self._current.key.seal(intake) if self._current.key else intake

    async def _receive(self, temporary: str, intake: Intake, pieces: AsyncIterable[bytes]) -> None:
        try:
            # Leaving the block with an error aborts the writing, so that no half file stays behind.
            async with obstore.open_writer_async(
                self._store, temporary, buffer_size=PART_BYTES, max_concurrency=1
            ) as file:
                async for piece in gathered(pieces):
                    await file.write(piece)
        except (BaseError, OSError) as error:
            if error is intake.failure:
                raise
            raise StoreUnavailable(f"the file could not be kept: {_first_line(error)}") from error

    async def _keep(self, temporary: str, name: str) -> None:
        if self._folder is not None:
            await asyncio.to_thread(make_lasting, self._folder / temporary)
        with suppress(AlreadyExistsError):
            await obstore.copy_async(self._store, temporary, name, overwrite=False)
        if self._folder is not None:
            await asyncio.to_thread(make_lasting, *(self._folder / name).parents[:3])


async def _chunks_of(found: "GetResult") -> AsyncIterator[bytes]:
    # What is small comes at once: a stream from a folder is read in pieces of 8 kB, each with a thread of its own.
    if found.meta["size"] <= CHUNK_BYTES:
        yield bytes(await found.bytes_async())
        return
    async for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
        yield bytes(chunk)


@contextmanager
def _store_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise BlobMissing("the store has no file with this SHA-256") from error
    except (BaseError, OSError, httpx.HTTPError) as error:
        raise StoreUnavailable(f"the file store does not answer as it should: {_first_line(error)}") from error


def _first_line(error: BaseException) -> str:
    # The rest of what obstore says is a dump of its insides.
    return str(error).split("\n", 1)[0]


def _folder_of(url: str) -> Path | None:
    if "://" not in url:
        return Path(url).absolute()
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _object_store(url: str) -> ObjectStore:
    client: ClientConfig = {
        "allow_http": True,  # for an endpoint on the own network that was given with http://
        "connect_timeout": timedelta(seconds=5),
        "timeout": timedelta(minutes=5),
    }
    retry: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=30)}
    if not url.startswith("s3://"):
        return from_url(url, client_options=client, retry_config=retry)
    # S3 has no conditional copy of a whole object; a copy in parts can be completed on condition.
    config: S3Config = {"copy_if_not_exists": "multipart"}
    return S3Store.from_url(url, config=config, client_options=client, retry_config=retry)


def _leftovers_in(folder: Path) -> list[Leftover]:
    # obstore does not list a file whose writing was cut off: its name ends in `#1`.
    found = []
    for path in sorted(folder.glob("*")):
        with suppress(FileNotFoundError):  # received completely in this very moment
            state = path.stat()
            found.append(
                Leftover(f"{INCOMING}/{path.name}", state.st_size, datetime.fromtimestamp(state.st_mtime, UTC))
            )
    return found
