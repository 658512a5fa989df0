"""The bank of questions, as those who plan audits use it in Slack."""

import pytest

from sandbox.story import Chapter, StoryFailed
from tests.journeys.conftest import Begin, Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

KEYS = """\
questions:
- id: keys
  text: How do you learn which keys somebody no longer needs?
  mode: interview
  kind: open
  audience: [facilities]
  requirements: {iso27001-2022: ["A.7.2"]}
  minutes: 2
  intent: Keys follow the job.
  listen_for: [two-factor codes are never shared]
  follow_ups:
  - {when: {answer_is: [unknown]}, text: Who would know? The team is enough.}
"""


@pytest.fixture
async def running(begin: Begin, opening: Chapter) -> Journey:
    """A programme that Mira has started."""
    journey = await begin()
    await journey.play(*opening.steps)
    return journey


def file(name: str, content: str) -> dict[str, list[dict[str, str]]]:
    """What goes into the form that asks for a file."""
    return {"File": [{"name": name, "content": content}]}


async def test_an_auditor_looks_for_a_question_and_reads_what_to_listen_for(running: Journey) -> None:
    await running.does("Liam", "types", "/iso questions", sees="page 1 of 9")
    await running.does("Liam", "presses", "Next page", of="page 1 of 9", sees="page 2 of 9")
    await running.does("Liam", "types", "/iso questions 22301 procurement", sees="“22301 procurement”")
    await running.does("Liam", "types", "/iso questions zebra", sees="No question has all of")
    await running.does("Liam", "types", "/iso questions odd-screen", sees="knows the channel")


async def test_who_plans_no_audits_is_shown_none(running: Journey) -> None:
    await running.does("Jonas", "types", "/iso questions odd-screen", sees="see the questions of audits")
    said = str([message["text"] for message in await running.hands.person("U0JONAS").messages()])
    assert "knows the channel" not in said


async def test_a_preview_shows_what_is_asked_and_what_comes_next_but_nothing_for_the_auditor(running: Journey) -> None:
    await running.does("Liam", "types", "/iso questions odd-screen", sees="Red flags")
    await running.does("Liam", "presses", "Preview as interviewee", of="Red flags", sees="Question 1 of 1")
    await running.sees("Liam", "Write your answer in this thread")
    await running.does(
        "Liam", "presses", "I don't know", of="Question 1 of 1", sees="Where would you look to find out?"
    )
    await running.does("Liam", "presses", "Skip, because", of="Question 1 of 1", sees="Here it does nothing")


async def test_questions_come_from_a_file_and_a_faulty_one_brings_none(running: Journey) -> None:
    await running.does("Mira", "types", "/iso questions import")
    bad = KEYS.replace("A.7.2", "A.7.99")
    await running.does(
        "Mira", "fills", file("bad.yaml", bad), sees="line 7 (keys): iso27001-2022 has no requirement A.7.99"
    )
    await running.does("Mira", "types", "/iso questions import")
    await running.does("Mira", "fills", file("own.yaml", KEYS), sees="1 new question")
    await running.does("Liam", "types", "/iso questions keys", sees="version 1 by")
    await running.does("Mira", "types", "/iso questions import")
    await running.does("Mira", "fills", file("own.yaml", KEYS), sees="1 as before")


async def test_a_question_is_added_changed_and_retired_in_slack(running: Journey) -> None:
    await running.does("Liam", "types", "/iso questions")
    await running.does("Liam", "presses", "Add a question", of="page 1 of 9")
    asked = {
        "Question": "Where are the spare keys?",
        "For whom": "facilities",
        "Requirements": "iso27001-2022: A.7.2",
        "Minutes": "1",
        "What do you want to find out?": "Spare keys are counted.",
        "How is it answered?": "In words",
        "Short name": "spare-keys",
    }
    await running.does("Liam", "fills", asked, sees=", version 1. Interviews", place="modal")
    await running.does("Liam", "types", "/iso questions spare-keys", sees="Spare keys are counted")
    await running.does("Liam", "presses", "Change", of="Spare keys are counted")
    await running.does(
        "Liam", "fills", {"Question": "Who counts the spare keys?"}, sees=", version 2. Interviews", place="modal"
    )
    await running.does("Liam", "types", "/iso questions spare-keys", sees="Who counts the spare keys?")
    await running.does("Liam", "presses", "Retire", of="Who counts the spare keys?", sees="won't be asked in new")
    await running.does("Liam", "types", "/iso questions spare keys", sees="No question has all of")


async def test_a_form_says_at_its_field_what_can_not_be_asked(running: Journey) -> None:
    await running.does("Liam", "types", "/iso questions odd-screen", sees="Red flags")
    await running.does("Liam", "presses", "Change", of="Red flags")
    with pytest.raises(StoryFailed, match=r"no requirement A\.7\.99"):
        await running.does("Liam", "fills", {"Requirements": "iso27001-2022: A.7.99"})
