"""An audit from `/iso audit` to its first invitations, and the programme that it stands in."""

from datetime import timedelta

import pytest

from sandbox.story import Chapter, StoryFailed
from tests.journeys.conftest import Begin, Journey

BASICS = {
    "From which template?": "ISO/IEC 27001: joiners and leavers",
    "Title": "Joiners and leavers",
    "Who answers for the area?": "Jonas",
    "First day": "2026-11-24",
    "Last day": "2026-12-04",
}


async def planned(journey: Journey) -> None:
    """Liam takes the three steps."""
    await journey.does("Liam", "types", "/iso audit", sees="Plan an audit (1 of 3)", place="modal")
    await journey.does("Liam", "fills", BASICS, sees="Plan an audit (2 of 3)", place="modal")
    await journey.does(
        "Liam", "fills", {"Places": "Berlin", "Processes": "Leaving"}, sees="Plan an audit (3 of 3)", place="modal"
    )
    chosen = {"Why does Liam": "There is no other auditor yet."}
    await journey.does("Liam", "fills", chosen, sees="Ready to be sent")


async def test_an_audit_is_planned_sent_confirmed_and_begun(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await planned(journey)
    await journey.does("Liam", "presses", "Send the plan", of="Joiners and leavers")
    await journey.sees("Jonas", "You answer for this work: is that all right?")
    await journey.hands.advance(timedelta(minutes=2))
    await journey.sees("Jonas", "audit-1.ics", place="thread")
    await journey.does("Jonas", "presses", "Confirm the opening", of="Joiners and leavers")
    await journey.sees("Liam", "@Jonas has confirmed the opening")
    await journey.does("Liam", "presses", "Start now", of="Joiners and leavers", sees="Under way")
    await journey.sees("Jonas", "would like to hear how you work")
    await journey.does("Liam", "presses", "Withdraw", of="Under way")
    await journey.does("Liam", "fills", {"Why won't it take place?": "We move house."})
    await journey.sees("Jonas", "won't take place")


async def test_who_may_not_plan_is_told_so_and_nothing_impossible_is_kept(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Tom", "types", "/iso audit", sees="compliance lead or an auditor")
    await journey.does("Tom", "types", "/iso audit programme", sees="compliance lead or an auditor")
    await journey.does("Tom", "types", "/iso audit competence", sees="compliance lead or management")
    await journey.does("Liam", "types", "/iso audit bananas", sees="I don't know what “bananas” means")
    await journey.does("Liam", "types", "/iso audit 1 bananas", sees="I don't know what “1 bananas” means")
    await journey.does("Liam", "types", "/iso audit")
    with pytest.raises(StoryFailed, match="before the start"):
        await journey.does("Liam", "fills", BASICS | {"Last day": "2026-11-23"})
    with pytest.raises(StoryFailed, match="can't lead the audit"):
        await journey.does("Liam", "fills", BASICS | {"Who answers for the area?": "Liam"})


async def test_the_programme_shows_the_year_and_plans_what_the_calendar_asks_for(
    begin: Begin, opening: Chapter
) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Liam", "types", "/iso audit programme 9001", sees="Audit programme: ISO 9001:2015")
    await journey.does("Liam", "presses", "By requirement", of="Audit programme", sees="not audited in this cycle yet")
    await journey.does("Liam", "presses", "The year", of="Audit programme")
    await journey.does("Liam", "presses", "2027", of="Audit programme", sees="Run the internal audits of the quarter")
    await journey.does("Liam", "presses", "Plan it", of="Audit programme", sees="For the task", place="modal")


async def test_competence_is_recorded_by_others_and_seen_by_auditors(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso audit competence")
    said = {"Who?": "Liam", "For which standard?": "ISO/IEC 27001:2022", "What makes": "Lead auditor course, 2025."}
    await journey.does("Mira", "fills", said, sees="Lead auditor course, 2025.", place="modal")
    await journey.does("Liam", "types", "/iso audit competence @liam", sees="Lead auditor course, 2025.")
    await journey.does("Mira", "types", "/iso audit competence")
    with pytest.raises(StoryFailed, match="your own competence"):
        await journey.does("Mira", "fills", said | {"Who?": "Mira"})
