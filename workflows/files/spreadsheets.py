"""Tables out of files that people bring: CSV and XLSX, within limits, and never computed."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from statistics import median
from typing import Any

import openpyxl

from workflows.refusals import UnreadableFile

# --- rules ---

MOST_BYTES = 5_000_000
MOST_UNPACKED_BYTES = 20_000_000
MOST_TIMES_SMALLER = 200
"""How much smaller a part of a workbook may be when packed; real sheets stay below 60."""

MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_NUMBERED_ROWS = 1_048_576
"""Empty rows cost next to nothing, but a file may claim any number of them."""

SEPARATORS = (",", ";", "\t")
ROWS_TO_TELL_THE_SEPARATOR = 20
DAY_ZERO = date(1899, 12, 30)
"""The day from which spreadsheets count, unless they count from 1904."""

_NO_TEXT = re.compile("[\x01-\x08\x0e-\x1f]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, as text. A formula is never computed; a figure has lost how it was typed (8.10 is 8.1)."""

    text: str
    is_formula: bool = False
    is_figure: bool = False


NOTHING = Cell("")


@dataclass(frozen=True)
class Row:
    """The cells of a row from the first column to the last one filled; `number` is the row's in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]

    def cell(self, column: int) -> Cell:
        """The cell in a column, counted from 0; an empty one where the row is short."""
        return self.cells[column] if column < len(self.cells) else NOTHING


@dataclass(frozen=True)
class Grid:
    """Every row that is not empty. `day_zero` is the day from which figures that mean a date count."""

    rows: tuple[Row, ...]
    day_zero: date = DAY_ZERO


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
    rows = grid(name, data).rows
    if not rows or rows[0].number != 1:
        raise UnreadableFile(name, "no_headings")
    headings = tuple(cell.text.lower() for cell in rows[0].cells)
    lines = (Line(row.number, _under(headings, row.cells)) for row in rows[1:])
    return Table(
        tuple(filter(None, headings)), tuple(line for line in lines if any(cell.text for cell in line.cells.values()))
    )


def text_of(name: str, data: bytes) -> str:
    """Everything that stands in a file, row by row, whatever its columns are called. Raises `UnreadableFile`."""
    return "\n".join(" ".join(cell.text for cell in row.cells) for row in grid(name, data).rows)


def grid(name: str, data: bytes) -> Grid:
    """The first sheet of a workbook, or a CSV file, as it stands there. Raises `UnreadableFile`."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(name, "too_large")
    if not data.strip():
        raise UnreadableFile(name, "empty")
    ending = name.lower().rpartition(".")[2]
    if ending == "xlsx":
        return _workbook(name, data)
    if ending in ("csv", "tsv", "txt"):
        return Grid(_within_limits(name, _csv_rows(name, data)))
    raise UnreadableFile(name, "unknown_kind")


def _within_limits(name: str, rows: Iterable[list[Cell]]) -> tuple[Row, ...]:
    numbered = enumerate(islice(rows, MOST_NUMBERED_ROWS), start=1)
    filled = (Row(number, cells) for number, row in numbered if (cells := _filled(row)))
    found = tuple(islice(filled, MOST_ROWS + 2))
    if len(found) > MOST_ROWS + 1:
        raise UnreadableFile(name, "too_many_rows")
    if any(len(row.cells) > MOST_COLUMNS for row in found):
        raise UnreadableFile(name, "too_many_columns")
    return found


def _filled(row: list[Cell]) -> tuple[Cell, ...]:
    while row and not row[-1].text:
        row.pop()
    return tuple(row)


def _under(headings: Iterable[str], cells: Iterable[Cell]) -> dict[str, Cell]:
    return {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading}


# --- CSV ---


def _csv_rows(name: str, data: bytes) -> Iterator[list[Cell]]:
    text = _decoded(name, data)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True):
            yield [_typed(value) for value in row[: MOST_COLUMNS + 1]]
    except csv.Error as error:
        raise UnreadableFile(name, "broken") from error


def _decoded(name: str, data: bytes) -> str:
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")  # what spreadsheets on Windows write
    if _NO_TEXT.search(text):
        raise UnreadableFile(name, "broken")
    return _UNSTORABLE.sub("", text)


def _encoding(data: bytes) -> str:
    """UTF-16 shows itself by its mark, or by the zeros beside each plain letter; everything else is tried as UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    even, odd = data[:1000:2].count(0), data[1:1000:2].count(0)
    if max(even, odd) * 4 > len(data[:1000]):
        return "utf-16-be" if even > odd else "utf-16-le"
    return "utf-8-sig"


def _separator(text: str) -> str:
    """The one that divides a typical row of the first ones into most cells."""
    return max(SEPARATORS, key=lambda separator: _typical_width(text, separator))


def _typical_width(text: str, separator: str) -> float:
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return median([len(row) for row in islice(rows, ROWS_TO_TELL_THE_SEPARATOR) if row] or [0])
    except csv.Error:
        return 0


def _typed(value: str) -> Cell:
    text = value.strip()
    return Cell(text, is_formula=text.startswith("=")) if text else NOTHING


# --- XLSX ---


def _workbook(name: str, data: bytes) -> Grid:
    _must_unpack_small(name, data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet: Any = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
        rows = ([_cell(each) for each in row] for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1))
        return Grid(_within_limits(name, rows), DAY_ZERO if book.epoch.year < 1904 else date(1904, 1, 1))
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:  # a broken workbook breaks the library in more ways than can be listed
        raise UnreadableFile(name, "broken") from error


def _must_unpack_small(name: str, data: bytes) -> None:
    """A few kilobytes can unpack to gigabytes. What a file announces is all that is ever unpacked of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise UnreadableFile(name, "broken") from error
    swells = any(part.file_size > part.compress_size * MOST_TIMES_SMALLER for part in parts)
    if swells or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise UnreadableFile(name, "unpacks_too_large")


def _cell(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return NOTHING
    text = _UNSTORABLE.sub("", _day(value) if isinstance(value, datetime) else str(value)).strip()
    return Cell(text, is_formula=cell.data_type == "f" or text.startswith("="), is_figure=cell.data_type == "n")


def _day(value: datetime) -> str:
    return value.date().isoformat() if value.time() == datetime.min.time() else str(value)
