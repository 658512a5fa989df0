"""Tables out of files: what is read, what is refused, and that nothing is ever computed."""

import io
import zipfile
from contextlib import suppress

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.files import spreadsheets
from workflows.files.spreadsheets import MOST_BYTES, MOST_ROWS, MOST_UNPACKED_BYTES
from workflows.refusals import UnreadableFile


def workbook(*rows: list[object]) -> bytes:
    """An XLSX file with these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def bomb() -> bytes:
    """A small archive that unpacks to more than anybody may ask of us."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (MOST_UNPACKED_BYTES + 1))
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b"Number,Title\nAC-1,Doors\n"),
        ("a.csv", b"\xef\xbb\xbfNumber;Title\r\nAC-1;Doors\r\n\r\n"),
        ("a.TSV", b"Number\tTitle\nAC-1\tDoors"),
        ("a.xlsx", workbook(["Number", "Title"], ["AC-1", "Doors"], [None, None])),
    ],
)
def test_a_table_is_read_by_its_headings(name: str, data: bytes) -> None:
    table = spreadsheets.read(name, data)
    assert table.headings == ("number", "title")
    [line] = table.lines
    assert (line.number, line.cell("number").text, line.cell("title").text) == (2, "AC-1", "Doors")
    assert line.cell("nonsense").text == ""


def test_what_windows_writes_is_read_too() -> None:
    [line] = spreadsheets.read("a.csv", "number\nPrüfung".encode("cp1252")).lines
    assert line.cell("number").text == "Prüfung"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_a_file_is_read_in_whatever_its_program_wrote(encoding: str) -> None:
    data = "Größe;Zahl, in Worten; wenn nötig\n1;zwei, drei; vier\n".encode(encoding)
    assert [[cell.text for cell in row.cells] for row in spreadsheets.grid("a.csv", data).rows] == [
        ["Größe", "Zahl, in Worten", "wenn nötig"],
        ["1", "zwei, drei", "vier"],
    ]


def test_commas_between_quotes_separate_nothing() -> None:
    data = b'"Owner";"Task"\r\n"a,b,c,d";"e,f,g,h"\r\n"a,b,c,d";"e,f,g,h"\r\n'
    assert [len(row.cells) for row in spreadsheets.grid("a.csv", data).rows] == [2, 2, 2]


def test_rows_that_are_only_formatted_do_not_count() -> None:
    empty: list[object] = [None]
    rows: list[list[object]] = [["number"], ["1"], *([empty] * (MOST_ROWS + 5)), ["2"]]
    found = spreadsheets.grid("a.xlsx", workbook(*rows)).rows
    assert [row.number for row in found] == [1, 2, MOST_ROWS + 8]


def swelling() -> bytes:
    """An archive that unpacks to a thousand times its size, and still to less than the most."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.csv", b" \n ", "empty"),
        ("a.csv", b"x" * (MOST_BYTES + 1), "too_large"),
        ("a.xlsx", bomb(), "unpacks_too_large"),
        ("a.xlsx", swelling(), "unpacks_too_large"),
        ("a.xlsx", b"%PDF-1.7 a document", "broken"),
        ("a.csv", workbook(["number"]), "broken"),
        ("a.csv", b"," * 60 + b"x", "too_many_columns"),
        ("a.xlsx", workbook(["x"] * 61), "too_many_columns"),
        ("a.xlsx", b"PK not an archive", "broken"),
        ("a.xlsx", workbook()[:400], "broken"),
        ("a.csv", b'number\n"never closed', "broken"),
        ("a.csv", b"number\n" + b"1\n" * (MOST_ROWS + 1), "too_many_rows"),
        ("a.xls", b"old", "unknown_kind"),
        ("a.exe", b"MZ", "unknown_kind"),
        ("a.csv", b",,\n1,2,3", "no_headings"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(name: str, data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        spreadsheets.read(name, data)
    assert refused.value.why == why


def test_a_formula_is_told_apart_and_never_computed() -> None:
    [line] = spreadsheets.read("a.xlsx", workbook(["a", "b", "c", "d"], ["=1+1", "-1 day", 8.1, "8.10"])).lines
    found = [line.cell(heading) for heading in "abcd"]
    assert [each.text for each in found] == ["=1+1", "-1 day", "8.1", "8.10"]
    assert [each.is_formula for each in found] == [True, False, False, False]
    assert [each.is_figure for each in found] == [False, False, True, False]


@given(st.binary(max_size=400), st.sampled_from(["a.csv", "a.xlsx"]))
def test_any_bytes_are_a_table_or_a_refusal(data: bytes, name: str) -> None:
    with suppress(UnreadableFile):
        assert spreadsheets.read(name, data).headings
