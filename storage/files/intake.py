"""Bytes on their way into the store: hashed and counted as they pass, and gathered into pieces worth a write."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator

PIECE_BYTES = 1024 * 1024


async def gathered(chunks: AsyncIterable[bytes]) -> AsyncIterator[bytearray]:
    """The same bytes in larger pieces: each write has a way of its own to the store's threads and back."""
    piece = bytearray()
    async for chunk in chunks:
        piece += chunk
        if len(piece) >= PIECE_BYTES:
            yield piece
            piece = bytearray()
    if piece:
        yield piece


class Intake:
    """Chunks on their way through: hashed and counted as they pass; remembers when it was they that failed."""

    def __init__(self, chunks: AsyncIterable[bytes]) -> None:
        self._chunks = chunks
        self._hashed = hashlib.sha256()
        self.size = 0
        self.failure: BaseException | None = None

    @property
    def sha256(self) -> str:
        return self._hashed.hexdigest()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._chunks:
                self._hashed.update(chunk)
                self.size += len(chunk)
                yield chunk
        except BaseException as error:
            self.failure = error
            raise
