"""Errands at the edge: whatever the bot has promised to do is taken up here, by whichever process is alive.

What an errand does may take long and may be cut off: it is begun anew, and gives back a `Conclusion`, the one unit of
work in which its outcome, its answer and the end of its row are written together.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from bot.files.storing import whole
from bot.services import Services
from bot.slack import answers
from bot.slack.answers import To
from bot.slack.errors import (
    DownloadFailed,
    DownloadRefused,
    RateLimited,
    SignInPage,
    SlackAway,
    TokenRefused,
    Unanswered,
)
from messages.words import errands as words
from messages.words.kit import Message
from messages.words.refusals import refusal
from storage.engine.errors import BlobAltered, StoreUnavailable, VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.record import errands
from storage.record.errands import Errand
from workflows.deed import Deed
from workflows.refusals import InputWanted, Refusal

log = structlog.get_logger(__name__)

AT_ONCE = 20
LEASE = timedelta(seconds=45)
"""So long after a process died somebody else takes up what it held; a living one renews it well before."""

SECONDS_BETWEEN_RENEWALS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=10), timedelta(minutes=15)
PATIENCE = timedelta(days=1)
"""For what is nobody's fault: a store or a Slack that is away, or that wants us to slow down. It is counted from the
first attempt that failed, by the database's clock, so that a clock of the bot that is put forward gives nothing up."""

LEAST_ATTEMPTS = 20
"""A day has room for a hundred; with fewer nobody was there to try for most of it."""

LATE = timedelta(minutes=5)
"""After so long whoever waits for it hears once that it is still worked on."""

MOST_ATTEMPTS = 200
"""Twice what a day has room for: what ends the process each time is given up too."""

Conclusion = Callable[[Deed], None]
"""Writes what came of an errand, and plans its answer, as a deed of the bot."""


class NotYet(Exception):
    """What an errand needs is still to come, such as the card under which something belongs."""


class Interrupted(Exception):
    """An errand was begun and cut off so often that it may be what cuts it off."""


NOBODYS_FAULT = (
    NotYet,
    RateLimited,
    SlackAway,
    Unanswered,
    TokenRefused,
    DownloadFailed,
    StoreUnavailable,
    TimeoutError,
    OperationalError,
    InterfaceError,
)
SOMEBODYS_FAULT = (SignInPage, DownloadRefused, BlobAltered)
"""What is among the others by its class, and does not get better by waiting."""


def passes(error: BaseException) -> bool:
    """Whether something may go well later, though nobody does anything about it."""
    return isinstance(error, NOBODYS_FAULT) and not isinstance(error, SOMEBODYS_FAULT)


def to(errand: Errand) -> To:
    """Where whoever waits for an errand is answered."""
    return To(errand.channel_id or errand.person_id, errand.thread_ts)


def telling(errand: Errand, *said: Message) -> Conclusion:
    """The conclusion of an errand that only says something."""

    def conclude(deed: Deed) -> None:
        for number, message in enumerate(said):
            answers.plan(deed.uow, message, to(errand), once_per=f"{_name(errand)}:{number}", at=deed.at)

    return conclude


def _name(errand: Errand) -> str:
    """A name that no other errand ever has, also where the rows were moved to another database, which counts anew."""
    return f"errand:{errand.id}:{errand.planned_at.isoformat()}"


def nothing(_deed: Deed) -> None:
    """The conclusion of an errand of which everything was said and written while it was done."""


async def nothing_said(_services: Services, _errand: Errand, _error: Exception) -> Conclusion:
    """For what is given up without a word, since whoever waited has been told the main thing."""
    return nothing


async def share_once(
    services: Services, errand: Errand, channel_id: str, thread_ts: str | None, name: str, data: bytes
) -> None:
    """Lay a file that was made for it before people, unless an attempt before did so already."""
    if errand.attempts > 1 and await services.gateway.find_file(channel_id, thread_ts or "", name):
        return
    await services.gateway.share(channel_id, thread_ts, name, len(data), whole(data))


async def refused(_services: Services, errand: Errand, error: Exception) -> Conclusion:
    """Say why nothing came of it: the words of a refusal; else that it was tried for long, or that we failed."""
    return telling(errand, _in_words(errand, error))


def _in_words(errand: Errand, error: Exception) -> Message:
    if isinstance(error, InputWanted):  # the form it was asked in is closed by now, so nothing of it is "still there"
        return refusal("wanted_in_file", wish=error.wish, about=error.about)
    if isinstance(error, Refusal):
        return refusal(error.name, **error.values)
    if passes(error):
        return words.given_up(errand.about)
    reference = secrets.token_hex(4)
    log.error("an errand was given up", reference=reference, errand=errand.kind, exc_info=error)
    return refusal("unexpected", reference=reference)


@dataclass(frozen=True)
class Kind:
    """How a kind of errand is done, and what is concluded when it is given up for an error."""

    do: Callable[[Services, Errand], Awaitable[Conclusion]]
    give_up: Callable[[Services, Errand, Exception], Awaitable[Conclusion]] = refused


class Errands:
    """Does the errands of a workspace beside everything else, some at once."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._held: set[int] = set()

    async def take_up(self, services: Services, workspace_id: str) -> None:
        """Begin what is due and held by nobody who is alive."""
        room = AT_ONCE - len(self._held)
        for errand in await self._claimed(services, workspace_id, room) if room > 0 else ():
            if errand.id not in self._held:  # a clock of the database that jumped ends leases of our own
                self._held.add(errand.id)
                services.later(self._carry_out(services, errand), about=f"errand {errand.id}: {errand.kind}")

    async def _claimed(self, services: Services, workspace_id: str, room: int) -> Sequence[Errand]:
        return await services.database.run(workspace_id, errands.claim, services.clock.now(), LEASE, room)

    async def _carry_out(self, services: Services, errand: Errand) -> None:
        try:
            async with _holding(services, errand):
                await self._done_or_put_off(services, errand)
        except VersionConflict:
            log.warning("another process took an errand over", errand=errand.id, kind=errand.kind)
        except asyncio.CancelledError:
            await services.database.run(errand.workspace_id, errands.let_go, errand, services.clock.now())
            raise
        finally:
            self._held.discard(errand.id)
        services.wake()
        await self.take_up(services, errand.workspace_id)

    async def _done_or_put_off(self, services: Services, errand: Errand) -> None:
        try:
            await _end(services, errand, await self._conclusion(services, errand))
        except VersionConflict as conflict:
            if isinstance(conflict.row, Errand):
                raise
            await self._give_up(services, errand, conflict)
        except Exception as error:  # noqa: BLE001 - whatever it was: somebody waits, and hears of it
            if not passes(error) or await _has_failed_for_long(services, errand):
                await self._give_up(services, errand, error)
            else:
                await _put_off(services, errand, error)

    async def _conclusion(self, services: Services, errand: Errand) -> Conclusion:
        if errand.attempts > MOST_ATTEMPTS:
            raise Interrupted
        return await self._kinds[errand.kind].do(services, errand)

    async def _give_up(self, services: Services, errand: Errand, error: Exception) -> None:
        unforeseen = None if isinstance(error, Refusal) or passes(error) else error
        log.warning("an errand came to nothing", errand=errand.id, kind=errand.kind, exc_info=unforeseen)
        kind = self._kinds.get(errand.kind)
        give_up = kind.give_up if kind else refused
        await _end(services, errand, await give_up(services, errand, error))


async def _has_failed_for_long(services: Services, errand: Errand) -> bool:
    age = await services.database.read(errand.workspace_id, errands.failing_for, errand)
    return age >= PATIENCE and errand.attempts >= LEAST_ATTEMPTS


async def _end(services: Services, errand: Errand, conclude: Conclusion) -> None:
    await services.database.run(errand.workspace_id, _ended, errand, conclude, services)


def _ended(uow: UnitOfWork, errand: Errand, conclude: Conclusion, services: Services) -> None:
    errands.done(uow, errand)
    conclude(Deed.of_the_bot(uow, services.clock.now()))


async def _put_off(services: Services, errand: Errand, error: Exception) -> None:
    pause = min(FIRST_PAUSE * (1 << min(errand.attempts - 1, 10)), LONGEST_PAUSE)
    if isinstance(error, RateLimited):
        pause = max(pause, timedelta(seconds=error.retry_after))
    log.info("an errand is put off", errand=errand.id, kind=errand.kind, pause=pause, why=type(error).__name__)
    if errand.about and services.clock.now() - errand.planned_at >= LATE:
        await services.database.run(errand.workspace_id, _say_late, errand, services)
    not_before = services.clock.now() + pause
    await services.database.run(errand.workspace_id, errands.put_off, errand, not_before)


def _say_late(uow: UnitOfWork, errand: Errand, services: Services) -> None:
    answers.plan(
        uow, words.still_working(errand.about), to(errand), once_per=f"{_name(errand)}:late", at=services.clock.now()
    )


@asynccontextmanager
async def _holding(services: Services, errand: Errand) -> AsyncIterator[None]:
    """Nobody else takes the errand up within, however long that lasts."""
    renewing = asyncio.create_task(_renew(services, errand))
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


async def _renew(services: Services, errand: Errand) -> None:
    while True:
        await asyncio.sleep(SECONDS_BETWEEN_RENEWALS)
        try:
            await services.database.run(errand.workspace_id, errands.hold, errand, LEASE)
        except (OperationalError, InterfaceError) as error:
            log.warning("an errand could not be held for longer", errand=errand.id, error=type(error).__name__)
