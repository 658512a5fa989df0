"""Work that goes on after Slack was answered."""

import asyncio

import structlog

from bot.services import Background


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
