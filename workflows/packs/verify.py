#!/usr/bin/env python3
"""Check an audit pack without the program that made it, or whoever runs that. It needs Python 3.9 and nothing else.

    python3 verify.py                     the unpacked pack in which this file lies
    python3 verify.py pack.zip            a pack, packed or not
    python3 verify.py pack.zip HASH       the same, and that its manifest is the one whose SHA-256 was told

Every fault is a line. It ends with 0 when the pack is intact, with 1 when there is a fault, with 2 when there is
nothing to check. Take this file from a pack that you trust, or read it: it only reads.
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Union

FORMAT = "deskaudit-pack/1"
MANIFEST = "manifest.json"
TRAIL = "trail.jsonl"
INDEX = "index.json"
BEFORE_THE_FIRST = "0" * 64
LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
CHUNK = 1024 * 1024
INTACT, FAULTY, NOTHING_TO_CHECK = 0, 1, 2


class Unreadable(Exception):
    """A file of the pack cannot be read at all."""


class Folder:
    """A pack that was unpacked."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> list[str]:
        """Every file, as the manifest writes it. A link is no file of the pack, and is not followed."""
        found = (each for each in self._path.rglob("*") if each.is_symlink() or not each.is_dir())
        return sorted(each.relative_to(self._path).as_posix() for each in found)

    def open(self, name: str) -> BinaryIO:
        """A file to be read."""
        path = self._path / name
        if path.is_symlink():
            raise Unreadable("is a link to somewhere else")
        return path.open("rb")


class Archive:
    """A pack as it was handed over."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)

    def names(self) -> list[str]:
        """Every file, as often as it is there."""
        return sorted(each.filename for each in self._zip.infolist() if not each.is_dir())

    def open(self, name: str) -> BinaryIO:
        """A file to be read."""
        return self._zip.open(name)  # type: ignore[return-value]  # it reads like one


Pack = Union[Folder, Archive]  # noqa: UP007 - Python 3.9 reads this, and no other way


def chunks(pack: Pack, name: str) -> Iterator[bytes]:
    """What is in a file, piece by piece. Raises Unreadable."""
    try:
        with pack.open(name) as file:
            while piece := file.read(CHUNK):
                yield piece
    except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, ValueError) as error:
        raise Unreadable(f"cannot be read: {error}") from error


def whole(pack: Pack, name: str) -> bytes:
    """What is in a small file."""
    return b"".join(chunks(pack, name))


def canonical(value: Any) -> str:
    """The one way to write a value as JSON: sorted, without spaces, nothing escaped without need."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def measured(pack: Pack, name: str) -> tuple[str, int]:
    """The SHA-256 of a file and its size."""
    hashed, size = hashlib.sha256(), 0
    for piece in chunks(pack, name):
        hashed.update(piece)
        size += len(piece)
    return hashed.hexdigest(), size


def faults_of_files(pack: Pack, listed: list[dict[str, Any]]) -> Iterator[str]:
    """Files that are missing, altered, exchanged, there twice, or not of the pack."""
    expected = {each["path"]: each for each in listed}
    belongs = {each["sha256"]: each["path"] for each in listed}
    there = pack.names()
    for name in sorted(expected.keys() - set(there)):
        yield f"{name}: is missing"
    for name in sorted(set(there) - expected.keys() - {MANIFEST}):
        if name.rpartition("/")[2] not in LEFT_BY_SYSTEMS:
            yield f"{name}: is not part of the pack"
    for name in sorted({name for name in there if there.count(name) > 1} if len(set(there)) < len(there) else ()):
        yield f"{name}: is there more than once"
    for name in sorted(expected.keys() & set(there)):
        yield from faults_of_file(pack, expected[name], belongs)


def faults_of_file(pack: Pack, expected: dict[str, Any], belongs: dict[str, str]) -> Iterator[str]:
    """What is wrong with what is in a file."""
    name = expected["path"]
    try:
        sha256, size = measured(pack, name)
    except Unreadable as error:
        yield f"{name}: {error}"
        return
    if sha256 == expected["sha256"] and size == expected["size"]:
        return
    if sha256 in belongs and sha256 != expected["sha256"]:
        yield f"{name}: was swapped; it contains {belongs[sha256]}"
    else:
        yield f"{name}: was altered ({size} bytes, {sha256}; it was {expected['size']} bytes, {expected['sha256']})"


def faults_of_trail(pack: Pack, end: dict[str, Any], heads: Iterable[Any]) -> Iterator[str]:
    """Walk the chain from the first entry to the head: each hash is made of the one before and the entry's seal."""
    published = {each["sequence"]: each["hash"] for each in heads}
    sequence, previous = 0, BEFORE_THE_FIRST
    for sequence, line in enumerate(lines(pack, TRAIL), start=1):
        seal, fault = seal_of(line, sequence, end["workspace"])
        if fault:
            yield f"{TRAIL}: entry {sequence} {fault}"
        previous = hashlib.sha256((previous + seal).encode()).hexdigest()
        if published.pop(sequence, previous) != previous:
            yield f"{TRAIL}: entry {sequence} is not the one whose hash was published"
    if sequence != end["sequence"]:
        yield f"{TRAIL}: has {sequence} entries and not {end['sequence']}"
    elif previous != end["hash"]:
        yield f"{TRAIL}: does not end at the head that the manifest names"
    for missing in sorted(published):
        yield f"{TRAIL}: entry {missing}, whose hash was published, is not there"


def seal_of(line: str, sequence: int, workspace: str) -> tuple[str, str]:
    """The seal of an entry, withheld or not, and what is wrong with it."""
    try:
        entry = json.loads(line)
    except ValueError:
        return "", "is not readable"
    if isinstance(entry, str):
        return entry, "" if len(entry) == 64 else "has no seal"
    if not isinstance(entry, list) or len(entry) != 8 or entry[:2] != [workspace, sequence]:
        return "", "is not where it belongs"
    return hashlib.sha256(line.encode()).hexdigest(), "" if canonical(entry) == line else "was written differently"


def lines(pack: Pack, name: str) -> Iterator[str]:
    """The lines of a text, however long it is."""
    rest = b""
    for piece in chunks(pack, name):
        *ready, rest = (rest + piece).split(b"\n")
        for each in ready:
            yield each.decode("utf-8", "surrogateescape")
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def faults_of_evidence(pack: Pack, files: Iterable[dict[str, Any]], listed: list[dict[str, Any]]) -> Iterator[str]:
    """Each file must be in the pack under the hash it had when it was kept, and the trail must have said so then."""
    held = {each["path"]: each["sha256"] for each in listed}
    kept = dict(entries_of_kept(pack))
    for each in files:
        if held.get(each["path"]) != each["sha256"]:
            yield f"{INDEX}: evidence {each['id']} is not what {each['path']} holds"
        if kept.get(str(each["id"])) != each["sha256"]:
            yield f"{TRAIL}: no entry says that evidence {each['id']} was kept as it is here"


def entries_of_kept(pack: Pack) -> Iterator[tuple[str, str]]:
    """Which evidence the trail says was kept, and under which hash."""
    for _, evidence_id, sha256 in entries_of(pack, "evidence.keep"):
        yield evidence_id, sha256


def entries_of(pack: Pack, wanted: str) -> Iterator[tuple[int, str, str]]:
    """The entries with a verb of evidence: their sequence, the evidence and its hash."""
    for line in lines(pack, TRAIL):
        if f'"{wanted}"' in line and line.startswith("["):
            _, sequence, _, _, verb, _, subject_id, details = json.loads(line)
            if verb == wanted:
                yield sequence, subject_id, json.loads(details)["sha256"]


def faults_of_disposed(pack: Pack, disposed: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Evidence whose bytes are gone must have its certificate on the trail: who approved it, and which hash it had."""
    certificates = set(entries_of(pack, "evidence.dispose"))
    for each in disposed:
        if (each["certificate"], str(each["id"]), each["sha256"]) not in certificates:
            yield f"{TRAIL}: no certificate says that evidence {each['id']} was disposed of"


def faults(pack: Pack, told: str) -> Iterator[str]:
    """Everything that is wrong with a pack."""
    raw = whole(pack, MANIFEST)
    manifest = json.loads(raw)
    if raw.decode() != canonical(manifest) or manifest["format"] != FORMAT:
        yield f"{MANIFEST}: was altered, or has a different format than {FORMAT}"
    if told and hashlib.sha256(raw).hexdigest() != told.lower():
        yield f"{MANIFEST}: is not the one whose hash you were given"
    yield from faults_of_files(pack, manifest["files"])
    index = json.loads(whole(pack, INDEX))
    yield from faults_of_trail(pack, manifest["trail"], index["heads"])
    yield from faults_of_evidence(pack, index["files"], manifest["files"])
    yield from faults_of_disposed(pack, manifest["disposed"])


def opened(path: Path) -> Pack:
    """The pack at a path."""
    return Folder(path) if path.is_dir() else Archive(path)


def main(given: list[str]) -> int:
    """Check, and say what was found."""
    path = Path(given[0]) if given else Path(__file__).resolve().parent
    told = given[1] if len(given) > 1 else ""
    count = 0
    try:
        pack = opened(path)
        for fault in faults(pack, told):
            count += 1
            say(fault)
        raw = whole(pack, MANIFEST)
    except (OSError, zipfile.BadZipFile, Unreadable) as error:
        say(f"{path}: cannot be read as a pack: {error}")
        return FAULTY if count else NOTHING_TO_CHECK
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        say(f"{path}: its manifest or index is not that of a pack ({type(error).__name__}: {error})")
        return FAULTY
    say(in_number(count, "fault") if count else f"intact: {in_number(len(json.loads(raw)['files']), 'file')}")
    say(f"SHA-256 of {MANIFEST}: {hashlib.sha256(raw).hexdigest()}")
    return FAULTY if count else INTACT


def in_number(count: int, what: str) -> str:
    """A count with what is counted."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def say(sentence: str) -> None:
    """A line that every terminal can show."""
    sys.stdout.write(sentence.encode("ascii", "backslashreplace").decode() + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
