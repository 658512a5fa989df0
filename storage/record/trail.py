"""The audit trail: who did what to what and when, each entry chained to the one before by its hash.

Anybody can check the chain without this program. An entry's seal is the SHA-256 (hexadecimal) of the UTF-8 bytes of a
JSON array without spaces, in which only quotes, backslashes and control characters are escaped. It begins with the
number of the scheme by which the entry was made:

    [2, workspace_id, sequence, at, actor_id, verb, subject, subject_id, details, sealed]

`at`, `details` and `sealed` stand in it as the text that is stored; `sealed` names the rows that the deed changed, with
what is left of their words (`storage/record/sealed_rows.py`). Entries of the first scheme sealed no rows, and stand as

    [workspace_id, sequence, at, actor_id, verb, subject, subject_id, details]

The entry's hash is the SHA-256 of the previous entry's hash
followed by the seal, as 128 hexadecimal digits. The first entry has sequence 1 and follows 64 zeros. So whoever is
given the seals of entries that are none of their business can still walk the chain from the first entry to the head.

Triggers (see the first migration) refuse to change or remove an entry, refuse one that does not follow the head, and
move the head forward with each entry. The head shows when the end of the trail was cut off; whoever rewrites the whole
trail cannot rewrite the heads that were published with the weekly digests.
"""

import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Index, Text, select
from sqlmodel import Field, SQLModel, col

from storage.engine import statements
from storage.engine.canonical import JSON, canonical_json, utc_text
from storage.engine.workspace_rows import WorkspaceRows
from storage.record.sealed_rows import NOTHING, ChangedRows

BEFORE_THE_FIRST = "0" * 64
"""What stands where the hash of the entry before the first would be."""

FIRST_SCHEME, SCHEME = 1, 2
"""How the first entries were made, and how they are made now."""

ENTRIES_PER_READ = 500
SALT_BYTES = 32

Progress = Callable[[int, int], None]
"""Told how many entries were checked, and of how many."""

Values = Mapping[str, str | int]
"""An entry by its columns."""


class TrailEntry(SQLModel, table=True):
    """One thing that was done. `verb` is like `task.accept`; `at` and `details` are the text that is hashed."""

    __tablename__ = "trail_entry"
    __table_args__ = (Index("trail_by_subject", "workspace_id", "subject", "subject_id"),)

    workspace_id: str = Field(primary_key=True, max_length=32, foreign_key="workspace.id")
    sequence: int = Field(primary_key=True)
    at: str = Field(max_length=27)
    actor_id: str = Field(max_length=32)
    verb: str = Field(max_length=80)
    subject: str = Field(max_length=40)
    subject_id: str = Field(max_length=80)
    details: str = Field(sa_type=Text)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)
    scheme: int = Field(default=FIRST_SCHEME, sa_column_kwargs={"server_default": "1"})
    sealed: str = Field(default=NOTHING, sa_type=Text, sa_column_kwargs={"server_default": NOTHING})

    @property
    def moment(self) -> datetime:
        """When it was done, as an aware moment in UTC."""
        return datetime.fromisoformat(self.at)


class TrailHead(SQLModel, table=True):
    """Where the trail of a workspace ends: the sequence and the hash of its last entry.

    `salt` keeps the words of the workspace from being guessed by what the trail says of them. It is made once; it is
    empty where the rows of an older database were not sealed yet.
    """

    __tablename__ = "trail_head"

    workspace_id: str = Field(primary_key=True, max_length=32, foreign_key="workspace.id")
    sequence: int = 0
    hash: str = Field(default=BEFORE_THE_FIRST, max_length=64)
    salt: str = Field(default="", max_length=64, sa_column_kwargs={"server_default": ""})


@dataclass(frozen=True)
class TrailFault:
    """Something wrong with the trail: from which sequence on, and what, as words that follow "entry 12"."""

    sequence: int
    what: str


@dataclass(frozen=True)
class Deed:
    """What an entry says: who did what to what, and when; and the rows that were changed by it."""

    actor: str
    verb: str
    subject: str
    subject_id: str
    at: str
    details: str
    rows: ChangedRows


def deed(
    *,
    actor: str,
    verb: str,
    subject: str,
    subject_id: int | str,
    at: datetime,
    details: Mapping[str, JSON],
    rows: ChangedRows,
) -> Deed:
    """A deed in the texts that are kept of it. Raises ValueError for a moment without a zone, or what is no JSON."""
    return Deed(actor, verb, subject, str(subject_id), utc_text(at), canonical_json(details), rows)


class End(NamedTuple):
    """Where the trail ends while a transaction writes to it; as `TrailHead`, of which making one takes longer."""

    sequence: int
    hash: str
    salt: str


def append(rows: WorkspaceRows, end: End | None, deeds: Sequence[Deed]) -> End:
    """Write the next entries. Until the transaction ends no other can write to this workspace's trail.

    Takes and gives the trail's end; None: this transaction has not written there yet.
    """
    end = end or _locked_end(rows)
    for each in deeds:
        end = _append(rows, end, each)
    return end


def _append(rows: WorkspaceRows, end: End, deed: Deed) -> End:
    values: dict[str, str | int] = {
        "workspace_id": rows.workspace_id,
        "sequence": end.sequence + 1,
        "at": deed.at,
        "actor_id": deed.actor,
        "verb": deed.verb,
        "subject": deed.subject,
        "subject_id": deed.subject_id,
        "details": deed.details,
        "previous_hash": end.hash,
        "scheme": SCHEME,
        "sealed": deed.rows.text(rows.workspace_id, end.salt),
    }
    its_hash = entry_hash(values)
    rows.driver.run(statements.insert_row(TrailEntry), {**values, "hash": its_hash})
    return End(end.sequence + 1, its_hash, end.salt)


SAID = ("workspace_id", "sequence", "at", "actor_id", "verb", "subject", "subject_id", "details")
"""The columns of an entry that every scheme seals, in their order."""


def said(values: Values) -> str:
    """What an entry says, as it is sealed by its scheme."""
    columns = [values[name] for name in SAID]
    if values["scheme"] == FIRST_SCHEME:
        return canonical_json(columns)
    return canonical_json([values["scheme"], *columns, values["sealed"]])


def seal_of(values: Values) -> str:
    """What an entry says, as a hash."""
    # Text that a broken disk made unreadable was decoded with escapes; encoding gives its very bytes again.
    return hashlib.sha256(said(values).encode(errors="surrogateescape")).hexdigest()


def entry_hash(values: Values) -> str:
    """The hash of an entry given by its columns."""
    chained = f"{values['previous_hash']}{seal_of(values)}"
    return hashlib.sha256(chained.encode(errors="surrogateescape")).hexdigest()


def head(rows: WorkspaceRows) -> TrailHead:
    """Where the trail ends now; what the weekly digest publishes."""
    return rows.first(TrailHead) or TrailHead(workspace_id=rows.workspace_id)


def seals_words(rows: WorkspaceRows) -> bool:
    """Whether an entry of a scheme that seals words was ever written here."""
    return rows.first(TrailEntry, col(TrailEntry.scheme) != FIRST_SCHEME) is not None


def workspaces_with_one(connection: Connection) -> list[str]:
    """The ids of the workspaces that have a trail, of which the workspace itself may be gone."""
    return list(connection.scalars(select(statements.table_of(TrailHead).c.workspace_id)))


def entries(rows: WorkspaceRows, *, after: int, upto: int) -> list[TrailEntry]:
    """A page of the trail: entries after one and up to another, in their order."""
    between = col(TrailEntry.sequence) > after, col(TrailEntry.sequence) <= upto
    return rows.all(TrailEntry, *between, limit=ENTRIES_PER_READ)


def about(rows: WorkspaceRows, subject: str, subject_id: int | str) -> list[TrailEntry]:
    """Every entry about a subject, the first one first."""
    return rows.all(
        TrailEntry,
        col(TrailEntry.subject) == subject,
        col(TrailEntry.subject_id) == str(subject_id),
        order_by=col(TrailEntry.sequence),
    )


def latest(rows: WorkspaceRows, subject: str, subject_id: int | str, verbs: Collection[str]) -> TrailEntry | None:
    """The last entry about a subject with one of these verbs."""
    return rows.first(
        TrailEntry,
        col(TrailEntry.subject) == subject,
        col(TrailEntry.subject_id) == str(subject_id),
        col(TrailEntry.verb).in_(verbs),
        order_by=col(TrailEntry.sequence).desc(),
    )


def verify(
    rows: WorkspaceRows, progress: Progress | None = None, seen: Callable[[TrailEntry], None] = lambda _: None
) -> list[TrailFault]:
    """Walk the whole trail and name what is wrong with it, the first broken entry first; empty when it is sound.

    Each entry is shown to `seen` on the way, so that who needs them all need not read them again.
    """
    with any_text_readable(rows):
        return list(_faults(rows, progress or (lambda _checked, _of: None), seen))


def _locked_end(rows: WorkspaceRows) -> End:
    """Where the trail ends, kept from other writers until the transaction ends."""
    values = {statements.WORKSPACE: rows.workspace_id}
    if not (found := rows.fetch(TrailHead, statements.select_locked(TrailHead), values)):
        salt = secrets.token_hex(SALT_BYTES)
        first = {"workspace_id": rows.workspace_id, "sequence": 0, "hash": BEFORE_THE_FIRST, "salt": salt}
        rows.driver.run(statements.insert_unless_there(TrailHead, rows.dialect), first)
        found = rows.fetch(TrailHead, statements.select_locked(TrailHead), values)
    return End(found[0].sequence, found[0].hash, found[0].salt)


def _faults(rows: WorkspaceRows, progress: Progress, seen: Callable[[TrailEntry], None]) -> Iterator[TrailFault]:
    end = head(rows)
    sequence, previous = 0, BEFORE_THE_FIRST
    for entry in _entries(rows, end, progress):
        if entry.sequence < 1:
            yield TrailFault(entry.sequence, "was added before the first")
            continue
        seen(entry)
        yield from _faults_of(entry, sequence, previous)
        sequence, previous = entry.sequence, entry.hash
    if end.sequence != sequence:
        yield TrailFault(min(sequence, end.sequence) + 1, _missing(sequence, end.sequence))
    elif end.hash != previous:
        yield TrailFault(sequence, "is not the one that the head of the trail names")


def _missing(last: int, expected: int) -> str:
    if expected > last:
        return f"and all up to {expected} are missing: the end of the trail was cut off"
    return f"and all up to {last} are unknown to the head of the trail"


def _faults_of(entry: TrailEntry, sequence: int, previous: str) -> Iterator[TrailFault]:
    values = {name: getattr(entry, name) for name in statements.column_names(TrailEntry)}
    if entry.sequence != sequence + 1:
        yield TrailFault(sequence + 1, f"is missing: the next one is {entry.sequence}")
    if entry_hash(values) != entry.hash:
        yield TrailFault(entry.sequence, "was changed after it was written")
    elif entry.previous_hash != previous:
        yield TrailFault(entry.sequence, "does not follow the entry before it")
    if entry.scheme == FIRST_SCHEME and entry.sealed != NOTHING:
        yield TrailFault(entry.sequence, "names rows, and its hash covers none")


def _entries(rows: WorkspaceRows, end: TrailHead, progress: Progress) -> Iterator[TrailEntry]:
    checked, page = 0, rows.all(TrailEntry, limit=ENTRIES_PER_READ)
    while page:
        yield from page
        checked += len(page)
        progress(checked, end.sequence)
        page = rows.all(TrailEntry, col(TrailEntry.sequence) > page[-1].sequence, limit=ENTRIES_PER_READ)


@contextmanager
def any_text_readable(rows: WorkspaceRows) -> Iterator[None]:
    """While text is read that a broken disk may have made unreadable."""
    # SQLite hands out what stands in the file; a damaged letter must be a fault by name, not an error that hides where.
    if rows.dialect != "sqlite":
        yield
        return
    connection = rows.connection.connection.driver_connection
    assert connection is not None
    connection.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = str
