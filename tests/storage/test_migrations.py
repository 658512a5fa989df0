"""The migrations make exactly the tables the models describe, once, and leave a newer database alone."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, insert, inspect, text

from storage.engine import statements
from storage.engine.canonical import JSON, canonical_json
from storage.engine.connecting import database_file, said, writing_engine
from storage.engine.connecting import database_url as as_url
from storage.engine.database import Database
from storage.engine.errors import (
    DatabaseEmpty,
    DatabaseIsForeign,
    DatabaseIsNewer,
    DatabaseIsOlder,
    DatabaseMissing,
    StorageError,
)
from storage.engine.migrating import MIGRATIONS, Found, look
from storage.engine.rows import Row
from storage.evidence.tables import Evidence, EvidenceState, WayIn
from storage.importing.tables import ImportRun
from storage.packs.tables import Pack
from storage.record import checking, errands
from storage.record.trail import BEFORE_THE_FIRST
from storage.schema import METADATA
from tests.conftest import Postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without any tables, which the test may do with as it likes."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    postgres: Postgres = request.getfixturevalue("postgres")
    return postgres.create()


def upgrade(url: str) -> None:
    database = Database.open(url)
    try:
        database.upgrade()
    finally:
        database.shut_down()


def engine_for(url: str) -> Engine:
    return writing_engine(as_url(url))


def checks(connection: Connection) -> set[tuple[str, str]]:
    """Every check constraint in the database, as its table and name."""
    there = inspect(connection)
    return {
        (table, str(check["name"])) for table in there.get_table_names() for check in there.get_check_constraints(table)
    }


def test_from_empty_to_what_the_models_say(empty_url: str) -> None:
    upgrade(empty_url)
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_everything_alembic_does_not_compare_is_the_same_too(tmp_path: Path) -> None:
    """Check constraints, conditions of indexes and table options, as SQLite wrote them down."""
    migrated, modelled = (f"sqlite:///{tmp_path / name}" for name in ("migrated.db", "modelled.db"))
    upgrade(migrated)
    engine = create_engine(modelled)
    METADATA.create_all(engine)
    assert schema(engine_for(migrated)) == schema(engine)
    engine.dispose()


def schema(engine: Engine) -> dict[str, list[str]]:
    """What SQLite says of each table and index, part by part, so that the order does not matter.

    The name of a table that a migration made anew stands in quotes, which says nothing.
    """
    with engine.begin() as connection:
        said = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL")
        ).all()
    engine.dispose()
    return {name: sorted(parts(sql.replace(f'"{name}"', name))) for name, sql in said if name != "alembic_version"}


def parts(sql: str) -> list[str]:
    """What stands between the commas of a definition, wherever its lines are broken: SQLite adds columns behind all."""
    begin, _, rest = " ".join(sql.split()).partition("(")
    within, _, end = rest.rpartition(")")
    return [begin, *(part.strip() for part in re.split(r",(?![^()]*\))", within)), end]


def test_postgresql_has_the_same_checks(postgres: Postgres, tmp_path: Path) -> None:
    found = []
    for url in (postgres.create(), f"sqlite:///{tmp_path / 'checks.db'}"):
        upgrade(url)
        engine = engine_for(url)
        with engine.begin() as connection:
            found.append(checks(connection))
        engine.dispose()
    assert found[0] == found[1]
    assert len(found[0]) > 10


def test_upgrading_again_changes_nothing(empty_url: str) -> None:
    for _ in range(2):
        upgrade(empty_url)
    database = Database.open(empty_url)
    with database.unit_of_work("T1") as uow:
        uow.put_workspace(name="kept")
    database.upgrade()
    assert [each.name for each in database.workspaces()] == ["kept"]
    database.shut_down()


def test_rows_from_before_words_were_sealed_are_sealed_as_found(empty_url: str) -> None:
    """Old entries stay as they are; from then on what was there cannot be altered without being found."""
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        at_the_first(connection)
        connection.execute(text(OLD_WORKSPACE))
        connection.execute(text("INSERT INTO trail_head VALUES ('T1', 0, :before)"), {"before": BEFORE_THE_FIRST})
        said: list[JSON] = ["T1", 1, "2026-01-05T09:00:00.000000Z", "U1", "programme.start", "programme", "T1", "{}"]
        seal = sha256(canonical_json(said).encode()).hexdigest()
        chained = [*said, BEFORE_THE_FIRST, sha256(f"{BEFORE_THE_FIRST}{seal}".encode()).hexdigest()]
        names = [f"v{number}" for number in range(len(chained))]
        statement = text(f"INSERT INTO trail_entry VALUES (:{', :'.join(names)})")
        connection.execute(statement, dict(zip(names, chained, strict=True)))
    for _ in range(2):
        upgrade(empty_url)
    assert checked(empty_url) == (2, 1, ())
    with engine.begin() as connection:
        connection.execute(text("UPDATE workspace SET name = 'Another'"))
    engine.dispose()
    assert checked(empty_url)[2] == ("T1, record: workspace T1: the name is not what entry 2 sealed",)


def test_what_was_under_way_goes_on_as_an_errand(empty_url: str) -> None:
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        at_the_first(connection, "0004")
        connection.execute(text(OLD_WORKSPACE))
        at = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
        given: dict[str, Any] = {"provided_by": "U1", "received_at": at, "collected_on": at.date()}
        rows: list[Row] = [
            Evidence(slack_file_id="F1", name="list.pdf", channel_id="D1", message_ts="1.1", **given),
            Evidence(source_key="link:1", way_in=WayIn.LINK, name="example.com", **given),
            Evidence(slack_file_id="F2", name="kept.pdf", state=EvidenceState.REFUSED, **given),
            Pack(first=at.date(), last=at.date(), asked_by="U2", asked_at=at),
            ImportRun(file_name="list.xlsx", slack_file_id="F3", given_by="U3", given_at=at),
        ]
        for row in rows:
            values = row.model_dump(exclude={"id", "answers_because"}) | {"workspace_id": "T1"}
            connection.execute(insert(statements.table_of(type(row))).values(values))
    engine.dispose()
    upgrade(empty_url)
    database = Database.open(empty_url)
    with database.unit_of_work("T1") as uow:
        found = {each.kind: each for each in errands.claim(uow, at, timedelta(minutes=1), 10)}
    database.shut_down()
    assert {kind: (each.person_id, each.values["of"]) for kind, each in found.items()} == {
        "evidence.collect": ("U1", 1),
        "evidence.fetch": ("U1", 2),
        "pack.make": ("U2", 1),
        "import.read": ("U3", 1),
    }
    assert (found["evidence.collect"].channel_id, found["evidence.collect"].thread_ts) == ("D1", "1.1")


OLD_WORKSPACE = """
    INSERT INTO workspace (
        id, name, zone, bot_user_id, standards, owners, deputies, shows_titles, working_weekdays, directory_cursor,
        ladders, version
    ) VALUES ('T1', 'Old', 'UTC', '', '[]', '{}', '{}', true, '[]', '', '', 1)
"""


def at_the_first(connection: Connection, revision: str = "0001") -> None:
    """The tables as they were before."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def checked(url: str) -> tuple[int, int, tuple[str, ...]]:
    database = Database.open(url)
    with database.unit_of_work("T1") as uow:
        found = checking.check(uow, lambda _checked, _of: None)
    database.shut_down()
    return found.entries, found.rows, found.faults


def test_replicas_that_start_at_once_take_turns(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as replicas:
        list(replicas.map(upgrade, [empty_url] * 4))
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar_one() == 1
    engine.dispose()


def test_a_newer_database_is_refused_and_left_as_it_is(empty_url: str) -> None:
    upgrade(empty_url)
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
        connection.execute(text("DROP TABLE delivery"))
    with pytest.raises(DatabaseIsNewer, match="from-the-future"):
        upgrade(empty_url)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [
            "from-the-future"
        ]
        assert not inspect(connection).has_table("delivery")
    engine.dispose()


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    engine = engine_for(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE trail_head (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="trail_head"):
        upgrade(empty_url)
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == ["trail_head"]
    engine.dispose()


# --- what stands at a URL ---


def make_empty(url: str) -> None:
    create_engine(as_url(url)).connect().close()
    if file := database_file(as_url(url)):
        file.touch()


def make_foreign(url: str) -> None:
    engine = create_engine(as_url(url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE invoice (id INTEGER)"))
    engine.dispose()


def revise(url: str, revision: str | None) -> None:
    """A database of ours that says it took other steps."""
    upgrade(url)
    engine = create_engine(as_url(url))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
        if revision:
            connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": revision})
    engine.dispose()


STANDS_THERE: dict[Found, tuple[Callable[[str], None], type[StorageError]]] = {
    Found.EMPTY: (make_empty, DatabaseEmpty),
    Found.FOREIGN: (make_foreign, DatabaseIsForeign),
    Found.OLDER: (lambda url: revise(url, None), DatabaseIsOlder),
    Found.NEWER: (lambda url: revise(url, "from-the-future"), DatabaseIsNewer),
}


@pytest.mark.parametrize("found", STANDS_THERE)
def test_what_stands_there_is_named_and_left_alone(empty_url: str, found: Found) -> None:
    make, error = STANDS_THERE[found]
    make(empty_url)
    before = tables_at(empty_url)
    assert look(as_url(empty_url)) is found
    with pytest.raises(error):
        Database.open_existing(empty_url)
    assert tables_at(empty_url) == before


def tables_at(url: str) -> list[str]:
    engine = create_engine(as_url(url))
    with engine.begin() as connection:
        found = sorted(inspect(connection).get_table_names())
    engine.dispose()
    return found


def test_a_database_of_this_version_is_opened(empty_url: str) -> None:
    upgrade(empty_url)
    database = Database.open_existing(empty_url)
    assert database.workspaces() == []
    database.shut_down()


def test_no_file_is_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing, match=r"none\.db"):
        Database.open_existing(f"sqlite:///{tmp_path}/none.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_foreign_and_keeps_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("These are my notes. " * 100)
    with pytest.raises(DatabaseIsForeign, match=r"notes\.txt"):
        Database.open_existing(f"sqlite:///{file}")
    assert file.read_text() == "These are my notes. " * 100


def test_the_bot_takes_no_database_of_something_else(empty_url: str) -> None:
    make_foreign(empty_url)
    with pytest.raises(DatabaseIsForeign, match="one of its own"):
        upgrade(empty_url)
    assert tables_at(empty_url) == ["invoice"]


def test_a_foreign_file_is_not_even_kept_in_another_way(tmp_path: Path) -> None:
    make_foreign(f"sqlite:///{tmp_path}/other.db")
    before = (tmp_path / "other.db").read_bytes()
    with pytest.raises(DatabaseIsForeign):
        upgrade(f"sqlite:///{tmp_path}/other.db")
    assert (tmp_path / "other.db").read_bytes() == before


def test_what_people_are_told_holds_no_password() -> None:
    assert "secret" not in said(as_url("postgresql://deskaudit:secret@db.example.org/audit"))
    assert said(as_url("postgresql://deskaudit:secret@db.example.org/audit")) == "audit on db.example.org"
