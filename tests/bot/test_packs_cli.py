"""`deskaudit pack` as whoever runs the bot types it."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.engine.database import Database
from storage.files.blobs import BlobStore
from storage.packs.tables import Pack, PackState
from tests.bot.packs import WORKSPACE, begin, checked, keep
from tests.bot.test_cli import deskaudit

YEAR = ("--as", "Mira", "--from", "2026-01-01", "--to", "2026-12-31")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A programme with one accepted file, and the settings of its bot."""
    url, store = f"sqlite:///{tmp_path}/deskaudit.db", str(tmp_path / "evidence")
    for name, value in {"DESKAUDIT_DATABASE_URL": url, "DESKAUDIT_EVIDENCE_URL": store}.items():
        monkeypatch.setenv(name, value)
    database = Database.open(url)
    database.upgrade()
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(name="Sample")
        begin(uow)
    asyncio.run(keep(database, BlobStore.open(store), [("access.txt", b"Signed")]))
    yield database
    database.shut_down()


def packs(database: Database) -> list[Pack]:
    with database.unit_of_work(WORKSPACE) as uow:
        return uow.all(Pack)


def test_a_pack_is_written_to_a_file_and_its_hashes_are_told(database: Database, tmp_path: Path) -> None:
    code, said = deskaudit("pack", str(tmp_path / "pack.zip"), *YEAR)
    assert code == 0, said
    [pack] = packs(database)
    assert pack.state is PackState.HANDED_OUT
    assert str(pack.manifest_sha256) in said
    assert str(pack.sha256) in said
    assert checked(tmp_path / "pack.zip", pack.manifest_sha256)[0] == 0


def test_a_pack_that_fails_leaves_no_file_and_says_which_one_is_to_blame(database: Database, tmp_path: Path) -> None:
    for path in (tmp_path / "evidence" / "sha256").rglob("*"):
        if path.is_file():
            path.write_bytes(b"something else")
    code, said = deskaudit("pack", str(tmp_path / "pack.zip"), *YEAR)
    assert code == 1
    assert "has been changed since it was provided" in said
    assert [each.state for each in packs(database)] == [PackState.FAILED]
    assert list(tmp_path.glob("pack.zip*")) == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (("--as", "Jonas <b>", *YEAR[2:]), "compliance lead"),
        (("--as", "Nobody", *YEAR[2:]), "Nobody"),
        ((*YEAR, "--standard", "iso9001-1987"), "standard that the programme follows"),
        ((*YEAR, "--requirement", "A.99.1"), "A.99.1"),
        ((*YEAR[:-1], "2025-12-31"), "before"),
        ((*YEAR, "--workspace", "T0NONE"), "no such workspace"),
    ],
)
def test_what_is_typed_wrong_gets_a_sentence_and_writes_nothing(
    database: Database, tmp_path: Path, typed: tuple[str, ...], expected: str
) -> None:
    code, said = deskaudit("pack", str(tmp_path / "pack.zip"), *typed)
    assert code == 1
    assert expected in said
    assert packs(database) == []
    assert not (tmp_path / "pack.zip").exists()


def test_a_file_that_is_there_is_not_written_over(database: Database, tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(b"mine")
    _, said = deskaudit("pack", str(tmp_path / "pack.zip"), *YEAR)
    assert "already exists" in said
    assert (tmp_path / "pack.zip").read_bytes() == b"mine"
