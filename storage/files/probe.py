"""Whether a store works: a small file written and read back."""

from collections.abc import AsyncIterator

from storage.files.blobs import BlobStore

PROBE = b"deskaudit doctor: this file shows that the store can be written to and read from"
"""Always the same bytes, so that the store holds the probe once, however often it is examined."""


async def works(store: BlobStore) -> bool:
    """Whether what is written comes back as it was. Raises `StoreUnavailable` or `BlobMissing` when neither can be."""
    return await store.check((await store.put(_probe())).sha256)


async def _probe() -> AsyncIterator[bytes]:
    yield PROBE
