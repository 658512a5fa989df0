"""What a backup is: a folder with the database in one file, the files of the store as they lie there, and their hashes.

    database.sqlite or database.dump    the database, as SQLite's online backup or `pg_dump --format=custom` writes it
    files/sha256/ab/ab…                 the store's files by their names there; what is encrypted stays encrypted
    SHA256SUMS                          a hash for each of these, as `sha256sum --check SHA256SUMS` reads it
    manifest.json                       what this is, and the hash of SHA256SUMS; written last

A folder without `manifest.json` is a backup that was cut off.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from storage.copying.errors import CannotCopy
from storage.files.lasting import make_lasting

FORMAT = 1
MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
FILES = "files"
DATABASE_FILES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}

_LINE = re.compile(
    r"([0-9a-f]{64})  (database\.\w+|files/(?:sha256|sealed/[a-z0-9-]{1,16})/[0-9a-f]{2}/[0-9a-f]{64})\n"
)


@dataclass(frozen=True)
class Manifest:
    """What a finished backup says of itself. `made_at` is in UTC, `kind` the dialect, `revision` its last migration."""

    kind: str
    revision: str
    made_at: str
    version: str
    files: int
    sums_sha256: str
    format: int = FORMAT


def begin(folder: Path) -> None:
    """Make the folder, which may be there if it is empty. Raises CannotCopy."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        cut_off = (folder / SUMS).exists() and not (folder / MANIFEST).exists()
        what = "holds a backup that was cut off; remove it, or" if cut_off else "is not empty;"
        raise CannotCopy(f"{folder} {what} name another folder. Nothing was written.")
    folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def whole_or_nothing(folder: Path) -> Iterator[None]:
    """Within the block the folder is filled; when it fails everything in it goes, since it was empty before."""
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise


def finish(folder: Path, manifest: Manifest) -> None:
    """Say that everything is there: until then, nobody takes it for a backup."""
    part = folder / f"{MANIFEST}.part"
    part.write_text(json.dumps(asdict(manifest), indent=2) + "\n", encoding="utf-8")
    make_lasting(folder / SUMS, part)
    part.replace(folder / MANIFEST)
    make_lasting(folder)


def read(folder: Path) -> Manifest:
    """What a backup says of itself. Raises CannotCopy when it is none, is not whole, or of a later format."""
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if said.get("format") != FORMAT:
            raise CannotCopy(f"The backup in {folder} is of a format that only a newer version of the bot knows.")
        manifest = Manifest(**said)
    except FileNotFoundError as error:
        raise CannotCopy(f"{folder} is no backup, or one that was cut off: it has no {MANIFEST}.") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise CannotCopy(f"{folder / MANIFEST} is not as a backup's is.") from error
    must_be(folder / SUMS, manifest.sums_sha256)
    return manifest


def sums(folder: Path) -> Iterator[tuple[str, str]]:
    """Every path in a backup and its hash. Raises CannotCopy for a line that names anything else."""
    with (folder / SUMS).open(encoding="utf-8") as lines:
        for line in lines:
            if (found := _LINE.fullmatch(line)) is None:
                raise CannotCopy(f"{folder / SUMS} has a line that is not as it should be: {line.strip()}")
            yield found[2], found[1]


def sum_line(path: str, sha256: str) -> str:
    """A line for `SHA256SUMS`."""
    return f"{sha256}  {path}\n"


def must_be(file: Path, sha256: str) -> None:
    """Raise CannotCopy when a file of a backup is missing or not what it was."""
    if not file.exists():
        raise CannotCopy(f"{file} is missing from the backup.")
    if hash_of(file) != sha256:
        raise CannotCopy(f"{file} was changed after the backup was made.")


def hash_of(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
