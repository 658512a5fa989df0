"""What is at hand already, on its way into the store."""

from collections.abc import AsyncIterator

from bot.services import Services
from workflows.evidence.arrivals import Piece

MEGABYTE = 1_000_000


async def whole(data: bytes) -> AsyncIterator[bytes]:
    """Bytes that are small enough to be at hand, as the store takes them."""
    yield data


async def written(services: Services, text: str, name: str, kind: str, source_key: str) -> Piece:
    """A file of our own words, in the store."""
    blob = await services.blobs.put(whole(text.encode()))
    return Piece(name, blob.sha256, blob.size, kind, source_key)
