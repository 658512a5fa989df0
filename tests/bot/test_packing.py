"""The pack: whole or not at all, the same bytes for the same selection, and every fault named by its own program."""

import ast
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.packs.packing import PackFails, Packing
from storage.engine.database import Database
from storage.evidence.tables import Evidence
from storage.files.blobs import BlobStore
from tests.bot.conftest import ON_SQLITE
from tests.bot.packs import HOSTILE, WORKSPACE, begin, checked, chosen, keep, packed, unpacked
from tests.workflows.conftest import deed
from workflows.evidence import retention
from workflows.packs import verify

FILES = [("access.txt", b"who has access to what\n" * 100), ("empty.txt", b""), ("photo.png", b"\x89PNG" + bytes(5000))]
PARTS = {"index.html", "index.xlsx", "index.json", "verify.py", "trail.jsonl", "manifest.json"}

ZIP64 = 45
"""The version of the format that brought files of more than 4 GB."""


@pytest.fixture
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    kind = getattr(request, "param", "folder")
    return BlobStore.open(request.getfixturevalue("s3_url") if kind == "s3" else str(tmp_path / "evidence"))


@pytest.fixture
async def programme(database: Database, blobs: BlobStore) -> Database:
    """Three accepted files."""
    with database.unit_of_work(WORKSPACE) as uow:
        begin(uow)
    await keep(database, blobs, FILES)
    return database


@pytest.fixture
async def pack(programme: Database, blobs: BlobStore, tmp_path: Path) -> Path:
    """Such a pack, unpacked; the ZIP lies beside it."""
    return unpacked(await packed(programme, blobs, chosen(programme)), tmp_path)


@pytest.mark.parametrize("blobs", ["folder", "s3"], indirect=True)
def test_a_pack_is_found_intact_by_its_own_program(pack: Path) -> None:
    names = {path.relative_to(pack).as_posix() for path in pack.rglob("*") if path.is_file()}
    assert names > PARTS
    assert len(names - PARTS) == 3
    told = hashlib.sha256((pack / "manifest.json").read_bytes()).hexdigest()
    for path in (pack, pack.with_suffix(".zip")):
        code, lines = checked(path, told)
        assert (code, lines) == (0, ["intact: 8 files", f"SHA-256 of manifest.json: {told}"])
    assert (pack / "verify.py").read_bytes() == Path(verify.__file__).read_bytes()


@ON_SQLITE
def test_run_where_it_lies_the_program_checks_its_own_pack(pack: Path) -> None:
    command = [sys.executable, "-I", "-S", str(pack / "verify.py")]
    found = subprocess.run(command, capture_output=True, text=True, env={}, check=False)
    assert (found.returncode, found.stdout.splitlines()[0]) == (0, "intact: 8 files")


def test_the_program_is_understood_by_python_3_9_and_needs_nothing_else() -> None:
    tree = ast.parse(Path(verify.__file__).read_text(), feature_version=(3, 9))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= set(sys.stdlib_module_names)


@ON_SQLITE
async def test_what_was_disposed_of_stands_in_the_manifest_with_its_certificate(
    programme: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    with programme.unit_of_work(WORKSPACE) as uow:
        gone = uow.change(uow.all(Evidence)[0], retain_until=date(2026, 1, 1))
        proposed = retention.propose(deed(uow, "UMIRA"))
        retention.approve(deed(uow, "UINES"), disposal_id=proposed.id)
    await blobs.remove(gone.sha256 or "")
    pack = unpacked(await packed(programme, blobs, chosen(programme)), tmp_path)
    code, [first, *_] = checked(pack)
    assert (code, first) == (0, "intact: 7 files")
    manifest = json.loads((pack / "manifest.json").read_text())
    [listed] = manifest["disposed"]
    assert (listed["id"], listed["sha256"], listed["size"]) == (gone.id, gone.sha256, gone.size)
    listed["certificate"] -= 1
    (pack / "manifest.json").write_text(verify.canonical(manifest))
    assert checked(pack)[1][0] == f"trail.jsonl: no certificate says that evidence {gone.id} was disposed of"


@ON_SQLITE
def test_one_changed_byte_in_any_file_is_named(pack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(path for path in pack.rglob("*") if path.is_file() and path.stat().st_size):
        sound = path.read_bytes()
        for place in range(0, len(sound), max(1, len(sound) // 10)):
            path.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
            assert verify.main([str(pack)]) == 1
            name, said = path.relative_to(pack).as_posix(), capsys.readouterr().out
            assert name in said or name == "manifest.json", said
        path.write_bytes(sound)
    assert verify.main([str(pack)]) == 0


def _missing(pack: Path, file: Path, _: Path) -> str:
    file.unlink()
    return f"{file.relative_to(pack)}: is missing"


def _cut_short(pack: Path, file: Path, _: Path) -> str:
    file.write_bytes(file.read_bytes()[:-1])
    return f"{file.relative_to(pack)}: was altered"


def _added(pack: Path, file: Path, _: Path) -> str:
    file.with_name("more.txt").write_text("more")
    return f"{file.with_name('more.txt').relative_to(pack)}: is not part of the pack"


def _exchanged(pack: Path, file: Path, other: Path) -> str:
    first, second = file.read_bytes(), other.read_bytes()
    file.write_bytes(second)
    other.write_bytes(first)
    return f"{file.relative_to(pack)}: was swapped; it contains {other.relative_to(pack)}"


def _linked(pack: Path, file: Path, _: Path) -> str:
    shutil.copy(file, pack.parent / "elsewhere")
    file.unlink()
    file.symlink_to(pack.parent / "elsewhere")
    return f"{file.relative_to(pack)}: is a link to somewhere else"


def _no_trail(pack: Path, _: Path, __: Path) -> str:
    (pack / "trail.jsonl").unlink()
    return "trail.jsonl: is missing"


@ON_SQLITE
@pytest.mark.parametrize("tamper", [_missing, _cut_short, _added, _exchanged, _linked, _no_trail])
def test_what_is_wrong_is_named(pack: Path, tamper: object) -> None:
    file, _, other = sorted(pack.glob("0*/*/E*"))
    assert callable(tamper)
    expected = tamper(pack, file, other)
    code, lines = checked(pack)
    assert code == 1
    assert any(line.startswith(expected) for line in lines), lines


def rewritten(pack: Path) -> None:
    """The manifest made to fit whatever the files hold now, as a forger would."""
    manifest = json.loads((pack / "manifest.json").read_text())
    for each in manifest["files"]:
        data = (pack / each["path"]).read_bytes()
        each |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    (pack / "manifest.json").write_text(verify.canonical(manifest))


@ON_SQLITE
def test_a_forger_who_rewrites_the_manifest_is_told_by_the_trail_and_by_what_was_told(pack: Path) -> None:
    told = hashlib.sha256((pack / "manifest.json").read_bytes()).hexdigest()
    file = min(pack.glob("0*/*/E*"))
    file.write_bytes(b"something better")
    rewritten(pack)
    code, lines = checked(pack, told)
    assert code == 1
    assert lines[0] == "manifest.json: is not the one whose hash you were given"
    assert any(line.startswith("index.json: evidence 1 is not what") for line in lines)


@ON_SQLITE
def test_a_rewritten_trail_does_not_reach_the_head(pack: Path) -> None:
    lines = (pack / "trail.jsonl").read_text().splitlines(keepends=True)
    (pack / "trail.jsonl").write_text("".join([*lines[:3], *lines[4:]]))
    rewritten(pack)
    code, said = checked(pack)
    assert code == 1
    assert any(line.startswith("trail.jsonl: has") for line in said)
    changed = next(number for number, line in enumerate(lines) if "role.grant" in line)
    lines[changed] = lines[changed].replace("lead", "none")
    (pack / "trail.jsonl").write_text("".join(lines))
    rewritten(pack)
    assert "trail.jsonl: does not end at the head that the manifest names" in checked(pack)[1]


@pytest.mark.parametrize("content", [b"", b"PK", b"{}"])
def test_what_is_no_pack_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pack.zip"
    path.write_bytes(content)
    assert checked(path)[0] == 2
    assert checked(tmp_path / "nowhere")[0] == 2
    (tmp_path / "folder").mkdir()
    assert checked(tmp_path / "folder")[0] == 2


@ON_SQLITE
async def test_the_same_selection_gives_the_same_bytes(programme: Database, blobs: BlobStore) -> None:
    selection = chosen(programme)
    assert await packed(programme, blobs, selection) == await packed(programme, blobs, chosen(programme))


@ON_SQLITE
@pytest.mark.parametrize(("limit", "versions"), [(2**31 - 1, {20}), (50_000, {20, ZIP64})])
async def test_a_trail_that_could_pass_the_limit_is_announced_so(
    programme: Database, blobs: BlobStore, monkeypatch: pytest.MonkeyPatch, limit: int, versions: set[int]
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)  # as if the trail had millions of entries
    zipped = await packed(programme, blobs, chosen(programme))
    with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
        asked = {each.filename: _needed_to_read(zipped, each) for each in archive.infolist()}
        assert archive.testzip() is None
    assert set(asked.values()) == versions
    assert asked["trail.jsonl"] == max(versions)


def _needed_to_read(zipped: bytes, file: zipfile.ZipInfo) -> int:
    """The version of the format that the header before a file asks for."""
    return int.from_bytes(zipped[file.header_offset + 4 : file.header_offset + 6], "little")


@ON_SQLITE
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b"x" + path.read_bytes()[1:]), "altered"),
        (lambda path: path.write_bytes(path.read_bytes() + b"x"), "altered"),
    ],
)
async def test_there_is_no_pack_when_one_file_is_missing_or_altered(
    programme: Database, blobs: BlobStore, tmp_path: Path, damage: object, reason: str
) -> None:
    selection = chosen(programme)
    file = next(selection.files)
    assert callable(damage)
    damage(tmp_path / "evidence" / "sha256" / file.sha256[:2] / file.sha256)
    with pytest.raises(PackFails) as failed:
        await packed(programme, blobs, selection)
    assert (failed.value.reason, failed.value.fault) == (reason, file.path)
    with pytest.raises(PackFails):
        await blobs.put(Packing(database=programme, blobs=blobs, selection=selection))
    assert await blobs.leftovers() == []


@ON_SQLITE
async def test_hostile_names_become_safe_paths_and_stand_in_the_index_as_given(
    database: Database, blobs: BlobStore, tmp_path: Path
) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        begin(uow)
    await keep(database, blobs, [(name, name.encode()) for name in HOSTILE])
    selection = chosen(database)
    zipped = await packed(database, blobs, selection)
    pack = unpacked(zipped, tmp_path)
    with zipfile.ZipFile(pack.with_suffix(".zip")) as archive:
        names = archive.namelist()
    assert len({name.casefold() for name in names}) == len(names) == len(HOSTILE) + len(PARTS)
    assert all(name.isascii() and ".." not in name and len(name) < 200 for name in names)
    assert checked(pack)[0] == 0
    index = json.loads((pack / "index.json").read_text())
    assert [each["name"] for each in index["files"]] == list(HOSTILE)
    page = (pack / "index.html").read_text()
    assert "<script" not in page
    assert "\u202e" not in page
    assert "Jonas &lt;b&gt;" in page
