"""Engines: what a connection must be told before anything is read or written through it."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url

POSTGRES_THREADS = 8
READER_THREADS = 3
"""More would only wait for each other: in the end one thread of Python runs at a time. One long question leaves one."""

SILENT = {"hide_parameters": True}
"""What people wrote stays out of errors, and so out of the log."""

BUSY_TIMEOUT_MS = 30_000
"""How long SQLite waits for another process's write to end."""


def database_url(url: str) -> URL:
    """The URL as SQLAlchemy wants it: `postgres://` and `postgresql://` mean the psycopg driver."""
    parsed = make_url(url)
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ValueError(f"a database URL starts with sqlite:/// or postgresql://, not with {parsed.drivername}")
    if parsed.drivername == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ValueError("SQLite needs a file: sqlite:///path/to/deskaudit.db")
    return parsed


def database_file(url: URL) -> Path | None:
    """Where the database lies, when it is a file."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def said(url: URL) -> str:
    """What people call the database: its file, or its name and host, never the password."""
    return str(database_file(url) or f"{url.database} on {url.host or url.query.get('host', 'this machine')}")


def looking_engine(url: URL) -> Engine:
    """An engine that only looks, and leaves SQLite's file as it is. Where there is no file, SQLite would make one."""
    return create_engine(_lying_still(url), poolclass=NullPool, **SILENT)


def writing_engine(url: URL) -> Engine:
    """An engine whose transactions may write."""
    if url.get_backend_name() == "postgresql":
        # Asked whether it still lives before use, so that a restart of PostgreSQL costs nobody a click.
        return create_engine(url, pool_size=POSTGRES_THREADS, pool_pre_ping=True, **SILENT)
    engine = create_engine(url, **SILENT)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reading_engine(url: URL) -> Engine:
    """An engine whose transactions see one state of the database and refuse to write."""
    if url.get_backend_name() == "postgresql":
        options = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        return create_engine(url, pool_size=READER_THREADS, pool_pre_ping=True, execution_options=options, **SILENT)
    engine = create_engine(_lying_still(url), pool_size=READER_THREADS, **SILENT)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "connect", _refuse_writes)
    event.listen(engine, "begin", _begin)
    return engine


def _lying_still(url: URL) -> URL:
    """Where nothing can be written SQLite cannot lay its own files beside the database, and is told not to want them.

    Only where the database was closed in good order: else the file lacks what was written last.
    """
    file = database_file(url)
    if file is None or not file.exists() or os.access(file.parent, os.W_OK, effective_ids=True):
        return url
    written_last = file.with_name(f"{file.name}-wal")
    if written_last.exists() and written_last.stat().st_size:
        return url
    return url.set(database=file.absolute().as_uri()).update_query_dict({"immutable": "1", "uri": "true"})


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin transactions of its own, and too late
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        # Here SQLite does not wait its turn. Busy means that another process is making this very change to the file.
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise


def _refuse_writes(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    # A transaction that begins by reading and writes later fails at once with SQLITE_BUSY_SNAPSHOT.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
