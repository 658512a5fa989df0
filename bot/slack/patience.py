"""Waiting for Slack where nothing can begin without it: asked again, later and later, while it is away."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import structlog

from bot.slack.errors import RateLimited, SlackAway, Unanswered

log = structlog.get_logger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
T = TypeVar("T")


def pauses() -> Iterator[float]:
    """Seconds between one attempt and the next: twice as long each time, up to a minute."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_PAUSE)


async def patiently(ask: Callable[[], Awaitable[T]], waits: Callable[[], Iterator[float]] = pauses) -> T:
    """What Slack answers, however long that takes. Raises any other `SlackError`, such as a token that is refused."""
    for pause in waits():
        try:
            return await ask()
        except RateLimited as error:
            seconds, why = max(pause, error.retry_after), str(error)
        except (SlackAway, Unanswered) as error:
            seconds, why = pause, str(error)
        log.warning("Slack does not answer as it should and is asked again", seconds=seconds, error=why)
        await asyncio.sleep(seconds)
    raise SlackAway("it was waited for in vain")
