"""`deskaudit import` as whoever runs the bot types it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlmodel import col

from storage.engine.database import Database
from storage.importing.tables import ImportRun, ImportState
from storage.people.tables import Person, Role, RoleGrant
from storage.programme.tables import Obligation
from tests.bot.conftest import TOKENS
from tests.bot.test_cli import deskaudit

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
GOOD = "Control;Task;Responsible;How often\nA.5.18;Review access;Jonas Weber;quarterly\nA.8.13;Restore;@jonas;yearly\n"
BAD = GOOD.replace("@jonas", "Nobody") + "A.99.1;=1+1;Jonas Weber;often\n"


@pytest.fixture
def register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register, and the settings of a bot whose programme runs; Mira leads it."""
    url = f"sqlite:///{tmp_path}/deskaudit.db"
    given = {**TOKENS, "DESKAUDIT_DATABASE_URL": url, "DESKAUDIT_EVIDENCE_URL": str(tmp_path / "evidence")}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "evidence").mkdir()
    database = Database.open(url)
    database.upgrade()
    with database.unit_of_work("T0SAMPLE") as uow:
        uow.put_workspace(name="Sample", standards=["iso27001-2022"], programme_started_on=date(2026, 11, 2))
        for slack_id, name in (("U0MIRA", "Mira Lindqvist"), ("U0JONAS", "Jonas Weber")):
            uow.add(Person(slack_id=slack_id, name=name, synced_at=AT))
        uow.add(RoleGrant(person_id="U0MIRA", role=Role.LEAD, granted_by="U0MIRA", granted_at=AT))
    database.shut_down()
    path = tmp_path / "register.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture
def database(register: Path) -> Iterator[Database]:
    """What came of it."""
    database = Database.open(f"sqlite:///{register.parent}/deskaudit.db")
    yield database
    database.shut_down()


def imported(database: Database) -> list[str]:
    with database.unit_of_work("T0SAMPLE") as uow:
        return [each.title for each in uow.all(Obligation, col(Obligation.key).startswith("import:"))]


def states(database: Database) -> list[ImportState]:
    with database.unit_of_work("T0SAMPLE") as uow:
        return [each.state for each in uow.all(ImportRun)]


def test_a_dry_run_says_what_would_come_and_writes_nothing_of_it(register: Path, database: Database) -> None:
    code, said = deskaudit("import", str(register), "--as", "@mira", "--dry-run")
    assert code == 0
    assert "C  Responsible: Owner" in said
    assert "2 rows, 2 good, 0 with problems" in said
    assert "Nothing was imported. It would create: 2 obligations" in said
    assert (imported(database), states(database)) == ([], [ImportState.CANCELLED])


def test_all_rows_are_taken_and_the_same_file_only_if_it_is_meant(register: Path, database: Database) -> None:
    assert deskaudit("import", str(register), "--as", "Mira Lindqvist")[0] == 0
    assert imported(database) == ["Review access", "Restore"]
    code, said = deskaudit("import", str(register), "--as", "@mira")
    assert code == 1
    assert "Mira Lindqvist already imported" in said
    assert deskaudit("import", str(register), "--as", "@mira", "--once-more")[0] == 0
    assert len(imported(database)) == 4
    assert "intact: 17 entries, 10 rows, 1 files" in deskaudit("verify")[1]


def test_each_fault_is_named_and_nothing_is_taken(register: Path, database: Database) -> None:
    register.write_text(BAD, encoding="utf-8")
    code, said = deskaudit("import", str(register), "--as", "@mira")
    assert code == 1
    assert "3 rows, 1 good, 2 with problems" in said
    assert "row 3, C3: I don't know anyone called “Nobody”" in said
    for cell, fault in (("A4", "isn't a requirement"), ("B4", "is a formula"), ("D4", "as a frequency")):
        assert any(f"row 4, {cell}" in line and fault in line for line in said.splitlines())
    assert imported(database) == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--as", "@jonas"], "a compliance lead"),
        (["--as", "@nobody"], "I don't know anyone called “@nobody”"),
        (["--as", "@mira", "--column", "owner=Z"], "“owner=Z” isn't a column"),
        (["--as", "@mira", "--workspace", "T0OTHER"], "There is no such workspace."),
    ],
)
def test_what_cannot_be_ends_in_a_sentence(register: Path, database: Database, words: list[str], sentence: str) -> None:
    code, said = deskaudit("import", str(register), *words)
    assert code == 1
    assert sentence in said
    assert states(database) == []


def test_a_column_can_be_named(register: Path, database: Database) -> None:
    register.write_text(GOOD.replace("Responsible", "Riddle"), encoding="utf-8")
    code, said = deskaudit("import", str(register), "--as", "@mira")
    assert code == 1
    assert "Please choose the column that names the owner" in said
    assert deskaudit("import", str(register), "--as", "@mira", "--column", "owner=c")[0] == 0
    assert len(imported(database)) == 2


def test_what_is_no_spreadsheet_ends_in_a_sentence(register: Path) -> None:
    path = register.with_suffix(".xlsx")
    path.write_bytes(b"%PDF-1.7 not a workbook")
    code, said = deskaudit("import", str(path), "--as", "@mira")
    assert code == 1
    assert "damaged, or not what its name says" in said
