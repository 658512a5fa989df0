"""What a condition may name: columns of the table asked for, and what another one holds in the same workspace."""

from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped
from sqlalchemy.sql.expression import ColumnClause
from sqlalchemy.sql.visitors import ExternallyTraversible
from sqlmodel import SQLModel

from storage.engine import statements

Condition = ColumnElement[bool]

_OF_THE_WORKSPACE = "of_the_workspace"


def values_of(column: Mapped[Any], *where: Condition) -> Select[Any]:
    """What a column of another table holds in the workspace's rows that meet every condition, for `in_`.

    Raises ValueError for a condition that names yet another table, unless by `values_of` again.
    """
    attribute = cast("InstrumentedAttribute[Any]", column)
    rows = cast("type[SQLModel]", attribute.class_)
    for condition in where:
        must_stay_within(rows, condition)
    table = statements.table_of(rows)
    chosen = select(table.c[attribute.key]).where(table.c.workspace_id == bindparam(statements.WORKSPACE), *where)
    return chosen.execution_options(**{_OF_THE_WORKSPACE: True})


def must_stay_within(rows: type[SQLModel], condition: Condition) -> None:
    """Raises ValueError for a condition that could wander into another workspace."""
    own = statements.table_of(rows)
    for part in _own_parts(condition):
        if isinstance(part, ColumnClause) and part.table is not own:
            raise ValueError(f"a condition on {own.name} names {part}, which is not one of its columns")


def _own_parts(part: ExternallyTraversible) -> Iterator[ExternallyTraversible]:
    yield part
    if isinstance(part, Select) and part.get_execution_options().get(_OF_THE_WORKSPACE):
        return  # looked at when it was made
    for each in part.get_children():
        yield from _own_parts(each)
