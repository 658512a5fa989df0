"""`deskaudit move`: a SQLite database becomes a PostgreSQL one, every row of it, or nothing happens."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect

from storage.copying import moving
from storage.copying.errors import CannotCopy
from storage.engine.connecting import database_url as as_url
from storage.engine.database import Database
from storage.people.tables import Person
from storage.record import trail
from storage.schema import METADATA
from tests.bot.test_backup import rows_of
from tests.bot.test_cli import deskaudit
from tests.conftest import Postgres, migrate
from tests.storage.samples import AT, OTHER, one_of_each, record


@pytest.fixture
def source(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A SQLite database with a row in every table and trails in two workspaces."""
    file = tmp_path / "deskaudit.db"
    shutil.copy(sqlite_template, file)
    monkeypatch.setenv("DESKAUDIT_DATABASE_URL", f"sqlite:///{file}")
    database = Database.open(f"sqlite:///{file}")
    for workspace_id in ("T0SAMPLE", OTHER):
        with database.unit_of_work(workspace_id) as uow:
            uow.put_workspace(name="Beispiel, 例")
            for note in ("first", "with 'quotes' and \\", "🙂"):
                record(uow, note)
    with database.unit_of_work("T0SAMPLE") as uow:
        one_of_each(uow)
        uow.first_time("a key", AT)
        uow.first_time("A key", AT)
    database.shut_down()
    return file


@pytest.fixture
def target(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty PostgreSQL database, named to the command by the environment."""
    url = postgres.create()
    monkeypatch.setenv("DESKAUDIT_MOVE_TO", url)
    return url


@pytest.fixture
def moved(source: Path, target: str) -> Iterator[Database]:
    code, said = deskaudit("move")
    assert code == 0, said
    database = Database.open_existing(target)
    yield database
    database.shut_down()


def tables_at(url: str) -> list[str]:
    engine = create_engine(as_url(url))
    with engine.connect() as connection:
        found = inspect(connection).get_table_names()
    engine.dispose()
    return found


def test_every_row_is_there_and_the_source_is_as_it_was(source: Path, target: str) -> None:
    before = hashlib.sha256(source.read_bytes()).hexdigest()
    code, said = deskaudit("move")
    rows = rows_of(f"sqlite:///{source}")
    count = sum(map(len, rows.values()))
    assert (code, said.splitlines()[-2]) == (0, f"moved and compared: {count} rows of {len(METADATA.tables)} tables")
    assert rows_of(target) == rows
    assert all(rows.values()) or [name for name, found in rows.items() if not found] == ["sender_lease"]
    assert hashlib.sha256(source.read_bytes()).hexdigest() == before


def test_ids_and_trails_go_on_where_they_were(moved: Database) -> None:
    with moved.unit_of_work("T0SAMPLE") as uow:
        [there] = uow.all(Person)
        assert uow.add(Person(slack_id="U9", name="New", synced_at=AT)).id == there.id + 1
        record(uow, "after the move")
        assert trail.verify(uow) == []
        assert trail.head(uow).sequence == 5


def test_the_trail_is_guarded_there(moved: Database) -> None:
    with pytest.raises(Exception, match="append-only"), moved.unit_of_work("T0SAMPLE") as uow:
        uow.connection.exec_driver_sql("UPDATE trail_entry SET actor_id = 'U9'")


def test_nothing_is_moved_into_a_database_that_is_not_empty(source: Path, target: str) -> None:
    migrate(target)
    code, said = deskaudit("move")
    assert (code, "is not empty, so nothing was moved" in said) == (1, True)


def test_a_row_that_postgresql_refuses_leaves_it_empty(source: Path, target: str) -> None:
    database = Database.open(f"sqlite:///{source}")
    with database.unit_of_work("T0SAMPLE") as uow:
        uow.change(uow.all(Person)[0], name="nil\0nil")
    database.shut_down()
    assert deskaudit("move")[0] == 1
    assert tables_at(target) == []


def test_a_trail_that_was_meddled_with_is_not_moved(source: Path, target: str) -> None:
    engine = create_engine(f"sqlite:///{source}")
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trail_entry_refuses_update")
        connection.exec_driver_sql("UPDATE trail_entry SET actor_id = 'U9' WHERE sequence = 2")
    engine.dispose()
    code, said = deskaudit("move")
    assert (code, "entry 2 was changed after it was written; nothing was moved" in said) == (1, True)
    assert tables_at(target) == []


def test_a_copy_that_differs_in_one_value_is_noticed(source: Path, tmp_path: Path) -> None:
    shutil.copy(source, tmp_path / "other.db")
    engines = [create_engine(f"sqlite:///{file}") for file in (source, tmp_path / "other.db")]
    with engines[0].connect() as taken, engines[1].begin() as given:
        table = METADATA.tables["person"]
        assert sum(moving._compared(table, taken, given)) == 0
        given.exec_driver_sql("UPDATE person SET is_deactivated = 1 - is_deactivated")
        with pytest.raises(CannotCopy, match="person: id 1 is not what it was"):
            list(moving._compared(table, taken, given))
        given.exec_driver_sql("DELETE FROM person")
        with pytest.raises(CannotCopy, match="person: id 1 is not what it was"):
            list(moving._compared(table, taken, given))
    for engine in engines:
        engine.dispose()


WRONG_WAYS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "to SQLite": lambda source, _target: (source, "sqlite:///other.db"),
    "from PostgreSQL": lambda _source, target: (target, target),
}


@pytest.mark.parametrize("way", WRONG_WAYS)
def test_other_ways_are_refused(
    source: Path, target: str, monkeypatch: pytest.MonkeyPatch, way: str, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    start, end = WRONG_WAYS[way](f"sqlite:///{source}", target)
    monkeypatch.setenv("DESKAUDIT_DATABASE_URL", start)
    code, said = deskaudit("move", end)
    assert (code, "and no other way" in said) == (1, True)
    assert not (tmp_path / "other.db").exists()
