"""Whole conversations about reminders: what lies ahead, why somebody is asked, and who was told what."""

import pytest

from sandbox.story.words import readable
from tests.journeys.conftest import REVIEW, Journey
from tests.journeys.kit import choose

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_lead_looks_ahead_and_chooses_where_words_fit_several(running: Journey) -> None:
    await running.does("Mira", "types", "/iso nudges preview who has access", sees="3 days before: @Jonas")
    await running.sees("Mira", "(management)")
    await running.does("Mira", "types", "/iso nudges preview review", sees="Which one do you mean?")
    await running.does("Mira", "presses", "Show", of="Which one do you mean?", sees="If it stays open, they hear of it")
    await running.does("Mira", "types", "/iso nudges preview flying saucers", sees="I find no open or planned task")


async def test_an_owner_asks_why_and_who_is_next(running: Journey) -> None:
    await choose(running, "U0JONAS", "Why, and who is next", of=REVIEW)
    await running.sees("Jonas", "@Mira named who looks after it when the programme was started", place="modal")
    await running.sees("Jonas", "Not yours, or not now?", place="modal")
    await running.sees("Jonas", "3 days before: @Jonas", place="modal")


async def test_the_ledger_is_read_by_oneself_and_by_leads_and_by_nobody_else(running: Journey) -> None:
    await running.does("Jonas", "types", "/iso nudges", sees=f"New: {REVIEW}")
    await running.does("Mira", "types", "/iso nudges @jonas", sees=f"New: {REVIEW}")
    await running.does("Priya", "types", "/iso nudges @jonas", sees="compliance lead or an auditor")
    said = [readable(message) for message in await running.hands.person("U0PRIYA").messages()]
    assert not any(REVIEW in message for message in said)
