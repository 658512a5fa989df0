"""The pack's own check of signatures agrees with a well-kept library, on what is right and on what is not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from workflows.packs.verify import ORDER, is_signed

SECRETS = st.binary(min_size=32, max_size=32)


def signed(secret: bytes, message: bytes) -> tuple[bytes, bytes]:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    return key.public_key().public_bytes_raw(), key.sign(message)


@settings(max_examples=25, deadline=None)
@given(SECRETS, st.binary(max_size=300))
def test_what_the_library_signs_is_found_signed(secret: bytes, message: bytes) -> None:
    key, signature = signed(secret, message)
    assert is_signed(key, message, signature)


@settings(max_examples=25, deadline=None)
@given(SECRETS, st.binary(max_size=80), st.integers(0, 96 * 8 - 1))
def test_one_changed_bit_in_key_or_signature_is_found(secret: bytes, message: bytes, bit: int) -> None:
    both = bytearray(b"".join(signed(secret, message)))
    both[bit // 8] ^= 1 << bit % 8
    assert not is_signed(bytes(both[:32]), message, bytes(both[32:]))


def test_another_message_is_not_signed() -> None:
    key, signature = signed(b"s" * 32, b"a head")
    assert not is_signed(key, b"another head", signature)


def test_a_vector_of_rfc_8032() -> None:
    """Section 7.1, TEST 2."""
    key = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    signature = bytes.fromhex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert is_signed(key, b"\x72", signature)


def test_a_scalar_beyond_the_order_is_refused() -> None:
    """RFC 8032, 5.1.7: else a second signature could be made of the first."""
    key, signature = signed(b"s" * 32, b"a head")
    grown = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(key, b"a head", signature[:32] + grown.to_bytes(32, "little"))


@pytest.mark.parametrize(("key", "signature"), [(b"", b""), (b"k" * 31, b"s" * 64), (b"\xff" * 32, b"s" * 64)])
def test_what_is_no_key_or_signature_signs_nothing(key: bytes, signature: bytes) -> None:
    assert not is_signed(key, b"", signature)
