"""A pack from `/iso pack` to an auditor's disk: in Slack, by a link, and what happens when it cannot be made."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

import httpx
import pytest
from playwright.async_api import Browser, Request
from sqlmodel import col

from bot import rooms
from bot.packs import facts as pack_facts
from bot.room import carry_out
from sandbox.story import Chapter, StoryFailed
from storage.packs.tables import Pack, PackState
from storage.record import trail
from storage.record.trail import TrailEntry
from tests.bot.packs import checked, unpacked
from tests.journeys.conftest import Begin, Journey
from workflows.deed import Deed
from workflows.packs import commands

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TITLE = "Review who has access to what"
MADE = "It's ready: 1 file"


@pytest.fixture
async def running(begin: Begin, opening: Chapter) -> Journey:
    """A programme with one accepted file."""
    journey = await begin()
    await journey.play(*opening.steps)
    file = {"name": "access.txt", "content": "Signed", "thread": TITLE}
    await journey.does("Jonas", "drops", file, sees="kept", place="thread")
    await journey.does("Mira", "presses", "Accept", of=TITLE, sees="Accepted")
    return journey


async def ask(journey: Journey, sees: str = MADE) -> None:
    await journey.does("Mira", "types", "/iso pack")
    await journey.does("Mira", "fills", {"To": "2026-12-31"}, sees=sees)


def packs_of(journey: Journey) -> list[Pack]:
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        return uow.all(Pack)


def verbs(journey: Journey) -> list[str]:
    """What the trail says of packs."""
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        assert trail.verify(uow) == []
        return [each.verb for each in uow.all(TrailEntry, col(TrailEntry.subject) == "pack")]


async def kept(journey: Journey, pack: Pack) -> bytes:
    return b"".join([chunk async for chunk in journey.service.services.blobs.stream(pack.sha256 or "")])


async def test_a_lead_makes_a_pack_and_its_own_program_finds_it_intact(running: Journey, tmp_path: Path) -> None:
    await ask(running)
    await running.sees("Mira", "audit-pack-1-2025-11-24-2026-12-31.zip", place="thread")
    [pack] = packs_of(running)
    zipped = await kept(running, pack)
    assert hashlib.sha256(zipped).hexdigest() == pack.sha256
    folder = unpacked(zipped, tmp_path)
    assert checked(folder, pack.manifest_sha256) == (
        0,
        ["intact: 6 files", f"SHA-256 of manifest.json: {pack.manifest_sha256}"],
    )
    await running.sees("Mira", str(pack.manifest_sha256))
    await running.does("Mira", "presses", "Send it again", of=MADE)
    assert verbs(running) == ["pack.ask", "pack.make", "pack.share"]


async def test_a_link_leads_to_the_pack_until_it_is_ended_and_every_fetching_is_on_the_trail(running: Journey) -> None:
    await ask(running)
    [pack] = packs_of(running)
    await running.does("Mira", "presses", "Make a link", of=MADE)
    await running.sees("Mira", "Anyone with this address", place="thread")
    mira = running.hands.person("U0MIRA")
    [card] = [each["ts"] for each in await mira.messages() if MADE in str(each)]
    said = str(await mira.thread(card))
    [path] = set(re.findall(r"/packs/[0-9a-f]{64}\.zip", said))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.service.port}") as auditor:
        got = await auditor.get(path)
        assert got.headers["Content-Disposition"] == 'attachment; filename="audit-pack-1-2025-11-24-2026-12-31.zip"'
        assert zipfile.ZipFile(io.BytesIO(got.content)).testzip() is None
        assert hashlib.sha256(got.content).hexdigest() == pack.sha256
        assert (await auditor.head(path)).status_code == 405
        assert (await auditor.get("/packs/00ff.zip")).status_code == 404
        assert verbs(running).count("pack.fetch") == 1
        await running.does("Mira", "presses", "End all links", of=MADE)
        await running.sees("Mira", "All links to this pack have ended", place="thread")
        gone = await auditor.get(path)
        assert (gone.status_code, "ask the person who gave it to you" in gone.text) == (404, True)
    assert verbs(running).count("pack.fetch") == 1


async def test_a_pack_with_a_missing_file_is_not_made_and_says_which_until_the_file_is_back(
    running: Journey, tmp_path: Path
) -> None:
    [file] = [path for path in (tmp_path / "evidence" / "sha256").rglob("*") if path.is_file()]
    sound = file.read_bytes()
    file.unlink()
    await ask(running, sees="missing from the file store")
    await running.sees("Mira", "E1-access.txt")
    file.write_bytes(sound)
    await running.does("Mira", "presses", "Try again", of="missing from the file store", sees=MADE)
    assert verbs(running) == ["pack.ask", "pack.fail", "pack.again", "pack.make"]


async def test_a_pack_that_was_interrupted_is_begun_anew_and_given_up_at_last(running: Journey) -> None:
    await ask(running)
    services = running.service.services
    for tries, state in ((1, PackState.MADE), (3, PackState.FAILED)):
        with services.database.unit_of_work("T0ALDER") as uow:
            made = uow.get(Pack, 1)
            uow.change(made, state=PackState.ASKED, sha256=None, manifest_sha256=None, tries=tries)
            Deed.of(uow, "U0MIRA", services.clock.now()).errand(commands.MAKE, values={"of": 1})
        await services.take_up("T0ALDER")
        await services.background.finish(seconds=20)
        assert packs_of(running)[0].state is state
    await running.sees("Mira", "I was interrupted three times")


async def test_a_large_pack_is_fetched_by_a_link_only(running: Journey, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack_facts, "LARGEST_IN_SLACK", 100)
    await ask(running, sees="too large for Slack")
    await running.service.services.background.finish(seconds=20)
    assert "audit-pack-1" not in str(await running.hands.person("U0MIRA").messages())


async def test_a_pack_that_expired_says_so_and_another_one_is_made_of_the_same_scope(running: Journey) -> None:
    await ask(running)
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        old = uow.get(Pack, 1)
        assert old.settled_at is not None
        uow.change(old, settled_at=old.settled_at - commands.KEPT_FOR)
    await carry_out(rooms.NIGHTLY, running.service.services, "T0ALDER")
    await running.sees("Mira", "The ZIP was kept for 90 days")
    await running.does("Mira", "presses", "Make another one", of="The ZIP was kept", sees=MADE)
    await running.service.services.background.finish(seconds=20)
    assert [(each.state, each.first, each.last) for each in packs_of(running)] == [
        (PackState.EXPIRED, old.first, old.last),
        (PackState.MADE, old.first, old.last),
    ]
    assert verbs(running) == ["pack.ask", "pack.make", "pack.expire", "pack.erase", "pack.ask", "pack.make"]


async def test_people_without_the_role_make_no_pack(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    for who in ("Jonas", "Tom", "Liam"):
        await journey.answers(who, "/iso pack", "compliance lead")


async def test_what_is_typed_wrong_is_said_beside_it(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso pack")
    with pytest.raises(StoryFailed, match=r"A\.99\.1"):
        await journey.does("Mira", "fills", {"Only these requirements": "A.5.18, A.99.1"})
    assert packs_of(journey) == []
    right = {"Only these requirements": "A.5.18, ISO 27001 A.8.2"}
    await journey.does("Mira", "fills", right, sees="there is no evidence in it")


async def test_the_index_opens_from_the_disk_and_asks_nothing_of_any_network(
    running: Journey, browser: Browser, tmp_path: Path
) -> None:
    await ask(running)
    folder = unpacked(await kept(running, packs_of(running)[0]), tmp_path)
    asked: list[str] = []
    page = await browser.new_page()

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    await page.goto((folder / "index.html").as_uri())
    assert asked == [(folder / "index.html").as_uri()]
    tasks = page.get_by_role("row", name=TITLE)
    assert "ISO/IEC 27001:2022 A.5.18, A.8.2" in await tasks.last.inner_text()
    await page.get_by_role("link", name="access.txt").click()
    assert await page.get_by_text("Signed").is_visible()
