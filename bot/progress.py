"""A card that says, while something long goes on behind it, how much of that is done."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from bot.services import Services
from bot.slack.errors import SlackError
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import posted
from storage.nudges.posted import Place

log = structlog.get_logger(__name__)

SECONDS_BETWEEN_WORDS = 2.0
"""How often a card says how far it is: well within Slack's pace for redrawing."""


class Counter:
    """How much is done, counted on whichever thread does it and read on the loop."""

    def __init__(self) -> None:
        self.value = 0

    def put(self, value: int) -> None:
        """So much is done by now."""
        self.value = value


@dataclass(frozen=True)
class CountingCard:
    """The card of a `subject`, wherever it stands; `composed` is what it says when so much is done."""

    services: Services
    workspace_id: str
    subject: str
    subject_id: int
    composed: Callable[[UnitOfWork, int], Message]

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[Counter]:
        """While something goes on the card counts; at the end it is drawn once more, so that no count stays."""
        counter, ended = Counter(), asyncio.Event()
        telling = asyncio.create_task(self._tell(counter, ended))
        try:
            yield counter
        finally:
            ended.set()
            await telling
            await self._draw(0)

    async def _tell(self, counter: Counter, ended: asyncio.Event) -> None:
        while not ended.is_set():
            try:
                await asyncio.wait_for(ended.wait(), SECONDS_BETWEEN_WORDS)
            except TimeoutError:
                await self._draw(counter.value)

    async def _draw(self, done: int) -> None:
        message = await self.services.database.read(self.workspace_id, self.composed, done)
        try:
            for place in await places(self.services, self.workspace_id, self.subject, self.subject_id):
                await self.services.gateway.update(place.channel_id, place.ts, message)
        except SlackError as error:
            log.info("a card could not say how far it is", card=self.subject, of=self.subject_id, error=str(error))


async def places(services: Services, workspace_id: str, subject: str, subject_id: int) -> Sequence[Place]:
    """Where the card of a subject stands, the newest first."""
    return await services.database.read(workspace_id, posted.where_posted, subject, subject_id)
