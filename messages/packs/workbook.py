"""Packs room: the index of an audit pack as a workbook, made of the same plain values as the page."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, BinaryIO

from messages.packs.index import Index, Told, one_requirement, requirements, said, told_of
from messages.words import workbooks
from messages.words.filters import ENGLISH
from messages.words.wording import named, words
from messages.words.workbooks import Table
from workflows.evidence.shapes import Details
from workflows.nonconformities.shapes import Finding
from workflows.shapes import Kind, Steps

_WIDTHS: Mapping[Kind | Steps, int] = MappingProxyType(
    {Kind.DAY: 12, Kind.TICK: 10, Kind.PERSON: 20, Kind.CHOICE: 22, Kind.LINE: 30}
)

SAID: Mapping[str, str] = MappingProxyType(
    {"why": "verdict", "way_in": "way_in", "grade": "grade", "classification": "classification", "signs": "signs"}
)
"""Fields that hold a key, and what it is a key of."""

Width = tuple[int, str]
"""How wide a column is, in characters, and the field it shows."""

Column = tuple[str, int, str]
"""The same behind its heading."""

HELD: Sequence[Width] = ((10, "id"), (50, "path"), (40, "name"))
LEFT_OUT: Sequence[Width] = ((10, "id"), (40, "name"), (18, "why"))
SERVES: Sequence[Width] = ((12, "serves"), (22, "reference"))
ARRIVAL: Sequence[Width] = (
    (20, "provided_by"),
    (22, "received_at"),
    (10, "way_in"),
    (20, "judged_by"),
    (22, "judged_at"),
    (8, "revision"),
    (24, "media_type"),
    (12, "size"),
    (66, "sha256"),
    (40, "note"),
)
TASKS: Sequence[Width] = (
    (8, "id"),
    (45, "title"),
    (30, "requirements"),
    (20, "owner_id"),
    (12, "due_on"),
    (12, "state"),
    (20, "submitted_by"),
    (22, "submitted_at"),
    (20, "decided_by"),
    (22, "decided_at"),
    (40, "reason"),
)
GRADED: Sequence[Width] = ((8, "number"), (40, "marks"), (10, "grade"), (18, "state"))
FOLLOWED: Sequence[Width] = (
    (20, "issued_by"),
    (22, "issued_at"),
    (20, "verified_by"),
    (20, "effect_confirmed_by"),
    (20, "closed_by"),
    (22, "closed_at"),
)
SIGNATURES: Sequence[Width] = (
    (8, "number"),
    (8, "round"),
    (24, "signs"),
    (20, "person_id"),
    (22, "signed_at"),
    (22, "lapsed_at"),
    (40, "mark"),
)
ACTIONS: Sequence[Width] = (
    (8, "number"),
    (60, "text"),
    (20, "assignee_id"),
    (12, "due_on"),
    (40, "expected_proof"),
    (18, "state"),
)
REQUESTS: Sequence[Width] = (
    (8, "number"),
    (12, "label"),
    (50, "what"),
    (22, "requirement"),
    (20, "period"),
    (30, "sample"),
    (20, "owner_id"),
    (12, "due_on"),
    (12, "state"),
    (60, "answer"),
    (20, "answered_by"),
    (22, "answered_at"),
    (20, "settled_by"),
)
DECISIONS: Sequence[Width] = ((18, "edition"), (10, "number"), (40, "title"), (8, "applies"), (60, "reason"))


def write_workbook(file: BinaryIO, index: Index, language: str = ENGLISH) -> None:
    """The index as an XLSX file; every cell is text, and nothing in it is ever computed."""
    workbooks.write(file, _Book(index, language).tables(), created_at=datetime.fromisoformat(index["asked_at"]))


class _Book:
    """The sheets of the workbook, in one language."""

    def __init__(self, index: Index, language: str) -> None:
        self._index = index
        self._language = language
        self._people: Mapping[str, str] = index["people"]
        self._standards: Mapping[str, str] = index["scope"]["standards"]
        self._words = words("packs/workbook", language)

    def tables(self) -> list[Table]:
        """A sheet for each kind of thing."""
        index, headed = self._index, self._headed
        about_file = [*headed("files", SERVES), *self._terms(Details, without="legal_hold"), *headed("files", ARRIVAL)]
        findings = [*headed("findings", GRADED), *self._terms(Finding), *headed("findings", FOLLOWED)]
        return [
            self._table("files", [*headed("files", HELD), *about_file], map(_flat, index["files"])),
            self._table("left_out", [*headed("files", LEFT_OUT), *about_file], map(_flat, index["not_included"])),
            self._table("tasks", headed("tasks", TASKS), index["tasks"], "task"),
            self._table("findings", findings, index["nonconformities"], "nonconformity"),
            self._table("signatures", headed("findings", SIGNATURES), _of_cases(index, "signatures")),
            self._table("actions", headed("findings", ACTIONS), _of_cases(index, "actions"), "action"),
            self._table("requests", headed("requests", REQUESTS), index["requests"], "request"),
            self._table("decisions", headed("decisions", DECISIONS), _decisions(index)),
        ]

    def _headed(self, sheet: str, widths: Sequence[Width]) -> list[Column]:
        """Columns behind their headings: a word of that sheet alone, or one that all share."""
        found = [(self._words.get(f"{sheet}_{name}") or self._words[name], width, name) for width, name in widths]
        return [(heading.plain, width, name) for heading, width, name in found]

    def _terms(self, shape: type, *, without: str = "") -> list[Column]:
        told: Sequence[Told] = told_of(shape, self._language, without=without)
        return [(each.term, _WIDTHS.get(each.kind, 50), each.name) for each in told]

    def _table(self, sheet: str, columns: Sequence[Column], rows: Iterable[Index], state_of: str = "") -> Table:
        headings = [(heading, width) for heading, width, _ in columns]
        plain = self._plainly(rows, state_of)
        cells = ([self._cell(row[name]) for _, _, name in columns] for row in plain)
        return Table(self._words[f"sheet_{sheet}"].plain, headings, cells)

    def _plainly(self, rows: Iterable[Index], state_of: str) -> Iterator[Index]:
        """Rows whose references, editions and states are what people call them."""
        saying: Mapping[str, Callable[[Any], str]] = {
            **{name: partial(said, of=of, language=self._language) for name, of in SAID.items()},
            "state": partial(said, of=state_of, language=self._language),
            "marks": lambda marks: "; ".join(self._mark(each) for each in marks),
            "mark": lambda mark: self._mark(mark) if mark else "",
            "edition": lambda edition: self._standards[edition],
            "requirements": lambda references: requirements(references, self._standards),
            **dict.fromkeys(("reference", "requirement"), lambda each: one_requirement(each, self._standards)),
        }
        for row in rows:
            yield {key: saying[key](value) if key in saying else value for key, value in row.items()}

    def _mark(self, mark: str) -> str:
        return named(mark, "nonconformities/marks", language=self._language)

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return self._words["yes" if value else "no"].plain
        if isinstance(value, list):
            return ", ".join(value)
        return self._people.get(value, value) if isinstance(value, str) else str(value)


def _decisions(index: Index) -> Iterator[Index]:
    for version in index["statements"]:
        yield from ({**each, "edition": version["edition"]} for each in version["decisions"])


def _of_cases(index: Index, rows: str) -> Iterator[Index]:
    """What belongs to the nonconformities of a pack, each with the number of its case."""
    for finding in index["nonconformities"]:
        yield from ({**each, "number": finding["number"]} for each in finding[rows])


def _flat(file: Index) -> Index:
    """A file with what it serves in one line."""
    first = file["serves"][0]
    serves = ", ".join(each["serves"] for each in file["serves"])
    return {**file, **first, "serves": serves}
