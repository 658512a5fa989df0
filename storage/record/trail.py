"""The audit trail: who did what to what and when, each entry chained to the one before by its hash.

Anybody can check the chain without this program. An entry's seal is the SHA-256 (hexadecimal) of the UTF-8 bytes of a
JSON array without spaces, in which only quotes, backslashes and control characters are escaped:

    [workspace_id, sequence, at, actor_id, verb, subject, subject_id, details]

`at` and `details` stand in it as the text that is stored. The entry's hash is the SHA-256 of the previous entry's hash
followed by the seal, as 128 hexadecimal digits. The first entry has sequence 1 and follows 64 zeros. So whoever is
given the seals of entries that are none of their business can still walk the chain from the first entry to the head.

Triggers (see the first migration) refuse to change or remove an entry, refuse one that does not follow the head, and
move the head forward with each entry. The head shows when the end of the trail was cut off; whoever rewrites the whole
trail cannot rewrite the heads that were published with the weekly digests.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel, col

from storage.engine import statements
from storage.engine.canonical import JSON, canonical_json, utc_text
from storage.engine.workspace_rows import WorkspaceRows

BEFORE_THE_FIRST = "0" * 64
"""What stands where the hash of the entry before the first would be."""

ENTRIES_PER_READ = 500

Progress = Callable[[int, int], None]
"""Told how many entries were checked, and of how many."""


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

    @property
    def moment(self) -> datetime:
        """When it was done, as an aware moment in UTC."""
        return datetime.fromisoformat(self.at)


class TrailHead(SQLModel, table=True):
    """Where the trail of a workspace ends: the sequence and the hash of its last entry."""

    __tablename__ = "trail_head"

    workspace_id: str = Field(primary_key=True, max_length=32, foreign_key="workspace.id")
    sequence: int = 0
    hash: str = Field(default=BEFORE_THE_FIRST, max_length=64)


@dataclass(frozen=True)
class Fault:
    """Something wrong with the trail: from which sequence on, and what, as words that follow "entry 12"."""

    sequence: int
    what: str


End = tuple[int, str]
"""The sequence and the hash of the last entry."""


def append(
    rows: WorkspaceRows,
    end: End | None,
    *,
    actor: str,
    verb: str,
    subject: str,
    subject_id: int | str,
    at: datetime,
    details: Mapping[str, JSON],
) -> End:
    """Write the next entry. Until the transaction ends no other can write to this workspace's trail.

    Takes and gives the trail's end; None: this transaction has not written there yet.
    """
    sequence, previous_hash = end or _locked_end(rows)
    values: dict[str, str | int] = {
        "workspace_id": rows.workspace_id,
        "sequence": sequence + 1,
        "at": utc_text(at),
        "actor_id": actor,
        "verb": verb,
        "subject": subject,
        "subject_id": str(subject_id),
        "details": canonical_json(details),
        "previous_hash": previous_hash,
    }
    its_hash = entry_hash(values)
    rows.driver.run(statements.insert_row(TrailEntry), {**values, "hash": its_hash})
    return sequence + 1, its_hash


def said(values: Mapping[str, str | int]) -> str:
    """What an entry says, as it is sealed; its columns must stand in the order of the table."""
    return canonical_json([value for name, value in values.items() if name not in ("previous_hash", "hash")])


def seal_of(values: Mapping[str, str | int]) -> str:
    """What an entry says, as a hash."""
    # Text that a broken disk made unreadable was decoded with escapes; encoding gives its very bytes again.
    return hashlib.sha256(said(values).encode(errors="surrogateescape")).hexdigest()


def entry_hash(values: Mapping[str, str | int]) -> str:
    """The hash of an entry given by its columns, which must stand in the order of the table."""
    chained = f"{values['previous_hash']}{seal_of(values)}"
    return hashlib.sha256(chained.encode(errors="surrogateescape")).hexdigest()


def head(rows: WorkspaceRows) -> TrailHead:
    """Where the trail ends now; what the weekly digest publishes."""
    return rows.first(TrailHead) or TrailHead(workspace_id=rows.workspace_id)


def entries(rows: WorkspaceRows, *, after: int, upto: int) -> list[TrailEntry]:
    """A page of the trail: entries after one and up to another, in their order."""
    between = col(TrailEntry.sequence) > after, col(TrailEntry.sequence) <= upto
    return rows.all(TrailEntry, *between, limit=ENTRIES_PER_READ)


def latest(rows: WorkspaceRows, subject: str, subject_id: int | str, verbs: Collection[str]) -> TrailEntry | None:
    """The last entry about a subject with one of these verbs."""
    return rows.first(
        TrailEntry,
        col(TrailEntry.subject) == subject,
        col(TrailEntry.subject_id) == str(subject_id),
        col(TrailEntry.verb).in_(verbs),
        order_by=col(TrailEntry.sequence).desc(),
    )


def verify(rows: WorkspaceRows, progress: Progress | None = None) -> list[Fault]:
    """Walk the whole trail and name what is wrong with it, the first broken entry first; empty when it is sound."""
    with _any_text_readable(rows):
        return list(_faults(rows, progress or (lambda _checked, _of: None)))


def _locked_end(rows: WorkspaceRows) -> End:
    values = {statements.WORKSPACE: rows.workspace_id}
    if not (found := rows.fetch(TrailHead, statements.select_locked(TrailHead), values)):
        first = {"workspace_id": rows.workspace_id, "sequence": 0, "hash": BEFORE_THE_FIRST}
        rows.driver.run(statements.insert_unless_there(TrailHead, rows.dialect), first)
        found = rows.fetch(TrailHead, statements.select_locked(TrailHead), values)
    return found[0].sequence, found[0].hash


def _faults(rows: WorkspaceRows, progress: Progress) -> Iterator[Fault]:
    end = head(rows)
    sequence, previous = 0, BEFORE_THE_FIRST
    for entry in _entries(rows, end, progress):
        yield from _faults_of(entry, sequence, previous)
        sequence, previous = entry.sequence, entry.hash
    if end.sequence != sequence:
        yield Fault(min(sequence, end.sequence) + 1, _missing(sequence, end.sequence))
    elif end.hash != previous:
        yield Fault(sequence, "is not the one that the head of the trail names")


def _missing(last: int, expected: int) -> str:
    if expected > last:
        return f"and all up to {expected} are missing: the end of the trail was cut off"
    return f"and all up to {last} are unknown to the head of the trail"


def _faults_of(entry: TrailEntry, sequence: int, previous: str) -> Iterator[Fault]:
    values = {name: getattr(entry, name) for name in statements.column_names(TrailEntry)}
    if entry.sequence != sequence + 1:
        yield Fault(sequence + 1, f"is missing: the next one is {entry.sequence}")
    if entry_hash(values) != entry.hash:
        yield Fault(entry.sequence, "was changed after it was written")
    elif entry.previous_hash != previous:
        yield Fault(entry.sequence, "does not follow the entry before it")


def _entries(rows: WorkspaceRows, end: TrailHead, progress: Progress) -> Iterator[TrailEntry]:
    checked, last = 0, 0
    while page := rows.all(TrailEntry, col(TrailEntry.sequence) > last, limit=ENTRIES_PER_READ):
        yield from page
        checked, last = checked + len(page), page[-1].sequence
        progress(checked, end.sequence)


@contextmanager
def _any_text_readable(rows: WorkspaceRows) -> Iterator[None]:
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
