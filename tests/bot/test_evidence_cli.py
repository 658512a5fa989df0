"""`deskaudit evidence add` as whoever runs the bot types it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.engine.database import Database
from storage.evidence.tables import Evidence, WayIn
from storage.people.tables import Person, Role, RoleGrant
from storage.tasks.tables import Task, TaskState
from tests.bot.conftest import TOKENS
from tests.bot.test_cli import deskaudit
from tests.storage.samples import stored_task

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The settings and the database of a bot with one open task; Mira leads."""
    url = f"sqlite:///{tmp_path}/deskaudit.db"
    given = {**TOKENS, "DESKAUDIT_DATABASE_URL": url, "DESKAUDIT_EVIDENCE_URL": str(tmp_path / "evidence")}
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "evidence").mkdir()
    database = Database.open(url)
    database.upgrade()
    with database.unit_of_work("T0SAMPLE") as uow:
        uow.put_workspace(name="Sample")
        for slack_id, name in (("U0MIRA", "Mira Lindqvist"), ("U0JONAS", "Jonas Weber")):
            uow.add(Person(slack_id=slack_id, name=name, synced_at=AT))
        uow.add(RoleGrant(person_id="U0MIRA", role=Role.LEAD, granted_by="U0MIRA", granted_at=AT))
        uow.change(stored_task(uow), state=TaskState.OPEN)
    (tmp_path / "scan.json").write_text('{"open": 0}')
    (tmp_path / "notes.txt").write_text("All well")
    (tmp_path / "empty.txt").touch()
    yield database
    database.shut_down()


def kept(database: Database) -> list[Evidence]:
    with database.unit_of_work("T0SAMPLE") as uow:
        return uow.all(Evidence)


def add(folder: Path, *arguments: str, files: tuple[str, ...] = ("scan.json",)) -> tuple[int, str]:
    return deskaudit("evidence", "add", *(str(folder / each) for each in files), *arguments)


def test_files_are_kept_for_the_open_task_of_an_obligation(database: Database, tmp_path: Path) -> None:
    wanted = ("--as", "Mira Lindqvist", "--obligation", "access-review", "--period", "2026-Q3", "--note", "Scanned")
    code, said = add(tmp_path, *wanted, files=("scan.json", "notes.txt"))
    assert (code, said.count("kept ")) == (0, 2)
    scan, notes = kept(database)
    assert (scan.name, scan.way_in, scan.provided_by, scan.note) == ("scan.json", WayIn.COMMAND, "U0MIRA", "Scanned")
    assert (scan.period_begins, scan.period_ends) == (date(2026, 7, 1), date(2026, 9, 30))
    assert (scan.media_type, notes.media_type) == ("application/json", "text/plain")
    with database.unit_of_work("T0SAMPLE") as uow:
        assert [each.state for each in uow.all(Task)] == [TaskState.SUBMITTED]
    assert add(tmp_path, *wanted)[0] == 0
    assert len(kept(database)) == 2


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--as", "Mira Lindqvist"), "either --task"),
        (("--as", "Mira Lindqvist", "--task", "1", "--obligation", "access-review"), "either --task"),
        (("--as", "Mira Lindqvist", "--obligation", "nothing"), "no obligation with this key"),
        (("--as", "Mira Lindqvist", "--task", "99"), "task 99"),
        (("--as", "Nobody", "--task", "1"), "Nobody"),
        (("--as", "Jonas Weber", "--task", "1"), "You can't add evidence"),
        (("--as", "Mira Lindqvist", "--task", "1", "--period", "lately"), "a quarter"),
        (("--as", "Mira Lindqvist", "--task", "1", "--workspace", "T9"), "no such workspace"),
    ],
)
def test_what_cannot_be_kept_is_said_and_no_row_is_written(
    database: Database, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    code, said = add(tmp_path, *arguments)
    assert code == 1
    assert sentence in said
    assert kept(database) == []


def test_of_several_files_all_are_kept_or_none(database: Database, tmp_path: Path) -> None:
    code, said = add(tmp_path, "--as", "Mira Lindqvist", "--task", "1", files=("scan.json", "empty.txt"))
    assert (code, "empty.txt" in said) == (1, True)
    assert kept(database) == []
