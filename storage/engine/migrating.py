"""Bringing a database to the newest tables, one replica at a time, all steps or none."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select

from storage.engine import finding
from storage.engine.errors import DatabaseIsNewer

MIGRATIONS = Path(__file__).parents[1] / "migrations"
ADVISORY_LOCK = 8_412_013
"""PostgreSQL's name for the lock that a migrating replica holds; any number that nothing else uses."""


def upgrade(engine: Engine, now: Callable[[], datetime]) -> None:
    """Take every step the database has not taken, and seal what was written before the trail sealed words.

    Raises DatabaseIsNewer when it took some that are unknown here.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        _one_replica_at_a_time(connection)
        _must_not_be_newer(connection, ScriptDirectory.from_config(config))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        finding.seal_what_is_not(connection, now)


def _one_replica_at_a_time(connection: Connection) -> None:
    # On SQLite the transaction itself is the lock: it began as a write.
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))


def _must_not_be_newer(connection: Connection, known: ScriptDirectory) -> None:
    steps = {step.revision for step in known.walk_revisions()}
    if unknown := set(MigrationContext.configure(connection).get_current_heads()) - steps:
        raise DatabaseIsNewer(
            f"the database is at revision {', '.join(sorted(unknown))}, which this version of the bot does not know; "
            "it was left untouched. Start the version that upgraded it, or a newer one"
        )
