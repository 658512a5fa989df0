"""SQL statements of the kinds every table needs, each built once and kept: building costs more than running.

All but one carry the workspace as the bound value `workspace`, so none can be run without saying whose rows it means.
A table here is any SQLModel class with a `workspace_id` column.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Integer,
    Select,
    Table,
    TextClause,
    Update,
    bindparam,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, class_mapper
from sqlmodel import SQLModel

from storage.engine.workspace import Workspace

WORKSPACE = "workspace"
"""The bound value that limits a statement to one workspace."""

NEVER_CHANGED = frozenset({"id", "workspace_id", "version"})
"""Columns the unit of work looks after; a caller who names one has mistaken something."""


@cache
def table_of(rows: type[SQLModel]) -> Table:
    """The table behind a SQLModel class."""
    # Asked in this way SQLAlchemy also makes the attributes of the class ready, which rows built by hand rely on.
    table = class_mapper(rows).local_table
    assert isinstance(table, Table)
    return table


@cache
def column_names(rows: type[SQLModel]) -> tuple[str, ...]:
    """The names of the columns, in the order a select gives them."""
    return tuple(column.name for column in table_of(rows).columns)


@cache
def select_all(rows: type[SQLModel]) -> Select[Any]:
    """Every row of the workspace; callers add conditions and an order."""
    table = table_of(rows)
    return select(table).where(table.c.workspace_id == bindparam(WORKSPACE))


def the_one(rows: type[SQLModel]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """That a row is the workspace's and has the id `row_id`, in words by which it is found by its id.

    By `=` PostgreSQL may take an index that begins with the workspace, as long as it has no statistics, and read all
    rows of the workspace to find one of them.
    """
    table = table_of(rows)
    return table.c.workspace_id.is_not_distinct_from(bindparam(WORKSPACE)), table.c.id == bindparam("row_id")


@cache
def select_by_id(rows: type[SQLModel]) -> Select[Any]:
    """The row whose id is the bound value `row_id`."""
    return select(table_of(rows)).where(*the_one(rows))


@cache
def select_matching(rows: type[SQLModel], filled: tuple[str, ...], empty: tuple[str, ...]) -> Select[Any]:
    """The rows whose columns have the bound values of the same names, or none where `empty`; in order of storing."""
    table = table_of(rows)
    same = (table.c[name] == bindparam(f"same_{name}", type_=table.c[name].type) for name in filled)
    nothing = (table.c[name].is_(None) for name in empty)
    return select_all(rows).where(*same, *nothing).order_by(*table.primary_key)


@cache
def select_locked(rows: type[SQLModel]) -> Select[Any]:
    """Every row of the workspace, kept from other writers until the transaction ends."""
    return select_all(rows).with_for_update()


def first_unlocked(
    rows: type[SQLModel], *where: TextClause | ColumnElement[bool], order_by: Sequence[ColumnElement[Any]]
) -> Select[tuple[int]]:
    """The ids of the first rows of the workspace that are due by the bound value `now`, `most` of them, kept for us.

    Rows that another one is just taking are passed over. In a common table expression, since PostgreSQL may run a plain
    subquery more than once and lock too much; SQLite has one writer at a time and leaves the locking out.
    """
    table = table_of(rows)
    chosen = (
        select(table.c.id)
        .where(table.c.workspace_id == bindparam(WORKSPACE), *where)
        .where(table.c.not_before <= bindparam("now", type_=table.c.not_before.type))
        .order_by(*order_by)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    return select(chosen.c.id)


@cache
def select_workspace() -> Select[Any]:
    """The workspace itself, whose own id says which one it is."""
    table = table_of(Workspace)
    return select(table).where(table.c.id == bindparam(WORKSPACE))


@cache
def select_workspaces() -> Select[Any]:
    """Every workspace: the one statement that is not limited to one."""
    table = table_of(Workspace)
    return select(table).order_by(table.c.id)


def among(column: Mapped[int], ids: Collection[int]) -> ColumnElement[bool]:
    """Whether a column holds one of these ids, however many; they are written out, as only so many may be bound."""
    return column.in_(bindparam("ids", list(ids), expanding=True, literal_execute=True))


@cache
def select_count(rows: type[SQLModel]) -> Select[Any]:
    """How many rows the workspace has; callers add conditions."""
    table = table_of(rows)
    return select(func.count()).select_from(table).where(table.c.workspace_id == bindparam(WORKSPACE))


@cache
def insert_row(rows: type[SQLModel]) -> Insert:
    """A new row; the values name the columns."""
    return insert(table_of(rows))


@cache
def insert_new(rows: type[SQLModel]) -> Insert:
    """A new row, which gives its id."""
    return insert_row(rows).returning(table_of(rows).c.id)


def dialect_insert(rows: type[SQLModel], dialect: str) -> sqlite.Insert | postgresql.Insert:
    """A new row, in the words of a dialect that knows what to do when it is not new."""
    table = table_of(rows)
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


@cache
def insert_unless_there(rows: type[SQLModel], dialect: str) -> Insert:
    """A new row, or nothing when a unique constraint says that it already stands there; the row count tells which."""
    return dialect_insert(rows, dialect).on_conflict_do_nothing()


@cache
def insert_new_unless_there(rows: type[SQLModel], dialect: str) -> Insert:
    """A new row, which gives its id, or nothing when a unique constraint says that it already stands there."""
    return insert_unless_there(rows, dialect).returning(table_of(rows).c.id)


@cache
def upsert(rows: type[SQLModel], key: str, changed: tuple[str, ...], dialect: str) -> Insert:
    """A new row, or the named columns changed (and the version raised) in the row with the same `key`."""
    table = table_of(rows)
    fresh = dialect_insert(rows, dialect)
    values = {name: fresh.excluded[name] for name in changed} | {"version": table.c.version + 1}
    return fresh.on_conflict_do_update(index_elements=[key], set_=values)


@cache
def update_row(rows: type[SQLModel], changed: tuple[str, ...]) -> Update:
    """The named columns of the row `row_id`, unless its version is no longer `row_version`."""
    if refused := NEVER_CHANGED.intersection(changed):
        raise ValueError(f"{rows.__tablename__}: {', '.join(sorted(refused))} cannot be changed")
    table = table_of(rows)
    return (
        update(table)
        .where(*the_one(rows), table.c.version == bindparam("row_version"))
        .values({name: bindparam(f"new_{name}") for name in changed} | {"version": table.c.version + 1})
    )
