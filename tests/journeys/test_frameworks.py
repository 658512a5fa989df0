"""What is followed, own controls, old registers, what applies and how well it is met: as people do it in Slack."""

import pytest

from sandbox.story import Chapter
from tests.journeys.conftest import Begin, Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

CONTROLS = "number,title,theme\nAC-1,Lock the doors,Access\nAC-2,Close the windows,Access\n"


@pytest.fixture
async def running(begin: Begin, opening: Chapter) -> Journey:
    """A programme that Mira has started, with a task open for Jonas."""
    journey = await begin()
    await journey.play(*opening.steps)
    return journey


async def test_titles_go_and_come_back_in_every_message(running: Journey) -> None:
    await running.does("Mira", "types", "/iso frameworks", sees="ISO/IEC 27001:2022")
    await running.does("Mira", "presses", "Show numbers only", sees="Show titles too")
    await running.does("Mira", "types", "/iso frameworks migrate A.9.2.5", sees="A.9.2.5 → A.5.18")
    said = [message["text"] for message in await running.hands.person("U0MIRA").messages()]
    assert "Access rights" not in str(said)


async def test_an_old_register_is_moved_from_pasted_text_and_from_a_file(running: Journey) -> None:
    await running.does("Mira", "types", "/iso frameworks migrate")
    await running.does(
        "Mira", "fills", {"Paste the register": "A.18.2.3 A.99.1.1"}, sees="A.8.8 Management", place="modal"
    )
    await running.does("Mira", "types", "/iso frameworks migrate")
    register = {"name": "register.csv", "content": "Control\nA.9.2.2\nA.9.2.5\n"}
    await running.does("Mira", "fills", {"Or give a file": [register]}, sees="A.9.2.2, A.9.2.5 → A.5.18")


async def test_own_controls_are_brought_from_a_file_and_a_bad_one_brings_nothing(running: Journey) -> None:
    await running.does("Mira", "types", "/iso frameworks")
    await running.does("Mira", "presses", "Bring own controls", of="What you follow")
    bad = {"Name": "Acme annex", "Short name": "acme", "File": [{"name": "bad.csv", "content": "number,title\n,x\n"}]}
    await running.does("Mira", "fills", bad, sees="row 2: a number is wanted")
    await running.does("Mira", "presses", "Bring own controls", of="What you follow")
    good = {**bad, "File": [{"name": "good.csv", "content": CONTROLS}]}
    await running.does("Mira", "fills", good, sees="2 added")
    await running.does("Liam", "types", "/iso frameworks", sees="Acme annex")


async def test_who_holds_no_role_is_told_whom_to_ask(running: Journey) -> None:
    await running.does("Tom", "types", "/iso frameworks", sees="compliance lead")
