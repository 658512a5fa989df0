"""Whole conversations about reminders: what lies ahead, why somebody is asked, and who was told what."""

from datetime import datetime

import pytest

from sandbox.story.words import readable
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.queries import interviews_of
from storage.interviews.tables import WayGiven
from tests.journeys.conftest import REVIEW, Journey
from tests.journeys.kit import choose
from tests.workflows import interviewing
from tests.workflows.conftest import deed
from workflows.interviews import answering
from workflows.interviews import commands as interview_commands
from workflows.interviews.rules import Reply

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_lead_looks_ahead_and_chooses_where_words_fit_several(running: Journey) -> None:
    await running.does("Mira", "types", "/iso nudges preview who has access", sees="3 days before: @Jonas")
    await running.sees("Mira", "(management)")
    await running.does("Mira", "types", "/iso nudges preview review", sees="Which one do you mean?")
    await running.does(
        "Mira", "presses", "Show", of="Which one do you mean?", sees="If it stays open, this is who I'll tell"
    )
    await running.does(
        "Mira", "types", "/iso nudges preview flying saucers", sees="I can't find an open or planned task"
    )


async def test_an_owner_asks_why_and_who_is_next(running: Journey) -> None:
    await choose(running, "U0JONAS", "Why, and who is next", of=REVIEW)
    await running.sees("Jonas", "@Mira named them as the owner when the programme was started", place="modal")
    await running.sees("Jonas", "Not yours, or not now?", place="modal")
    await running.sees("Jonas", "3 days before: @Jonas", place="modal")


async def test_the_ledger_is_read_by_oneself_and_by_leads_and_by_nobody_else(running: Journey) -> None:
    await running.does("Jonas", "types", "/iso nudges", sees=f"New: {REVIEW}")
    await running.does("Mira", "types", "/iso nudges @jonas", sees=f"New: {REVIEW}")
    await running.does("Priya", "types", "/iso nudges @jonas", sees="compliance lead or an auditor")
    said = [readable(message) for message in await running.hands.person("U0PRIYA").messages()]
    assert not any(REVIEW in message for message in said)


async def test_interviews_are_read_and_rated_from_the_message_of_the_day(running: Journey) -> None:
    services = running.service.services
    await services.database.run("T0ALDER", _three_interviews_end, services.clock.now())
    services.wake()
    await running.sees("Liam", "@Tom prefers not to take part")
    await running.does("Liam", "presses", "Read and rate", of="prefers not to take part")
    await running.does("Liam", "presses", "Rate", of="Fingerprint", place="thread")
    said = {
        "How well is it met?": "partly met",
        "What backs up the answer?": "record sampled",
        "Or which record kept elsewhere?": "Ticket 4711",
        "Note": "Seen in the log",
    }
    await running.does("Liam", "fills", said, sees="Suggestion: nonconformity. You decide.", place="thread")
    await running.sees("Liam", "2 answers are waiting for your rating")


def _three_interviews_end(uow: UnitOfWork, at: datetime) -> None:
    """Elena and Priya confirm what they said, Tom declines, all in one moment."""
    audit = interviewing.opened(deed(uow, "U0LIAM", at), "U0ELENA", "U0PRIYA", "U0TOM")
    *willing, declining = interviews_of(uow, audit.id)
    for interview in willing:
        theirs = deed(uow, interview.person_id, at)
        step = interview_commands.go_on(theirs, interview_id=interview.id)
        while step.question is not None:
            reply = Reply(WayGiven.FORM, "So it is done here, every time, by whoever is there and knows how to do it.")
            step = answering.answer(theirs, interview_id=interview.id, question_id=step.question.id, reply=reply)
        interview_commands.confirm(theirs, interview_id=interview.id)
    interview_commands.decline(deed(uow, "U0TOM", at), interview_id=declining.id)
