"""The spreadsheet people come from, as leads bring it: guessed, confirmed, checked, and taken whole or not at all."""

from pathlib import Path

import pytest
from sqlmodel import col

from bot import progress
from bot.slack.gateway import Gateway
from messages.words.kit import Message
from sandbox.story import Chapter
from storage.engine.database import Database
from storage.importing.tables import ImportRun, ImportState
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.programme.tables import Obligation
from storage.record import trail
from tests.journeys.conftest import Begin, Journey
from workflows.deed import Deed
from workflows.importing import commands

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GOOD = """Control;Task;Owner;Frequency;Next due;Finding;Evidence;Severity
A.5.15;Review the rules for access;Jonas Weber;quarterly;2026-12-18;;Signed rules;
;Renew the fire certificate;@priya;;31.01.2027;;;
A.6.3;;Elena Fischer;;;Training is not recorded;3 of 9 records were missing;minor
"""
BAD = GOOD.replace("@priya", "Otto Krause").replace("31.01.2027", "2027-02-30")


@pytest.fixture
async def running(begin: Begin, opening: Chapter) -> Journey:
    """A programme that Mira has started."""
    journey = await begin()
    await journey.play(*opening.steps)
    return journey


async def give(journey: Journey, content: str, name: str = "register.csv") -> None:
    await journey.does("Mira", "types", "/iso import")
    await journey.does("Mira", "fills", {"File": [{"name": name, "content": content}]})
    await journey.sees("Mira", "Here's what I think its columns hold")


async def test_a_register_is_brought_and_its_rows_become_work_and_drafts(running: Journey) -> None:
    await give(running, GOOD)
    await running.sees("Mira", "Owner: C “Owner”")
    await running.does("Mira", "presses", "Choose the columns", of="Here's what I think its columns hold")
    await running.does("Mira", "fills", {}, sees="3 rows, 3 good, 0 with problems")
    await running.does("Mira", "presses", "Import", of="3 good", sees="imported register.csv")
    await running.sees("Mira", "1 recurring obligation")
    await running.sees("Mira", "1 task due once, 1 open finding")
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        titles = [each.title for each in uow.all(Obligation, col(Obligation.key).startswith("import:"))]
        [draft] = uow.all(Nonconformity)
        [run] = uow.all(ImportRun)
    assert titles == ["Review the rules for access", "Renew the fire certificate"]
    assert (draft.state, draft.grade) == (NonconformityState.DRAFT, None)
    assert draft.evidence == "3 of 9 records were missing\nSeverity: minor"
    assert run.state is ImportState.DONE
    await running.does("Mira", "types", "/iso nc", sees="Training is not recorded")


async def test_faults_are_named_and_nothing_can_be_imported(running: Journey) -> None:
    await give(running, BAD)
    await running.does("Mira", "presses", "Choose the columns", of="Here's what I think its columns hold")
    await running.does("Mira", "fills", {}, sees="3 rows, 2 good, 1 with problems")
    await running.sees("Mira", "the account of “Otto Krause” is closed")
    await running.sees("Mira", "“2027-02-30” isn't a date that exists")
    await running.service.services.background.finish(seconds=20)
    mira = running.hands.person("U0MIRA")
    [card] = [each for each in await mira.messages() if "2 good" in str(each.get("blocks"))]
    assert "import.do" not in str(card)
    [sent] = [file for each in await mira.thread(card["ts"]) for file in each.get("files", ())]
    assert sent["name"] == "register-faults.csv"
    assert len((await mira.file(sent["id"])).splitlines()) == 3
    await running.does("Mira", "presses", "Cancel", of="2 good", sees="Nothing was imported")


async def test_a_file_dropped_with_the_word_is_read_and_other_files_are_not(running: Journey) -> None:
    mira = running.hands.person("U0MIRA")
    await mira.upload(("register.csv", GOOD.encode()), text="import")
    await running.sees("Mira", "Here's what I think its columns hold")
    await mira.upload(("holiday.csv", b"Sun"))
    await running.sees("Mira", "No file is needed here", place="thread")


async def test_the_same_file_is_asked_back(running: Journey) -> None:
    for sees in ("Nothing has been imported yet", "already imported this exact file"):
        await give(running, GOOD)
        await running.does("Mira", "presses", "Choose the columns", of="Here's what I think its columns hold")
        await running.does("Mira", "fills", {}, sees=sees)
        if sees == "Nothing has been imported yet":
            await running.does("Mira", "presses", "Import", of="3 good", sees="imported register.csv")
    await running.does("Mira", "presses", "Import again", of="3 good")
    await running.service.services.background.finish(seconds=20)
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        assert uow.count(ImportRun, col(ImportRun.state) == ImportState.DONE) == 2


async def test_what_is_no_spreadsheet_is_told_on_the_card(running: Journey) -> None:
    await running.does("Mira", "types", "/iso import")
    pdf = {"name": "register.xlsx", "content": "%PDF-1.7 not a workbook"}
    await running.does("Mira", "fills", {"File": [pdf]}, sees="damaged, or not what its name says")


async def test_what_was_begun_goes_on_after_a_restart(running: Journey) -> None:
    await give(running, GOOD)
    await running.does("Mira", "presses", "Choose the columns", of="Here's what I think its columns hold")
    await running.does("Mira", "fills", {}, sees="3 good")
    await running.stop()
    services = running.service.services
    database = Database.open(services.settings.database_url)
    with database.unit_of_work("T0ALDER") as uow:
        [run] = uow.all(ImportRun)
        commands.begin(Deed.of(uow, "U0MIRA", services.clock.now()), run_id=run.id, version=run.version)
    database.shut_down()
    await running.start()
    await running.sees("Mira", "imported register.csv")
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        assert uow.count(ImportRun, col(ImportRun.state) == ImportState.DONE) == 1
        assert trail.verify(uow) == []


async def test_while_rows_are_taken_the_card_counts(running: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    update = Gateway.update

    async def watched(gateway: Gateway, channel: str, ts: str, message: Message) -> None:
        drawn.append(str(message.blocks))
        await update(gateway, channel, ts, message)

    monkeypatch.setattr(Gateway, "update", watched)
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_WORDS", 0.05)
    head, row, *_ = GOOD.splitlines(keepends=True)
    await give(running, head + row * 1_500)
    await running.does("Mira", "presses", "Choose the columns", of="Here's what I think its columns hold")
    await running.does("Mira", "fills", {}, sees="1,500 good")
    await running.does("Mira", "presses", "Import", of="1,500 good", sees="imported register.csv")
    assert any("of 1,500. All of it is imported" in each for each in drawn)
    await running.service.services.background.finish(seconds=20)
    [card] = [each for each in await running.hands.person("U0MIRA").messages() if "register.csv" in str(each)]
    assert "imported" in card["text"]


async def test_what_goes_wrong_here_is_told_and_nothing_is_taken(running: Journey, tmp_path: Path) -> None:
    await give(running, GOOD)
    for kept in [each for each in (tmp_path / "evidence").rglob("*") if each.is_file()]:
        kept.unlink()
    await running.does("Mira", "presses", "Choose the columns", of="Here's what I think its columns hold")
    await running.does("Mira", "fills", {}, sees="Something went wrong with")


async def test_people_without_the_role_may_not_import(running: Journey) -> None:
    await running.does("Tom", "types", "/iso import", sees="compliance lead")
    await running.hands.person("U0TOM").upload(("register.csv", GOOD.encode()), text="import")
    await running.sees("Tom", "compliance lead", place="thread")
