"""Frameworks room: controls and frameworks of the organisation's own, brought as YAML or as a spreadsheet."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any

import yaml

from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.frameworks.tables import OwnFramework, OwnRequirement
from workflows.deed import Deed
from workflows.files import spreadsheets
from workflows.files.spreadsheets import MOST_BYTES, Cell, Line, begins_like_a_formula
from workflows.frameworks.rules import Frequency
from workflows.people.permissions import Permission
from workflows.refusals import BadRows, InputWanted, RowFault, RowWhy, UnreadableFile
from workflows.wishes import Wish

# --- rules ---

OWN = "own-"
"""What the editions of own frameworks begin with, so that no standard's can be taken for one."""

KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?")
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,39}")
MOST_REQUIREMENTS = 1_000
LONGEST = {"title": 200, "theme": 80, "summary": 2_000, "evidence": 2_000}
"""Characters."""

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "number": ("number", "no", "no.", "nr", "id", "control id", "reference", "ref"),
    "title": ("title", "name", "control", "requirement"),
    "theme": ("theme", "category", "domain", "group", "chapter"),
    "summary": ("summary", "description", "text"),
    "evidence": ("evidence", "evidence hints", "proof"),
    "frequency": ("frequency", "interval", "review"),
}
"""What a column may be called."""


@dataclass(frozen=True)
class OwnRow:
    """One requirement as it was brought."""

    number: str
    title: str
    theme: str
    summary: str
    evidence: tuple[str, ...]
    frequency: Frequency


@dataclass(frozen=True)
class Brought:
    """What an import did. `kept_as_text`: cells that begin like a formula and were taken as the words they are."""

    name: str
    edition: str
    added: int
    changed: int
    withdrawn: int
    unchanged: int
    kept_as_text: int


def rows_of(file: str, data: bytes) -> tuple[OwnRow, ...]:
    """The requirements in a file, all of them or none. Raises `UnreadableFile`, or `BadRows` that names each fault."""
    lines = list(_yaml_lines(file, data) if file.lower().endswith((".yaml", ".yml")) else _sheet_lines(file, data))
    if not lines:
        raise UnreadableFile(file, "empty")
    faults = [(line.number, what) for line in lines if (what := _fault(line))]
    faults += _doubles(lines)
    if len(lines) > MOST_REQUIREMENTS:
        faults.append((lines[MOST_REQUIREMENTS].number, RowFault(RowWhy.TOO_MANY, {"most": MOST_REQUIREMENTS})))
    if faults:
        raise BadRows(file, tuple(sorted(faults, key=lambda each: each[0])), len(lines))
    return tuple(_row(line) for line in lines)


def _sheet_lines(file: str, data: bytes) -> Iterator[Line]:
    table = spreadsheets.read(file, data)
    columns = {name: next((each for each in table.headings if each in HEADINGS[name]), None) for name in HEADINGS}
    missing = [name for name in ("number", "title") if columns[name] is None]
    if missing:
        raise BadRows(
            file, tuple((1, RowFault(RowWhy.NO_COLUMN, {"column": name})) for name in missing), len(table.lines)
        )
    for line in table.lines:
        yield Line(line.number, {name: line.cell(heading) for name, heading in columns.items() if heading})


def _yaml_lines(file: str, data: bytes) -> Iterator[Line]:
    """Rows are numbered from 1, as there are no lines in a list."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(file, "too_large")
    try:
        # Every scalar stays the text that it is: a number written 8.10 must not become 8.1.
        found = yaml.load(data, Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but text, lists and mappings
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableFile(file, "broken") from error
    rows = found.get("requirements") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise UnreadableFile(file, "no_requirements")
    return (Line(number, _yaml_cells(row)) for number, row in enumerate(rows, start=1))


def _yaml_cells(row: Any) -> dict[str, Cell]:
    if not isinstance(row, dict):
        return {}
    texts = {name: _yaml_text(row[name]) for name in HEADINGS if name in row}
    return {name: Cell(text.replace("\0", "").strip()) for name, text in texts.items()}


def _yaml_text(value: Any) -> str:
    # Only text and lists of text: what is nested deeper may be an alias of an alias, which multiplies when written.
    if isinstance(value, list):
        return "\n".join(each for each in value if isinstance(each, str))
    return value if isinstance(value, str) else ""


def _fault(line: Line) -> RowFault | None:
    """What is wrong with a row; nothing where it can be taken."""
    number = line.cell("number")
    for name, cell in line.cells.items():
        if cell.is_formula:
            return RowFault(RowWhy.FORMULA, {"column": name})
        if len(cell.text) > LONGEST.get(name, len(cell.text)):
            return RowFault(RowWhy.TOO_LONG, {"column": name, "most": LONGEST[name]})
    if number.is_figure and "." in number.text:
        return RowFault(RowWhy.FIGURE_FOR_NUMBER, {"number": number.text})
    if not NUMBER.fullmatch(number.text):
        return RowFault(RowWhy.NUMBER_NEEDED)
    if not line.cell("title").text:
        return RowFault(RowWhy.TITLE_NEEDED)
    return None if _frequency(line) else RowFault(RowWhy.ONE_FREQUENCY, {"known": list(Frequency)})


def _frequency(line: Line) -> Frequency | None:
    text = line.cell("frequency").text.lower() or Frequency.YEARLY
    return Frequency(text) if text in tuple(Frequency) else None


def _doubles(lines: Sequence[Line]) -> list[tuple[int, RowFault]]:
    first: dict[str, int] = {}
    faults = []
    for line in lines:
        number = line.cell("number").text
        if number and first.setdefault(number, line.number) != line.number:
            faults.append((line.number, RowFault(RowWhy.ALREADY_IN_ROW, {"number": number, "row": first[number]})))
    return faults


def _row(line: Line) -> OwnRow:
    return OwnRow(
        number=line.cell("number").text,
        title=line.cell("title").text,
        theme=line.cell("theme").text,
        summary=line.cell("summary").text,
        evidence=tuple(part for each in re.split(r"[\n;]", line.cell("evidence").text) if (part := each.strip())),
        frequency=_frequency(line) or Frequency.YEARLY,
    )


# --- commands ---


def may_begin(deed: Deed) -> None:
    """Raise `NotAllowed` unless the actor may bring own controls."""
    deed.must(Permission.ADD_YOUR_OWN_CONTROLS)


def may_bring(deed: Deed, *, key: str, name: str) -> None:
    """Raise unless the actor may bring a framework under this short name: `NotAllowed` or `InputWanted`."""
    deed.must(Permission.ADD_YOUR_OWN_CONTROLS)
    if not KEY.fullmatch(key):
        raise InputWanted("key", Wish.ENTER_SHORT_NAME)
    if not 0 < len(name.strip()) <= 120:
        raise InputWanted("name", Wish.ENTER_NAME_AT_MOST, {"most": 120})


def bring(deed: Deed, *, key: str, name: str, rows: Sequence[OwnRow], sha256: str) -> Brought:
    """Take all rows as the framework of that short name; what an earlier import had and this one lacks is withdrawn.

    Raises as `may_bring`.
    """
    may_bring(deed, key=key, name=name)
    own = _framework(deed, f"{OWN}{key}", name.strip())
    known = {each.number: each for each in framework_queries.own_requirements(deed.uow, own.id)}
    outcomes = [_put(deed.uow, own, known.get(row.number), place, row) for place, row in enumerate(rows, start=1)]
    lacking = [each for each in known.values() if each.number not in {row.number for row in rows}]
    withdrawn = [deed.uow.change(each, withdrawn_at=deed.at) for each in lacking if each.withdrawn_at is None]
    brought = Brought(
        name=own.name,
        edition=own.edition,
        added=outcomes.count("added"),
        changed=outcomes.count("changed"),
        withdrawn=len(withdrawn),
        unchanged=outcomes.count("unchanged"),
        kept_as_text=sum(map(begins_like_a_formula, chain.from_iterable(_texts(row) for row in rows))),
    )
    deed.record("framework.bring", own, **asdict(brought), sha256=sha256)
    return brought


def _texts(row: OwnRow) -> tuple[str, ...]:
    return (row.title, row.theme, row.summary, *row.evidence)


def _framework(deed: Deed, edition: str, name: str) -> OwnFramework:
    known = framework_queries.own_framework(deed.uow, edition)
    if known is None:
        return deed.uow.add(OwnFramework(edition=edition, name=name, imported_by=deed.by, imported_at=deed.at))
    return deed.uow.change(known, name=name, imported_by=deed.by, imported_at=deed.at)


def _put(uow: UnitOfWork, own: OwnFramework, known: OwnRequirement | None, place: int, row: OwnRow) -> str:
    values = {**asdict(row), "evidence": list(row.evidence), "frequency": row.frequency.value, "place": place}
    if known is None:
        uow.add(OwnRequirement(own_framework_id=own.id, **values))
        return "added"
    values["withdrawn_at"] = None
    if all(getattr(known, name) == value for name, value in values.items()):
        return "unchanged"
    uow.change(known, **values)
    return "changed"
