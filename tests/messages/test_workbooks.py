"""Spreadsheets that leave the house: what stands in them, and that nothing in them is ever computed."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messages.words import workbooks
from messages.words.workbooks import StatementRow, StatementSheet

ROW = StatementRow("A.8.30", "Outsourcing", False, "We buy none", "not_rated", False, "Mira", date(2026, 3, 2))
SHEET = StatementSheet("ISO/IEC 27001:2022", "Aldermoor", date(2026, 3, 10), 3, "Mira", date(2026, 3, 2), True, [ROW])
HOSTILE = st.text(max_size=40) | st.builds("".join, st.tuples(st.sampled_from("=+-@\t"), st.text(max_size=20)))


def cells(sheet: StatementSheet) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(workbooks.statement(sheet)))
    return [list(row) for row in book.worksheets[0].iter_rows()]


def test_a_statement_says_edition_version_date_and_who_approved_it() -> None:
    found = [[cell.value for cell in row if cell.value] for row in cells(SHEET)]
    assert found[0] == ["Statement of Applicability, ISO/IEC 27001:2022, Aldermoor"]
    assert found[1] == ["Version 3, approved by Mira on Monday 2 March 2026"]
    assert found[2] == ["Exported on Tuesday 10 March 2026"]
    assert found[5][:4] == ["A.8.30", "Outsourcing", "no", "We buy none"]
    assert found[5][4:] == ["not needed", "none that is up to date", "Mira", "2026-03-02"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"version": 0, "approved_on": None}, "Draft; no version has been approved yet"),
        ({"is_approved": False}, "Draft, changed since version 3, which Mira approved on Monday 2 March 2026"),
    ],
)
def test_what_is_not_approved_is_a_draft(changes: dict[str, object], said: str) -> None:
    assert cells(replace(SHEET, **changes))[1][0].value == said  # type: ignore[arg-type]  # one field or the other


@settings(max_examples=40)
@given(HOSTILE, HOSTILE)
def test_no_words_become_a_formula_or_a_link(reason: str, title: str) -> None:
    rows = [replace(ROW, reason=reason, title=title, applies=True)]
    for row in cells(replace(SHEET, rows=rows, organisation=reason)):
        for cell in row:
            assert cell.data_type in ("s", "n")
            assert cell.value is None or isinstance(cell.value, str)
            assert cell.hyperlink is None


def test_what_looks_like_a_formula_stays_text_when_somebody_edits_it() -> None:
    [*_, row] = cells(replace(SHEET, rows=[replace(ROW, reason="=1+1")]))
    assert (row[3].value, row[3].data_type, row[3].quotePrefix) == ("=1+1", "s", True)
