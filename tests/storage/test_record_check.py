"""What somebody with the database does to the record behind the bot's back is named, whatever table they do it to."""

import copy
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Connection,
    Date,
    Engine,
    Integer,
    Table,
    UniqueConstraint,
    create_engine,
    insert,
    select,
    text,
    update,
)
from sqlmodel import SQLModel

from storage.engine.connecting import database_url as as_url
from storage.engine.database import Database
from storage.engine.finding import record_tables
from storage.engine.rows import Choice, UtcDateTime
from storage.engine.statements import table_of
from storage.people.tables import Person
from storage.record import trail
from storage.record.checking import RecordCheck, called
from storage.record.fingerprints import OPERATIONAL, OPERATIONAL_COLUMNS, sealed_columns
from storage.record.sealed_rows import sealed_in
from storage.schema import METADATA
from tests.conftest import WORKSPACE, with_workspace
from tests.storage.samples import AT, one_of_each

TABLES: dict[str, type[SQLModel]] = {str(each.__tablename__): each for each in record_tables()}
"""From the metadata, so that a new table cannot be forgotten."""

IN_A_WORKSPACE = [name for name in TABLES if name != "workspace"]
ADDED = "was added past the record, no entry of the trail sealed it"

EVERY_TABLE = pytest.mark.parametrize("name", TABLES)
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
Values = dict[str, Any]
Record = dict[str, Values]
"""A row of every table as it was before the bot changed it."""


@pytest.fixture
def database_url(database_url: str, request: pytest.FixtureRequest) -> str:
    """A database; where a test asks for the record, a copy of one that holds it: to write it anew takes longer."""
    if "record" in request.fixturenames and database_url.startswith("sqlite"):
        path, _ = request.getfixturevalue("written")
        shutil.copy(path, database_url.removeprefix("sqlite:///"))
    return database_url


@pytest.fixture(scope="session")
def written(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Record]:
    """A record in a file of SQLite."""
    path = tmp_path_factory.mktemp("record") / "deskaudit.db"
    shutil.copy(sqlite_template, path)
    database = with_workspace(f"sqlite:///{path}")
    record = write(database)
    database.shut_down()
    return path, record


@pytest.fixture
def record(database: Database, database_url: str, request: pytest.FixtureRequest) -> Record:
    """A row in every table, made by the bot and changed once; what it said before, by table."""
    if database_url.startswith("sqlite"):
        return copy.deepcopy(request.getfixturevalue("written")[1])
    return write(database)


def write(database: Database) -> Record:
    with database.unit_of_work(WORKSPACE) as uow:
        uow.found(uow.itself())
        made = [row for row in one_of_each(uow) if row.__tablename__ in TABLES]
    before = {str(row.__tablename__): row.model_dump() for row in (*made, uow.workspace())}
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(**changed(uow.workspace()))
        for row in made:
            uow.change(row, **changed(row))
    return before


@pytest.fixture
def behind_its_back(database_url: str) -> Iterator[Connection]:
    """What somebody with the password of the database can do."""
    engine: Engine = create_engine(as_url(database_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        yield connection
    engine.dispose()


def changed(row: Any) -> Values:
    table: type[SQLModel] = type(row)
    column = changed_column(table)
    return {column: another(table_of(table), column, getattr(row, column))}


def faults(database: Database, workspace: str = WORKSPACE) -> list[str]:
    with database.unit_of_work(workspace) as uow, RecordCheck(uow) as check:
        assert trail.verify(uow, seen=check.take) == []
        return list(check.faults())


def changed_column(table: type[SQLModel]) -> str:
    """A column that no constraint is about."""
    columns = table_of(table).c
    return next(
        name
        for name in sealed_columns(table)
        if not isinstance(columns[name].type, Choice) and name not in in_constraints(table_of(table))
    )


def in_constraints(table: Table) -> set[str]:
    unique = [each.columns for each in table.constraints if isinstance(each, UniqueConstraint)]
    unique += [each.columns for each in table.indexes if each.unique]
    checks = " ".join(str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint))
    return {column.name for columns in unique for column in columns} | {
        column.name for column in table.c if column.foreign_keys or re.search(rf"\b{column.name}\b", checks)
    }


def another(table: Table, column: str, value: Any) -> Any:
    """Other words for a column, of its kind."""
    kind = table.c[column].type
    if isinstance(kind, Choice):
        return next(word for word in kind.words if word is not value)
    of_its_kind: dict[type, list[Any]] = {
        UtcDateTime: [AT + timedelta(days=400), AT],
        JSON: [["something"], ["else"]],
        Boolean: [True, False],
        Integer: [7, 8],
        Date: [date(2031, 1, 2), date(2032, 1, 2)],
    }
    words = next((words for each, words in of_its_kind.items() if isinstance(kind, each)), ["x", "y"])
    return next(each for each in words if each != value)


def row_of(connection: Connection, table: Table) -> Values:
    return dict(connection.execute(select(table)).mappings().one())


def a_copy(table: Table, row: Values, its_id: int) -> Values:
    """The same row once more, as far as the constraints let it be the same."""
    unique = in_constraints(table) - {"workspace_id"}
    return {**row, **{name: another(table, name, row[name]) for name in unique}, "id": its_id}


def test_the_record_as_the_bot_wrote_it_is_intact(database: Database, record: Record) -> None:
    assert record.keys() == TABLES.keys()
    assert faults(database) == []


@EVERY_TABLE
@SQLITE
def test_every_altered_column_is_named(
    database: Database, record: Record, behind_its_back: Connection, name: str
) -> None:
    table, row = table_of(TABLES[name]), row_of(behind_its_back, table_of(TABLES[name]))
    columns = sealed_columns(TABLES[name])
    behind_its_back.execute(update(table).values({each: another(table, each, row[each]) for each in columns}))
    found = " ".join(faults(database))
    assert [column for column in columns if f"the {in_words(column)} " not in found] == []


@SQLITE
def test_an_altered_row_of_any_table_is_named(database: Database, record: Record, behind_its_back: Connection) -> None:
    for name in TABLES:
        alter(behind_its_back, name)
    assert sorted(faults(database)) == sorted(not_as_sealed(name, record) for name in TABLES)


def not_as_sealed(name: str, record: Record) -> str:
    return f"{begins(name, record)} the {in_words(changed_column(TABLES[name]))} is not what entry 2 sealed"


def alter(behind_its_back: Connection, name: str) -> None:
    table, column = table_of(TABLES[name]), changed_column(TABLES[name])
    value = another(table, column, row_of(behind_its_back, table)[column])
    behind_its_back.execute(update(table).values({column: value}))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_is_held_against_the_trail_too(
    database: Database, record: Record, behind_its_back: Connection
) -> None:
    for name in TABLES:
        alter(behind_its_back, name)
    assert len(faults(database)) == len(TABLES)


@pytest.mark.parametrize("its_id", [999, 0, -1])
@SQLITE
def test_an_added_row_of_any_table_is_named(
    database: Database, record: Record, behind_its_back: Connection, its_id: int
) -> None:
    for name in IN_A_WORKSPACE:
        table = table_of(TABLES[name])
        behind_its_back.execute(insert(table).values(a_copy(table, row_of(behind_its_back, table), its_id)))
    found = faults(database)
    assert len(found) == len(IN_A_WORKSPACE)
    assert [each for each in found if not each.endswith(ADDED)] == []


@SQLITE
def test_an_added_workspace_is_named(database: Database, record: Record, behind_its_back: Connection) -> None:
    table = table_of(TABLES["workspace"])
    added = a_copy(table, row_of(behind_its_back, table), 0) | {"id": "T0ADDED"}
    behind_its_back.execute(insert(table).values(added))
    [fault] = faults(database, "T0ADDED")
    assert fault.endswith(ADDED)


@SQLITE
def test_a_salt_that_is_lost_makes_nothing_true(
    database: Database, record: Record, behind_its_back: Connection
) -> None:
    """An upgrade seals what no salt has sealed; whoever empties the salt must not have their own words sealed so."""
    behind_its_back.execute(update(table_of(TABLES["obligation"])).values(title="Nothing to do"))
    behind_its_back.execute(text("DROP TRIGGER trail_head_moves_by_one"))
    behind_its_back.execute(text("UPDATE trail_head SET salt = ''"))
    database.upgrade()
    assert any(fault.startswith("obligation 1: ") and "title" in fault for fault in faults(database))


@SQLITE
def test_a_removed_row_of_any_table_is_named(database: Database, record: Record, behind_its_back: Connection) -> None:
    for name in IN_A_WORKSPACE:
        behind_its_back.execute(table_of(TABLES[name]).delete())
    assert sorted(faults(database)) == sorted(gone(name, record) for name in IN_A_WORKSPACE)


@SQLITE
def test_a_removed_workspace_is_named(database: Database, record: Record, behind_its_back: Connection) -> None:
    behind_its_back.execute(table_of(TABLES["workspace"]).delete())
    assert faults(database) == [gone("workspace", record)]


def gone(name: str, record: Record) -> str:
    return f"{name.replace('_', ' ')} {record[name]['id']}: is gone, and entry 2 had sealed it"


@SQLITE
def test_a_row_of_any_table_that_was_set_back_is_named(
    database: Database, record: Record, behind_its_back: Connection
) -> None:
    for name, model in TABLES.items():
        behind_its_back.execute(update(table_of(model)).values(record[name]))
    back = "was set back to version 1, and entry 2 had sealed version 2"
    assert sorted(faults(database)) == sorted(
        each for name in TABLES for each in (not_as_sealed(name, record), f"{begins(name, record)} {back}")
    )


@SQLITE
def test_what_was_altered_stays_found_when_the_bot_changes_the_row_later(
    database: Database, record: Record, behind_its_back: Connection
) -> None:
    """The next entry seals what its deed changed, and nothing else, so nobody's words are made right by it."""
    model: Any
    for name, model in TABLES.items():
        later, row = later_changed(model), row_of(behind_its_back, table_of(model))
        alter(behind_its_back, name)
        with database.unit_of_work(WORKSPACE) as uow:
            values = {later: another(table_of(model), later, row[later])}
            if name == "workspace":
                uow.put_workspace(**values)
            else:
                uow.change(uow.get(model, record[name]["id"]), **values)
    found = faults(database)
    assert len(found) == len(TABLES)
    assert [each for each in found if "is not what entry 2 sealed" not in each] == []


def later_changed(table: type[SQLModel]) -> str:
    """Another column than the one that is altered, and none that a constraint is about."""
    taken = (changed_column(table), *in_constraints(table_of(table)))
    return next(each for each in sealed_columns(table) if each not in taken)


def in_words(column: str) -> str:
    return column.removesuffix("_id").replace("_", " ")


def begins(name: str, record: Record) -> str:
    return f"{called(name, TABLES[name].model_construct(**record[name]))}:"


def test_every_exception_is_a_table_or_column_and_has_its_reason() -> None:
    tables = {table.name: table for table in METADATA.sorted_tables}
    assert OPERATIONAL.keys() | TABLES.keys() == tables.keys()
    assert all(OPERATIONAL.values())
    for name, columns in OPERATIONAL_COLUMNS.items():
        assert set(columns) <= set(tables[name].c.keys())
        assert all(columns.values())


def test_what_is_operational_leaves_no_entry(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        person = uow.add(Person(slack_id="U9", synced_at=AT))
    with database.unit_of_work(WORKSPACE) as uow:
        uow.change(person, name="Una", home_page=2, synced_at=AT)
    with database.unit_of_work(WORKSPACE) as uow:
        assert trail.head(uow).sequence == 1


def test_words_of_the_same_kind_leave_other_marks_in_every_row(database: Database, record: Record) -> None:
    """So nobody can tell from the trail alone that two rows say the same."""
    with database.unit_of_work(WORKSPACE) as uow:
        for number in (2, 3):
            uow.add(Person(slack_id=f"U{number}", synced_at=AT))
    with database.unit_of_work(WORKSPACE) as uow:
        marks = [
            row.marks["is_away"]
            for entry in uow.all(trail.TrailEntry)
            for row in sealed_in(entry.sealed)
            if row.table == "person" and "is_away" in row.marks
        ]
    assert len(marks) == len(set(marks)) > 2
