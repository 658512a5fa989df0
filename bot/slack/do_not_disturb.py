"""When people do not want to be disturbed, as they have set it in Slack.

Only those are asked about to whom a message is about to go out, at most once an hour each. Those whose turn comes while
Slack is being asked share the next question. Slack tells an app the hours somebody keeps every day, not what they
snooze for a while (reference: "dnd.teamInfo").
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import islice

import structlog

from bot.slack.errors import SlackError
from bot.slack.gateway import Gateway
from bot.slack.objects import QuietWindow

log = structlog.get_logger(__name__)

ASKED_AGAIN_AFTER = timedelta(hours=1)
PEOPLE_PER_QUESTION = 50
"""The most that Slack takes at once."""


class QuietHours:
    """What Slack has said of whom. `turn` waits until its pace allows another question."""

    def __init__(self, gateway: Gateway, turn: Callable[[], Awaitable[None]]) -> None:
        self._gateway = gateway
        self._turn = turn
        self._asking = asyncio.Lock()
        self._wanted: dict[str, None] = {}
        self._known: dict[str, tuple[datetime, QuietWindow | None]] = {}

    async def until(self, person_id: str, at: datetime) -> datetime | None:
        """The end of the quiet hours in which somebody is; None when they are in none, or Slack does not say.

        Reminding late is worse than at a bad minute, so where Slack refuses or is away nobody waits.
        """
        if self._is_news(person_id, at):
            self._wanted[person_id] = None
        while person_id in self._wanted:
            async with self._asking:
                if person_id in self._wanted:
                    await self._ask(at)
        _, window = self._known[person_id]
        return window.ends if window and window.begins <= at < window.ends else None

    def _is_news(self, person_id: str, at: datetime) -> bool:
        asked_at, _ = self._known.get(person_id, (None, None))
        return asked_at is None or not timedelta(0) <= at - asked_at < ASKED_AGAIN_AFTER

    async def _ask(self, at: datetime) -> None:
        await self._turn()
        asked = list(islice(self._wanted, PEOPLE_PER_QUESTION))
        try:
            windows = await self._gateway.quiet_windows(asked)
        except SlackError as error:
            log.info("Slack does not say who wants to be left alone", error=str(error))
            windows = {}
        for person_id in asked:
            self._known[person_id] = (at, windows.get(person_id))
            del self._wanted[person_id]
