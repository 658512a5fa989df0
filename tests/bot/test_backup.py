"""`deskaudit backup` and `restore` as whoever runs the bot types them, for both databases and both stores."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, select

from storage.copying import backups, databases
from storage.engine import connecting
from storage.engine.database import Database
from storage.engine.migrating import Found, look
from storage.evidence.tables import Evidence, EvidenceState
from storage.files import sealing
from storage.files.blobs import BlobStore
from storage.record import trail
from storage.schema import METADATA
from tests.bot import backup_process
from tests.bot.conftest import ON_SQLITE
from tests.bot.killing import killed_in
from tests.bot.test_cli import deskaudit
from tests.conftest import Postgres
from tests.storage.samples import AT, one_of_each, record

EACH_ONCE = pytest.mark.parametrize(
    ("database_url", "store_url"), [("sqlite", "folder"), ("postgresql", "s3")], indirect=True
)
"""Both databases and both stores, but not in every mixture."""

IN_A_FOLDER = pytest.mark.parametrize("store_url", ["folder"], indirect=True)
KEY = f"2026:{'0a' * 32}"
FILES = 3


@pytest.fixture(params=["folder", "s3"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "evidence") if request.param == "folder" else request.getfixturevalue("s3_url")


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Makes the commands work with a database and a store."""

    def set_to(database_url: str, store_url: str) -> None:
        monkeypatch.setenv("DESKAUDIT_DATABASE_URL", database_url)
        monkeypatch.setenv("DESKAUDIT_EVIDENCE_URL", store_url)

    return set_to


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest, database_url: str, store_url: str, tmp_path: Path) -> tuple[str, str]:
    """A machine on which nothing is: a database of the same kind and a store of the same kind."""
    if database_url.startswith("sqlite"):
        new_database = f"sqlite:///{tmp_path}/new/deskaudit.db"
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        new_database = postgres.create()
        request.getfixturevalue("monkeypatch").setenv("PATH", str(postgres.tools), prepend=os.pathsep)
    return new_database, f"{store_url}-new"


@pytest.fixture
def filled(database: Database, store_url: str) -> Database:
    """A row in every table, entries on the trail, and files in the store of which two are of more than one piece."""
    fill(database, BlobStore.open(store_url))
    return database


def fill(database: Database, store: BlobStore) -> None:
    with database.unit_of_work("T0SAMPLE") as uow:
        uow.found([uow.workspace()])  # which the fixture put there past the trail
        one_of_each(uow)
        for number in range(FILES):
            blob = asyncio.run(store.put(chunks(number)))
            uow.add(
                Evidence(
                    slack_file_id=f"F{number + 10}",
                    name="log.csv",
                    state=EvidenceState.KEPT,
                    sha256=blob.sha256,
                    size=blob.size,
                    provided_by="U1",
                    received_at=AT,
                    collected_on=AT.date(),
                )
            )
        for note in ("first", "zweitens: äöü", "third"):
            record(uow, note)


async def chunks(number: int) -> AsyncIterator[bytes]:
    for _ in range(1 + number):
        yield bytes([number]) * 1_500_000


def rows_of(url: str) -> dict[str, list[str]]:
    """Everything in a database, as text."""
    engine = create_engine(connecting.database_url(url))
    with engine.connect() as connection:
        found = {table.name: sorted(map(repr, connection.execute(select(table)))) for table in METADATA.sorted_tables}
    engine.dispose()
    return found


# --- there and back ---


def test_what_was_backed_up_is_restored_on_an_empty_machine_and_intact(
    filled: Database,
    database_url: str,
    store_url: str,
    elsewhere: tuple[str, str],
    use: Callable[[str, str], None],
    tmp_path: Path,
) -> None:
    use(database_url, store_url)
    before = rows_of(database_url)
    code, said = deskaudit("backup", str(tmp_path / "backup"))
    assert (code, said.splitlines()[-1]) == (0, f"{tmp_path / 'backup'}: database and {FILES} files")
    assert rows_of(database_url) == before

    use(*elsewhere)
    code, said = deskaudit("restore", str(tmp_path / "backup"))
    assert (code, said.splitlines()[-1]) == (0, f"restored, intact: 3 entries, {FILES} files")
    assert rows_of(elsewhere[0]) == before
    assert "intact: 3 entries" in deskaudit("verify")[1]


@ON_SQLITE
@IN_A_FOLDER
def test_a_store_that_is_as_new_as_its_machine_is_restored_into(
    made: Path, s3_url: str, use: Callable[[str, str], None], tmp_path: Path
) -> None:
    bucket = f"s3://new-{s3_url.rpartition('/')[2]}"
    use(f"sqlite:///{tmp_path}/new.db", f"{bucket}/deskaudit")
    code, said = deskaudit("restore", str(made))
    assert (code, said.splitlines()[-1]) == (0, f"restored, intact: 3 entries, {FILES} files")


@EACH_ONCE
def test_the_restored_database_is_written_on_and_its_trail_still_guarded(
    filled: Database,
    database_url: str,
    store_url: str,
    elsewhere: tuple[str, str],
    use: Callable[[str, str], None],
    tmp_path: Path,
) -> None:
    use(database_url, store_url)
    deskaudit("backup", str(tmp_path / "backup"))
    use(*elsewhere)
    deskaudit("restore", str(tmp_path / "backup"))
    database = Database.open_existing(elsewhere[0])
    with database.unit_of_work("T0SAMPLE") as uow:
        record(uow, "after the restore")
    with pytest.raises(Exception, match="append-only"), database.unit_of_work("T0SAMPLE") as uow:
        uow.connection.exec_driver_sql("DELETE FROM trail_entry")
    database.shut_down()
    assert "intact: 4 entries" in deskaudit("verify")[1]


@EACH_ONCE
@pytest.mark.parametrize("step", ["database", "half way", "last"])
def test_a_backup_that_was_killed_is_none(
    filled: Database,
    database_url: str,
    store_url: str,
    elsewhere: tuple[str, str],
    use: Callable[[str, str], None],
    tmp_path: Path,
    step: str,
) -> None:
    folder = tmp_path / "backup"
    asyncio.run(killed_in(backup_process.main, database_url, store_url, str(folder), f"backup:{step}"))
    use(*elsewhere)
    code, said = deskaudit("restore", str(folder))
    assert (code, "one that was cut off" in said) == (1, True)
    use(database_url, store_url)
    code, said = deskaudit("backup", str(folder))
    assert (code, "holds a backup that was cut off" in said) == (1, True)
    assert deskaudit("backup", f"{folder}-2")[0] == 0


@EACH_ONCE
@pytest.mark.parametrize("step", ["half way", "database"])
def test_a_restore_that_was_killed_is_no_database_yet_and_can_be_begun_again(
    filled: Database,
    database_url: str,
    store_url: str,
    elsewhere: tuple[str, str],
    use: Callable[[str, str], None],
    tmp_path: Path,
    step: str,
) -> None:
    use(database_url, store_url)
    assert deskaudit("backup", str(tmp_path / "backup"))[0] == 0
    asyncio.run(killed_in(backup_process.main, *elsewhere, str(tmp_path / "backup"), f"restore:{step}"))
    assert look(connecting.database_url(elsewhere[0])) in (Found.MISSING, Found.EMPTY)
    use(*elsewhere)
    code, said = deskaudit("restore", str(tmp_path / "backup"))
    assert (code, said.splitlines()[-1]) == (0, f"restored, intact: 3 entries, {FILES} files")


# --- what is refused ---


@pytest.fixture
def made(filled: Database, database_url: str, store_url: str, use: Callable[[str, str], None], tmp_path: Path) -> Path:
    """A finished backup of the SQLite database and the folder; the commands work elsewhere now."""
    use(database_url, store_url)
    assert deskaudit("backup", str(tmp_path / "backup"))[0] == 0
    use(f"sqlite:///{tmp_path}/new.db", str(tmp_path / "new"))
    return tmp_path / "backup"


def revised(folder: Path, **values: object) -> None:
    manifest = json.loads((folder / backups.MANIFEST).read_text())
    (folder / backups.MANIFEST).write_text(json.dumps({**manifest, **values}))


def a_file_of(folder: Path) -> Path:
    return min(each for each in (folder / "files").rglob("*") if each.is_file())


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "is no backup, or one that was cut off"),
    "no JSON": (lambda folder: (folder / "manifest.json").write_text("{"), "is not as a backup's is"),
    "a later format": (lambda folder: revised(folder, format=2), "only a newer version of the bot knows"),
    "a later version": (lambda folder: revised(folder, revision="9999", version="9.0"), "made by version 9.0"),
    "another kind": (lambda folder: revised(folder, kind="postgresql"), "`deskaudit move` goes from SQLite"),
    "other hashes": (lambda folder: (folder / "SHA256SUMS").write_text(""), "SHA256SUMS was changed"),
    "no database": (lambda folder: (folder / "database.sqlite").unlink(), "database.sqlite is missing"),
    "a changed database": (lambda folder: (folder / "database.sqlite").write_bytes(b""), "database.sqlite was changed"),
    "a changed file": (lambda folder: a_file_of(folder).write_bytes(b"else"), "is not what it was"),
    "no file": (lambda folder: a_file_of(folder).unlink(), "no file with this SHA-256"),
}


@ON_SQLITE
@IN_A_FOLDER
@pytest.mark.parametrize("fault", SPOILT)
def test_a_spoilt_backup_is_named_and_makes_no_database(made: Path, tmp_path: Path, fault: str) -> None:
    spoil, sentence = SPOILT[fault]
    spoil(made)
    code, said = deskaudit("restore", str(made))
    assert (code, sentence in said) == (1, True), said
    assert not (tmp_path / "new.db").exists()


@ON_SQLITE
@IN_A_FOLDER
def test_nothing_is_restored_over_a_database(made: Path, use: Callable[[str, str], None], tmp_path: Path) -> None:
    assert deskaudit("restore", str(made))[0] == 0
    before = rows_of(f"sqlite:///{tmp_path}/new.db")
    code, said = deskaudit("restore", str(made))
    assert (code, "new.db is not empty, so nothing was restored" in said) == (1, True)
    assert rows_of(f"sqlite:///{tmp_path}/new.db") == before


@ON_SQLITE
@IN_A_FOLDER
def test_nothing_is_restored_beside_the_journal_of_another_database(made: Path, tmp_path: Path) -> None:
    (tmp_path / "new.db-wal").write_bytes(b"left behind")
    code, said = deskaudit("restore", str(made))
    assert (code, "is left of another database" in said) == (1, True)


@ON_SQLITE
@IN_A_FOLDER
def test_other_bytes_in_the_store_are_left_alone(made: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "new" / a_file_of(made).relative_to(made / "files")
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_bytes(b"else")
    code, said = deskaudit("restore", str(made))
    assert (code, "with other bytes" in said) == (1, True)
    assert in_the_way.read_bytes() == b"else"


@ON_SQLITE
@IN_A_FOLDER
def test_nothing_is_backed_up_over_what_lies_in_a_folder(
    filled: Database, database_url: str, store_url: str, use: Callable[[str, str], None], tmp_path: Path
) -> None:
    use(database_url, store_url)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("Dear all")
    code, said = deskaudit("backup", str(tmp_path / "mine"))
    assert (code, "is not empty; name another folder. Nothing was written." in said) == (1, True)
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["letter.txt"]


@IN_A_FOLDER
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_postgresqls_tools_nothing_is_begun(
    filled: Database,
    database_url: str,
    store_url: str,
    use: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    use(database_url, store_url)
    monkeypatch.setenv("PATH", str(tmp_path))
    code, said = deskaudit("backup", str(tmp_path / "backup"))
    assert (code, "pg_dump is not on the PATH" in said) == (1, True)
    assert list((tmp_path / "backup").iterdir()) == []


@ON_SQLITE
@IN_A_FOLDER
def test_a_file_that_the_store_has_lost_is_named(
    filled: Database, database_url: str, store_url: str, use: Callable[[str, str], None], tmp_path: Path
) -> None:
    use(database_url, store_url)
    lost = min(each for each in Path(store_url).rglob("*") if each.is_file())
    lost.unlink()
    code, said = deskaudit("backup", str(tmp_path / "backup"))
    assert (code, f"evidence file {lost.name} is missing from the store" in said) == (1, True)
    assert (tmp_path / "backup" / "manifest.json").exists()


# --- what is in it ---


@ON_SQLITE
@IN_A_FOLDER
def test_what_is_encrypted_stays_encrypted_and_no_key_is_needed(
    database: Database,
    database_url: str,
    store_url: str,
    use: Callable[[str, str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    fill(database, BlobStore.open(store_url, sealing.keys(KEY)))
    use(database_url, store_url)
    assert deskaudit("backup", str(tmp_path / "backup"))[0] == 0
    kept = [each for each in (tmp_path / "backup" / "files").rglob("*") if each.is_file()]
    assert len(kept) == FILES
    assert all(each.read_bytes().startswith(sealing.MAGIC) for each in kept)
    use(f"sqlite:///{tmp_path}/new.db", str(tmp_path / "new"))
    monkeypatch.setenv("DESKAUDIT_EVIDENCE_KEY", KEY)
    assert deskaudit("restore", str(tmp_path / "backup"))[1].splitlines()[-1].startswith("restored, intact")


@ON_SQLITE
@IN_A_FOLDER
def test_it_can_be_checked_without_this_program(made: Path) -> None:
    sums = (made / "SHA256SUMS").read_text().splitlines()
    assert len(sums) == FILES + 1
    for line in sums:
        sha256, _, path = line.partition("  ")
        assert backups.hash_of(made / path) == sha256


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_written_meanwhile_is_in_the_copy_whole_or_not_at_all(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with database.unit_of_work("T0SAMPLE") as uow:
        for number in range(3000):
            record(uow, f"{number} {'x' * 2000}")
    written: list[bool] = []

    def write(_done: int, _of: int) -> None:
        if not written:
            with database.unit_of_work("T0SAMPLE") as uow:
                record(uow, "while it is copied")
            written.append(True)

    databases.take(make_url(database_url), tmp_path / "copy.db", write)
    copy = Database.open(f"sqlite:///{tmp_path}/copy.db")
    assert asyncio.run(copy.read("T0SAMPLE", trail.verify)) == []
    assert asyncio.run(copy.read("T0SAMPLE", trail.head)).sequence == 3000
    copy.shut_down()
    assert written
