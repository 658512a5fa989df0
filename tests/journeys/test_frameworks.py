"""What is followed, own controls, old registers, what applies and how well it is met: as people do it in Slack."""

import pytest

from sandbox.story import Chapter, Step, StoryFailed
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
    other = {"name": "other.csv", "content": "Control\nnothing\n"}
    await running.does("Mira", "fills", {"Or upload a file": [other]}, sees="Your file doesn't contain")
    await running.does("Mira", "types", "/iso frameworks migrate")
    register = {"name": "register.csv", "content": "Control\nA.9.2.2\nA.9.2.5\n"}
    await running.does("Mira", "fills", {"Or upload a file": [register]}, sees="A.9.2.2, A.9.2.5 → A.5.18")


async def test_own_controls_are_brought_from_a_file_and_a_bad_one_brings_nothing(running: Journey) -> None:
    await running.does("Mira", "types", "/iso frameworks")
    await running.does("Mira", "presses", "Add your own controls", of="What you follow")
    bad = {"Name": "Acme annex", "Short name": "acme", "File": [{"name": "bad.csv", "content": "number,title\n,x\n"}]}
    await running.does("Mira", "fills", bad, sees="row 2: a number is needed")
    await running.does("Mira", "presses", "Add your own controls", of="What you follow")
    good = {**bad, "File": [{"name": "good.csv", "content": CONTROLS}]}
    await running.does("Mira", "fills", good, sees="2 added")
    await running.does("Liam", "types", "/iso frameworks", sees="Acme annex")


async def test_a_lead_decides_one_by_one_and_the_statement_says_so(running: Journey) -> None:
    await running.does("Mira", "types", "/iso soa", sees="No version has been approved yet")
    await running.does("Mira", "presses", "Decide one by one", of="Statement of Applicability")
    await running.does(
        "Mira", "fills", {"Your decision": "It applies", "Why?": "Our customers want it"}, sees="A.5.2", place="modal"
    )
    await running.does(
        "Mira", "fills", {"Your decision": "It's left out", "Why?": "Nobody does"}, sees="A.5.3", place="modal"
    )
    await running.does("Liam", "types", "/iso gap A.5.18", sees="not rated")
    await running.does("Liam", "types", "/iso soa", sees="Organisational: 1 applies, 1 left out, 35 undecided")
    await running.does(
        "Liam", "presses", "Show organisational", of="Organisational: 1 appl", sees="Left out: Nobody does"
    )


async def test_a_theme_is_decided_at_once_then_approved_and_exported(running: Journey) -> None:
    for theme in ("Organisational", "People", "Physical", "Technological"):
        await running.does("Mira", "types", "/iso soa", sees=f"{theme}: 0 apply")
        await running.does(
            "Mira", "presses", f"Show {theme.lower()}", of=f"{theme}: 0 apply", sees=f"{theme.lower()}, page 1"
        )
        await running.does("Mira", "presses", "Apply all undecided", of=f"{theme.lower()}, page 1")
        await running.does("Mira", "fills", {"Why?": "Risk assessment of May"})
    await running.does("Mira", "types", "/iso soa", sees="Technological: 34 apply, 0 left out")
    await running.does(
        "Mira", "presses", "Approve this version", of="Technological: 34 apply", sees="Version 1, approved by"
    )
    await running.does("Liam", "types", "/iso soa export", sees="to our direct messages")
    await running.service.services.background.finish(seconds=20)
    [sent] = [each for message in await running.hands.person("U0LIAM").messages() for each in message.get("files", ())]
    assert sent["name"] == "ISO-IEC-27001-2022-applicability-2026-11-23.xlsx"
    assert sent["size"] > 5_000


async def test_a_lead_rates_one_by_one_and_whoever_closes_the_gap_hears_of_it(running: Journey) -> None:
    await running.does("Mira", "types", "/iso gap", sees="No gaps found so far")
    await running.does("Mira", "presses", "Rate one by one", of="ISO/IEC 27001:2022")
    gap = {
        "Your rating": "partly in place",
        "What will be done": "Write it down",
        "Owner": "Jonas",
        "Due date": {"days": 8},
    }
    await running.does("Mira", "fills", gap, sees="Interested parties", place="modal")
    await running.does("Mira", "fills", {"Your rating": "in place and working"}, sees="Scope", place="modal")
    await running.sees("Jonas", "Write it down", "thread")
    await running.does("Mira", "types", "/iso status", sees="1 action open, 0 overdue")
    await running.does("Mira", "types", "/iso gap", sees="1 gap")
    await running.does("Mira", "presses", "Show the gaps", sees="Write it down")
    await running.play(Step("the day passes", "Mira", "clock", {"advance": {"days": 12}}))
    await running.does("Mira", "types", "/iso status", sees="1 action open, 1 overdue")


async def test_a_form_that_lacks_something_says_so_and_keeps_what_was_typed(running: Journey) -> None:
    await running.does("Mira", "types", "/iso gap")
    await running.does("Mira", "presses", "Rate one by one", of="ISO/IEC 27001:2022")
    gap = {"Your rating": "partly in place", "What will be done": "Write it down", "Due date": {"days": 8}}
    with pytest.raises(StoryFailed, match="Please choose an owner"):
        await running.does("Mira", "fills", gap)


async def test_one_requirement_is_opened_by_its_number(running: Journey) -> None:
    await running.does("Mira", "types", "/iso gap A.5.18", sees="Access rights", place="modal")
    await running.does("Mira", "fills", {"Your rating": "in place but fragile"})
    await running.does("Mira", "types", "/iso soa a.8.30", sees="Outsourced", place="modal")
    await running.does("Mira", "fills", {"Your decision": "It's left out", "Why?": "We write it all ourselves"})
    await running.does("Mira", "types", "/iso soa 9.2.1", sees="several requirements")
    await running.does("Mira", "types", "/iso soa iso27001-2022:9.2.1", sees="can't be left out")
    await running.does("Mira", "types", "/iso gap nonsense", sees="a requirement of anything you follow")


async def test_people_without_a_role_may_not_look(running: Journey) -> None:
    for command in ("frameworks", "soa", "soa export", "gap"):
        await running.answers("Tom", f"/iso {command}", "compliance lead")
