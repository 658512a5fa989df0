"""Passwords, keys and account numbers that somebody pastes without thinking are noticed before a row is written.

Only what has a form of its own is looked for, so that hardly anybody is asked for nothing. The forms are those that
their issuers publish, named beside each. Libraries for it read source code: they know no password in a sentence.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from re import Match

from workflows.refusals import LooksLikeSecret


class Kind(StrEnum):
    """What a text looks like holding."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind, no password
    KEY = "key"
    CARD = "card"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Found:
    """What was found first, and in which line, counted from 1; never the words themselves."""

    kind: Kind
    line: int


def found_in(text: str) -> Found | None:
    """The first thing in a text that looks like a secret, if there is one."""
    hits = [(match.start(), kind) for kind, pattern, holds in FORMS for match in pattern.finditer(text) if holds(match)]
    if not hits:
        return None
    place, kind = min(hits)
    return Found(kind, text.count("\n", 0, place) + 1)


def must_hold_none(text: str, field: str = "") -> None:
    """Raise `LooksLikeSecret` if a text looks like holding a secret."""
    if found := found_in(text):
        raise LooksLikeSecret(found.kind, found.line, field)


# --- the forms ---


def _always(_: Match[str]) -> bool:
    return True


def _is_no_plain_word(match: Match[str]) -> bool:
    """ "Password: every 90 days" says what the rule is; "Password: Summer2026" is one."""
    word = match["word"].rstrip(".,;:!?)\"'`*_>")
    return len(word) >= 6 and bool(re.search(r"[^\W\d_]", word)) and bool(re.search(r"[\d!@#$%^&*+=?~]", word))


def _has_luhn_digit(match: Match[str]) -> bool:
    """The check digit of card numbers (ISO/IEC 7812-1, annex B)."""
    digits = [int(each) for each in reversed(match[0]) if each.isdigit()]
    doubled = [sum(divmod(2 * each, 10)) for each in digits[1::2]]
    return 13 <= len(digits) <= 19 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _has_iban_digits(match: Match[str]) -> bool:
    """The check digits of account numbers (ISO 13616-1; ISO/IEC 7064, MOD 97-10)."""
    number = match[0].replace(" ", "")
    turned = "".join(str(int(each, 36)) for each in number[4:] + number[:4])
    return 15 <= len(number) <= 34 and int(turned) % 97 == 1


Holds = Callable[[Match[str]], bool]
FORMS: tuple[tuple[Kind, re.Pattern[str], Holds], ...] = (
    # RFC 7468, section 10; RFC 9580, section 6.2
    (Kind.KEY, re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"), _always),
    # AWS IAM user guide, "Unique identifiers": long-term and temporary access keys
    (Kind.KEY, re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"), _always),
    # GitHub docs, "GitHub's token formats"; GitLab docs, "Token prefixes"
    (Kind.KEY, re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,}|glpat-[\w-]{20,})"), _always),
    # Slack docs, "Tokens" and "Incoming webhooks"
    (Kind.KEY, re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{10,}"), _always),
    (Kind.KEY, re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)/[\w/]{20,}"), _always),
    # Google Cloud docs, "API keys" and "OAuth 2.0 client secrets"
    (Kind.KEY, re.compile(r"\b(?:AIza[\w-]{35}|GOCSPX-[\w-]{28})"), _always),
    # Stripe docs, "API keys" and "Webhook signing secrets"
    (Kind.KEY, re.compile(r"\b(?:(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9]{24,})"), _always),
    # RFC 7519: a header and claims, both JSON objects in base64url, and a signature
    (Kind.KEY, re.compile(r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}"), _always),
    # RFC 3986, section 3.2.1: a password in an address
    (Kind.PASSWORD, re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://[^\s/:@]{1,100}:[^\s/@]{1,100}@", re.IGNORECASE), _always),
    (
        Kind.PASSWORD,
        re.compile(
            r"(?:\b|_)(?:pass(?:word|wort|phrase|wd|code)|kennwort|pwd|secret|geheimnis|token|schlüssel|"
            r"(?:api|access|secret)[ _-]?key)[\"'`*]*\s*(?:[:=]|\bis\b|\bist\b|\blautet\b)\s*[\"'`*]*(?P<word>\S{6,})",
            re.IGNORECASE,
        ),
        _is_no_plain_word,
    ),
    # ISO/IEC 7812-1: what the networks of payment cards begin with
    (
        Kind.CARD,
        re.compile(r"(?<![\w.-])(?<!\d )(?:2[2-7]|[346]\d|5[1-5])(?:[ -]?\d){11,17}(?![\w-])"),
        _has_luhn_digit,
    ),
    # ISO 13616-1
    (Kind.ACCOUNT, re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"), _has_iban_digits),
)
"""Each kind with the form it has, and what else has to hold of it."""
