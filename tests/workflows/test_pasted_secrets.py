"""What looks like a secret and what doesn't; every key here was made up, and put together so that no scanner minds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.pasted_secrets import Found, Kind, found_in, must_hold_none
from workflows.refusals import LooksLikeSecret

A, D = "Abcdefgh", "0123456789"

SECRETS = [
    ("-----BEGIN RSA PRIVATE" + " KEY-----\nMIIE", Kind.KEY),
    ("-----BEGIN PGP PRIVATE" + " KEY BLOCK-----", Kind.KEY),
    ("The key is AKIA" + "IOSFODNN7EXAMPLE", Kind.KEY),
    ("ghp_" + A * 5, Kind.KEY),
    ("github_pat_" + A * 10, Kind.KEY),
    ("glpat-" + A * 3, Kind.KEY),
    ("xoxb-" + D * 2 + "-" + A, Kind.KEY),
    ("xapp-1-" + A * 2, Kind.KEY),
    ("<https://hooks.slack.com/services/T0" + D + "/B0" + D + "/" + A * 3 + ">", Kind.KEY),
    ("AIza" + "Sy" + A * 4 + "x", Kind.KEY),
    ("sk_live_" + A * 3, Kind.KEY),
    ("eyJhbGciOiJI.eyJzdWIiOiIx." + A * 3, Kind.KEY),
    ("postgres://app:" + "tr0ub4dor@db.example/x", Kind.PASSWORD),
    ("Password: Summer2026!", Kind.PASSWORD),
    ("Das Passwort lautet `Sommer2026`.", Kind.PASSWORD),
    ("DB_PASSWORD=" + "correct-horse-1", Kind.PASSWORD),
    ("the admin password is Tr0ub4dor&3", Kind.PASSWORD),
    ("api key = " + A + "77", Kind.PASSWORD),
    ("4111 1111 1111 1111", Kind.CARD),
    ("378282246310005", Kind.CARD),
    ("Pay to DE89 3704 0044 0532 0130 00 please", Kind.ACCOUNT),
    ("GB82WEST12345698765432", Kind.ACCOUNT),
]

NONE = [
    "I write a mail to IT. They close the accounts.",
    "Password: at least twelve characters, changed when leaked",
    "The password is changed every 90 days",
    "Passwords: see policy ISMS-07, chapter 3",
    "Our passphrase is never written down",
    "Tickets 4111111111111112 and 20261130",
    "DE89 3704 0044 0532 0130 01",
    "ISO 27001:2022, A.8.24; NC-12; sha256 " + "9f3c" * 16,
    "https://wiki.example/accounts?token_help",
    "mailto:mira@example.com, at 14:30",
    "The token: a badge that opens the door",
    "-----BEGIN CERTIFICATE-----",
]


@pytest.mark.parametrize(("text", "kind"), SECRETS)
def test_it_looks_like_a_secret(text: str, kind: Kind) -> None:
    assert found_in(f"First line.\nThen: {text}") == Found(kind, 2)


@pytest.mark.parametrize("text", NONE)
def test_it_does_not(text: str) -> None:
    assert found_in(text) is None


@given(st.text(max_size=60), st.sampled_from(SECRETS), st.text(max_size=60))
def test_it_is_found_between_any_lines_and_never_told(before: str, secret: tuple[str, Kind], after: str) -> None:
    with pytest.raises(LooksLikeSecret) as no:
        must_hold_none(f"{before}\n{secret[0]}\n{after}", "answer")
    assert secret[0] not in f"{no.value.values} {no.value}"
