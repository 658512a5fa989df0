"""What an auditor asks to see, from the list to the verdict; and an auditor from outside who looks for a while."""

import asyncio

import pytest
from sqlmodel import col

from sandbox.story import Chapter, StoryFailed
from sandbox.story.words import readable
from storage.record import trail
from storage.record.trail import TrailEntry
from tests.journeys.conftest import Begin, Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TITLE = "Review who has access to what"
LIST = """Number;Request;Requirement;Owner;Due
A-1;Show me the last access review;A.5.18;Jonas Weber;2026-12-04
A-2;Show me how you count leavers;;;
"""


@pytest.fixture
async def running(begin: Begin, opening: Chapter) -> Journey:
    """A programme with one accepted file."""
    journey = await begin()
    await journey.play(*opening.steps)
    file = {"name": "access.txt", "content": "Signed", "thread": TITLE}
    await journey.does("Jonas", "drops", file, sees="kept", place="thread")
    await journey.does("Mira", "presses", "Accept", of=TITLE, sees="Accepted")
    return journey


async def bring(journey: Journey, content: str = LIST, sees: str = "I imported 2 requests") -> None:
    await journey.does("Mira", "types", "/iso requests", sees="no auditor requests yet")
    await journey.does("Mira", "presses", "Import a list", of="no auditor requests yet")
    await journey.does("Mira", "fills", {"File": [{"name": "list.csv", "content": content}]}, sees=sees)


def verbs(journey: Journey, person_id: str) -> list[str]:
    with journey.service.services.database.unit_of_work("T0ALDER") as uow:
        assert trail.verify(uow) == []
        return [each.verb for each in uow.all(TrailEntry, col(TrailEntry.actor_id) == person_id)]


async def test_a_request_goes_from_the_list_to_its_owner_and_back_to_a_verdict(running: Journey) -> None:
    await bring(running)
    await running.sees("Jonas", "Show me the last access review", "thread")
    await running.does("Jonas", "presses", "Answer", of="Show me the last access review", place="thread")
    answer = {"Your answer": "It was signed in November.", "Existing evidence": ["access.txt"]}
    await running.does("Jonas", "fills", answer, sees="It was signed in November.", place="thread")
    await running.does("Mira", "presses", "Return", of="It was signed in November.", place="thread")
    await running.does("Mira", "fills", {"What is missing?": "Of which quarter?"})
    await running.sees("Jonas", "Of which quarter?", "thread")
    await running.does("Jonas", "types", "/iso requests", sees="waiting for an answer")
    await running.does("Jonas", "presses", "Open", of="waiting for an answer")
    await running.does("Jonas", "presses", "Answer", of="Of which quarter?", place="thread")
    await running.does("Jonas", "fills", {"Your answer": "Of the third."}, sees="Of the third.", place="thread")
    await running.does("Liam", "types", "/iso requests", sees="answered, waiting for review")
    await running.does("Liam", "presses", "Open", of="Show me the last access review")
    await running.does("Liam", "presses", "Accept", of="Of the third.", sees="Accepted. It goes into the audit pack")
    await running.does("Jonas", "presses", "Answer", of="sees the answer exactly", sees="R-1 has already been settled")
    assert verbs(running, "U0JONAS")[-2:] == ["audit_request.answer"] * 2


async def test_a_request_answered_on_a_card_that_only_you_see_shows_the_answer_there(running: Journey) -> None:
    await bring(running)
    await running.sees("Jonas", "Show me the last access review", "thread")
    await running.does("Jonas", "types", "/iso requests", sees="waiting for an answer")
    await running.does("Jonas", "presses", "Open", of="waiting for an answer", sees="exactly as written")
    await running.does("Jonas", "presses", "Answer", of="exactly as written")
    await running.does("Jonas", "fills", {"Your answer": "It was signed."}, sees="@Jonas answered: It was signed.")
    only_theirs = [each for each in await running.hands.person("U0JONAS").messages() if each.get("ephemeral")]
    assert not any("exactly as written" in readable(each) for each in only_theirs)


async def test_a_file_dropped_on_a_request_answers_it(running: Journey) -> None:
    await bring(running)
    await running.sees("Jonas", "Show me the last access review", "thread")
    request = "Show me the last access review"
    for content in ("Signed by all", "Signed"):  # the second was given for the task before, which is no question here
        file = {"name": f"{len(content)}.txt", "content": content, "thread": TITLE}
        await running.does("Jonas", "drops", file, sees="as evidence for R-1.", place="thread")
    await running.sees("Jonas", "13.txt", "thread")
    await running.does("Jonas", "presses", "Answer", of=request, place="thread")
    new = [{"name": "list.txt", "content": "Who signed"}]
    answer = {"Your answer": "All have signed.", "New files": new}
    await running.does("Jonas", "fills", answer, sees="All have signed.", place="thread")
    await running.sees("Jonas", "as evidence for R-1.")
    await running.does("Liam", "types", "/iso requests", sees="answered, waiting for review")
    await running.does("Liam", "presses", "Open", of=request, sees="list.txt")
    await running.does("Liam", "presses", "Accept", of="All have signed.", sees="Accepted. It goes into the audit pack")
    late = {"name": "late.txt", "content": "Late", "thread": TITLE}
    await running.does(
        "Jonas", "drops", late, sees="has already been accepted, R-1 has already been settled.", place="thread"
    )
    await running.does("Jonas", "types", "/iso evidence", sees="R-1")


async def test_a_bad_list_is_refused_as_a_whole(running: Journey) -> None:
    await bring(running, LIST.replace("A.5.18", "A.99.1"), sees="A.99.1 is not a requirement")
    await running.does("Mira", "types", "/iso requests", sees="no auditor requests yet")


async def until(journey: Journey, person_id: str) -> None:
    """Wait for a file in somebody's direct messages."""
    for _ in range(400):
        if any(each.get("files") for each in await journey.hands.person(person_id).messages()):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("no file came")


async def test_an_auditor_from_outside_looks_within_scope_and_time_only(running: Journey) -> None:
    await running.does("Tom", "types", "/iso auditors", sees="compliance lead")
    await running.does("Mira", "types", "/iso auditors", sees="No external auditor")
    await running.does("Mira", "presses", "Give an auditor access", of="No external auditor")
    wrong = {
        "Auditor": "Tom",
        "Standards": ["ISO/IEC 27001:2022"],
        "Evidence until": "2026-12-31",
        "Access until": "2026-01-01",
    }
    with pytest.raises(StoryFailed, match="before"):
        await running.does("Mira", "fills", wrong)
    await running.does("Mira", "fills", wrong | {"Access until": "2026-12-07"})
    await running.sees("Mira", "I'll let them know", place="modal")
    await running.does("Mira", "types", "/iso auditors", sees="access from Monday 23 November 2026")
    await running.does("Tom", "opens", "home", sees="What you have access to", place="home")
    await running.does("Tom", "presses", "Show the evidence", of="home")
    await running.does("Tom", "presses", "Show", of="What you have access to")
    await until(running, "U0TOM")
    assert verbs(running, "U0TOM") == ["auditor_access.look", "evidence.look"]
    await running.does("Tom", "types", "/iso tasks team", sees="")
    await running.does("Mira", "clock", {"advance": {"hours": 8}})
    await running.sees("Tom", "shows the same as this button")
    await running.does("Mira", "types", "/iso auditors", sees="access from Monday 23 November 2026")
    await running.does("Mira", "presses", "End", of="access from", sees="No external auditor")
    await running.sees("Tom", "That time is over")
    await running.does("Mira", "clock", {"advance": {"days": 15}})
    await running.does("Tom", "types", "/iso auditors", sees="on the agreed days")
    await running.does(
        "Tom", "presses", "Show", of="What you have access to", sees="Only an auditor who has been given access"
    )
    assert verbs(running, "U0TOM").count("evidence.look") == 1
