"""Somebody brings something up, and hears what became of it."""

import pytest

from sandbox.story.words import readable
from tests.journeys.conftest import Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DOOR = "The fire door is blocked by boxes"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 32
IT_OPERATIONS = "C0ITOPS"


async def said_to(journey: Journey, person_id: str, text: str) -> list[str]:
    """What somebody reads that says `text`."""
    found = await journey.hands.person(person_id).messages()
    return [readable(each) for each in found if text in readable(each)]


async def test_a_sentence_and_a_photo_and_the_answer(running: Journey) -> None:
    tom = running.hands.person("U0ELENA")
    await running.does("Elena", "types", f"/iso raise {DOOR}")
    await running.sees("Elena", "What have you noticed?", place="modal")
    photo = await tom.stage("door.png", PNG)
    assert not (await tom.submit({"place": "North stairwell", "files": [photo]})).get("errors")
    await running.sees("Elena", "It's kept as C-1")
    await running.sees("Mira", "door.png")
    await running.does("Mira", "presses", "Make it an improvement", of="C-1")
    mira = running.hands.person("U0MIRA")
    assert not (await mira.submit({"owner_id": "U0JONAS", "due_on": "2026-12-04"})).get("errors")
    await running.sees("Elena", "was taken up.")
    await running.sees("Jonas", DOOR, place="thread")
    await running.sees("Mira", "Taken up")
    assert not await said_to(running, "U0DAVID", "C-1")
    [card] = [each for each in await said_to(running, "U0MIRA", "Why am I getting this?") if "C-1" in each]
    assert "Taken up" in card
    assert "Make it an improvement" not in card


async def test_a_message_is_brought_up_with_its_file(running: Journey) -> None:
    priya = running.hands.person("U0PRIYA")
    sent = await priya.upload(("door.png", PNG), channel=IT_OPERATIONS, text=DOOR)
    await running.hands.person("U0ELENA").shortcut("concern.of_message", channel=IT_OPERATIONS, ts=sent["ts"])
    await running.sees("Elena", "1 file of the message comes along", place="modal")
    assert not (await running.hands.person("U0ELENA").submit({})).get("errors")
    await running.sees("Mira", "door.png")


async def test_it_is_set_aside_and_whoever_brought_it_up_reads_why(running: Journey) -> None:
    await running.does("Elena", "opens", "home", sees="Bring something up", place="home")
    await running.does("Elena", "presses", "Bring something up", of="home")
    assert not (await running.hands.person("U0ELENA").submit({"words": DOOR})).get("errors")
    await running.does("Mira", "presses", "Set aside", of="C-1")
    assert not (await running.hands.person("U0MIRA").submit({"reason": "It moves in March"})).get("errors")
    await running.sees("Elena", "It moves in March")


async def test_without_a_name_the_window_answers_and_nothing_else(running: Journey) -> None:
    await running.does("Mira", "types", "/iso start", sees="Bringing something up")
    await running.does("Mira", "presses", "Change this", of="Bringing something up")
    assert not (await running.hands.person("U0MIRA").submit({"allowed": ["allowed"]})).get("errors")
    await running.does("Elena", "types", f"/iso raise {DOOR}")
    assert not (await running.hands.person("U0ELENA").submit({"without_name": ["without_name"]})).get("errors")
    await running.sees("Elena", "Your name isn't kept", place="modal")
    await running.sees("Mira", "Without a name")
    await running.service.services.background.finish(seconds=20)
    assert not await said_to(running, "U0ELENA", "C-1")


async def test_a_nonconformity_is_made_of_it(running: Journey) -> None:
    await running.does("Elena", "types", f"/iso raise {DOOR}")
    assert not (await running.hands.person("U0ELENA").submit({"place": "North stairwell"})).get("errors")
    await running.does("Mira", "presses", "Make it a nonconformity", of="C-1")
    await running.sees("Mira", "What wasn't met?", place="modal")
    finding = {"requirement": "iso9001-2015:7.1.4", "sample": "All four", "owner_id": "U0JONAS"}
    assert not (await running.hands.person("U0MIRA").submit(finding)).get("errors")
    await running.sees("Elena", "followed as nonconformity NC-1")
    await running.sees("Mira", "From something that was brought up")


async def test_nc_raise_leads_everybody_to_the_form_that_is_theirs(running: Journey) -> None:
    await running.does("Mira", "types", "/iso nc raise")
    await running.sees("Mira", "What wasn't met?", place="modal")
    await running.does("Elena", "types", "/iso nc raise")
    await running.sees("Elena", "What have you noticed?", place="modal")
