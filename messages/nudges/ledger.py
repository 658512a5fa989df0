"""Nudges room: what somebody was told, what not, and why."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from slack_sdk.models.blocks import ButtonElement

from messages.nudges.payloads import LedgerRef
from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import NoSuchWords, Phrase, Words, words

NEXT = "ledger.next_page"
PREVIOUS = "ledger.previous_page"


@dataclass(frozen=True)
class Entry:
    """Something meant for somebody, in a message of its own or of the day; `about` is the title of its subject, if any.

    `state` is pending, sending, sent, skipped or failed, `at` when it was settled or is to be sent, `reason` why not;
    `put_off` has the reasons of earlier attempts.
    """

    kind: str
    about: str
    state: str
    at: datetime
    reason: str = ""
    put_off: Sequence[str] = ()


@dataclass(frozen=True)
class Ledger:
    """A page of it, the newest first."""

    person_id: str
    is_own: bool
    entries: Sequence[Entry]
    page: int
    pages: int
    total: int


def ledger(shown: Ledger) -> Message:
    """The answer to `/iso nudges`."""
    wording = words("nudges/ledger/listing", ledger=shown)
    if not shown.entries:
        return kit.message(wording.nothing, [kit.section(wording.nothing)])
    entries = [[kit.section(_line(each))] for each in shown.entries]
    blocks = [
        kit.section(wording.headline),
        *kit.fitting(entries, len(entries)),
        *kit.actions(_turning(wording, shown)),
    ]
    return kit.message(wording.headline, blocks)


def _line(entry: Entry) -> Phrase:
    told = replace(
        entry, reason=reason_in_words(entry.reason), put_off=[reason_in_words(each) for each in entry.put_off]
    )
    return words("nudges/ledger/listing", entry=told, kind=kind_in_words(entry.kind)).entry


def kind_in_words(kind: str) -> str:
    """What a kind is called, or its subject; the ledger may name kinds that this version tells no more."""
    kinds, subject = words("nudges/ledger/kinds"), kind.partition(".")[0]
    for name in (kind.replace(".", "_"), subject):
        with suppress(NoSuchWords):
            return kinds[name].plain
    return kinds.other.plain


def reason_in_words(reason: str) -> str:
    """Why, as `workflows/nudges/reasons.py` keeps it: `word.detail:answer`; anything else is what was answered."""
    kept, _, answer = reason.partition(":")
    word, _, detail = kept.partition(".")
    if words("nudges/ledger/reasons").get(word) is None:
        return reason
    answered = reason_in_words(answer) if answer else ""
    return words("nudges/ledger/reasons", state=detail, answer=answered)[word].plain


def _turning(wording: Words, shown: Ledger) -> list[ButtonElement]:
    newer, older = LedgerRef(shown.person_id, shown.page - 1), LedgerRef(shown.person_id, shown.page + 1)
    back = [kit.button(wording.button_newer, PREVIOUS, newer)] if shown.page > 1 else []
    return [*back, *([kit.button(wording.button_older, NEXT, older)] if shown.page < shown.pages else [])]
