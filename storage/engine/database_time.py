"""The database's own clock: the one that all replicas share, whatever their machines' clocks say."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Float, bindparam, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from storage.engine.rows import UtcDateTime


class SecondsFromNow(FunctionElement[datetime]):
    """The moment so many seconds from now, in UTC; the number is the bound value of the given name."""

    name = "seconds_from_now"
    type = UtcDateTime()
    inherit_cache = True

    def __init__(self, seconds: str) -> None:
        super().__init__(bindparam(seconds, type_=Float))


def now(connection: Connection) -> datetime:
    """The moment it is by the database's clock."""
    moment: datetime = connection.execute(select(SecondsFromNow("seconds")), {"seconds": 0.0}).scalar_one()
    return moment


@compiles(SecondsFromNow, "sqlite")
def _sqlite(element: SecondsFromNow, compiler: SQLCompiler, **how: Any) -> str:
    # In the very form in which moments are stored, as SQLite compares them as text.
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', ({compiler.process(element.clauses, **how)}) || ' seconds')"


@compiles(SecondsFromNow, "postgresql")
def _postgresql(element: SecondsFromNow, compiler: SQLCompiler, **how: Any) -> str:
    # `now()` would be the moment at which the transaction began, which may have waited for another since.
    return f"(clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **how)}))"
