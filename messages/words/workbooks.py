"""Spreadsheets that leave the house: every cell is text, so that nothing in them is ever computed."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # as above
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # as above

from messages.words.mrkdwn import clean
from messages.words.wording import words

_LIKE_A_FORMULA = ("=", "+", "-", "@", "\t")
_WIDTHS = (10, 45, 10, 60, 22, 16, 24, 14)
_FORMATS: Sequence[dict[str, bool]] = ({}, {"bold": True, "text_wrap": False}, {"quote_prefix": True})
_COLUMNS = ("number", "title", "applies", "reason", "state", "evidence", "decided_by", "decided_on")
_CELL = 32_767  # characters; more than that no cell holds


@dataclass(frozen=True)
class StatementRow:
    """A requirement as the exported statement shows it; `state` is the key of a rating."""

    number: str
    title: str
    applies: bool | None
    reason: str
    state: str
    is_shown: bool
    decided_by: str
    decided_on: date | None


@dataclass(frozen=True)
class StatementSheet:
    """A Statement of Applicability to be exported. `version` 0: nothing was approved yet; people are named."""

    standard: str
    organisation: str
    exported_on: date
    version: int
    approved_by: str
    approved_on: date | None
    is_approved: bool
    rows: Sequence[StatementRow]


@dataclass(frozen=True)
class Table:
    """A sheet of a workbook: its name, and per column a heading and a width in characters."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[str]]


def write(file: BinaryIO, tables: Sequence[Table], *, created_at: datetime) -> None:
    """Tables as an XLSX file, a sheet each, written row by row. The same tables give the same bytes."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, options)
    book.set_properties({"created": created_at.replace(tzinfo=None)})
    plain, strong, quoted = (book.add_format({"text_wrap": True, "valign": "top"} | more) for more in _FORMATS)
    for table in tables:
        page = book.add_worksheet(table.name)
        for column, (_, width) in enumerate(table.columns):
            page.set_column(column, column, width)
        _write(page, 0, [heading for heading, _ in table.columns], strong, strong)
        number = 0
        for number, cells in enumerate(table.rows, start=1):
            _write(page, number, cells, plain, quoted)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, number, len(table.columns) - 1)
    book.close()


def statement(sheet: StatementSheet) -> bytes:
    """The Statement of Applicability as an XLSX file."""
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    wording = words("frameworks/applicability/workbook", sheet=sheet)
    page = book.add_worksheet(wording.sheet_name.plain)
    plain, strong, quoted = (book.add_format({"text_wrap": True, "valign": "top"} | more) for more in _FORMATS)
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    heading = [(wording.title.plain,), (wording.version.plain,), (wording.exported.plain,), ()]
    names = [wording[f"column_{name}"].plain for name in _COLUMNS]
    for number, row in enumerate([*heading, names]):
        _write(page, number, row, strong, strong)
    for number, each in enumerate(sheet.rows, start=len(heading) + 1):
        _write(page, number, _cells(each), plain, quoted)
    page.freeze_panes(len(heading) + 1, 1)
    page.repeat_rows(len(heading))
    page.set_landscape()
    page.fit_to_pages(1, 0)
    book.close()
    return written.getvalue()


def _cells(row: StatementRow) -> Sequence[str]:
    wording = words("frameworks/applicability/workbook", row=row)
    decided_on = row.decided_on.isoformat() if row.decided_on else ""
    spoken = wording.applies.plain, row.reason, wording.state.plain, wording.evidence.plain
    return (row.number, row.title, *spoken, row.decided_by, decided_on)


def harmless(text: str) -> str:
    """People's text as a cell of a CSV file, which knows no formats: a mark keeps what looks like a formula text."""
    safe = clean(text)
    return f"'{safe}" if safe.startswith(_LIKE_A_FORMULA) else safe


def _write(page: Worksheet, number: int, cells: Sequence[str], plain: Format, quoted: Format) -> None:
    """Every cell as text; a mark keeps what looks like a formula text also when somebody edits it or saves a CSV."""
    for column, text in enumerate(cells):
        safe = clean(text)[:_CELL]
        if not safe:
            continue
        page.write_string(number, column, safe, quoted if safe.startswith(_LIKE_A_FORMULA) else plain)
