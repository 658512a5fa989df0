"""Work that goes on after Slack was answered, and drawings of App Home."""

import asyncio

import pytest
import structlog

from bot.services import Background, Redraws
from bot.slack.errors import RateLimited, SlackAway, SlackError


async def test_a_failure_is_in_the_log_with_what_it_was_about() -> None:
    async def fails() -> None:
        raise ZeroDivisionError

    background = Background()
    with structlog.testing.capture_logs() as logged:
        background.start(fails(), about="evidence 7")
        await background.finish(seconds=5)
    assert [(line["event"], line["about"]) for line in logged] == [("background work failed", "evidence 7")]


async def test_what_takes_too_long_is_ended() -> None:
    ended = asyncio.Event()

    async def takes_for_ever() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    background = Background()
    background.start(takes_for_ever(), about="a file without end")
    await asyncio.sleep(0)
    await background.finish(seconds=0)
    assert ended.is_set()
    await background.finish(seconds=0)


MIRA = ("T0SAMPLE", "U0MIRA")


class Drawings:
    """A Home that takes long to draw, and shows what was stored when its drawing began."""

    def __init__(self, *failures: SlackError) -> None:
        self.state = 0
        self.shown: list[int] = []
        self.goes_on = asyncio.Event()
        self._failures = list(failures)

    async def draw(self) -> None:
        state = self.state
        await self.goes_on.wait()
        if self._failures:
            raise self._failures.pop(0)
        self.shown.append(state)


async def changed(redraws: Redraws, home: Drawings, times: int) -> list[asyncio.Task[None]]:
    """Something changes a few times while the first drawing goes on, and each time Home is to be drawn."""
    asking = []
    for _ in range(times):
        home.state += 1
        asking.append(asyncio.create_task(redraws.draw(MIRA, home.draw)))
        await asyncio.sleep(0)
    return asking


async def test_a_crowd_of_changes_costs_two_drawings_and_the_last_one_shows() -> None:
    redraws, home = Redraws(), Drawings()
    asking = await changed(redraws, home, 20)
    home.goes_on.set()
    await asyncio.gather(*asking)
    assert home.shown == [1, 20]
    await asyncio.gather(*await changed(redraws, home, 1))
    assert home.shown == [1, 20, 21]


async def test_somebody_elses_home_does_not_wait() -> None:
    redraws, slow, other = Redraws(), Drawings(), Drawings()
    asking = await changed(redraws, slow, 1)
    other.goes_on.set()
    await redraws.draw(("T0SAMPLE", "U0TOM"), other.draw)
    assert (slow.shown, other.shown) == ([], [0])
    slow.goes_on.set()
    await asyncio.gather(*asking)


@pytest.mark.parametrize(("failure", "times"), [(RateLimited(retry_after=0), 1), (SlackAway(), 2)])
async def test_no_drawing_is_lost_when_slack_refuses_one(failure: SlackError, times: int) -> None:
    redraws, home = Redraws(), Drawings(failure)
    asking = await changed(redraws, home, times)
    home.goes_on.set()
    await asyncio.gather(*asking)
    assert home.shown == [times]


async def test_a_drawing_that_nothing_follows_says_that_it_failed() -> None:
    redraws, home = Redraws(), Drawings(SlackAway())
    asking = await changed(redraws, home, 1)
    home.goes_on.set()
    with pytest.raises(SlackAway):
        await asyncio.gather(*asking)
    await asyncio.gather(*await changed(redraws, home, 1))
    assert home.shown == [2]
