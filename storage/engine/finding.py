"""Sealing rows as they are found: what was written before the trail sealed words, once, when the tables are brought up.

Nobody can say whether such a row was altered before; from here on it cannot be without being found.
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, update
from sqlmodel import SQLModel, col

from storage.engine import statements
from storage.engine.unit_of_work import NOBODY, UnitOfWork
from storage.engine.workspace import Workspace
from storage.engine.workspace_rows import as_row
from storage.record import trail
from storage.record.fingerprints import is_sealed
from storage.record.trail import TrailHead

ROWS_FOUND = "record.find"
"""The verb of an entry that seals rows as they were found."""

ROWS_PER_READ = 500


def seal_what_is_not(connection: Connection, now: Callable[[], datetime]) -> None:
    """Seal every row of each workspace whose trail has sealed no words yet; where all have, nothing is done.

    A trail that has sealed words and lost its salt is not sealed anew: that would make true whatever stands there now.
    """
    for found in connection.execute(statements.select_workspaces()).fetchall():
        rows = UnitOfWork(connection, as_row(Workspace, found).id)
        if not trail.head(rows).salt and not trail.seals_words(rows):
            _seal(rows, now())


def record_tables() -> list[type[SQLModel]]:
    """The tables of the record, in the order of their names; the workspace itself is one of them."""
    models: list[type[SQLModel]] = [mapper.class_ for mapper in SQLModel._sa_registry.mappers]  # noqa: SLF001 - as SQLModel keeps them
    return sorted(filter(is_sealed, models), key=lambda table: str(table.__tablename__))


def pages_of(rows: UnitOfWork, table: Any) -> Iterator[list[Any]]:
    """Every row of a table in the order of their ids, some at a time."""
    if table is Workspace:
        yield rows.itself()
        return
    page = rows.all(table, limit=ROWS_PER_READ)  # from the very first: somebody may have put a row before id 1
    while page:
        yield page
        page = rows.all(table, col(table.id) > page[-1].id, limit=ROWS_PER_READ)


def _seal(rows: UnitOfWork, at: datetime) -> None:
    if trail.head(rows).sequence:
        _give_salt(rows)
    for table in record_tables():
        for page in pages_of(rows, table):
            rows.found(page)
            rows.record(actor=NOBODY, verb=ROWS_FOUND, subject="record", subject_id=rows.workspace_id, at=at)
            rows.complete(lambda: at)


def _give_salt(rows: UnitOfWork) -> None:
    table = statements.table_of(TrailHead)
    given = update(table).where(table.c.workspace_id == rows.workspace_id)
    rows.connection.execute(given.values(salt=secrets.token_hex(trail.SALT_BYTES)))
