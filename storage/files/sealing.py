"""Encryption of kept files: each under a key of its own, in pieces none of which can be altered, exchanged or left out.

The file's key is derived (HKDF) from the organisation's key and a salt that stands at the beginning of the file. A
piece is sealed with AES-256-GCM; its nonce is its number and whether it is the last, so it opens at its place only.
"""

import re
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass, field
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.engine.errors import BlobAltered

MAGIC = b"deskaudit sealed 1\n"
SALT_BYTES = 32
PIECE_BYTES = 256 * 1024
TAG_BYTES = 16
HEADER_BYTES = len(MAGIC) + SALT_BYTES

_KEY = re.compile(r"([a-z0-9-]{1,16}):([0-9a-fA-F]{64})")


@dataclass(frozen=True)
class Key:
    """A key of the organisation and what it is called; the name stands in the store, the secret never."""

    id: str
    secret: bytes = field(repr=False)

    async def seal(self, chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """The bytes as nobody without the key can read them."""
        salt = token_bytes(SALT_BYTES)
        cipher, number = self._cipher(salt), 0
        yield MAGIC + salt
        async for piece, is_last in _cut(chunks, PIECE_BYTES):
            yield cipher.encrypt(_nonce(number, is_last=is_last), piece, None)
            number += 1

    async def unseal(self, chunks: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
        """What was sealed. Raises `BlobAltered` before it gives a piece that is not as it was, or ends too early."""
        source = aiter(chunks)
        header = await _beginning(source)
        if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
            raise BlobAltered("the file does not begin as a sealed one does")
        cipher, number = self._cipher(header[len(MAGIC) : HEADER_BYTES]), 0
        async for piece, is_last in _cut(_after(header[HEADER_BYTES:], source), PIECE_BYTES + TAG_BYTES):
            yield _opened(cipher, _nonce(number, is_last=is_last), piece)
            number += 1

    def _cipher(self, salt: bytes) -> AESGCM:
        derived = HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"deskaudit evidence 1").derive(self.secret)
        return AESGCM(derived)


def keys(text: str) -> tuple[Key, ...]:
    """The keys that a setting names, such as `2026:5f…,2025:a0…`: the first one seals. Raises ValueError."""
    found = [_KEY.fullmatch(each.strip()) for each in text.split(",") if each.strip()]
    if not all(found) or len({each[1] for each in found if each}) < len(found):
        raise ValueError("is a list of keys, each with a name of its own")
    return tuple(Key(each[1], bytes.fromhex(each[2])) for each in found if each)


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _opened(cipher: AESGCM, nonce: bytes, piece: bytes) -> bytes:
    try:
        return cipher.decrypt(nonce, piece, None)
    except (InvalidTag, ValueError) as error:
        raise BlobAltered("the file was altered or cut off, or sealed with another key of the same name") from error


async def _beginning(source: AsyncIterator[bytes]) -> bytes:
    """At least the header of a sealed file, unless that is all there is."""
    beginning = b""
    async for chunk in source:
        beginning += chunk
        if len(beginning) >= HEADER_BYTES:
            break
    return beginning


async def _after(beginning: bytes, source: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield beginning
    async for chunk in source:
        yield chunk


async def _cut(chunks: AsyncIterable[bytes], size: int) -> AsyncIterator[tuple[bytes, bool]]:
    """The bytes in pieces of one size, and whether each is the last, which may be shorter."""
    waiting = bytearray()
    async for chunk in chunks:
        waiting += chunk
        while len(waiting) > size:
            yield bytes(waiting[:size]), False
            del waiting[:size]
    yield bytes(waiting), True
