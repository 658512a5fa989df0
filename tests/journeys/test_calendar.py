"""The calendar as people meet it: obligations, certificates, the month and its feeds."""

import pytest

from sandbox.story import Chapter, StoryFailed
from tests.journeys.conftest import Begin

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_lead_adds_changes_and_ends_an_obligation(begin: Begin, opening: Chapter) -> None:
    journey = await begin()
    await journey.play(*opening.steps)
    await journey.does("Mira", "types", "/iso obligations", sees="Add an obligation")
    await journey.does("Mira", "presses", "Add an obligation", of="by title")
    wrong = {"What is to be done?": "Check the fire doors", "How often?": "by the rule below", "Rule": "every monday"}
    with pytest.raises(StoryFailed, match="I do not understand"):
        await journey.does("Mira", "fills", wrong)
    await journey.does("Mira", "fills", wrong | {"Rule": "FREQ=MONTHLY;BYDAY=1MO"})
    await journey.does("Mira", "types", "/iso obligations", sees="every month on the first Monday")
    await journey.does("Mira", "presses", "Pause", of="Check the fire doors", sees="· paused")
    await journey.does("Tom", "types", "/iso obligations", sees="compliance lead")
