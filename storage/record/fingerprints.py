"""Fingerprints of words: what the trail keeps of every row, so that record and trail cannot part without being found.

Each column of a row is sealed by itself, so a change costs what changed, and what was altered can be named. Whoever has
the words and the row's salt can check them without this program:

- The salt of a row is the SHA-256 of the workspace's salt followed by `["workspace","table",id]`. It leads back to no
  other salt, so a pack can hand it out with the words, and nobody can guess the short words of rows they are not shown.
- The mark of a column is the first half (32 digits) of the SHA-256 of the row's salt followed by `"column":value`.

Hashes stand in hexadecimal digits and are taken of UTF-8 text; values are JSON as in `storage/engine/canonical.py`,
moments like `"2026-11-22T09:30:00.000000Z"`, dates like `"2026-11-22"`. A column that was never sealed has no value
(null).
"""

import hashlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlmodel import SQLModel

from storage.engine import statements
from storage.engine.canonical import canonical_json, utc_text

OPERATIONAL: Mapping[str, str] = {
    "trail_entry": "it is the trail, which has hashes of its own",
    "trail_head": "it is the end of the trail",
    "inbox": "keys of what arrived, dropped after some weeks",
    "outbox": "messages on their way",
    "delivery": "what became of them; a trigger of the database keeps it as it was written",
    "sender_lease": "who sends at the moment",
    "errand": "what the bot is still to do; the trail says what was promised, and what came of it",
    "dropped_message": "which messages with files were dealt with; what is kept of them is evidence",
    "answer_message": "messages as Slack has them; what was taken of them is the answer, which is sealed",
    "nudge": "which message tells whom of what",
    "offered_message": "a draft, dropped when it is used or forgotten",
    "setup": "answers on the way to a programme, which is sealed when it starts",
    "head_notice": "which witness is to be told of which head; the trail says when one was",
    "user_group": "copied from Slack's directory, which puts it right every day",
}
"""Tables that are no part of the record, each with its reason. Every other table is sealed."""

FROM_SLACK = (
    *("name", "title", "zone", "is_admin", "is_bot", "is_guest", "is_deactivated", "locale", "email"),
    *("status_text", "status_since", "status_until", "started_on", "first_seen_at", "synced_at"),
)
"""What the directory of Slack says of a person."""

OPERATIONAL_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "workspace": {
        "directory_cursor": "how far Slack's directory was read",
        "directory_read_at": "since when it is known whole",
    },
    "person": {
        **dict.fromkeys(FROM_SLACK, "copied from Slack's directory, which puts it right every day"),
        "home_tab": "what somebody looked at last",
        "home_page": "what somebody looked at last",
    },
    "obligation": {"planned_until": "how far its tasks are planned, which the tasks show"},
    "task": {"nudge_on": "when its owner is reminded next; the ledger says when they were"},
    "gap_rating": {"nudge_on": "when its owner is reminded next; the ledger says when they were"},
    "machine_key": {"used_at": "when it was used last; the evidence it brought shows it"},
}
"""Columns of the record that change without any deed, each with its reason."""

LOOKED_AFTER = frozenset({"id", "workspace_id", "version"})
"""Columns that say which row it is, and how often it was changed."""

MARK = 32
"""Digits of a mark: 128 bits, which nobody finds other words for."""


def is_sealed(table: type[SQLModel]) -> bool:
    """Whether the trail keeps fingerprints of the rows of a table."""
    return table.__tablename__ not in OPERATIONAL


@cache
def sealed_columns(table: type[SQLModel]) -> tuple[str, ...]:
    """The columns that are sealed, in the order of their names."""
    left_out = LOOKED_AFTER | OPERATIONAL_COLUMNS.get(str(table.__tablename__), {}).keys()
    return tuple(sorted(set(statements.column_names(table)) - left_out))


def row_salt(workspace_id: str, salt: str, table: str, row_id: int | str) -> str:
    """The salt of one row, made of the workspace's."""
    return _sha256(f"{salt}{canonical_json([workspace_id, table, row_id])}")


def mark(salt: str, column: str, value: Any) -> str:
    """What is left on the trail of the words in a column; `salt` is the row's."""
    return _sha256(f'{salt}"{column}":{value_text(value)}')[:MARK]


def value_text(value: Any) -> str:
    """A value as it stands in a mark: JSON; moments like `2026-11-22T09:30:00.000000Z`, dates like `2026-11-22`."""
    write = _WRITERS.get(type(value))
    return write(value) if write else canonical_json(value)


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "true" if value else "false",
    int: str,
    datetime: lambda value: f'"{utc_text(value)}"',
    date: lambda value: f'"{value.isoformat()}"',
}


def _sha256(text: str) -> str:
    # What a broken disk made unreadable was decoded with escapes; encoding gives its very bytes again.
    return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()
