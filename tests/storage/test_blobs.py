"""Files are kept under their hash, whole or not at all, in a folder and on S3."""

import hashlib
import os
import resource
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.engine.errors import BlobMissing, StoreUnavailable
from storage.files.blobs import PART_BYTES, BlobStore

MEGABYTE = 1024 * 1024
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AN_HOUR_AGO = NOON - timedelta(hours=1)
NOWHERE = "0" * 64


@pytest.fixture(params=["folder", "s3", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    if request.param == "s3":
        return BlobStore.open(request.getfixturevalue("s3_url"))
    return BlobStore.open("memory://" if request.param == "memory" else str(tmp_path / "blobs"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a folder"


async def chunked(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def breaking(error: BaseException, *chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk
    raise error


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def content(store: BlobStore, sha256: str) -> bytes:
    return b"".join([chunk async for chunk in store.stream(sha256)])


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES])
async def test_what_was_put_comes_back(store: BlobStore, size: int) -> None:
    original = bytes(range(251)) * (size // 251 + 1)
    original = original[:size]
    chunks = [original[start : start + MEGABYTE] for start in range(0, size, MEGABYTE)]
    blob = await store.put(chunked(*chunks))
    assert blob.sha256 == hashlib.sha256(original).hexdigest()
    assert blob.size == size
    assert await content(store, blob.sha256) == original
    assert await store.check(blob.sha256)
    assert await store.leftovers() == []


async def test_the_same_bytes_twice_are_kept_once(store: BlobStore) -> None:
    first = await store.put(chunked(b"one ", b"file"))
    assert await store.put(chunked(b"one file")) == first
    assert await content(store, first.sha256) == b"one file"
    assert await store.leftovers() == []


async def test_a_source_that_breaks_off_leaves_nothing_and_keeps_its_own_error(store: BlobStore) -> None:
    chunks = [b"x" * MEGABYTE] * 7
    with pytest.raises(ConnectionResetError, match="the sender went away"):
        await store.put(breaking(ConnectionResetError("the sender went away"), *chunks))
    assert not await store.exists(hashlib.sha256(b"".join(chunks)).hexdigest())
    assert await store.leftovers() == []


async def test_what_was_never_put_is_missing(store: BlobStore) -> None:
    assert not await store.exists(NOWHERE)
    with pytest.raises(BlobMissing):
        await content(store, NOWHERE)
    with pytest.raises(BlobMissing):
        await store.check(NOWHERE)


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
async def test_only_a_hash_names_a_file(wrong: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        await BlobStore.open("memory://").exists(wrong)


async def test_a_file_url_and_a_bare_path_are_the_same_folder(folder: Path) -> None:
    blob = await BlobStore.open(f"file://{str(folder).replace(' ', '%20')}").put(chunked(b"here"))
    assert await content(BlobStore.open(str(folder)), blob.sha256) == b"here"
    assert (folder / "sha256" / blob.sha256[:2] / blob.sha256).read_bytes() == b"here"


async def test_one_changed_bit_fails_the_check(folder: Path) -> None:
    store = BlobStore.open(str(folder))
    blob = await store.put(chunked(b"evidence"))
    (folder / "sha256" / blob.sha256[:2] / blob.sha256).write_bytes(b"evidencd")
    assert not await store.check(blob.sha256)


async def test_what_is_kept_is_not_overwritten(folder: Path) -> None:
    store = BlobStore.open(str(folder))
    blob = await store.put(chunked(b"evidence"))
    kept = folder / "sha256" / blob.sha256[:2] / blob.sha256
    before = kept.stat().st_ino
    await store.put(chunked(b"evidence"))
    assert kept.stat().st_ino == before


async def test_a_file_cut_off_by_a_crash_is_a_leftover_and_nothing_else(folder: Path) -> None:
    store = BlobStore.open(str(folder))
    await store.put(chunked(b"whole"))
    cut_off = folder / "incoming" / "cut-off#1"
    cut_off.write_bytes(b"half")
    assert [(each.name, each.size) for each in await store.leftovers()] == [("incoming/cut-off#1", 4)]


async def test_what_was_cut_off_is_swept_when_it_is_old_and_what_is_kept_stays(folder: Path) -> None:
    store = BlobStore.open(str(folder))
    blob = await store.put(chunked(b"whole"))
    old, new = folder / "incoming" / "old#1", folder / "incoming" / "new#1"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (AN_HOUR_AGO.timestamp(),) * 2)
    os.utime(new, (NOON.timestamp(),) * 2)
    assert [each.name for each in await store.sweep(NOON - timedelta(minutes=1))] == ["incoming/old#1"]
    assert [each.name for each in await store.leftovers()] == ["incoming/new#1"]
    assert await store.check(blob.sha256)


async def test_an_object_store_is_swept_too(s3_url: str) -> None:
    store = BlobStore.open(s3_url)
    await store.lay("incoming/cut-off", chunked(b"half"))
    [left] = await store.leftovers()
    assert abs(await store.now() - left.since) < timedelta(minutes=5)
    assert await store.sweep(left.since) == []
    assert await store.sweep(left.since + timedelta(seconds=1)) == [left]
    assert await store.leftovers() == []


async def test_an_upload_in_parts_that_was_cut_off_is_aborted_when_it_is_old_and_ours(s3_url: str) -> None:
    store, others = BlobStore.open(s3_url), BlobStore.open(f"{s3_url}-of-others")
    kept = await store.put(chunked(b"whole"))
    for each, name in (
        (store, "incoming/cut-off"),
        (store, "sha256/ab/copy"),
        (store, "own/notes"),
        (others, "incoming/a"),
    ):
        writer = obstore.open_writer_async(each._store, name, buffer_size=PART_BYTES)
        await writer.write(b"x" * PART_BYTES * 2)  # and nobody ever closes it
        del writer
    assert await store.leftovers() == []
    now = await store.now()
    assert await store.sweep(now - timedelta(hours=1)) == []
    swept = await store.sweep(now + timedelta(hours=1))
    assert sorted(each.name for each in swept) == ["incoming/cut-off", "sha256/ab/copy"]
    assert await store.sweep(now + timedelta(hours=1)) == []
    assert [each.name for each in await others.sweep(now + timedelta(hours=1))] == ["incoming/a"]
    assert await store.check(kept.sha256)


async def test_a_full_disk_is_said_and_leaves_nothing(folder: Path) -> None:
    store = BlobStore.open(str(folder))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, before[1]))
    try:
        with pytest.raises(StoreUnavailable, match="could not be kept"):
            await store.put(chunked(*[b"x" * MEGABYTE] * 12))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert await store.leftovers() == []


async def test_a_large_file_is_never_held_in_memory(folder: Path) -> None:
    store = BlobStore.open(str(folder))
    before = peak_memory()
    blob = await store.put(chunked(*[bytes(MEGABYTE)] * 192))
    assert await store.check(blob.sha256)
    assert peak_memory() - before < 48 * MEGABYTE


async def test_an_s3_server_that_is_away_is_said_to_be_away(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    store = BlobStore.open(s3_url)
    with pytest.raises(StoreUnavailable):
        await store.put(chunked(b"evidence"))
    with pytest.raises(StoreUnavailable):
        await store.exists(NOWHERE)


async def test_wrong_s3_credentials_are_no_missing_file(s3_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "mistyped")
    with pytest.raises(StoreUnavailable):
        await BlobStore.open(s3_url).exists(NOWHERE)


@settings(max_examples=30)
@given(chunks=st.lists(st.binary(max_size=64)))
async def test_how_a_file_is_cut_into_chunks_makes_no_difference(chunks: list[bytes]) -> None:
    store = BlobStore.open("memory://")
    cut = await store.put(chunked(*chunks))
    assert cut == await store.put(chunked(b"".join(chunks)))
