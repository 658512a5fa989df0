"""The inbox: the keys of what arrived, so that what arrives twice is done once."""

from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlmodel import Field, SQLModel

from storage.engine import statements
from storage.engine.rows import moment
from storage.engine.workspace_rows import WorkspaceRows

TRIED = "tried"
"""A key that no sender gives."""


class Arrival(SQLModel, table=True):
    """Something that arrived, such as an event or an envelope, by the key its sender gave it."""

    __tablename__ = "inbox"
    __table_args__ = ({"sqlite_with_rowid": False},)

    workspace_id: str = Field(primary_key=True, max_length=32, foreign_key="workspace.id")
    key: str = Field(primary_key=True, max_length=200)
    at: datetime = moment(optional=False)


def first_time(rows: WorkspaceRows, key: str, at: datetime) -> bool:
    """True once per key: for the transaction that is the first to commit it."""
    statement = statements.insert_unless_there(Arrival, rows.dialect)
    values = {"workspace_id": rows.workspace_id, "key": key, "at": at}
    arrived: int = rows.driver.run(statement, values).rowcount
    return arrived == 1


def forget_before(rows: WorkspaceRows, at: datetime) -> int:
    """Drop keys that arrived before `at`, long after their sender would repeat them; says how many."""
    table = statements.table_of(Arrival)
    statement = delete(table).where(
        table.c.workspace_id == bindparam(statements.WORKSPACE), table.c.at < bindparam("before")
    )
    values = {statements.WORKSPACE: rows.workspace_id, "before": at}
    return rows.connection.execute(statement, values).rowcount


def try_to_write(rows: WorkspaceRows, at: datetime) -> None:
    """Store a key and drop it again, to see whether anything can be written. Nothing is left of it.

    Setting a column to what it is would tell nothing: SQLite does not write what has not changed.
    """
    first_time(rows, TRIED, at)
    table = statements.table_of(Arrival)
    own = table.c.workspace_id == bindparam(statements.WORKSPACE)
    rows.connection.execute(delete(table).where(own, table.c.key == TRIED), {statements.WORKSPACE: rows.workspace_id})
