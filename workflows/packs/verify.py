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
SIGNATURE = "signature.json"
TRAIL = "trail.jsonl"
INDEX = "index.json"
BEFORE_THE_FIRST = "0" * 64
LEFT_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
MARK = 32
CHUNK = 1024 * 1024
INTACT, FAULTY, NOTHING_TO_CHECK = 0, 1, 2

ROWS = {
    "tasks": "task",
    "files": "evidence",
    "not_included": "evidence",
    "serves": "evidence_use",
    "nonconformities": "nonconformity",
    "responses": "response",
    "rounds": "nonconformity_round",
    "found_causes": "cause",
    "actions": "nonconformity_action",
    "signatures": "signature",
    "effect_checks": "effect_check",
    "contests": "contest",
    "body_findings": "body_finding",
    "accesses": "case_access",
    "named_seats": "named_seat",
    "desk_audits": "desk_audit",
    "reports": "audit_report",
    "found": "audit_finding",
    "interviews": "interview",
    "answers": "answer",
    "sealed_rounds": "sealed_round",
    "requests": "audit_request",
    "statements": "statement_of_applicability",
}
"""Which rows stand in which list of the index. It is said here, as the index must not excuse itself."""


COPY_OF_ANSWER = ("question_id", "prompt", "kind", "text", "value", "handed_to", "written_by", "evidence", "draws")
"""What of an answer its fingerprint covers, since the second scheme."""


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
    for name in sorted(set(there) - expected.keys() - {MANIFEST, SIGNATURE}):
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
    if not isinstance(entry, list) or said(entry)[:2] != [workspace, sequence]:
        return "", "is not where it belongs"
    return hashlib.sha256(line.encode()).hexdigest(), "" if canonical(entry) == line else "was written differently"


def said(entry: list[Any]) -> list[Any]:
    """Workspace, sequence, moment, actor, verb, subject, its id and details, then what it sealed: by either scheme.

    Entries of the first scheme begin with the workspace and sealed nothing; those of the second begin with a 2.
    """
    if len(entry) == 8 and isinstance(entry[0], str):
        return [*entry, "[]"]
    return entry[1:] if len(entry) == 10 and entry[0] == 2 else [None] * 9


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
            _, sequence, _, _, verb, _, subject_id, details, _ = said(json.loads(line))
            if verb == wanted:
                yield sequence, subject_id, json.loads(details)["sha256"]


def faults_of_disposed(pack: Pack, disposed: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Evidence whose bytes are gone must have its certificate on the trail: who approved it, and which hash it had."""
    certificates = set(entries_of(pack, "evidence.dispose"))
    for each in disposed:
        if (each["certificate"], str(each["id"]), each["sha256"]) not in certificates:
            yield f"{TRAIL}: no certificate says that evidence {each['id']} was disposed of"


Marks = dict[str, tuple[int, str]]


def marks_on_trail(pack: Pack) -> dict[str, Marks]:
    """By row, such as `task 12`, and column: which entry sealed it last, and the mark that it left of the words."""
    found: dict[str, Marks] = {}
    for line in lines(pack, TRAIL):
        if line.startswith("["):
            _, sequence, *_, sealed = said(json.loads(line))
            for table, columns, rows in json.loads(sealed):
                names = columns.split()
                for row_id, _, marks in rows:
                    pieces = [marks[start : start + MARK] for start in range(0, len(marks), MARK)]
                    known = found.setdefault(f"{table} {row_id}", {})
                    known.update({name: (sequence, piece) for name, piece in zip(names, pieces)})  # noqa: B905 - Python 3.9 knows no `strict`
    return found


def faults_of_words(index: dict[str, Any], on_trail: dict[str, Marks]) -> Iterator[str]:
    """What the index says of each row must be what the entries of the trail sealed of it."""
    for table, shown in rows_in(index):
        if shown.get("sealed", {}).get("table") != table:
            yield f"{INDEX}: a row of {table} does not say what sealed it"
            continue
        row_id, salt = shown["sealed"]["id"], shown["sealed"]["salt"]
        row = f"{table} {row_id}"
        must_be_told = (on_trail.get(row, {}).keys() & shown.keys()) - set(index["columns"][table].split())
        for column in sorted(must_be_told):
            yield f"{INDEX}: {row}: the {column.replace('_', ' ')} is shown, and left out of what is to be checked"
        if row not in on_trail:
            yield f"{INDEX}: {row} was sealed by no entry of the trail"
        for column in index["columns"][table].split() if row in on_trail else ():
            sequence, sealed = on_trail[row].get(column, (0, ""))
            value = decided(shown) if column == "decisions" else shown[column]
            is_right = mark(salt, column, value) == sealed if sealed else value is None or column == "id"
            if not is_right:
                by_whom = f"what entry {sequence} sealed" if sequence else "sealed by any entry"
                yield f"{INDEX}: {row}: the {column.replace('_', ' ')} is not {by_whom}"


def rows_in(shown: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row that is shown somewhere in the index, with its table; a use that nobody judged has no row."""
    for name, table in ROWS.items():
        rows = shown.get(name)
        for row in rows if isinstance(rows, list) else ():
            if table != "evidence_use" or "sealed" in row or row["verdict"] or row["judged_by"]:
                yield table, row
            yield from rows_in(row)


def mark(salt: str, column: str, value: Any) -> str:
    """What an entry keeps of the words in a column."""
    return hashlib.sha256(f'{salt}"{column}":{canonical(value)}'.encode()).hexdigest()[:MARK]


def decided(statement: dict[str, Any]) -> dict[str, Any]:
    """What a statement of applicability says of each requirement, without the titles that are added for readers."""
    return {
        each["number"]: {name: value for name, value in each.items() if name not in ("number", "title")}
        for each in statement["decisions"]
    }


def faults_of_interviews(audits: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What somebody confirmed is what they were asked and said, by the fingerprint that both sides saw then.

    Of an answer whose words are gone, as the trail says, the hash that was sealed stands in; the first scheme had none.
    """
    for interview in (each for audit in audits for each in audit["interviews"] if each["digest"]):
        rounds = interview.get("sealed_rounds") or [{"scheme": 1, "round": 1, "digest": interview["digest"]}]
        sealed = [each["digest"] for each in rounds]
        if interview["digest"] not in sealed or sealed != [fingerprint(interview, each) for each in rounds]:
            yield f"{INDEX}: the interview of {interview['person_id']} is not what was confirmed"


def fingerprint(interview: dict[str, Any], sealed: dict[str, Any]) -> str:
    """What the answers of a round come to, by the scheme by which it was sealed."""
    if sealed["scheme"] == 1:
        if any(map(has_lost_words, interview["answers"])):
            return str(sealed["digest"])
        said = [[each["question_id"], each["prompt"], each["text"]] for each in interview["answers"]]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    of_round = [each for each in interview["answers"] if (each["round"] or 1) == sealed["round"]]
    hashes = {each["question_id"]: hash_of(each, sealed) for each in of_round}
    return hashlib.sha256(canonical(hashes).encode()).hexdigest()


def hash_of(answer: dict[str, Any], sealed: dict[str, Any]) -> str:
    """That of an answer, salted since the third scheme; one whose words are gone has that which was sealed."""
    if has_lost_words(answer):
        return str(sealed["hashes"][answer["question_id"]])
    copy = {name: answer[name] for name in COPY_OF_ANSWER}
    salt = answer["sealed"]["salt"] if sealed["scheme"] >= 3 else ""
    return hashlib.sha256(f"{salt}{canonical(copy)}".encode()).hexdigest()


def has_lost_words(answer: dict[str, Any]) -> bool:
    """Whether words of an answer were redacted, or let go at the end of their time."""
    return bool(answer["redacted_at"] or answer["let_go_at"])


SIGNED_IN_A_REPORT = (
    *("revision", "summary", "obstacles", "not_covered", "conclusion", "follow_up", "reason", "distribution", "facts"),
    *("signed_by", "signed_at", "signed_as"),
)
REPORT_FORMAT = "deskaudit-report/1"


def faults_of_reports(audits: Iterable[dict[str, Any]]) -> Iterator[str]:
    """What a lead auditor signed is what stands here, by the fingerprint that is printed on the report."""
    for report in (each for audit in audits for each in audit["reports"]):
        signed = {name: report[name] for name in SIGNED_IN_A_REPORT}
        whole = {"format": REPORT_FORMAT, "audit": report["desk_audit_id"], **signed}
        if hashlib.sha256(canonical(whole).encode()).hexdigest() != report["digest"]:
            yield f"{INDEX}: the report of audit {report['desk_audit_id']} is not what was signed"


# --- signatures: Ed25519 as in RFC 8032, section 5.1; checking needs nothing secret, so it may be slow and plain ---

Point = tuple[int, int, int, int]
P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether a signature (64 bytes) of a message was made with the secret half of a key (32 bytes)."""
    if len(key) != 32 or len(signature) != 64:
        return False
    signer, begun = point(key), point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if signer is None or begun is None or scalar >= ORDER:
        return False
    bound = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return are_equal(times(scalar, BASE), plus(begun, times(bound, signer)))


def point(written: bytes) -> Point | None:
    """The point of the curve that 32 bytes stand for; none when there is none."""
    number = int.from_bytes(written, "little")
    y, sign = number & (2**255 - 1), number >> 255
    x = root((y * y - 1) * pow(D * y * y + 1, P - 2, P) % P) if y < P else None
    if x is None or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def root(square: int) -> int | None:
    """A number whose square this is, modulo P."""
    found = pow(square, (P + 3) // 8, P)
    for each in (found, found * ROOT_OF_MINUS_ONE % P):
        if (each * each - square) % P == 0:
            return each
    return None


def plus(one: Point, other: Point) -> Point:
    """The sum of two points, in extended coordinates."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(count: int, of: Point) -> Point:
    """A point added to itself so many times."""
    total: Point = (0, 1, 1, 0)
    while count:
        if count & 1:
            total = plus(total, of)
        of, count = plus(of, of), count >> 1
    return total


def are_equal(one: Point, other: Point) -> bool:
    """Whether two points are the same, however they are written."""
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


BASE: Point = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))  # type: ignore[assignment]  # it is one


def signature_of(pack: Pack) -> tuple[str, str]:
    """By which key the manifest was signed, and what is wrong with the signature; both empty when there is none."""
    if SIGNATURE not in pack.names():
        return "", ""
    given = json.loads(whole(pack, SIGNATURE))
    key, signature = bytes.fromhex(given["key"]), bytes.fromhex(given["signature"])
    sha256 = hashlib.sha256(whole(pack, MANIFEST)).hexdigest()
    if is_signed(key, f"{FORMAT} {sha256}".encode(), signature):
        return given["key"], ""
    return given["key"], f"{SIGNATURE}: does not belong to this {MANIFEST}"


def faults(pack: Pack, told: str) -> Iterator[str]:
    """Everything that is wrong with a pack."""
    raw = whole(pack, MANIFEST)
    manifest = json.loads(raw)
    if raw.decode() != canonical(manifest) or manifest["format"] != FORMAT:
        yield f"{MANIFEST}: was altered, or has a different format than {FORMAT}"
    if told and hashlib.sha256(raw).hexdigest() != told.lower():
        yield f"{MANIFEST}: is not the one whose hash you were given"
    if wrong := signature_of(pack)[1]:
        yield wrong
    yield from faults_of_files(pack, manifest["files"])
    index = json.loads(whole(pack, INDEX))
    yield from faults_of_trail(pack, manifest["trail"], index["heads"])
    yield from faults_of_evidence(pack, index["files"], manifest["files"])
    yield from faults_of_disposed(pack, manifest["disposed"])
    yield from faults_of_words(index, marks_on_trail(pack))
    yield from faults_of_interviews(index["desk_audits"])
    yield from faults_of_reports(index["desk_audits"])


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
        raw, key = whole(pack, MANIFEST), signature_of(pack)[0]
    except (OSError, zipfile.BadZipFile, Unreadable) as error:
        say(f"{path}: cannot be read as a pack: {error}")
        return FAULTY if count else NOTHING_TO_CHECK
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        say(f"{path}: its manifest or index is not that of a pack ({type(error).__name__}: {error})")
        return FAULTY
    say(in_number(count, "fault") if count else f"intact: {in_number(len(json.loads(raw)['files']), 'file')}")
    say(f"SHA-256 of {MANIFEST}: {hashlib.sha256(raw).hexdigest()}")
    if key:
        say(f"signed with the key {key}")
    return FAULTY if count else INTACT


def in_number(count: int, what: str) -> str:
    """A count with what is counted."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def say(sentence: str) -> None:
    """A line that every terminal can show."""
    sys.stdout.write(sentence.encode("ascii", "backslashreplace").decode() + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
