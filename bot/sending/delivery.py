"""One attempt to say one planned message: looked for, composed, noted, and brought to Slack at its pace."""

import asyncio
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.sending import verdicts
from bot.sending.fence import Fence, LeaseOver
from bot.sending.together import Together
from bot.sending.verdicts import PutOff, Settled, Verdict, back_off
from bot.slack.calls import Composer, Later, Post, Redraw, ShareFile, Skip
from bot.slack.do_not_disturb import QuietHours
from bot.slack.errors import ChannelGone, MessageGone, NotInChannel, RateLimited, SlackError
from bot.slack.gateway import Gateway
from bot.slack.objects import Posted
from bot.slack.rate_limits import Pace
from messages.words.kit import Message
from storage.engine.database import Database
from storage.engine.errors import BlobAltered, BlobMissing, NotFound, StoreUnavailable, VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.nudges import posted
from storage.nudges.posted import Place
from storage.record import outbox
from storage.record.outbox import OutboxRow, Outcome
from workflows.nudges import attempts
from workflows.nudges import questions as nudge_questions
from workflows.nudges.attempts import Attempt
from workflows.nudges.reasons import Reason
from workflows.refusals import Refusal

log = structlog.get_logger(__name__)

MOST_WAITS = 3
"""So often; whoever keeps quiet hours all through the working day is reminded all the same."""

CLOCKS_MAY_DIFFER = timedelta(minutes=10)
DRAWINGS_KEPT = 100
"""So many are known for a while after nobody is at them, for whoever wanted the same and is slower."""

A_PERSON = ("U", "W")
"""How the ids of people begin; a message to one goes to the direct conversation with them."""


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
        fence: Fence,
        stopping: asyncio.Event,
    ) -> None:
        self._database = database
        self._gateway = gateway
        self._blobs = blobs
        self._attempts: Together[tuple[OutboxRow, Attempt], OutboxRow] = Together(database, attempts.begin)
        self._composers = composers
        self._fence = fence
        self._stopping = stopping
        self._pace = pace
        self._drawings: WeakValueDictionary[int, Drawing] = WeakValueDictionary()
        self._drawn_lately: deque[Drawing] = deque(maxlen=DRAWINGS_KEPT)
        self._quiet = QuietHours(gateway, self._turn_to_ask)

    async def attempt(self, workspace_id: str, row: OutboxRow, at: datetime) -> Verdict:
        """Try once. What is a fault of the moment is put off, what would never get better is settled as failed.

        Raises `VersionConflict` when another sender has taken the row over.
        """
        try:
            return await self._send(workspace_id, row, at)
        except Stopping:
            return PutOff(timedelta(0), Reason.STOPPED, tried=False, failing=False)
        except LeaseOver:
            return PutOff(timedelta(0), Reason.LEASE_OVER, tried=False, failing=False)
        except SlackError as error:
            log.info("Slack did not take a message", slot=row.slot, kind=row.kind, error=str(error))
            return verdicts.of_error(error, row)
        except (NotFound, Refusal) as error:
            log.warning("what a message is about is gone", slot=row.slot, kind=row.kind, error=str(error))
            return Settled(Outcome.FAILED, Reason.NO_LONGER_THERE)
        except VersionConflict:
            raise
        except (SQLAlchemyError, OSError) as error:
            log.warning("the database is away", slot=row.slot, error=type(error).__name__)
            return PutOff(back_off(row), Reason.DATABASE_AWAY)
        except Exception:  # whatever it was: one message that cannot be made must end in a row that a lead sees
            log.exception("a message could not be composed", slot=row.slot, kind=row.kind)
            return PutOff(back_off(row), Reason.NOT_COMPOSED)

    async def _send(self, workspace_id: str, row: OutboxRow, at: datetime) -> Verdict:
        if row.ambiguous and row.recipient and (looked := await self._looked_for(workspace_id, row)):
            return looked
        composer = self._composers.get(row.kind)
        if composer is None:
            log.error("no room composes a message", kind=row.kind)
            return Settled(Outcome.FAILED, Reason.NOT_COMPOSED)
        if waits := await self._left_alone(workspace_id, row, at):
            return waits
        if row.recipient:
            # Before it is composed, so that what is said is true when it is said.
            await self._wait(self._pace.post(row.recipient, _steady()))
        news = _steady()
        outgoing = await self._database.read(workspace_id, composer, row, at)
        if isinstance(outgoing, Redraw):
            return await self._redraw(workspace_id, row, composer, at, news)
        return await self._carry_out(workspace_id, row, outgoing, at)

    async def _carry_out(
        self, workspace_id: str, row: OutboxRow, outgoing: Post | ShareFile | Skip | Later, at: datetime
    ) -> Verdict:
        match outgoing:
            case Skip(reason, settles):
                return Settled(Outcome.SKIPPED, reason, settles=settles)
            case Later(moment, reason):
                return PutOff(moment - at, reason, tried=False, failing=False)
            case Post():
                return await self._post(workspace_id, row, outgoing)
            case ShareFile():
                return await self._share_file(workspace_id, row, outgoing)

    async def _left_alone(self, workspace_id: str, row: OutboxRow, at: datetime) -> PutOff | None:
        if row.kind != outbox.DAY or row.ambiguous:
            return None
        if until := await self._database.read(workspace_id, nudge_questions.left_alone_until, row.recipient, at):
            return PutOff(until - at, Reason.STATUS_SAYS_AWAY, tried=False, failing=False)
        if row.attempts > MOST_WAITS:
            return None
        ends = await self._quiet.until(row.recipient, at)
        return PutOff(ends - at, Reason.DO_NOT_DISTURB, failing=False) if ends else None

    async def _turn_to_ask(self) -> None:
        await self._wait(self._pace.call("dnd.teamInfo", _steady()))

    async def _post(self, workspace_id: str, row: OutboxRow, post: Post) -> Verdict:
        attempt = Attempt(row.recipient, post.thread_ts or "", settles=post.settles)
        await self._attempts.run(workspace_id, (row, attempt))
        self._fence.must_hold()
        try:
            # To a person's id: Slack opens the conversation by itself (reference: "chat.postMessage").
            where = await self._gateway.post(row.recipient, post.message, row.slot, post.thread_ts)
        except RateLimited as error:
            self._pace.hold_post(row.recipient, _steady(), error.retry_after)
            raise
        return Settled(Outcome.SENT, posted=where, thread_ts=attempt.thread_ts, settles=post.settles)

    async def _share_file(self, workspace_id: str, row: OutboxRow, file: ShareFile) -> Verdict:
        """Nobody sees the file before all its bytes were read out of the store and are what they were."""
        await self._attempts.run(workspace_id, (row, Attempt(file.channel_id, file.thread_ts, file.file_name)))
        try:
            await self._gateway.share(
                file.channel_id,
                file.thread_ts,
                file.file_name,
                file.size,
                self._blobs.unaltered(file.sha256),
                title=file.title,
                comment=file.message.text,
                before_shown=self._fence.must_hold,
            )
        except BlobMissing:
            return Settled(Outcome.FAILED, Reason.FILE_MISSING)
        except BlobAltered:
            return Settled(Outcome.FAILED, Reason.FILE_ALTERED)
        except StoreUnavailable:
            return PutOff(back_off(row), Reason.STORE_AWAY)
        # Slack does not say which message a file stands in.
        return Settled(Outcome.SENT, posted=Posted(file.channel_id, ""), thread_ts=file.thread_ts)

    async def _looked_for(self, workspace_id: str, row: OutboxRow) -> Verdict | None:
        """What was found of an earlier attempt, or None; nothing is given up for a look that did not get through."""
        try:
            return await self._found(workspace_id, row)
        except SlackError as error:
            verdict = verdicts.of_error(error, row)
        except (SQLAlchemyError, OSError):
            verdict = PutOff(back_off(row), Reason.DATABASE_AWAY)
        return replace(verdict, failing=False) if isinstance(verdict, PutOff) else verdict

    async def _found(self, workspace_id: str, row: OutboxRow) -> Settled | None:
        """Where an earlier attempt has brought it, and what it has told then, whatever would be said now."""
        attempt = await self._database.read(workspace_id, attempts.last, row)
        where = await (self._find_file(attempt) if attempt.file_name else self._find(row, attempt))
        if where is None:
            return None
        return Settled(
            Outcome.FOUND,
            posted=where,
            thread_ts=attempt.thread_ts,
            settles=attempt.settles,
            may_be_old=bool(where.ts) and f"{row.subject}.redraw" in self._composers,
        )

    async def _find(self, row: OutboxRow, attempt: Attempt) -> Posted | None:
        channel = await self._conversation_with(attempt.channel_id)
        since = attempts.may_stand_since(row) - CLOCKS_MAY_DIFFER
        return await self._gateway.find_posted(channel, row.slot, since, attempt.thread_ts or None)

    async def _find_file(self, attempt: Attempt) -> Posted | None:
        there = await self._gateway.find_file(attempt.channel_id, attempt.thread_ts, attempt.file_name)
        return Posted(attempt.channel_id, "") if there else None

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
        self._fence.must_hold()
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


def _card_at(uow: UnitOfWork, composer: Composer, row: OutboxRow, place: Place, at: datetime) -> Message | None:
    outgoing = composer(uow, row, at)
    return outgoing.message_for(place) if isinstance(outgoing, Redraw) else None


def _steady() -> float:
    return asyncio.get_running_loop().time()
