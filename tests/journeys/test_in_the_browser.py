"""The story of the demo, clicked: Mira, Jonas and Liam sit before the page, the others act through the API."""

import pytest
from playwright.async_api import Browser

from sandbox.story import read_story
from tests.journeys.clicks import Clicks
from tests.journeys.conftest import STORIES, Begin

AT_THE_PAGE = {"Mira", "Jonas", "Liam"}


@pytest.mark.timeout(300)  # a real browser, and half a hundred steps
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_the_working_day_as_three_people_click_it(begin: Begin, browser: Browser) -> None:
    journey = await begin()
    clicks = Clicks(browser, journey)
    for step in read_story(STORIES / "one_working_day.yaml").steps:
        if step.who in AT_THE_PAGE:
            await clicks.play(step)
        elif step.who:  # a step of nobody restarts the bot, which lives in this process here
            await journey.play(step)
