"""An audit of forty people, from its plan to what everybody hears once its report is signed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import pytest

from sandbox.company import Company, Employee
from sandbox.story import Chapter
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Interview, SampleDraw, WayGiven
from storage.record import trail
from storage.record.outbox import OutboxRow, OutboxState
from tests.journeys.conftest import COMPANY, Begin, Journey
from tests.workflows.conftest import deed
from workflows.desk_audits import counting, rating
from workflows.desk_audits.desk import everything
from workflows.desk_audits.shapes import Assessed
from workflows.interviews import answering
from workflows.interviews import commands as interview_commands
from workflows.interviews.rules import Reply, Step, wants_list
from workflows.question_bank import commands as bank_commands
from workflows.question_bank.shapes import AskedQuestion

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

T = TypeVar("T")

ALDER, AUDIT, LIAM, AT_THE_PAGE = "T0ALDER", 1, "U0LIAM", "U0ROBIN05"
TITLE = "Security from day to day"
TITLES = ("IT administrator", "IT administrator", *["Assembly"] * 30)
BASICS = {
    "From which template?": "ISO/IEC 27001: security from day to day",
    "Title": TITLE,
    "Who answers for the area?": "Jonas",
    "First day": "2026-11-24",
    "Last day": "2026-12-04",
}
AGREED = {"Places": "Berlin", "Processes": "Everyday work"}
WORDS = "We look at it together every Friday, write down what we found, and put it right in the week after that."
LIST = "\n".join(["item,opened on", *(f"{number},2026-10-{number - 1000}" for number in range(1001, 1031))])
RATED = Assessed(rating="2", corroboration="2", record="Ticket 4711", rating_note="Fragile")
RATING = {
    "How well is it met?": "met but fragile",
    "What backs up the answer?": "record sampled",
    "Or which record kept elsewhere?": "Ticket 4711",
    "Note": "Fragile",
}
FINDING = {
    "What is it?": "Observation",
    "Which requirement?": "A.5.18",
    "What was seen?": "Ticket 4711 was open for eleven days.",
    "What does it come to?": "Nothing compares what is open with what was agreed.",
    "Who is responsible for this work?": "Jonas",
}


def grown() -> Company:
    """The sample company with more people in it than Slack shows in one line."""
    company = Company.load(COMPANY)
    more = [
        Employee(id=f"U0ROBIN{number:02d}", name=f"Robin{number:02d} Hill", title=title, zone="Europe/Berlin")
        for number, title in enumerate(TITLES)
    ]
    return replace(company, people=(*company.people, *more))


async def test_forty_people_are_asked_and_each_hears_what_became_of_it(begin: Begin, opening: Chapter) -> None:
    journey = await begin(companies=[grown()], hurried=True)
    await journey.play(*opening.steps)
    await _do(journey, _two_questions_remain)
    await _planned(journey)
    asked = await _do(journey, lambda uow, _: _asked(uow))
    assert len(asked) >= 40
    await _one_answers_in_the_thread(journey)
    await _everybody_answers(journey)
    await journey.does("Liam", "types", "/iso audit 1", sees=f"{len(asked)} of {len(asked)} interviews confirmed")
    await _worked_through(journey, len(asked))
    await _signed(journey)
    await journey.hands.advance(timedelta(hours=34))
    for person_id in (AT_THE_PAGE, "U0ROBIN31", "U0TOM", "U0KOFI", "U0NOAH", "U0DAVID"):
        await _hears(journey, person_id, "No finding rests on what you said")
    told = await _do(journey, lambda uow, _: _told(uow))
    assert told >= set(asked)
    assert await _do(journey, lambda uow, _: trail.verify(uow)) == []


async def _do(journey: Journey, what: Callable[[UnitOfWork, datetime], T]) -> T:
    """Something done or asked at this moment, and the messages that follow from it on their way."""
    services = journey.service.services
    done = await services.database.run(ALDER, what, services.clock.now())
    services.wake()
    return done


# --- from the plan to the invitations ---


def _two_questions_remain(uow: UnitOfWork, at: datetime) -> None:
    """What everybody would be asked besides is retired: so that forty people can answer in the time of a test."""
    for key in ("no-badge", "new-tool", "safe-sharing"):
        bank_commands.retire(deed(uow, LIAM, at), key=key, revision=0)


async def _planned(journey: Journey) -> None:
    """Everybody whom nobody asks anything else, instead of the eight that the template would draw."""
    await journey.does("Liam", "types", "/iso audit", place="modal", sees="Plan an audit (1 of 3)")
    await journey.does("Liam", "fills", BASICS, place="modal", sees="Plan an audit (2 of 3)")
    await journey.does("Liam", "fills", AGREED, place="modal", sees="Plan an audit (3 of 3)")
    everybody = {"How many: Everybody": "all", "Why does Liam": "There is no other auditor yet."}
    await journey.does("Liam", "fills", everybody, place="modal", sees="Plan an audit (3 of 3)")
    await journey.does("Liam", "fills", {}, sees="Ready to be sent")
    await journey.does("Liam", "presses", "Send the plan", of=TITLE)
    await journey.does("Jonas", "presses", "Confirm the opening", of=TITLE)
    await journey.sees("Liam", "@Jonas has confirmed the opening")
    await journey.does("Liam", "presses", "Start now", of=TITLE)
    await _hears(journey, AT_THE_PAGE, "2 questions, about")


def _asked(uow: UnitOfWork) -> list[str]:
    return [each.person_id for each in interview_queries.interviews_of(uow, AUDIT)]


# --- the answers ---


async def _one_answers_in_the_thread(journey: Journey) -> None:
    """One of them at the page, question by question."""
    who = AT_THE_PAGE.removeprefix("U0").capitalize()
    await journey.does(who, "presses", "Begin", of="2 questions, about")
    for number in range(1, 3):
        await journey.sees(who, f"Question {number} of 2", place="thread")
        await journey.does(who, "says", {"text": WORDS, "thread": "suits you"})
    await journey.does(who, "presses", "Yes", of="what I understood", place="thread", sees="Sealed")


async def _everybody_answers(journey: Journey) -> None:
    """All others, each in their own interview; the lists that are asked for are typed."""
    for interview in await _do(journey, lambda uow, _: interview_queries.interviews_of(uow, AUDIT)):
        if not counting.has_confirmed(interview):
            await _do(journey, partial(_answers, interview=interview))


def _answers(uow: UnitOfWork, at: datetime, *, interview: Interview) -> None:
    by = deed(uow, interview.person_id, at)
    step: Step = interview_commands.go_on(by, interview_id=interview.id)
    while step.question is not None:
        reply = Reply(WayGiven.FORM, _said_to(step.question))
        step = answering.answer(by, interview_id=interview.id, question_id=step.question.id, reply=reply)
    interview_commands.confirm(by, interview_id=interview.id)


def _said_to(question: AskedQuestion) -> str:
    return LIST if wants_list(question) else {"number": "3", "date": "14 October"}.get(question.kind, WORDS)


# --- the auditor's desk, and the report ---


async def _worked_through(journey: Journey, people: int) -> None:
    """Liam reads by question, rates everything, raises a finding from an answer of all, shows it, and compares."""
    await journey.does("Liam", "presses", "Answers by question", of="Audit 1", place="modal", sees="Page 1 of")
    await journey.does("Liam", "presses", "Read", of="modal", place="modal", sees="Rate")
    await journey.does("Liam", "presses", "Rate", of="modal", place="modal", sees="What backs up the answer?")
    await journey.does("Liam", "fills", RATING, place="modal", sees="Suggestion: observation")
    await journey.does("Liam", "closes", "modal")
    await _do(journey, _rated)
    draws = await _do(journey, lambda uow, _: uow.all(SampleDraw))
    assert [each.population for each in draws if each.evidence_id is None or each.population == 30]
    await journey.does("Liam", "types", "/iso audit 1", sees="nothing is waiting for you")
    await _raised(journey)
    await journey.does("Liam", "presses", "Show them to the owner", of="Audit 1")
    await journey.does("Jonas", "presses", "I see it the same way", of="What audit 1 found")
    await journey.does(
        "Liam", "presses", "Compare with last time", of="Audit 1", place="modal", sees="No earlier audit"
    )
    await journey.does("Liam", "closes", "modal")


def _rated(uow: UnitOfWork, at: datetime) -> None:
    for each in everything(uow, AUDIT):
        if counting.wants_rating(each.answer):
            rating.rate(deed(uow, LIAM, at), answer_id=each.answer.id, version=each.answer.version, said=RATED)


async def _raised(journey: Journey) -> None:
    await journey.does("Liam", "presses", "Raise a finding", of="Audit 1", place="modal", sees="What is it?")
    await journey.does("Liam", "fills", FINDING, sees="not shown yet")


async def _signed(journey: Journey) -> None:
    await journey.does("Liam", "presses", "Report", of="Audit 1", sees="Before you sign")
    await journey.does("Liam", "presses", "Conclusion", of="Before you sign")
    words = {"Summary": "We asked everybody.", "Conclusion": "Sound, but for one thing."}
    await journey.does("Liam", "fills", words, sees="Sound, but for one thing.")
    await journey.does("Liam", "presses", "Sign", of="Before you sign")
    await journey.does("Liam", "fills", {})
    await journey.does("Liam", "types", "/iso audit 1", sees="The report is signed, so nothing is added here any more.")


async def _hears(journey: Journey, person_id: str, words: str) -> None:
    await journey.sees(person_id.removeprefix("U0").capitalize(), words)


def _told(uow: UnitOfWork) -> set[str]:
    """Whom something reached, where nothing failed on its way."""
    rows = uow.all(OutboxRow)
    assert [row for row in rows if row.state is OutboxState.FAILED] == []
    return {row.recipient for row in rows if row.state is OutboxState.SENT}
