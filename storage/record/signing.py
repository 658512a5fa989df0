"""Signatures by the organisation: an Ed25519 key (RFC 8032) from outside the database says whose head or pack it is."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage.engine.canonical import canonical_json

_SECRET = re.compile(r"[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class Signer:
    """Signs with the secret half of a key, which stands in the settings and is never kept."""

    secret: str = field(repr=False)

    @cached_property
    def key(self) -> str:
        """The public half, as 64 hexadecimal digits; whoever has it can tell what was signed here."""
        return self._private.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The signature of a message, as 128 hexadecimal digits."""
        return self._private.sign(message).hex()

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.secret))


def signer(secret: str) -> Signer:
    """The signer with this secret. Raises ValueError unless it is 64 hexadecimal digits."""
    if not _SECRET.fullmatch(secret):
        raise ValueError("is not 64 hexadecimal digits")
    return Signer(secret.lower())


def fingerprint(key: str) -> str:
    """The public half of a key as people compare it: the first 16 digits of its SHA-256, in fours."""
    digits = hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]
    return " ".join(re.findall("....", digits))


def new_secret() -> str:
    """The secret half of a new key."""
    return secrets.token_hex(32)


def head_message(workspace_id: str, sequence: int, its_hash: str) -> bytes:
    """What is signed of a head of the trail."""
    return canonical_json(["deskaudit-head/1", workspace_id, sequence, its_hash]).encode()
