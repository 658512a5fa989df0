"""Setting up the programme as leads meet it: in steps that are kept, back and forth, one lead after the other."""

from typing import Any

import pytest

from sandbox.story import Chapter, StoryFailed
from tests.journeys.conftest import Begin, Journey

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OWNERS = {
    "IT operations": "Jonas",
    "People and culture": "Elena",
    "Suppliers": "Aisha",
    "Quality": "Sofia",
    "Top management": "David",
    "Internal auditors": ["Liam"],
    "Management": ["David"],
}
CHANNEL = {"Channel for the weekly digest": "#management-review"}


async def reach(journey: Journey, step: int, **standards: Any) -> None:
    """Mira answers the setup up to a step."""
    chosen = {"Which standards": ["ISO/IEC 27001", "ISO 9001"]}
    answers: list[dict[str, Any]] = [standards or chosen, {}, OWNERS, CHANNEL, {}]
    await journey.does("Mira", "types", "/iso start", sees="Step 1 of 5", place="modal")
    for number, given in enumerate(answers[: step - 1], start=2):
        sees = f"Step {number} of 5" if number <= 5 else "Ready to start"
        await journey.does("Mira", "fills", given, sees=sees, place="modal")


async def test_a_closed_window_and_a_restart_lose_nothing_and_back_keeps_what_was_entered(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA")
    await reach(journey, 3)
    await journey.does("Mira", "closes", "modal")
    await journey.does("Mira", "types", "/iso start", sees="Step 3 of 5", place="modal")
    await journey.restart()
    await journey.does("Mira", "fills", OWNERS, sees="Step 4 of 5", place="modal")
    await journey.does("Mira", "presses", "Back", of="modal", sees="Step 3 of 5", place="modal")
    await journey.does("Mira", "fills", {}, sees="Step 4 of 5", place="modal")  # the owners stand there already
    await journey.does("Mira", "fills", CHANNEL, sees="Step 5 of 5", place="modal")
    await journey.does("Mira", "presses", "Back", of="modal", sees="Step 4 of 5", place="modal")
    await journey.does("Mira", "fills", {}, sees="Step 5 of 5", place="modal")


WILL_NOT_DO = (
    ({**OWNERS, "Quality": "Lunch"}, "That's an app"),
    ({**OWNERS, "Quality": "Vera"}, "That's a guest"),
    ({**OWNERS, "Quality": "Otto"}, "That account is closed"),
    ({**OWNERS, "Deputy for Quality": "Sofia"}, "That's the same person"),
)


async def test_what_will_not_do_is_said_beside_the_field(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA")
    await reach(journey, 3)
    for given, says in WILL_NOT_DO:
        with pytest.raises(StoryFailed, match=says):
            await journey.does("Mira", "fills", given)


async def test_a_channel_that_will_not_do_is_said_beside_the_field(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA")
    await reach(journey, 4)
    with pytest.raises(StoryFailed, match="I'm not in that channel yet"):
        await journey.does("Mira", "fills", {"Channel for the weekly digest": "#it-operations"})


async def test_a_certificate_is_asked_for_its_dates_and_its_cycle_is_planned(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA")
    await reach(journey, 2)
    aims = {"ISO 9001:2015": "Certified", "ISO/IEC 27001:2022": "Preparing"}
    await journey.does("Mira", "fills", aims, sees="preparing for certification", place="modal")
    await journey.does("Mira", "fills", {"Last day of stage 1": "2027-03-01"}, sees="certified", place="modal")
    with pytest.raises(StoryFailed, match="enter a past date"):
        await journey.does("Mira", "fills", {"Date of the decision": "2027-11-02"})
    await journey.does("Mira", "fills", {"Date of the decision": "2026-11-02"}, sees="Step 3 of 5", place="modal")
    await journey.does("Mira", "fills", OWNERS)
    await journey.does("Mira", "fills", CHANNEL)
    await journey.does("Mira", "fills", {}, sees="certification dates planned", place="modal")
    await journey.does("Mira", "fills", {}, sees="28 obligations and 6 certification dates")
    await journey.does("Mira", "types", "/iso certification", sees="First surveillance audit, best from")


async def test_proposals_are_left_out_changed_and_turned(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA")
    await reach(journey, 5)
    await journey.does("Mira", "presses", "Leave out", of="modal", sees="1 left out", place="modal")
    await journey.does("Mira", "presses", "Put back", of="modal", sees="Leave out", place="modal")
    await journey.does("Mira", "presses", "Change", of="modal", sees="Change the suggestion", place="modal")
    with pytest.raises(StoryFailed, match="I don't understand"):
        await journey.does("Mira", "fills", {"How often?": "by the rule below", "Rule": "every monday"})
    changed = {
        "What needs to be done?": "Look at <!channel> & *all* access",
        "Person": "Priya",
        "How often?": "every month",
    }
    await journey.does("Mira", "fills", changed, sees="Look at", place="modal")
    await journey.does("Mira", "presses", "Next page", of="modal", sees="page 2 of", place="modal")
    await journey.does("Mira", "fills", {}, sees="Ready to start", place="modal")
    await journey.does("Mira", "fills", {}, sees="The programme is running")
    await journey.sees("Priya", "Look at")


async def test_a_second_lead_is_told_who_is_at_it_and_may_take_over(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA,U0SOFIA")
    await reach(journey, 3)
    await journey.does("Sofia", "types", "/iso start", sees="@Mira is setting up the programme")
    await journey.does("Sofia", "presses", "Take over", of="setting up", sees="Step 3 of 5", place="modal")
    await journey.does("Mira", "fills", OWNERS, sees="@Sofia has taken over the setup", place="modal")
    await journey.does("Sofia", "fills", OWNERS, sees="Step 4 of 5", place="modal")


async def test_a_window_from_before_the_start_says_that_the_programme_runs(begin: Begin) -> None:
    journey = await begin(DESKAUDIT_LEADS="U0MIRA,U0SOFIA")
    await reach(journey, 6)
    await journey.does("Sofia", "types", "/iso start", sees="is setting up")
    await journey.does("Mira", "fills", {}, sees="The programme is running")
    await journey.does("Sofia", "presses", "Take over", of="is setting up", sees="has been running since")


async def test_once_it_runs_a_lead_changes_what_is_set(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso start", sees="ISO 9001:2015")
    await journey.does("Mira", "presses", "Change the owners", of="The programme")
    await journey.does("Mira", "fills", {"IT operations": "Priya"}, sees="IT operations: @Priya", place="modal")
    await journey.does("Mira", "closes", "modal")
    await journey.does("Mira", "presses", "Add a standard", of="The programme")
    await journey.does("Mira", "fills", {"Which standard": "ISO 45001"}, sees="These already cover part", place="modal")
    await journey.does("Mira", "fills", {}, sees="ISO 45001:2018", place="modal")
    await journey.does("Mira", "types", "/iso obligations 2", sees="Hold an emergency drill")
    await journey.does("Mira", "types", "/iso start", sees="ISO 45001:2018")
    await journey.does("Mira", "presses", "End", of="The programme", sees="You stop following", place="modal")
    await journey.does("Mira", "fills", {"Why?": "We sold <!channel> that."}, sees="The programme", place="modal")


async def test_working_days_and_digest_are_changed_with_a_word_beside_what_will_not_do(
    begin: Begin, opening: Chapter
) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso start", sees="holidays of Germany")
    await journey.does("Mira", "presses", "Change the working", of="The programme", sees="On which days", place="modal")
    country = {"Whose public holidays": "Austria"}
    await journey.does("Mira", "fills", country, sees="Region", place="modal")
    await journey.does("Mira", "fills", {"Region": "Wien"}, sees="holidays of Austria, Wien", place="modal")
    await journey.does("Tom", "types", "/iso start", sees="compliance lead")
