"""One attempt to say one planned message, and its verdict: settled for good, or put off."""

import asyncio
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog

from bot.slack.calls import Composer, Later, Post, Redraw, ShareFile, Skip
from bot.slack.do_not_disturb import QuietHours
from bot.slack.errors import (
    ChannelGone,
    MessageGone,
    MissingScope,
    NotInChannel,
    RateLimited,
    SlackAway,
    SlackError,
    TokenRefused,
    Unanswered,
)
from bot.slack.gateway import Gateway
from bot.slack.objects import Posted
from bot.slack.rate_limits import Pace
from messages.words.kit import Message
from storage.engine.database import Database
from storage.engine.errors import BlobAltered, BlobMissing, NotFound, StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.nudges import posted
from storage.nudges.posted import Place
from storage.record import outbox
from storage.record.outbox import OutboxRow, Outcome
from workflows.deed import Deed
from workflows.evidence import pictures
from workflows.nudges import commands as nudge_commands
from workflows.nudges import notices
from workflows.nudges import questions as nudge_questions
from workflows.nudges.reasons import Lost, Reason, lost
from workflows.nudges.rules import Settles
from workflows.refusals import Refusal

log = structlog.get_logger(__name__)

FIRST_RETRY = timedelta(seconds=5)
LONGEST_BACK_OFF = timedelta(hours=1)
MOST_ATTEMPTS = 34
"""With these back-offs about a day."""

MOST_WAITS = 3
"""So often; whoever keeps quiet hours all through the working day is reminded all the same."""

CLOCKS_MAY_DIFFER = timedelta(minutes=10)
DRAWINGS_KEPT = 100
"""So many are known for a while after nobody is at them, for whoever wanted the same and is slower."""

A_PERSON = ("U", "W")
"""How the ids of people begin; a message to one goes to the direct conversation with them."""


@dataclass(frozen=True)
class Settled:
    """The row is done with. `unreachable`: nobody can be told there, so a lead should know."""

    outcome: Outcome
    reason: str = ""
    posted: Posted | None = None
    unreachable: bool = False
    thread_ts: str = ""
    settles: Settles | None = None


@dataclass(frozen=True)
class PutOff:
    """The row is tried again after `by`. `ambiguous`: the message may stand in Slack already.

    `unreachable`: it waits for somebody to let us in, so a lead should know. `tried`: this was one of its attempts;
    what only waits for a better moment may do so for months.
    """

    by: timedelta
    reason: str
    ambiguous: bool = False
    unreachable: bool = False
    tried: bool = True


Verdict = Settled | PutOff


class Stopping(Exception):
    """The bot is being stopped."""


class Drawing:
    """A message that is drawn anew: one at a time, so that nothing drawn is older than what stands there.

    `shows` is the moment, by a steady clock, whose state it shows at least.
    """

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.shows = -math.inf


class Sender:
    """Composes a message from the state of the moment and brings it to Slack at Slack's pace."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        blobs: BlobStore,
        composers: Mapping[str, Composer],
        pace: Pace,
        stopping: asyncio.Event,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._blobs = blobs
        self._composers = composers
        self._stopping = stopping
        self._pace = pace
        self._drawings: WeakValueDictionary[int, Drawing] = WeakValueDictionary()
        self._drawn_lately: deque[Drawing] = deque(maxlen=DRAWINGS_KEPT)
        self._quiet = QuietHours(gateway, self._turn_to_ask)

    async def attempt(self, workspace_id: str, row: OutboxRow, at: datetime) -> Verdict:
        """Try once. What is a fault of the moment is put off, what would never get better is settled as failed."""
        try:
            return await self._send(workspace_id, row, at)
        except Stopping:
            return PutOff(timedelta(0), Reason.STOPPED, tried=False)
        except RateLimited as error:
            return PutOff(timedelta(seconds=error.retry_after), str(error))
        except Unanswered as error:
            return PutOff(_back_off(row), str(error), ambiguous=True)
        except (SlackAway, TokenRefused, MissingScope) as error:
            return PutOff(_back_off(row), str(error))
        except NotInChannel as error:
            return PutOff(_back_off(row), str(error), unreachable=True)
        except ChannelGone as error:
            return Settled(Outcome.FAILED, str(error), unreachable=True)
        except (SlackError, NotFound, Refusal) as error:
            return Settled(Outcome.FAILED, f"{type(error).__name__}: {error}")

    async def _send(self, workspace_id: str, row: OutboxRow, at: datetime) -> Verdict:
        composer = self._composers.get(row.kind)
        if composer is None:
            raise SlackError(f"no room composes {row.kind}")
        if waits := await self._left_alone(workspace_id, row, at):
            return waits
        if row.recipient:
            # Before it is composed, so that what is said is true when it is said.
            await self._wait(self._pace.post(row.recipient, _steady()))
        news = _steady()
        outgoing = await self._database.read(workspace_id, composer, row, at)
        if isinstance(outgoing, Redraw):
            return await self._redraw(workspace_id, row, composer, at, news)
        return await self._carry_out(row, outgoing, at)

    async def _carry_out(self, row: OutboxRow, outgoing: Post | ShareFile | Skip | Later, at: datetime) -> Verdict:
        match outgoing:
            case Skip(reason, settles):
                return Settled(Outcome.SKIPPED, reason, settles=settles)
            case Later(moment, reason):
                return PutOff(moment - at, reason, tried=False)
            case Post():
                return await self._post(row, outgoing)
            case ShareFile():
                return await self._share_file(row, outgoing)

    async def _left_alone(self, workspace_id: str, row: OutboxRow, at: datetime) -> PutOff | None:
        if row.kind != outbox.DAY or row.ambiguous:
            return None
        if until := await self._database.read(workspace_id, nudge_questions.left_alone_until, row.recipient, at):
            return PutOff(until - at, Reason.STATUS_SAYS_AWAY, tried=False)
        if row.attempts > MOST_WAITS:
            return None
        ends = await self._quiet.until(row.recipient, at)
        return PutOff(ends - at, Reason.DO_NOT_DISTURB) if ends else None

    async def _turn_to_ask(self) -> None:
        await self._wait(self._pace.call("dnd.teamInfo", _steady()))

    async def _post(self, row: OutboxRow, post: Post) -> Verdict:
        if row.ambiguous and (found := await self._find(row, post.thread_ts)):
            return _said(Outcome.FOUND, found, post)
        try:
            # To a person's id: Slack opens the conversation by itself (reference: "chat.postMessage").
            posted = await self._gateway.post(row.recipient, post.message, row.slot, post.thread_ts)
        except RateLimited as error:
            self._pace.hold_post(row.recipient, _steady(), error.retry_after)
            raise
        return _said(Outcome.SENT, posted, post)

    async def _share_file(self, row: OutboxRow, file: ShareFile) -> Verdict:
        """Nobody sees the file before all its bytes were read out of the store and are what they were."""
        where = Posted(file.channel_id, "")  # Slack does not say which message a file stands in
        if row.ambiguous and await self._gateway.find_file(file.channel_id, file.thread_ts, file.file_name):
            return Settled(Outcome.FOUND, posted=where, thread_ts=file.thread_ts)
        try:
            await self._gateway.share(
                file.channel_id,
                file.thread_ts,
                file.file_name,
                file.size,
                self._blobs.unaltered(file.sha256),
                title=file.title,
                comment=file.message.text,
            )
        except (BlobMissing, BlobAltered) as error:
            return Settled(Outcome.FAILED, f"{type(error).__name__}: {error}")
        except StoreUnavailable as error:
            return PutOff(_back_off(row), str(error))
        return Settled(Outcome.SENT, posted=where, thread_ts=file.thread_ts)

    async def _find(self, row: OutboxRow, thread_ts: str | None) -> Posted | None:
        channel, since = await self._conversation_with(row.recipient), row.planned_at - CLOCKS_MAY_DIFFER
        found = await self._gateway.find_posted(channel, row.slot, since, thread_ts)
        if found is None and row.kind == outbox.DAY and thread_ts:
            # When it was sent first it may have been the one that begins the thread.
            return await self._gateway.find_posted(channel, row.slot, since, None)
        return found

    async def _redraw(
        self, workspace_id: str, row: OutboxRow, composer: Composer, at: datetime, news: float
    ) -> Verdict:
        """Draw the cards, the newest first, until there is news that a later row draws everywhere.

        `news` is a moment by a steady clock at which what has changed stood in the database already.
        """
        places = await self._database.read(workspace_id, posted.where_posted, row.subject, row.subject_id)
        drawings = [self._drawings.setdefault(place.message_id, Drawing()) for place in places]
        reason, has_turn, drawn = Reason.NO_CARD_TO_UPDATE, False, 0
        for place, drawing in zip(places, drawings, strict=True):
            async with drawing.lock:
                if place.kind == outbox.DAY and drawing.shows >= news:
                    reason = Reason.UPDATED_TOGETHER  # a day shows all that stands in it, whatever it was drawn for
                    continue
                if await self._database.read(workspace_id, outbox.is_superseded, row):
                    return Settled(Outcome.SKIPPED, Reason.COVERED_BY_LATER_UPDATE)
                if not has_turn:
                    await self._wait(self._pace.call("chat.update", _steady()))
                composed = _steady()
                card = await self._database.read(workspace_id, _card_at, composer, row, place, at)
                if card is not None:
                    await self._update(place, card)
                    drawing.shows = composed
                    self._drawn_lately.append(drawing)
            has_turn = card is None
            drawn += card is not None
        return Settled(Outcome.SENT) if drawn else Settled(Outcome.SKIPPED, reason)

    async def _update(self, place: Place, message: Message) -> None:
        try:
            await self._gateway.update(place.channel_id, place.ts, message)
        except RateLimited as error:
            self._pace.hold_call("chat.update", _steady(), error.retry_after)
            raise
        except (MessageGone, ChannelGone, NotInChannel) as error:
            log.info("a card is gone", channel=place.channel_id, ts=place.ts, error=str(error))

    async def _conversation_with(self, recipient: str) -> str:
        if not recipient.startswith(A_PERSON):
            return recipient
        await self._wait(self._pace.call("conversations.open", _steady()))
        return await self._gateway.open_dm(recipient)

    async def _wait(self, seconds: float) -> None:
        # Never inside a unit of work: nothing in the database is held while Slack's pace is kept.
        if self._stopping.is_set():
            raise Stopping
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
        raise Stopping


def record(uow: UnitOfWork, row: OutboxRow, verdict: Verdict, at: datetime) -> Outcome:
    """Write the verdict down; what was put off too often has failed. Raises `Stale` if another sender took over."""
    if isinstance(verdict, PutOff) and verdict.tried and row.attempts >= MOST_ATTEMPTS:
        verdict = Settled(Outcome.FAILED, lost(Lost.GIVEN_UP, verdict.reason, row.attempts))
    deed = Deed.of_the_bot(uow, at)
    if verdict.unreachable:
        notices.tell_of_silence(uow, row.recipient, verdict.reason, at=at)
    if isinstance(verdict, PutOff):
        until = at + verdict.by
        outbox.postpone(uow, row, until, verdict.reason, at, ambiguous=verdict.ambiguous, tried=verdict.tried)
        return Outcome.RETRIED
    channel, ts = (verdict.posted.channel, verdict.posted.ts) if verdict.posted else ("", "")
    settled = outbox.settle(uow, row, verdict.outcome, at, verdict.reason, channel, ts, verdict.thread_ts)
    nudge_commands.settle(deed, settled, verdict.outcome, verdict.settles)
    pictures.follow(deed, settled, verdict.settles.told if verdict.settles else ())
    return verdict.outcome


def _said(outcome: Outcome, where: Posted, post: Post) -> Settled:
    return Settled(outcome, posted=where, thread_ts=post.thread_ts or "", settles=post.settles)


def _card_at(uow: UnitOfWork, composer: Composer, row: OutboxRow, place: Place, at: datetime) -> Message | None:
    outgoing = composer(uow, row, at)
    return outgoing.message_for(place) if isinstance(outgoing, Redraw) else None


def _back_off(row: OutboxRow) -> timedelta:
    seconds = FIRST_RETRY.total_seconds() * 2 ** (row.attempts - 1)
    return min(timedelta(seconds=seconds), LONGEST_BACK_OFF)


def _steady() -> float:
    return asyncio.get_running_loop().time()
