"""The auditor's desk, from an answer that was given to a finding that its owner sees differently."""

from datetime import date, datetime
from functools import partial

import pytest

from sandbox.story import StoryFailed
from storage.desk_audits.tables import AuditPlan, AuditState
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.queries import interviews_of
from storage.interviews.tables import WayGiven
from tests.journeys.conftest import Journey
from tests.journeys.test_interviews import LEAVERS_CSV, asks
from tests.workflows import interviewing
from tests.workflows.conftest import deed
from workflows.interviews import answering
from workflows.interviews import commands as interview_commands
from workflows.interviews.rules import Reply

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

RATING = {
    "How well is it met?": "partly met",
    "What backs up the answer?": "record sampled",
    "Or which record kept elsewhere?": "Ticket 4711",
    "Note": "Closed eleven days late",
}
NOTE = {
    "What did you look at?": "Checklist for leavers, version 3",
    "What did you see?": "No step says until when",
    "Or add files that show it": {"name": "checklist.txt", "content": "1. Close the account"},
}
AGAIN = {"What do you need?": "Other rows", "How many rows?": "4", "Why?": "One of these left only yesterday."}
FINDING = {
    "What is it?": "Observation",
    "What does it come to?": "Nothing compares leavers with accounts",
    "Who is responsible for this work?": "Jonas",
}


async def test_what_was_said_becomes_a_finding_that_its_owner_sees(running: Journey) -> None:
    services = running.service.services
    await services.database.run("T0ALDER", _an_audit, services.clock.now())
    services.wake()
    await running.does("Tom", "types", "/iso audit 1", sees="You can't see this audit")
    await running.does("Mira", "types", "/iso audit 1", sees="What people said is read by its team only")
    await running.does("Liam", "types", "/iso audit 1", sees="1 of 2 interviews confirmed")
    await running.sees("Liam", "Not begun: @Tom")
    await running.does("Liam", "presses", "Answers by question", of="Audit 1", place="modal", sees="Page 1 of 3")
    await running.does("Liam", "presses", "Read", of="modal", place="modal", sees="They told me on Friday")
    await running.does("Liam", "presses", "Rate", of="modal", place="modal", sees="How well is it met?")
    await running.does("Liam", "fills", RATING, place="modal", sees="Suggestion: nonconformity. You decide.")
    await running.does("Liam", "presses", "Raise a finding", of="modal", place="modal", sees="What does it come to?")
    await running.does("Liam", "fills", FINDING, place="modal", sees="They told me on Friday")
    await running.does("Liam", "closes", "modal")
    await running.sees("Liam", "not shown yet")
    await running.does("Liam", "presses", "Show them to the owner", of="Audit 1")
    await running.sees("Jonas", "What audit 1 found")
    await running.does("Jonas", "presses", "I see it differently", of="What audit 1 found", place="modal")
    await running.does("Jonas", "fills", {"How do you see it?": "That was before the new form"})
    await running.sees("Jonas", "You see it differently: That was before the new form")
    await running.sees("Liam", "@Jonas sees it differently: That was before the new form")
    await running.does("Jonas", "types", "/iso audit 1", sees="You see what was found in work you're responsible for")


async def test_a_note_keeps_the_file_that_shows_it_beside_it(running: Journey) -> None:
    services = running.service.services
    await services.database.run("T0ALDER", _an_audit, services.clock.now())
    await running.does("Liam", "types", "/iso audit 1", sees="1 of 2 interviews confirmed")
    await running.does("Liam", "presses", "Write a note", of="Audit 1")
    await running.does("Liam", "fills", NOTE, sees="4 answers are waiting for your rating")
    await running.does("Liam", "presses", "By person", of="Audit 1", place="modal", sees="Page 1 of 2")
    await running.does("Liam", "presses", "Next", of="modal", place="modal", sees="No step says until when")
    await running.does("Liam", "presses", "Read", of="modal", place="modal", sees="checklist.txt")


def _an_audit(uow: UnitOfWork, at: datetime) -> None:
    """Liam asks Elena and Tom about leavers, which Jonas answers for; Elena has confirmed."""
    audit = interviewing.opened(deed(uow, "U0LIAM", at), "U0ELENA", "U0TOM")
    day = date(2026, 11, 23)
    uow.add(
        AuditPlan(
            desk_audit_id=audit.id,
            state=AuditState.RUNNING,
            auditee_id="U0JONAS",
            processes=["Leavers"],
            begins_on=day,
            ends_on=day,
        )
    )
    elenas, _ = interviews_of(uow, audit.id)
    elena = deed(uow, "U0ELENA", at)
    step = interview_commands.go_on(elena, interview_id=elenas.id)
    while step.question is not None:
        reply = Reply(WayGiven.FORM, "They told me on Friday, and I closed the account on Monday, as I always do.")
        step = answering.answer(elena, interview_id=elenas.id, question_id=step.question.id, reply=reply)
    interview_commands.confirm(elena, interview_id=elenas.id)


async def test_rows_are_drawn_again_from_the_desk(running: Journey) -> None:
    number = await asks(running, "U0ELENA", interviewing.LIST)
    services = running.service.services
    await services.database.run("T0ALDER", partial(_a_list_is_given, number=number), services.clock.now())
    await running.does("Liam", "types", "/iso audit 1", sees="1 of 1 interview confirmed")
    await running.does("Liam", "presses", "By person", of="Audit 1", place="modal", sees="List of 14 rows given")
    await running.does("Liam", "presses", "Read", of="modal", place="modal", sees="Rate")
    await running.does("Liam", "presses", "Rate", of="modal", place="modal", sees="Draw again")
    await running.does("Liam", "presses", "Draw again", of="modal", place="modal", sees="3 of 14 rows were asked for")
    with pytest.raises(StoryFailed, match="enter a number of rows from 1 to 14"):
        await running.does("Liam", "fills", AGAIN | {"How many rows?": "99"})
    await running.does("Liam", "fills", AGAIN)
    await running.sees("Elena", "Drawn for @Liam by chance, seed 2026112302", place="thread")


def _a_list_is_given(uow: UnitOfWork, at: datetime, *, number: int) -> None:
    """Elena types the list that Liam wanted, and says what shows the rows that were drawn."""
    elena = deed(uow, "U0ELENA", at)
    step = interview_commands.go_on(elena, interview_id=number)
    while step.question is not None:
        text = LEAVERS_CSV if step.question.id == interviewing.LIST["id"] else "The log of the account shows it."
        reply = Reply(WayGiven.FORM, text)
        step = answering.answer(elena, interview_id=number, question_id=step.question.id, reply=reply)
    interview_commands.confirm(elena, interview_id=number)
