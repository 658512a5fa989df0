"""Other ways for evidence to come in than a file dropped in a thread."""

import re
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

import httpx
import pytest

from sandbox.story import Chapter
from sandbox.story.words import readable
from storage.evidence.tables import Evidence, EvidenceState
from storage.tasks.tables import TaskState
from tests.bot.test_fetching import local, report, serving
from tests.bot.test_machines import headers_of
from tests.journeys.conftest import Begin, Journey
from tests.journeys.test_evidence import TITLE, evidence, state_of_the_review
from workflows.machines.keys import Claim, signature_of

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
IT_OPERATIONS = "C0ITOPS"
MANAGEMENT = "C0MGMT"
"""The bot is in this channel, and not in the other."""


async def bytes_of(journey: Journey, kept: Evidence) -> str:
    """What lies in the store."""
    return b"".join([chunk async for chunk in journey.service.services.blobs.stream(kept.sha256 or "")]).decode()


async def save(journey: Journey, who: str, ts: str, channel: str | None = IT_OPERATIONS) -> None:
    """Take the shortcut on a message."""
    await journey.hands.person(f"U0{who.upper()}").shortcut("evidence.save_message", channel=channel, ts=ts)


async def test_a_message_is_kept_with_its_author_its_address_and_its_files(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    sent = await journey.hands.person("U0MIRA").upload(
        ("log.txt", b"ok"), channel=MANAGEMENT, text="The *restore* worked & how"
    )
    await save(journey, "Mira", sent["ts"], MANAGEMENT)
    await journey.sees("Mira", "worked & how", place="modal")
    await journey.does("Mira", "fills", {"What is it for?": TITLE, "Note": "Third quarter"}, sees="Kept log.txt")
    text, log = evidence(journey)
    said = await bytes_of(journey, text)
    assert "(U0MIRA)" in said
    assert "The *restore* worked &amp; how" in said
    assert text.permalink in said
    assert text.permalink.startswith("http")
    assert (log.name, log.state, log.note) == ("log.txt", EvidenceState.KEPT, "Third quarter")
    assert state_of_the_review(journey) is TaskState.SUBMITTED


@ON_SQLITE
async def test_where_the_bot_is_not_what_the_message_says_is_kept_and_its_file_gets_a_sentence(
    begin: Begin, opening: Chapter
) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    sent = await journey.hands.person("U0PRIYA").upload(
        ("rack.jpg", b"JPEG"), channel=IT_OPERATIONS, text="The racks are locked"
    )
    await save(journey, "Jonas", sent["ts"])
    await journey.does("Jonas", "fills", {"What is it for?": TITLE}, sees="Kept message-")
    text = evidence(journey)[0]
    assert "Said by:  Priya Raman (U0PRIYA)" in await bytes_of(journey, text)
    await journey.sees("Jonas", "rack.jpg")
    assert state_of_the_review(journey) is TaskState.SUBMITTED


@ON_SQLITE
async def test_a_lead_saves_for_the_task_of_another(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    ts = await journey.hands.person("U0MIRA").say("Jonas showed me the signed list", channel=IT_OPERATIONS)
    await save(journey, "Mira", ts)
    await journey.does("Mira", "fills", {"What is it for?": TITLE}, sees="Kept message-")
    [text] = evidence(journey)
    assert text.provided_by == "U0MIRA"


@ON_SQLITE
async def test_who_has_no_task_that_takes_evidence_hears_so_and_nothing_is_kept(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    ts = await journey.hands.person("U0TOM").say("My holiday")
    await save(journey, "Tom", ts, None)
    await journey.sees("Tom", "You have no open task that needs evidence")
    assert evidence(journey) == []


# --- links ---

PAGE = "https://status.example.org/report"


async def give_link(journey: Journey, who: str, url: str, sees: str) -> None:
    """Type the address, choose the task, and wait for the answer."""
    await journey.does(who, "types", f"/iso evidence {url}", sees="What is it for?", place="modal")
    await journey.does(who, "fills", {"What is it for?": TITLE}, sees=sees)


@ON_SQLITE
async def test_without_leave_to_fetch_the_address_alone_is_kept_and_the_card_says_so(
    begin: Begin, opening: Chapter
) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await give_link(journey, "Jonas", PAGE, "Kept status.example.org/report")
    [link] = evidence(journey)
    assert (await bytes_of(journey, link)).splitlines()[-1] == PAGE
    await journey.sees("Mira", "link only, kept")
    await journey.does("Mira", "presses", "Accept", of="link only", sees="Accepted by @Mira")


async def test_what_stands_there_is_kept_with_how_it_came(begin: Begin, opening: Chapter) -> None:
    async with serving(report=report) as server:
        journey = await begin(
            fetcher=local(server), DESKAUDIT_FETCH_LINKS="*.example.org", DESKAUDIT_FETCH_PLAIN_HTTP="true"
        )
        await journey.play(*opening.steps)
        await give_link(journey, "Mira", "http://status.example.org/report", "Kept report.response.txt")
    page, about = evidence(journey)
    assert await bytes_of(journey, page) == "for status.example.org"
    said = await bytes_of(journey, about)
    assert f"SHA-256:     {page.sha256}" in said
    assert "Status:      200" in said
    assert "x-one: 1" in said.lower()
    assert {each.provided_by for each in (page, about)} == {"U0MIRA"}
    assert state_of_the_review(journey) is TaskState.SUBMITTED


@ON_SQLITE
@pytest.mark.parametrize("hosts", ["*", ""])
async def test_an_address_inside_gets_a_sentence_and_the_task_stays_open(
    begin: Begin, opening: Chapter, hosts: str
) -> None:
    journey = await begin(DESKAUDIT_FETCH_LINKS=hosts)
    await journey.play(*opening.steps)
    for url in ("https://169.254.169.254/latest/meta-data/", "https://127.0.0.1/", "https://localhost/"):
        await journey.does("Jonas", "types", f"/iso evidence {url}", sees="the computer of whoever opens it")
    assert evidence(journey) == []
    if hosts:
        await give_link(journey, "Jonas", "https://10.0.0.7/", "isn't public")
        assert [each.state for each in evidence(journey)] == [EvidenceState.REFUSED]
    assert state_of_the_review(journey) is TaskState.OPEN


@ON_SQLITE
async def test_an_address_with_a_password_is_refused_and_stands_nowhere(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    secret = "https://jonas:hunter2@status.example.org/"
    await journey.does("Jonas", "types", f"/iso evidence {secret}", sees="before its @")
    await journey.does("Tom", "types", f"/iso evidence {PAGE}", sees="You have no open task that needs evidence")
    assert evidence(journey) == []


# --- machines ---


async def test_a_lead_makes_a_key_and_a_machine_brings_evidence_with_it(begin: Begin, opening: Chapter) -> None:
    journey = await begin(DESKAUDIT_MACHINE_SECRET="s" * 32)
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso evidence keys", sees="No machine adds evidence yet")
    await journey.does("Mira", "presses", "New key", of="No machine adds evidence yet")
    filled = {"What should it be called?": "Nightly scan", "Which obligation is the evidence for?": TITLE}
    await journey.does("Mira", "fills", filled, sees="Secret:", place="modal")
    key, secret = re.findall(r"evidence/([0-9a-f]{16})`|`([0-9a-f]{64})`", str(await shown_to(journey, "U0MIRA")))
    now = datetime.fromisoformat((await journey.hands.clock())["now"])
    body = b'{"open": 0}'
    claim = Claim(key[0], str(int(now.timestamp())), "nonce-of-16-signs", "", "scan.json", sha256(body).hexdigest(), "")
    headers = headers_of(replace(claim, signature=signature_of(secret[1], claim)))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{journey.service.port}") as machine:
        answer = await machine.post(f"/evidence/{key[0]}", content=body, headers=headers)
    assert answer.json()["sentence"] == f"Kept as evidence for “{TITLE}”."
    await journey.sees("Jonas", "With the compliance leads")
    assert state_of_the_review(journey) is TaskState.SUBMITTED
    await journey.does("Mira", "types", "/iso evidence keys", sees="Nightly scan")
    await journey.does("Mira", "presses", "Revoke", of="Nightly scan", sees="has been revoked")


async def shown_to(journey: Journey, person_id: str) -> object:
    """The modal on top of somebody's screen."""
    return await journey.hands.person(person_id).modal()


@ON_SQLITE
async def test_no_key_is_offered_where_none_can_be_made(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso evidence keys", sees="New keys can't be made yet")
    [shown] = [each for each in await journey.hands.person("U0MIRA").messages() if "New keys" in readable(each)]
    assert "machine_key.new" not in str(shown)


async def test_keys_are_a_matter_of_leads(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Jonas", "types", "/iso evidence keys", sees="You can't make keys for machines")
