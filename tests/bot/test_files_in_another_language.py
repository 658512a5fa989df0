"""What leaves as a file follows the language too: a pack's page and workbook, a statement, a calendar feed."""

import html
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar

from bot.programme import feeds
from messages.packs import index as pack_index
from messages.packs import workbook as pack_workbook
from messages.words import workbooks
from storage.engine.database import Database
from storage.programme.tables import FeedScope
from tests.bot import test_pack_words
from tests.bot.packs import MONDAY, WORKSPACE, chosen
from tests.messages.made_up import LANGUAGE, speak
from tests.messages.test_workbooks import SHEET
from tests.workflows.conftest import deed
from workflows.packs import rules
from workflows.programme.feeds import renew

programme = test_pack_words.programme
LATIN = re.compile(r"[A-Za-z]{2,}")
KEY = re.compile(r"[a-z_]+")
SAME = re.compile(r"\b(UTC|SHA|NC|kB|Deskaudit)\b")
"""Of a time zone, of an algorithm, of a record, of a unit, and our own name."""


def english(shown: str, values: Iterator[str]) -> set[str]:
    """The words of what is shown that are neither a value nor the same in every language."""
    for value in sorted(set(values), key=len, reverse=True):
        shown = shown.replace(value, " ")
    return set(LATIN.findall(SAME.sub("", shown)))


def texts(value: Any) -> Iterator[str]:
    """Every text in the index of a pack but the keys, which nobody is to read."""
    if isinstance(value, str):
        yield from () if KEY.fullmatch(value) else (value,)
    elif isinstance(value, dict):
        yield from (text for each in value.values() for text in texts(each))
    elif isinstance(value, list | tuple):
        yield from (text for each in value for text in texts(each))


def read(page: str) -> str:
    """What a browser shows of a page, less what is shown as code."""
    without = re.sub(r"<(style|code)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", " ", without))


def cells(book: bytes) -> str:
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    rows = (row for sheet in sheets for row in sheet.iter_rows(values_only=True))
    return "\n".join([*sheets.sheetnames, *(str(each) for row in rows for each in row if each is not None)])


@pytest.fixture
def pack(programme: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, dict[str, Any], Any]]:
    with chosen(programme) as selection:
        by_folder = {name: selection.in_folder(name) for name in rules.folders()}
        speak(monkeypatch)
        yield selection.index, by_folder, selection.titles


def test_the_page_of_a_pack(pack: tuple[Any, dict[str, Any], Any]) -> None:
    page = io.BytesIO()
    pack_index.write_page(page, *pack, LANGUAGE)
    shown = page.getvalue().decode()
    assert f'<html lang="{LANGUAGE}">' in shown
    assert english(read(shown), texts(_plain(pack[0]))) == set()


def test_the_workbook_of_a_pack(pack: tuple[Any, dict[str, Any], Any]) -> None:
    book = io.BytesIO()
    pack_workbook.write_workbook(book, pack[0], LANGUAGE)
    assert english(cells(book.getvalue()), texts(_plain(pack[0]))) == set()


def _plain(index: Any) -> Any:
    """The index as JSON holds it, with its rows."""
    return json.loads(json.dumps(index, default=list))


def test_a_statement_as_a_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch)
    values = [str(value) for row in SHEET.rows for value in vars(row).values()]
    values += [SHEET.organisation, SHEET.standard, SHEET.approved_by]
    assert english(cells(workbooks.statement(SHEET)), iter(values)) == set()


@pytest.mark.parametrize("scope", FeedScope)
def test_a_calendar_feed(programme: Database, monkeypatch: pytest.MonkeyPatch, scope: FeedScope) -> None:
    speak(monkeypatch)
    with programme.unit_of_work(WORKSPACE) as uow:
        body = feeds.read(uow, renew(deed(uow, "UMIRA"), scope=scope), MONDAY)
        assert body is not None
        name = str(Calendar.from_ical(body)["x-wr-calname"])
        assert english(name, iter([uow.workspace().name])) == set()
