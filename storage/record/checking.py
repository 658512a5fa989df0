"""Holding the record against its trail: every row must say what the last entries about it sealed, and no row be amiss.

However large they are, little of them is held: what the trail says of each row is put aside on the disk, and then both
are walked side by side, a table at a time.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any, Self

from sqlmodel import SQLModel

from storage.engine.finding import pages_of, record_tables
from storage.engine.unit_of_work import UnitOfWork
from storage.files.spool import Part, Spool
from storage.record import trail
from storage.record.fingerprints import mark, row_salt, sealed_columns
from storage.record.sealed_rows import SealedRow, sealed_in
from storage.record.trail import FIRST_SCHEME, Progress, TrailEntry

NUMBERED = {"nonconformity": "NC", "audit_request": "R", "concern": "C"}
"""Tables whose rows people know by a number of their own."""

CLOCKS_MAY_DIFFER = timedelta(minutes=10)
"""Between replicas, and between what somebody pressed first and what was committed first."""

Marks = Mapping[str, tuple[int, str]]
"""By column: the entry that sealed it last, and the mark that it left."""


@dataclass(frozen=True)
class Sealed:
    """What the trail says of a row: the last entry about it, its version then, and the marks of its columns."""

    id: int | str
    sequence: int
    version: int
    marks: Marks


@dataclass(frozen=True)
class Checked:
    """How much was looked at, a sentence for every fault, and one for whatever is worth knowing beside them."""

    entries: int
    rows: int
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def check(rows: UnitOfWork, progress: Progress) -> Checked:
    """Walk the trail of a workspace, and hold every row of its record against it."""
    with RecordCheck(rows) as record:
        broken = [f"entry {each.sequence} {each.what}" for each in trail.verify(rows, progress, record.take)]
        with trail.any_text_readable(rows):
            amiss = list(record.faults())
    said = [f"{rows.workspace_id}, audit trail: {each}" for each in broken]
    said += [f"{rows.workspace_id}, record: {each}" for each in amiss]
    notes = [f"{rows.workspace_id}, audit trail: {each}" for each in record.notes]
    return Checked(record.entries, record.rows, tuple(said), tuple(notes))


class RecordCheck:
    """One check of a workspace: give it every entry of the trail, in order, then ask for the faults."""

    def __init__(self, rows: UnitOfWork) -> None:
        self._rows, self._spool = rows, Spool()
        self._unreadable: list[str] = []
        self._before: TrailEntry | None = None
        self.notes: list[str] = []
        self.entries = self.rows = 0

    def take(self, entry: TrailEntry) -> None:
        """Put aside what an entry says of the rows it sealed."""
        self.entries += 1
        self._note_a_step_back(entry)
        if entry.scheme == FIRST_SCHEME:  # whose hash covers no rows, so whatever it names counts for nothing
            return
        try:
            for row in sealed_in(entry.sealed):
                self._put(entry.sequence, row)
        except (ValueError, TypeError) as error:
            self._unreadable.append(f"entry {entry.sequence} names no rows that can be read: {error}")

    def _note_a_step_back(self, entry: TrailEntry) -> None:
        # No fault: what an entry says of its time is sealed as the clock of the bot's machine gave it.
        before, self._before = self._before, entry
        if before is None:
            return
        with suppress(ValueError):  # no moment at all: that entry was changed, which is told with the faults
            if datetime.fromisoformat(entry.at) < datetime.fromisoformat(before.at) - CLOCKS_MAY_DIFFER:
                at = f"entry {entry.sequence} says {entry.at}, entry {before.sequence} before it {before.at}"
                self.notes.append(f"the clock went back: {at}")

    def faults(self) -> Iterator[str]:
        """A sentence for each way in which a row is not what the trail says."""
        yield from self._unreadable
        salt = trail.head(self._rows).salt
        for table in record_tables():
            try:
                yield from self._of_table(table, salt)
            except (ValueError, LookupError, TypeError) as error:  # what the database refuses, and a broken disk makes
                yield f"{_words(str(table.__tablename__))}: what stands in a row cannot be read: {error}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    def _of_table(self, table: type[SQLModel], salt: str) -> Iterator[str]:
        for sealed, row in self._side_by_side(table):
            self.rows += 1
            yield from self._compared(str(table.__tablename__), sealed, row, salt)

    def _put(self, sequence: int, row: SealedRow) -> None:
        before = self._spool.part(row.table).get(row.id, [row.id, 0, 0, {}])[3]
        marks = {**before, **{column: [sequence, each] for column, each in row.marks.items()}}
        self._spool.put(row.table, row.id, [row.id, sequence, row.version, marks])

    def _side_by_side(self, table: type[SQLModel]) -> Iterator[tuple[Sealed | None, Any]]:
        """Each row that the trail or the record has, as both have it: None where one of them has it not."""
        sealed = ((each.id, 0, each) for each in _sealed(self._spool.part(str(table.__tablename__))))
        stored = ((row.id, 1, row) for page in pages_of(self._rows, table) for row in page)
        both = merge(sealed, stored, key=itemgetter(0, 1))
        for _, found in groupby(both, key=itemgetter(0)):
            sides: dict[int, Any] = {side: each for _, side, each in found}
            yield sides.get(0), sides.get(1)

    def _compared(self, table: str, sealed: Sealed | None, row: Any, salt: str) -> Iterator[str]:
        if sealed is None:
            yield f"{called(table, row)}: was added past the record, no entry of the trail sealed it"
        elif row is None:
            yield f"{_words(table)} {sealed.id}: is gone, and entry {sealed.sequence} had sealed it"
        else:
            own_salt = row_salt(self._rows.workspace_id, salt, table, row.id)
            for sequence, columns in altered(own_salt, sealed.marks, row):
                yield f"{called(table, row)}: {_amiss(columns, sequence)}"
            if row.version < sealed.version:
                yield (
                    f"{called(table, row)}: was set back to version {row.version}, "
                    f"and entry {sealed.sequence} had sealed version {sealed.version}"
                )


def altered(salt: str, marks: Marks, row: Any) -> list[tuple[int, list[str]]]:
    """The columns of a row that are not as they were sealed, by the entry that sealed them; 0 where none did."""
    table: type[SQLModel] = type(row)
    wrong = [
        (marks[column][0] if column in marks else 0, column)
        for column in sealed_columns(table)
        if not _agrees(salt, marks, column, getattr(row, column))
    ]
    return [(sequence, [column for _, column in found]) for sequence, found in groupby(sorted(wrong), itemgetter(0))]


def called(table: str, row: Any) -> str:
    """A row as people know it, such as NC-3 or task 12."""
    return f"{NUMBERED[table]}-{row.number}" if table in NUMBERED else f"{_words(table)} {row.id}"


def _agrees(salt: str, marks: Marks, column: str, value: Any) -> bool:
    if column not in marks:
        return value is None
    return mark(salt, column, value) == marks[column][1]


def _amiss(columns: list[str], sequence: int) -> str:
    named = " and ".join(f"the {_words(column)}" for column in columns)
    verb = "is" if len(columns) == 1 else "are"
    return f"{named} {verb} not what entry {sequence} sealed" if sequence else f"{named} {verb} sealed by no entry"


def _words(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


def _sealed(part: Part) -> Iterable[Sealed]:
    for text in part.texts():
        row_id, sequence, version, marks = json.loads(text)
        yield Sealed(row_id, sequence, version, marks)
