"""Files that people bring are read in a process of their own, which no file makes larger or longer than it may be."""

import asyncio
import io
import os
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from bot.files.confined import Limits
from bot.files.reader import LIMITS, Reader, ReadingFailed
from bot.importing.facts import card_of
from bot.services import Services
from bot.slack.objects import SlackFile
from messages.words.refusals import refusal
from storage.importing.tables import ImportRun, ImportState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE, FakeGateway, do_errands
from tests.workflows.test_spreadsheets import workbook
from workflows.deed import Deed
from workflows.files import spreadsheets
from workflows.frameworks import own_frameworks
from workflows.importing import commands
from workflows.importing.commands import BroughtFile
from workflows.refusals import BadRows, RowFault, RowWhy, UnreadableFile


def taking_long() -> bytes:
    """A million empty rows, in less than five kilobytes."""
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet().write_number(1_048_575, 0, 1)
    return written.getvalue()


def taking_memory() -> bytes:
    """One long text in many cells, each of which is a copy of it once the white space around it is gone."""
    written, text = io.BytesIO(), f" {random.Random(1).randbytes(16_000).hex()}"
    with xlsxwriter.Workbook(written) as book:
        book.add_worksheet().write_column(0, 0, [text] * 10_000)
    return written.getvalue()


async def test_what_is_read_there_is_what_is_read_here() -> None:
    data = workbook(["Number", "Title"], ["AC-1", "Doors"])
    assert await Reader().read(spreadsheets.read, "a.xlsx", data) == spreadsheets.read("a.xlsx", data)


async def test_refusals_come_back_as_they_are() -> None:
    with pytest.raises(UnreadableFile) as unreadable:
        await Reader().read(spreadsheets.grid, "a.exe", b"MZ")
    assert vars(unreadable.value) == {"file": "a.exe", "why": "unknown_kind"}
    with pytest.raises(BadRows) as bad:
        await Reader().read(own_frameworks.rows_of, "a.csv", b"number,title\nAC-1,\n")
    assert bad.value.rows == ((2, RowFault(RowWhy.TITLE_NEEDED)),)


@pytest.mark.parametrize(
    ("data", "reader"),
    [
        (taking_long(), Reader(Limits(seconds=1, memory=LIMITS.memory))),
        (taking_long(), Reader(seconds_in_all=0.1)),
        (taking_memory(), Reader(Limits(seconds=LIMITS.seconds, memory=300_000_000))),
    ],
    ids=["time of a processor", "time", "memory"],
)
async def test_a_workbook_that_swells_meets_a_limit_in_a_sentence(data: bytes, reader: Reader) -> None:
    with pytest.raises(UnreadableFile) as refused:
        await reader.read(spreadsheets.grid, "a.xlsx", data)
    assert refused.value.why == "too_costly"
    assert "more time or memory" in refusal(refused.value.name, **refused.value.values).text


async def test_the_bot_goes_on_while_a_workbook_swells() -> None:
    reading = asyncio.create_task(Reader(seconds_in_all=1).read(spreadsheets.grid, "a.xlsx", taking_long()))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert isinstance(reading.exception(), UnreadableFile)
    assert turns > 10


class Giving(FakeGateway):
    """Slack gives this file."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self._data = data

    async def file_info(self, file_id: str) -> SlackFile:
        return SlackFile(file_id, "a.xlsx", len(self._data), "", "https://files.slack.com/a.xlsx", "", "U0MIRA")

    async def download(self, file: SlackFile) -> AsyncIterator[bytes]:
        yield self._data


@ON_SQLITE
async def test_an_import_that_meets_a_limit_says_so_on_its_card(services: Services) -> None:
    with services.database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(programme_started_on=NOON.date())
        commands.receive(Deed.of(uow, "U0MIRA", NOON), file=BroughtFile("a.xlsx", "F1"))
    reader = Reader(Limits(seconds=1, memory=LIMITS.memory))
    bot = replace(services, gateway=Giving(taking_long()), reader=reader)
    await do_errands(bot)
    with services.database.unit_of_work(WORKSPACE) as uow:
        [kept] = uow.all(ImportRun)
        assert (kept.state, kept.reason) == (ImportState.FAILED, "too_costly")
        assert "more time or memory" in str(card_of(uow, kept).blocks)


def environment(_name: str, _data: bytes) -> dict[str, str]:
    return dict(os.environ)


async def test_no_setting_and_no_secret_is_known_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    assert "xoxb-secret" not in (await Reader().read(environment, "a", b"")).values()


def process_id(name: str, _data: bytes) -> None:
    Path(name).write_text(str(os.getpid()))
    while True:
        pass


async def test_who_is_not_waited_for_any_more_is_ended(tmp_path: Path) -> None:
    told = tmp_path / "pid"
    os.mkfifo(told)
    reading = asyncio.create_task(Reader().read(process_id, str(told), b""))
    begun = int(await asyncio.to_thread(told.read_text))
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    with pytest.raises(ProcessLookupError):
        os.kill(begun, 0)


def failing(_name: str, _data: bytes) -> None:
    raise ZeroDivisionError("as nobody foresaw")


async def test_what_nobody_foresaw_is_no_fault_of_the_file() -> None:
    with pytest.raises(ReadingFailed, match="as nobody foresaw"):
        await Reader().read(failing, "a", b"")
