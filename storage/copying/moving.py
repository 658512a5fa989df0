"""A database moved from SQLite to PostgreSQL: every row in one transaction, compared with where it came from.

The triggers of the trail stay on guard: each trail starts at its start, and its head moves forward with every entry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Integer,
    RowMapping,
    Select,
    String,
    Table,
    collate,
    func,
    insert,
    select,
)

from storage.copying.databases import Told
from storage.copying.errors import CannotCopy
from storage.engine import connecting, migrating, statements
from storage.engine.migrating import Found
from storage.engine.unit_of_work import UnitOfWork
from storage.record import trail
from storage.record.trail import BEFORE_THE_FIRST, TrailEntry, TrailHead
from storage.schema import METADATA

ROWS_AT_ONCE = 500
HEADS, ENTRIES = statements.table_of(TrailHead), statements.table_of(TrailEntry)


@dataclass(frozen=True)
class Moved:
    """How much was moved, and found to be the same afterwards."""

    rows: int
    tables: int


def move(source: URL, target: URL, told: Told) -> Moved:
    """Copy every row, set the counters of ids, compare everything, and only then commit. The source is only read.

    Raises CannotCopy, the `StorageError`s of a source that is not of this version, and the errors of the databases.
    """
    _must_fit(source, target)
    to = connecting.writing_engine(target)
    try:
        with _one_state_of(source) as taken, to.begin() as given:
            return _moved(taken, given, told)
    finally:
        to.dispose()


def _must_fit(source: URL, target: URL) -> None:
    if (source.get_backend_name(), target.get_backend_name()) != ("sqlite", "postgresql"):
        raise CannotCopy("A database is moved from SQLite (DESKAUDIT_DATABASE_URL) to PostgreSQL, and no other way.")
    migrating.must_be_current(source)
    if migrating.look(target) is not Found.EMPTY:
        raise CannotCopy(
            f"The database {connecting.said(target)} is not empty, so nothing was moved. Give it a new one."
        )


@contextmanager
def _one_state_of(source: URL) -> Iterator[Connection]:
    engine = connecting.looking_engine(source)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")  # the driver would begin none for reading
            yield connection
    finally:
        engine.dispose()


def _moved(taken: Connection, given: Connection, told: Told) -> Moved:
    tables = METADATA.sorted_tables
    total = sum(taken.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)
    done = 0
    migrating.upgrade_over(given)
    for table in tables:
        for copied in _copied(table, taken, given):
            told(done := done + copied, 2 * total)
        _count_on(table, given)
    for table in tables:
        for compared in _compared(table, taken, given):
            told(done := done + compared, 2 * total)
    _trails_must_hold(given)
    return Moved(total, len(tables))


def _copied(table: Table, taken: Connection, given: Connection) -> Iterator[int]:
    if table is HEADS:
        return  # moved forward by the entries
    if table is ENTRIES:
        _start_trails(taken, given)
    for rows in taken.execute(_in_order(table, taken)).mappings().partitions(ROWS_AT_ONCE):
        given.execute(insert(table), [dict(row) for row in rows])
        yield len(rows)


def _start_trails(taken: Connection, given: Connection) -> None:
    starts = [{**row, "sequence": 0, "hash": BEFORE_THE_FIRST} for row in taken.execute(select(HEADS)).mappings()]
    if starts:
        given.execute(insert(HEADS), starts)


def _count_on(table: Table, given: Connection) -> None:
    """Let the next row get the id after the last one, as if all had been stored here."""
    if "id" in table.c and isinstance(table.c.id.type, Integer):
        counter = func.pg_get_serial_sequence(table.name, "id")
        given.execute(select(func.setval(counter, func.max(table.c.id))).having(func.max(table.c.id).is_not(None)))


def _compared(table: Table, taken: Connection, given: Connection) -> Iterator[int]:
    pairs = zip_longest(_rows(table, taken), _rows(table, given))
    for number, (there, here) in enumerate(pairs, start=1):
        # As they are written, since to Python 1, 1.0 and True are alike.
        if repr(there) != repr(here):
            raise CannotCopy(f"{table.name}: {_key(table, there or here)} is not what it was, so nothing was moved.")
        if number % ROWS_AT_ONCE == 0:
            yield ROWS_AT_ONCE


def _rows(table: Table, connection: Connection) -> Iterator[dict[str, object] | None]:
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(_in_order(table, connection))
    return (dict(row) for row in found.mappings())


def _in_order(table: Table, connection: Connection) -> Select[tuple[object, ...]]:
    return select(table).order_by(*(_by_its_bytes(column, connection) for column in table.primary_key))


def _by_its_bytes(column: ColumnElement[Any], connection: Connection) -> ColumnElement[Any]:
    # SQLite orders text by its bytes, PostgreSQL by a language unless it is told otherwise.
    is_text = isinstance(column.type, String) and connection.dialect.name == "postgresql"
    return collate(column, "C") if is_text else column


def _key(table: Table, row: dict[str, object] | RowMapping | None) -> str:
    return ", ".join(f"{column.name} {(row or {}).get(column.name)}" for column in table.primary_key)


def _trails_must_hold(given: Connection) -> None:
    for (workspace_id,) in given.execute(select(HEADS.c.workspace_id)).all():
        if faults := trail.verify(UnitOfWork(given, workspace_id)):
            first = faults[0]
            raise CannotCopy(f"{workspace_id}, audit trail: entry {first.sequence} {first.what}; nothing was moved.")
