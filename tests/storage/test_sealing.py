"""Files are encrypted at rest: only their key opens them, unaltered, at their place and to their end."""

import hashlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.engine.errors import BlobAltered, BlobMissing, StoreUnavailable
from storage.files.blobs import BlobStore
from storage.files.sealing import HEADER_BYTES, PIECE_BYTES, TAG_BYTES, Key, keys

OLD, NEW = keys(f"2025:{'0a' * 32},2026:{'0b' * 32}")
PIECE = PIECE_BYTES + TAG_BYTES
THREE_PIECES = bytes(range(256)) * (PIECE_BYTES * 5 // 2 // 256)


async def chunked(data: bytes, size: int = 100_000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def all_of(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def opened(key: Key, sealed: bytes) -> bytes:
    return await all_of(key.unseal(chunked(sealed)))


@settings(max_examples=40)
@given(
    size=st.sampled_from([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES]),
    cut=st.integers(min_value=7_000, max_value=3 * PIECE_BYTES),
)
async def test_what_was_sealed_comes_back_however_it_is_cut(size: int, cut: int) -> None:
    sealed = await all_of(NEW.seal(chunked(THREE_PIECES[:size], cut)))
    assert len(sealed) == HEADER_BYTES + size + TAG_BYTES * max(1, -(-size // PIECE_BYTES))
    assert await all_of(NEW.unseal(chunked(sealed, cut))) == THREE_PIECES[:size]


def flipped(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def first_two_exchanged(sealed: bytes) -> bytes:
    begins = [HEADER_BYTES, HEADER_BYTES + PIECE, HEADER_BYTES + 2 * PIECE]
    return sealed[: begins[0]] + sealed[begins[1] : begins[2]] + sealed[begins[0] : begins[1]] + sealed[begins[2] :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "a bit of the first piece": lambda sealed: flipped(sealed, HEADER_BYTES + 5),
    "a bit of the last piece": lambda sealed: flipped(sealed, len(sealed) - 1),
    "a bit of the salt": lambda sealed: flipped(sealed, HEADER_BYTES - 1),
    "a bit of the beginning": lambda sealed: flipped(sealed, 0),
    "cut in a piece": lambda sealed: sealed[:-1],
    "cut between pieces": lambda sealed: sealed[: HEADER_BYTES + 2 * PIECE],
    "cut to its header": lambda sealed: sealed[:HEADER_BYTES],
    "cut in its header": lambda sealed: sealed[: HEADER_BYTES - 1],
    "nothing left": lambda sealed: b"",
    "something behind it": lambda sealed: sealed + b"x",
    "pieces exchanged": first_two_exchanged,
    "a piece twice": lambda sealed: sealed[: HEADER_BYTES + PIECE] + sealed[HEADER_BYTES:],
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
async def test_whatever_is_done_to_a_sealed_file_is_noticed(damage: Callable[[bytes], bytes]) -> None:
    sealed = await all_of(NEW.seal(chunked(THREE_PIECES)))
    with pytest.raises(BlobAltered):
        await opened(NEW, damage(sealed))


async def test_another_key_of_the_same_name_opens_nothing_and_no_two_files_look_alike() -> None:
    sealed = [await all_of(NEW.seal(chunked(b"the same bytes"))) for _ in range(2)]
    assert sealed[0][HEADER_BYTES:] != sealed[1][HEADER_BYTES:]
    with pytest.raises(BlobAltered):
        await opened(Key("2026", bytes(32)), sealed[0])
    assert "0b" not in repr(NEW)


# --- the store ---


@pytest.fixture(params=["folder", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(request.getfixturevalue("s3_url") if request.param == "s3" else tmp_path / "store")


def files_in(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


async def names(store: BlobStore) -> list[str]:
    return sorted([sha256 async for sha256 in store.names()])


async def test_from_no_key_to_a_first_and_to_the_next(url: str) -> None:
    plain, sealed, renewed = BlobStore.open(url), BlobStore.open(url, [OLD]), BlobStore.open(url, [NEW, OLD])
    first = await plain.put(chunked(b"from before"))
    second = await sealed.put(chunked(THREE_PIECES))
    assert await sealed.put(chunked(b"from before")) == first
    assert second.sha256 == hashlib.sha256(THREE_PIECES).hexdigest()
    for sha256 in await renewed.to_seal():
        assert await renewed.seal_anew(sha256)
    alone = BlobStore.open(url, [NEW])
    assert await all_of(alone.stream(first.sha256)) == b"from before"
    assert await all_of(alone.stream(second.sha256)) == THREE_PIECES
    assert await names(alone) == sorted([first.sha256, second.sha256])
    assert await renewed.to_seal() == []
    assert await renewed.leftovers() == []


async def test_without_its_key_a_file_is_neither_read_nor_missing_nor_removed(url: str) -> None:
    kept = await BlobStore.open(url, [OLD]).put(chunked(b"evidence"))
    stranger = BlobStore.open(url, [NEW])
    for deed in (stranger.check, stranger.exists, stranger.remove):
        with pytest.raises(StoreUnavailable, match="the key 2025, which was not given"):
            await deed(kept.sha256)
    owner = BlobStore.open(url, [NEW, OLD])
    assert await owner.check(kept.sha256)
    await owner.remove(kept.sha256)
    with pytest.raises(BlobMissing):
        await owner.check(kept.sha256)


async def test_on_the_disk_stands_nothing_of_what_was_given_and_what_was_altered_is_not_sealed_anew(
    tmp_path: Path,
) -> None:
    store = BlobStore.open(str(tmp_path), [OLD])
    kept = await store.put(chunked(b"the secret of the house"))
    [path] = files_in(tmp_path)
    assert b"secret" not in path.read_bytes()
    path.write_bytes(flipped(path.read_bytes(), HEADER_BYTES + 3))
    assert not await store.check(kept.sha256)
    assert not await BlobStore.open(str(tmp_path), [NEW, OLD]).seal_anew(kept.sha256)
    assert files_in(tmp_path) == [path]


async def test_a_rotation_that_was_cut_off_goes_on(tmp_path: Path) -> None:
    kept = await BlobStore.open(str(tmp_path), [OLD]).put(chunked(b"evidence"))
    [before] = files_in(tmp_path)
    old = before.read_bytes()
    both = BlobStore.open(str(tmp_path), [NEW, OLD])
    assert await both.seal_anew(kept.sha256)
    before.write_bytes(old)  # as if it had ended between the copy and the removal
    assert await both.to_seal() == [kept.sha256]
    assert await both.seal_anew(kept.sha256)
    assert not before.exists()
    assert await both.check(kept.sha256)
