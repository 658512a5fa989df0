"""Bringing a database to the newest tables, one replica at a time, all steps or none; and telling what one is."""

import sqlite3
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, func, inspect, select
from sqlalchemy.exc import DatabaseError

from storage.engine import connecting, finding
from storage.engine.errors import DatabaseEmpty, DatabaseIsForeign, DatabaseIsNewer, DatabaseIsOlder, DatabaseMissing

MIGRATIONS = Path(__file__).parents[1] / "migrations"
ADVISORY_LOCK = 8_412_013
"""PostgreSQL's name for the lock that a migrating replica holds; any number that nothing else uses."""

ALWAYS_OURS = "trail_head"
"""A table that every version of the bot has: by it our databases are told from others."""


class Found(StrEnum):
    """What stands at a database URL. `older`: `deskaudit run` would bring it up to date; `newer`: it cannot."""

    MISSING = "missing"
    EMPTY = "empty"
    FOREIGN = "foreign"
    OLDER = "older"
    CURRENT = "current"
    NEWER = "newer"


def look(url: URL) -> Found:
    """What stands there. Nothing is made or changed, not even the way in which SQLite keeps the file."""
    if (file := connecting.database_file(url)) and not file.exists():
        return Found.MISSING
    engine = connecting.looking_engine(url)
    try:
        with engine.connect() as connection:
            return _found(connection)
    except DatabaseError as error:
        if getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            return Found.FOREIGN
        raise
    finally:
        engine.dispose()


def must_be_current(url: URL) -> None:
    """Raise the `StorageError` that says why this database cannot be worked with; nothing when it can."""
    if must_be_ours(url) is Found.OLDER:
        where = connecting.said(url)
        raise DatabaseIsOlder(f"The database {where} is of an older version; `deskaudit run` brings it up to date.")


def must_be_ours(url: URL) -> Found:
    """The same, where an older database will do too; says which it is."""
    where = connecting.said(url)
    match found := look(url):
        case Found.MISSING:
            raise DatabaseMissing(f"There is no database at {where}; `deskaudit run` makes one.")
        case Found.EMPTY:
            raise DatabaseEmpty(f"The database {where} is empty; `deskaudit run` makes its tables.")
        case Found.FOREIGN:
            raise _foreign(where)
        case Found.NEWER:
            raise DatabaseIsNewer(
                f"The database {where} is of a newer version of the bot; it was left untouched. Start that version."
            )
        case Found.OLDER | Found.CURRENT:
            return found


def upgrade(engine: Engine, now: Callable[[], datetime]) -> None:
    """Take every step the database has not taken, and seal what was written before the trail sealed words.

    Raises DatabaseIsNewer when it took some that are unknown here, and DatabaseIsForeign when others keep theirs in it.
    """
    if look(engine.url) is Found.FOREIGN:
        raise _foreign(connecting.said(engine.url))
    with engine.begin() as connection:
        upgrade_over(connection)
        finding.seal_what_is_not(connection, now)


def upgrade_over(connection: Connection) -> None:
    """The same within a transaction that stands open."""
    config = _config()
    _one_replica_at_a_time(connection)
    _must_not_be_newer(connection, ScriptDirectory.from_config(config))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revision(url: URL) -> str:
    """Which step a database of ours took last."""
    engine = connecting.looking_engine(url)
    try:
        with engine.connect() as connection:
            return ",".join(sorted(MigrationContext.configure(connection).get_current_heads()))
    finally:
        engine.dispose()


def knows(step: str) -> bool:
    """Whether a step is known to this version of the bot."""
    return step in _steps(ScriptDirectory.from_config(_config()))


def _found(connection: Connection) -> Found:
    tables = inspect(connection).get_table_names()
    if not tables:
        return Found.EMPTY
    if ALWAYS_OURS not in tables:
        return Found.FOREIGN
    known = ScriptDirectory.from_config(_config())
    taken = set(MigrationContext.configure(connection).get_current_heads())
    if taken - _steps(known):
        return Found.NEWER
    return Found.CURRENT if taken == set(known.get_heads()) else Found.OLDER


def _foreign(where: str) -> DatabaseIsForeign:
    return DatabaseIsForeign(f"The database {where} holds tables of something else; give the bot one of its own.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _steps(known: ScriptDirectory) -> set[str]:
    return {step.revision for step in known.walk_revisions()}


def _one_replica_at_a_time(connection: Connection) -> None:
    # On SQLite the transaction itself is the lock: it began as a write.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))


def _must_not_be_newer(connection: Connection, known: ScriptDirectory) -> None:
    if unknown := set(MigrationContext.configure(connection).get_current_heads()) - _steps(known):
        raise DatabaseIsNewer(
            f"the database is at revision {', '.join(sorted(unknown))}, which this version of the bot does not know; "
            "it was left untouched. Start the version that upgraded it, or a newer one"
        )
