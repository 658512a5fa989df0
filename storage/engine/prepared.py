"""Statements made ready once for a connection: their text, and what turns values into the driver's and back.

SQLAlchemy builds a context around a statement each time it is run, which costs four times what SQLite needs to carry it
out. So the statements of which every command is made are handed to the driver directly, past SQLAlchemy's public ways.
`statements_of` is the one door to that; a database opened with `prepared=False` goes by those ways instead.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from storage.engine import statements

Statement = Select[Any] | Insert | Update | Delete
Converter = Callable[[Any], Any]
Values = Mapping[str, Any]


class Prepared:
    """A statement in the words of a dialect; `names` are those of the values that it will be given."""

    def __init__(self, statement: Statement, names: tuple[str, ...], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=list(names))
        self.text = compiled.string
        bound = {name: compiled.binds[name] for name in compiled.positiontup or compiled.binds}
        # What is not given stands in the statement itself, such as the 1 in `version + 1`.
        self._own = {name: each.effective_value for name, each in bound.items() if name not in names}
        self._order = compiled.positiontup
        self._converters = _needed(
            {name: each.type.dialect_impl(dialect).bind_processor(dialect) for name, each in bound.items()}
        )

    def given(self, values: Values) -> list[Any] | dict[str, Any]:
        """The values as the driver takes them."""
        given = {**self._own, **values}
        for name, convert in self._converters:
            given[name] = convert(given[name])
        return given if self._order is None else [given[name] for name in self._order]


class Statements(Protocol):
    """How statements that are built once are carried out."""

    def run(self, statement: Statement, values: Values) -> Any:
        """Carry out a statement; gives a cursor. Raises the errors of SQLAlchemy."""

    def run_each(self, statement: Statement, values: Sequence[Values]) -> int:
        """Carry out a statement once for each of the values, which all have the same names; gives the rows it touched.

        On PostgreSQL that is sent in one go, where one after the other each would wait for the answer to the last.
        """

    def fetch(self, rows: type[SQLModel], statement: Statement, values: Values) -> list[dict[str, Any]]:
        """What a statement gives that has all of the columns of these rows, by column."""


def statements_of(connection: Connection) -> Statements:
    """Handed to the driver, unless the connection's execution option `prepared` says otherwise."""
    return Driver(connection) if connection.get_execution_options().get("prepared", True) else Plain(connection)


class Plain:
    """SQLAlchemy's own way."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def run(self, statement: Statement, values: Values) -> Any:
        """As `Statements` says."""
        # SQLAlchemy keeps the row count of updates only, unless it is asked to.
        return self._connection.execute(statement, values, execution_options={"preserve_rowcount": True})

    def run_each(self, statement: Statement, values: Sequence[Values]) -> int:
        """As `Statements` says."""
        return sum(self.run(statement, each).rowcount for each in values)

    def fetch(self, rows: type[SQLModel], statement: Statement, values: Values) -> list[dict[str, Any]]:
        """As `Statements` says."""
        names = statements.column_names(rows)
        return [dict(zip(names, each, strict=True)) for each in self.run(statement, values).fetchall()]


class Driver:
    """What lies below SQLAlchemy's connection, with the statements that were made ready there."""

    def __init__(self, connection: Connection) -> None:
        self._driver: Any = connection.connection.driver_connection
        self._dialect = connection.dialect
        # Kept with the driver's connection, which outlives this one in the pool.
        self._ready: dict[object, Any] = connection.info.setdefault("ready", {})

    def run(self, statement: Statement, values: Values) -> Any:
        """As `Statements` says; the cursor is the driver's."""
        prepared = self._prepared(statement, values)
        with self._errors_of(prepared, values):
            return self._driver.execute(prepared.text, prepared.given(values))

    def run_each(self, statement: Statement, values: Sequence[Values]) -> int:
        """As `Statements` says."""
        if not values:
            return 0
        prepared, cursor = self._prepared(statement, values[0]), self._driver.cursor()
        with self._errors_of(prepared, values[0]):
            cursor.executemany(prepared.text, [prepared.given(each) for each in values])
        return int(cursor.rowcount)

    def _prepared(self, statement: Statement, values: Values) -> Prepared:
        key = (statement, *values)
        prepared: Prepared | None = self._ready.get(key)
        if prepared is None:
            prepared = self._ready[key] = Prepared(statement, tuple(values), self._dialect)
        return prepared

    @contextmanager
    def _errors_of(self, prepared: Prepared, values: Values) -> Iterator[None]:
        error_class = self._dialect.loaded_dbapi.Error
        try:
            yield
        except error_class as error:
            raise DBAPIError.instance(prepared.text, dict(values), error, error_class, dialect=self._dialect) from error

    def fetch(self, rows: type[SQLModel], statement: Statement, values: Values) -> list[dict[str, Any]]:
        """As `Statements` says."""
        names, converters = statements.column_names(rows), self._converters_of(rows)
        found = [dict(zip(names, each, strict=True)) for each in self.run(statement, values).fetchall()]
        for row in found:
            for name, convert in converters:
                if (value := row[name]) is not None:
                    row[name] = convert(value)
        return found

    def _converters_of(self, rows: type[SQLModel]) -> list[tuple[str, Converter]]:
        ready: list[tuple[str, Converter]] | None = self._ready.get(rows)
        if ready is None:
            types = {column.name: column.type.dialect_impl(self._dialect) for column in statements.table_of(rows).c}
            ready = _needed({name: each.result_processor(self._dialect, None) for name, each in types.items()})
            self._ready[rows] = ready
        return ready


def _needed(converters: Mapping[str, Converter | None]) -> list[tuple[str, Converter]]:
    return [(name, convert) for name, convert in converters.items() if convert is not None]
