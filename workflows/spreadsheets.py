"""Tables out of files that people bring: CSV and XLSX, within limits, and never computed."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import openpyxl

from workflows.errors import UnreadableFile

# --- rules ---

MOST_BYTES = 2_000_000
MOST_UNPACKED_BYTES = 40_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 60
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, as text. A formula is never computed; a figure has lost how it was typed (8.10 is 8.1)."""

    text: str
    is_formula: bool = False
    is_figure: bool = False


NOTHING = Cell("")


@dataclass(frozen=True)
class Line:
    """A row by its number in the file, its cells by the heading of their column, in lower case."""

    number: int
    cells: dict[str, Cell]

    def cell(self, heading: str) -> Cell:
        """The cell under a heading; an empty one where the row is short or the column is not there."""
        return self.cells.get(heading, NOTHING)


@dataclass(frozen=True)
class Table:
    """The headings in their order, in lower case, and every row that is not empty."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet might compute these words, which are kept as they are, when it opens them again."""
    return text.startswith(("=", "+", "-", "@"))


def read(name: str, data: bytes) -> Table:
    """The first sheet of a workbook, or a CSV file; its first row names the columns. Raises `UnreadableFile`."""
    return _table(name, _all_rows(name, data))


def text_of(name: str, data: bytes) -> str:
    """Everything that stands in a file, row by row, whatever its columns are called. Raises `UnreadableFile`."""
    return "\n".join(" ".join(cell.text for cell in row) for row in _all_rows(name, data))


def _all_rows(name: str, data: bytes) -> list[list[Cell]]:
    if len(data) > MOST_BYTES:
        raise UnreadableFile(name, "too_large")
    if not data.strip():
        raise UnreadableFile(name, "empty")
    rows = list(islice(_rows(name, data), MOST_ROWS + 2))
    if len(rows) > MOST_ROWS + 1:
        raise UnreadableFile(name, "too_many_rows")
    return rows


def _rows(name: str, data: bytes) -> Iterator[list[Cell]]:
    ending = name.lower().rpartition(".")[2]
    if ending == "xlsx":
        return _workbook_rows(name, data)
    if ending in ("csv", "tsv", "txt"):
        return _csv_rows(name, data)
    raise UnreadableFile(name, "unknown_kind")


def _table(name: str, rows: list[list[Cell]]) -> Table:
    if not rows or not any(cell.text for cell in rows[0]):
        raise UnreadableFile(name, "no_headings")
    headings = tuple(cell.text.lower() for cell in rows[0])
    lines = (Line(number, _under(headings, row)) for number, row in enumerate(rows[1:], start=2))
    return Table(
        tuple(filter(None, headings)), tuple(line for line in lines if any(cell.text for cell in line.cells.values()))
    )


def _under(headings: Iterable[str], row: list[Cell]) -> dict[str, Cell]:
    return {heading: cell for heading, cell in zip(headings, row, strict=False) if heading}


def _csv_rows(name: str, data: bytes) -> Iterator[list[Cell]]:
    text = _decoded(data).replace("\0", "")
    first = text.partition("\n")[0]
    separator = max(SEPARATORS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator, strict=True):
            yield [_typed(value) for value in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise UnreadableFile(name, "broken") from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what spreadsheets on Windows write


def _typed(value: str) -> Cell:
    text = value.strip()
    return Cell(text, is_formula=text.startswith("="))


def _workbook_rows(name: str, data: bytes) -> Iterator[list[Cell]]:
    _must_unpack_small(name, data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for row in book.worksheets[0].iter_rows(max_col=MOST_COLUMNS):
            yield [_cell(each) for each in row]
    except Exception as error:  # a broken workbook breaks the library in more ways than can be listed
        raise UnreadableFile(name, "broken") from error


def _must_unpack_small(name: str, data: bytes) -> None:
    """A few kilobytes can unpack to gigabytes. What a file announces is all that is ever unpacked of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile(name, "broken") from error
    if unpacked > MOST_UNPACKED_BYTES:
        raise UnreadableFile(name, "unpacks_too_large")


def _cell(cell: Any) -> Cell:
    if cell.value is None:
        return NOTHING
    text = str(cell.value).replace("\0", "").strip()
    return Cell(text, is_formula=cell.data_type == "f" or text.startswith("="), is_figure=cell.data_type == "n")
