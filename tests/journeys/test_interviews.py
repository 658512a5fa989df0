"""Conversations of interviews: as the auditors' page tells one, and as people really hold them."""

from datetime import datetime
from functools import partial

import pytest

from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.queries import draws_for
from storage.interviews.tables import Answer, Interview, InterviewState
from tests.journeys.conftest import Begin, Journey
from tests.workflows.conftest import deed
from tests.workflows.interviewing import (
    ACCOUNTS,
    COUNT,
    LEAVERS,
    LIST,
    LIST_FROM_A_SYSTEM,
    SYSTEM,
    WELCOME,
    Frozen,
    invited,
)

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TITLE = "People who leave"

LEAVERS_CSV = """staff number,last day
1033,2026-01-03
1035,2026-01-13
1041,2026-01-20
1048,2026-03-03
1052,2026-03-27
1057,2026-04-09
1063,2026-05-20
1069,2026-06-18
1077,2026-07-21
1081,2026-07-27
1090,2026-08-01
1094,2026-09-08
1102,2026-09-26
1107,2026-10-17
"""
"""Of these the day on which journeys begin draws 1041, 1077 and 1102."""


def _ask(uow: UnitOfWork, at: datetime, person: str, questions: tuple[Frozen, ...], title: str) -> int:
    return invited(deed(uow, "U0LIAM", at), person, questions, title).id


async def asks(journey: Journey, person: str, *questions: Frozen, title: str = TITLE) -> int:
    """Liam asks somebody; the invitation is there."""
    services = journey.service.services
    ask = partial(_ask, person=person, questions=questions, title=title)
    number = await services.database.run("T0ALDER", ask, services.clock.now())
    services.wake()
    await journey.sees(person.removeprefix("U0").capitalize(), title)
    return number


def look(uow: UnitOfWork, number: int) -> tuple[Interview, dict[str, Answer]]:
    return uow.get(Interview, number), {each.question_id: each for each in interview_queries.answers_of(uow, number)}


async def stands(journey: Journey, number: int) -> tuple[Interview, dict[str, Answer]]:
    """The interview and its answers, by question."""
    return await journey.service.services.database.read("T0ALDER", look, number)


async def says(journey: Journey, who: str, text: str, sees: str, thread: str = TITLE) -> None:
    """A sentence in the thread of the invitation, and what is answered there."""
    await journey.does(who, "says", {"text": text, "thread": thread}, sees=sees, place="thread")


async def presses(journey: Journey, who: str, button: str, of: str, sees: str) -> None:
    """A button of the conversation, and what is seen there."""
    await journey.does(who, "presses", button, of=of, sees=sees, place="thread")


async def test_the_conversation_of_the_auditors_page(begin: Begin) -> None:
    running = await begin()
    number = await asks(running, "U0ELENA", WELCOME, LEAVERS, LIST, COUNT)
    await running.sees("Elena", "4 questions, about 4 minutes")
    await running.does("Elena", "presses", "Begin", of=TITLE)
    await running.sees("Elena", "Question 1 of 4. What", place="thread")
    await says(
        running, "Elena", "Lock your screen, and ask when a mail looks odd.", "Question 2 of 4. When somebody leaves"
    )
    await says(
        running,
        "Elena",
        "I write a mail to IT. They close the accounts.",
        "Kept. And how do you notice when a mail was forgotten?",
    )
    await says(
        running, "Elena", "Honestly, we don't.", "Thank you for saying it as it is. Question 3 of 4. Liam would like"
    )
    await drops_leavers(running)
    await running.sees(
        "Elena",
        "14 rows, kept (5c09…). Drawn for @Liam by chance, seed 20261123: 1041, 1077, 1102. What shows when each "
        "account was closed? A file, or who has it.",
        place="thread",
    )
    await says(running, "Elena", "ask <@U0JONAS>", "Should I ask @Jonas for what was drawn in your place")
    await presses(
        running,
        "Elena",
        "Yes, ask them",
        "Should I ask",
        "I'll ask @Jonas for these three and nothing else of yours. Next is question 4 of 4; go on later if you like.",
    )
    await presses(running, "Elena", "Go on", "nothing else of yours", "Question 4 of 4. How many")
    await says(running, "Elena", "14, all told", "Here is what I understood")
    await running.sees("Elena", "I write a mail to IT. They close the accounts.", place="thread")
    await running.sees("Elena", "List of 14 rows given; drawn by chance, seed 20261123", place="thread")
    await running.sees("Elena", "@Jonas was asked.", place="thread")
    await presses(
        running, "Elena", "Yes, that's right", "Is that right?", "you and @Liam have the same copy. You'll hear"
    )
    interview, answers = await stands(running, number)
    assert interview.state is InterviewState.CONFIRMED
    assert answers["count"].value == {"number": 14}
    rows = {each.prompt: each for each in answers.values() if each.follows_id == answers["list"].id}
    assert list(rows) == ["1041: account closed", "1077: account closed", "1102: account closed"]
    assert {each.handed_to for each in rows.values()} == {"U0JONAS"}
    await running.sees("Elena", f"Fingerprint {interview.digest}", place="thread")
    await running.sees("Liam", "@Elena confirmed")
    await running.sees("Jonas", "@Elena thinks you can answer these better: 3 questions")
    await running.does("Jonas", "presses", "Begin", of=TITLE)
    await running.sees("Jonas", "Question 1 of 3. 1041: account closed", place="thread")


async def test_a_list_that_is_asked_about_comes_twice_and_over_a_restart(begin: Begin) -> None:
    running = await begin()
    number = await asks(running, "U0ELENA", LIST_FROM_A_SYSTEM, COUNT)
    await running.does("Elena", "presses", "Begin", of=TITLE)
    await running.sees("Elena", "Question 1 of 2", place="thread")
    await running.does("Elena", "drops", {"name": "leavers.pdf", "content": "%PDF-1.4 a scan", "thread": TITLE})
    await running.sees("Elena", "I've kept leavers.pdf, but I can't count rows in it", place="thread")
    await drops_leavers(running)
    await running.sees("Elena", f"14 rows, kept (5c09…). {SYSTEM}", place="thread")
    await drops_leavers(running)
    await running.sees("Elena", "That's the list I have already", place="thread")
    await running.restart()
    await says(running, "Elena", "The time clock", "Drawn for @Liam by chance, seed 20261123: 1041, 1077, 1102.")
    await drops_leavers(running)
    await running.sees("Elena", "That's the list itself, which I have already", place="thread")
    await says(running, "Elena", "Closed on the last day, ticket 88", "Kept. 1077: account closed")
    await presses(running, "Elena", "I don't have it", "1077: account closed", "1102: account closed")
    await running.does("Elena", "drops", {"name": "log.txt", "content": "closed 1102", "thread": TITLE})
    await running.sees("Elena", "Question 2 of 2. How many", place="thread")
    _, answers = await stands(running, number)
    draws = await running.service.services.database.read("T0ALDER", draws_for, answers["listed"].id)
    assert [(each.population, each.completeness) for each in draws] == [(14, "The time clock")]


async def drops_leavers(journey: Journey) -> None:
    """The list of leavers, in the thread of the invitation."""
    await journey.does("Elena", "drops", {"name": "leavers.csv", "content": LEAVERS_CSV, "thread": TITLE})


async def test_a_conversation_as_people_hold_them(begin: Begin) -> None:
    running = await begin()
    number = await asks(running, "U0ELENA", LEAVERS, ACCOUNTS, COUNT)
    await says(running, "Elena", "Hello?", "I haven't asked you anything yet")
    await running.does("Elena", "presses", "Begin", of=TITLE)
    await running.sees("Elena", "Question 1 of 3. When", place="thread")
    await running.does("Elena", "says", "By a mail.", sees="And how do you notice", place="thread")  # beside the thread
    await running.restart()
    await says(running, "Elena", ":shrug:", "Kept. What does it mean, in one sentence?")
    await says(running, "Elena", "We'd hear of it at some point.", "Question 2 of 3. What")
    await presses(
        running, "Elena", "Not now", "Question 2 of 3. What", "Everything you've said is kept. Next is question 2 of 3"
    )
    await presses(running, "Elena", "Tomorrow", "Everything you've said", "I'll remind you on 24 November 2026")
    await says(running, "Elena", "I do have a minute after all", "I've kept nothing of that message")
    await presses(running, "Elena", "Ask someone else", "kept nothing of that message", "")
    await running.does("Elena", "fills", {"Who should be asked": "Jonas"})
    await running.sees("Elena", "I'll ask @Jonas this", place="thread")
    await running.sees("Jonas", "@Elena thinks you can answer this better")
    await running.does("Jonas", "presses", "Not me", of=TITLE)
    await running.does("Jonas", "fills", {"Why": "I only started last week."})
    await running.sees("Elena", "@Jonas can't answer this one, so it's back with you", place="thread")
    await presses(running, "Elena", "I don't know", "back with you", "That's a good answer too. Question 3 of 3")
    await says(running, "Elena", "a dozen or so", "can't read a number in them")
    await presses(running, "Elena", "Leave it as it is", "can't read a number", "Here is what I understood")
    await says(running, "Elena", "Wait", "I don't know where this belongs")
    await presses(running, "Elena", "Change", "Is that right?", "")
    await running.does("Elena", "fills", {"Your answer": "IT learns by mail, from me."})
    await running.sees("Elena", "IT learns by mail, from me.", place="thread")
    await presses(running, "Elena", "Yes, that's right", "Is that right?", "have the same copy")
    await says(running, "Elena", "One more thing", "Your answers are sealed")
    interview, answers = await stands(running, number)
    assert interview.state is InterviewState.CONFIRMED
    assert {key: each.text for key, each in answers.items() if not key.startswith("follow-up")} == {
        "leavers": "IT learns by mail, from me.",
        "accounts": "",
        "count": "a dozen or so",
    }


async def test_a_password_is_held_back_and_what_is_edited_or_deleted_later_says_so(begin: Begin) -> None:
    running = await begin()
    number = await asks(running, "U0ELENA", WELCOME, COUNT)
    await running.does("Elena", "presses", "Begin", of=TITLE)
    await running.sees("Elena", "Question 1 of 2. What", place="thread")
    await says(running, "Elena", "Lock it. The password is Tr0ub4dor&3", "looks like it holds a password (line 1)")
    await presses(running, "Elena", "I'll write it again", "looks like it holds", "I've kept nothing of that message")
    await says(running, "Elena", "Badge numbers, password: B4dge-12345", "(line 1), so I've kept nothing of it")
    await presses(running, "Elena", "Keep it, it's no secret", "(line 1), so", "Kept. Question 2 of 2. How many")
    _, answers = await stands(running, number)
    assert answers["welcome"].text == "Badge numbers, password: B4dge-12345"
    await running.does("Elena", "edits", "Badge numbers", of="Badge numbers, password", place="thread")
    await running.sees("Elena", "You edited your message. Should the new words count?", place="thread")
    await presses(running, "Elena", "Yes", "Should the new words count?", "and the new words count.")
    await running.does("Elena", "deletes", "the message", of="Badge numbers", place="thread")
    await running.sees("Elena", "Your answer stays as you first gave it, until you change it", place="thread")
    _, answers = await stands(running, number)
    assert (answers["welcome"].text, answers["welcome"].deleted_at is not None) == ("Badge numbers", True)
    await says(running, "Elena", "14", "The message was deleted in Slack")
    await presses(running, "Elena", "Yes, that's right", "Is that right?", "have the same copy")


async def test_who_would_rather_talk_reads_and_confirms_what_the_auditor_noted(begin: Begin) -> None:
    running = await begin()
    number = await asks(running, "U0ELENA", WELCOME, COUNT)
    await running.does("Elena", "presses", "Talk for 15 minutes instead", of=TITLE)
    await running.sees("Elena", "You'd rather talk: @Liam knows and will suggest a time.")
    await running.sees("Liam", "@Elena would rather talk for 15 minutes")
    await running.does("Liam", "presses", "Write the notes", of="would rather talk")
    await running.does("Liam", "fills", {"What is the first thing": "They lock the screen, and ask."})
    await running.sees("Elena", "I've put down what @Liam noted of your talk", place="thread")
    await presses(running, "Elena", "Go on", "noted of your talk", "Question 2 of 2. How many")
    await says(running, "Elena", "14", "Here is what I understood")
    await running.sees("Elena", "Notes of a talk, written by @Liam", place="thread")
    await presses(running, "Elena", "Yes, that's right", "Is that right?", "have the same copy")
    _, answers = await stands(running, number)
    assert (answers["welcome"].written_by, answers["count"].written_by) == ("U0LIAM", None)


async def test_what_was_drawn_from_a_typed_list_stays_when_it_is_typed_again(begin: Begin) -> None:
    running = await begin()
    number = await asks(running, "U0ELENA", LIST, WELCOME, COUNT)
    await running.does("Elena", "presses", "Begin", of=TITLE)
    await running.sees("Elena", "Question 1 of 3", place="thread")
    await says(running, "Elena", "1001\n1002\n1003\n1004", "Drawn for @Liam by chance")
    _, answers = await stands(running, number)
    [draw] = await running.service.services.database.read("T0ALDER", draws_for, answers["list"].id)
    for row in draw.drawn:
        await presses(running, "Elena", "I don't have it", f"{row['label']}: account closed", "")
    await running.sees("Elena", "Question 2 of 3. What is the first", place="thread")
    await says(running, "Elena", "Lock the screen.", "Question 3 of 3. How many")
    await running.does("Elena", "edits", "Lock it.", of="Lock the screen.", place="thread")
    await presses(running, "Elena", "Yes", "Should the new words count?", "and the new words count.")
    await says(running, "Elena", "14", "Here is what I understood")
    await presses(running, "Elena", "Change", "Is that right?", "")
    await running.does("Elena", "fills", {"Your answer": "2001\n2002\n2003\n2004\n2005"})
    await running.sees("Elena", "Here is what I understood", place="thread")
    _, answers = await stands(running, number)
    [draw] = await running.service.services.database.read("T0ALDER", draws_for, answers["list"].id)
    assert (draw.population, draw.listed) == (4, "1001\n1002\n1003\n1004")
    assert answers["welcome"].text == "Lock it."
