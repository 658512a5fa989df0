"""What a file is, is told by its bytes; a name convinces nobody."""

import io
import zipfile
from dataclasses import replace

import pytest

from bot.files.sniffing import ENOUGH_TO_TELL, media_type
from messages.words.wording import words
from tests.messages.values import task_card
from workflows.evidence import file_kinds


def zipped(**parts: str) -> bytes:
    """A ZIP file with these parts in it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/"), text)
    return held.getvalue()


BOMB = zipped(bomb="0" * 50_000_000)
SHEET = zipped(**{"[Content_Types].xml": "<Types/>", "xl__workbook.xml": "<workbook/>"})
LETTER = zipped(**{"[Content_Types].xml": "<Types/>", "word__document.xml": "<document/>"})
OPEN_SHEET = b"PK\x03\x04" + b"\0" * 26 + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.mark.parametrize(
    ("bytes_", "name", "told"),
    [
        (b"%PDF-1.7\n", "list.xlsx", "application/pdf"),
        (PNG, "list.pdf", "image/png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "photo", "image/jpeg"),
        (SHEET, "list.pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (LETTER, "a.zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (OPEN_SHEET, "a", "application/vnd.oasis.opendocument.spreadsheet"),
        (BOMB, "list.xlsx", "application/zip"),
        (b"Signed", "signed.pdf", "text/plain"),
        (b"user,rule\n", "log.csv", "text/csv"),
        (b"user,rule\n", "log.xlsx", "text/plain"),
        ("Pr\u00fcfung".encode(), "note.txt", "text/plain"),
        (b"x" * (ENOUGH_TO_TELL - 1) + b"\xc3", "cut.txt", "text/plain"),
        (b"<!DOCTYPE html><title>Sign in</title>", "review.pdf", "text/html"),
        (b"<svg xmlns='x'><script>alert(1)</script></svg>", "chart.png", "image/svg+xml"),
        (b"<?xml version='1.0'?><svg onload='alert(1)'/>", "chart.svg", "image/svg+xml"),
        (b'{"passed": true}', "scan.json", "application/json"),
        (b"\0\1\2", "a.pdf", "application/octet-stream"),
        (b"", "empty.pdf", "text/plain"),
    ],
)
def test_the_bytes_tell_the_type(bytes_: bytes, name: str, told: str) -> None:
    assert media_type(bytes_[:ENOUGH_TO_TELL], name) == told


def test_every_kind_has_words_and_no_more_of_them_than_boxes() -> None:
    assert 1 < len(file_kinds.kinds()) <= 10
    assert all(words("evidence/file_kinds")[each.key].plain and each.types for each in file_kinds.kinds())


@pytest.mark.parametrize(
    ("accepts", "said"),
    [
        (["pdf"], "as PDF"),
        (["spreadsheet", "pdf"], "as PDF or spreadsheet"),
        (["pdf", "picture", "text"], "as PDF, picture or plain text"),
    ],
)
def test_kinds_are_said_as_people_say_them(accepts: list[str], said: str) -> None:
    asked = replace(task_card(str, "open"), evidence_wanted="The protocol", accepts=file_kinds.in_order(accepts))
    assert words("tasks/card", card=asked).evidence.plain.endswith(f"The protocol, {said}")


@pytest.mark.parametrize(
    ("found", "accepts", "will_do"),
    [
        ("application/pdf", [], True),
        ("application/pdf", ["pdf"], True),
        ("application/pdf", ["spreadsheet"], False),
        ("text/csv", ["spreadsheet"], True),
        ("text/csv", ["pdf", "text"], True),
        ("image/svg+xml", ["picture"], False),
        ("text/html", ["text"], False),
        ("application/zip", ["spreadsheet"], False),
    ],
)
def test_what_will_do(found: str, accepts: list[str], will_do: bool) -> None:
    assert file_kinds.is_accepted(found, accepts) is will_do
