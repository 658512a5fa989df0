"""Sends what was planned: claims outbox rows as they come due and hands each to the sender, several at a time.

A row is settled after Slack has answered. What a process that dies in between leaves in `sending` is taken back as soon
as its sender lease is over, and Slack is looked into for the message before it is sent again.
"""

import asyncio
import secrets
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from opentelemetry import trace
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import Clock
from bot.http.server import Meters
from bot.sending.delivery import Sender
from bot.sending.fence import SENDER_LEASE, Fence, steady
from bot.sending.together import Together
from bot.sending.verdicts import Reached, Verdict, record
from bot.slack.calls import Composer
from bot.slack.gateway import Gateway
from bot.slack.rate_limits import Pace
from storage.engine.database import Database
from storage.engine.errors import DatabaseClosed, VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.record import claiming, outbox, sender_lease
from storage.record.outbox import OutboxRow, Outcome

log = structlog.get_logger(__name__)
tracer = trace.get_tracer(__name__)

MESSAGES_AT_ONCE = 100
"""In flight."""

REDRAWS_AT_ONCE = 10
"""In flight: so few that at Slack's 50 a minute, what somebody has just pressed waits for seconds behind them."""

BETWEEN_PASSES = 0.05
LOOK_AGAIN = 2.0
"""Seconds: what another replica planned is seen without its waking us."""

A_JUMP = timedelta(minutes=5)
LONGEST_LOOK = 150.0
"""Seconds. The planners look once a minute; when a clock jumps, what they plan belongs into the same message."""

AFTER_A_FAILURE = 1.0
VERDICT_AGAIN_AFTER = 0.2
VERDICT_AGAIN_AT_MOST = 5.0
"""Seconds between two tries to write down what became of a message; the first, and the longest after doubling."""

SECONDS_TO_FINISH = 15.0

Lane = tuple[str, int | str]


@dataclass(frozen=True)
class Looked:
    """When the planners looked last: which moment they looked at, and when that was by a steady clock, in seconds."""

    at: datetime
    steady: float

    def waits_for(self, at: datetime) -> bool:
        """Whether the clock has jumped past what they have seen; not for long, in case they are stuck."""
        return at - self.at > A_JUMP and time.monotonic() - self.steady < LONGEST_LOOK


class Dispatcher:
    """The sender of one workspace. Among replicas the one that holds the sender lease sends."""

    def __init__(
        self,
        *,
        database: Database,
        gateway: Gateway,
        blobs: BlobStore,
        clock: Clock,
        composers: Mapping[str, Composer],
        meters: Meters,
        pace: Pace,
    ) -> None:
        self._database = database
        self._clock = clock
        self._meters = meters
        self._holder = secrets.token_hex(8)
        self._workspace_id = ""
        self._in_flight: dict[int, OutboxRow] = {}
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._holds_lease = False
        self._left_behind = False  # there may be rows in `sending` that we do not know of
        self._fence = Fence()
        self._verdicts = Together(database, record)
        self._books = asyncio.Lock()  # held from a row's being claimed until we know of it
        self._looked: Looked | None = None
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._sender = Sender(
            database=database,
            gateway=gateway,
            blobs=blobs,
            composers=composers,
            pace=pace,
            fence=self._fence,
            stopping=self._stopping,
        )
        self._loop: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Something may be due."""
        self._woken.set()

    def looked(self, at: datetime) -> None:
        """The planners have looked at this moment, so what is to be said by now is whole."""
        self._looked = Looked(at, time.monotonic())
        self.wake()

    async def start(self, workspace_id: str) -> None:
        """Begin to send for this workspace."""
        self._workspace_id = workspace_id
        self._keep_running()

    async def stop(self, *, seconds: float = SECONDS_TO_FINISH) -> None:
        """Let what is being sent end for so long, give back what waits for its turn, let another replica take over."""
        if self._loop is None:
            return
        self._stopping.set()
        self._woken.set()
        await asyncio.wait([self._loop])
        if self._lanes:
            await asyncio.wait(self._lanes.values(), timeout=seconds)
        if not self._in_flight:  # else another one must wait until what is on its way has ended for certain
            await self._database.run(self._workspace_id, sender_lease.let_go, self._holder)

    # --- the loop ---

    def _keep_running(self, ended: asyncio.Task[None] | None = None) -> None:
        # A database that is away for a while must not end the sending for good, so the loop is begun anew.
        # It is begun before anything is logged: on a full disk no line can be written, and messages must go on.
        if not self._stopping.is_set():
            self._loop = asyncio.create_task(self._run(AFTER_A_FAILURE if ended else 0.0))
            self._loop.add_done_callback(self._keep_running)
        if ended is not None and not ended.cancelled() and (error := ended.exception()):
            log.error("the dispatcher stumbled and goes on", exc_info=error)

    async def _run(self, pause: float) -> None:
        await asyncio.sleep(pause)
        while not self._stopping.is_set():
            self._woken.clear()
            claimed = await self._pass()
            await asyncio.sleep(BETWEEN_PASSES)
            if not claimed:
                await self._rest()

    async def _pass(self) -> bool:
        at = self._clock.now()
        waits = self._looked is not None and self._looked.waits_for(at)
        if not self._in_flight and (waits or await self._is_at_rest(at)):
            return False
        async with self._books:
            rows = await self._claim(at, *((0, 0) if waits else self._room()))
            for row in rows:
                self._begin(row)
        return bool(rows)

    async def _is_at_rest(self, at: datetime) -> bool:
        if not self._holds_lease or self._left_behind:
            return False
        due = await self._database.read(self._workspace_id, outbox.next_due)
        return due is None or due > at

    async def _claim(self, at: datetime, messages: int, redraws: int) -> list[OutboxRow]:
        asked, hands = steady(), tuple(self._in_flight)
        known, self._left_behind = None if self._left_behind else self._holder, False
        try:
            rows = await self._database.run(
                self._workspace_id, claim_due, self._holder, at, messages, redraws, hands=hands, known=known
            )
        except Exception:
            self._left_behind = True  # it may have been committed before its answer was lost
            raise
        self._holds_lease = rows is not None
        if rows is None:
            self._fence.lost()
            return []
        self._fence.granted(asked)
        return rows

    def _room(self) -> tuple[int, int]:
        redraws = sum(not row.recipient for row in self._in_flight.values())
        return MESSAGES_AT_ONCE - (len(self._in_flight) - redraws), REDRAWS_AT_ONCE - redraws

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), LOOK_AGAIN)
        except TimeoutError:
            return

    # --- one lane per subject, so that a card is posted before it is redrawn ---

    def _begin(self, row: OutboxRow) -> None:
        self._in_flight[row.id] = row
        # What is about no row, such as an answer, keeps its order in its conversation and waits for no other.
        lane = (row.subject, row.subject_id or row.recipient)
        task = asyncio.create_task(self._in_turn(row, self._lanes.get(lane)))
        self._lanes[lane] = task
        task.add_done_callback(partial(self._ended, row, lane))

    async def _in_turn(self, row: OutboxRow, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            with tracer.start_as_current_span(row.kind):
                verdict = await self._sender.attempt(self._workspace_id, row, self._clock.now())
                outcome = await self._settled(row, verdict)
        except VersionConflict:
            # By another sender, or by a race for what the message has told: then it is still ours, and looked for.
            self._left_behind = True
            log.warning("another took a message over", slot=row.slot)
            return
        self._meters.delivery(row.kind, outcome.value)
        if outcome is Outcome.FAILED:
            log.error("a message was given up", slot=row.slot, kind=row.kind, reason=verdict.reason)

    async def _settled(self, row: OutboxRow, verdict: Verdict) -> Outcome:
        """Write it down. While the database is away we are the only one who knows what became of the message."""
        pause = VERDICT_AGAIN_AFTER
        while True:
            try:
                return await self._verdicts.run(self._workspace_id, Reached(row, verdict, self._clock.now()))
            except (VersionConflict, DatabaseClosed):
                raise
            except (SQLAlchemyError, OSError) as error:
                log.warning("what became of a message waits for the database", slot=row.slot, error=str(error))
            except Exception:  # whatever it was: what is not written down would be looked for again and again
                log.exception("what became of a message cannot be written down", slot=row.slot)
            await asyncio.sleep(pause)
            pause = min(2 * pause, VERDICT_AGAIN_AT_MOST)

    def _ended(self, row: OutboxRow, lane: Lane, task: asyncio.Task[None]) -> None:
        if self._in_flight.get(row.id) is row:  # else it came back from another sender in the meantime
            del self._in_flight[row.id]
        if self._lanes[lane] is task:
            del self._lanes[lane]
        if not task.cancelled() and (error := task.exception()):
            self._left_behind = True
            log.error("a message was left behind", slot=row.slot, kind=row.kind, exc_info=error)
        self.wake()


def claim_due(
    uow: UnitOfWork,
    holder: str,
    at: datetime,
    messages: int,
    redraws: int,
    *,
    hands: Collection[int] = (),
    known: str | None = None,
) -> list[OutboxRow] | None:
    """What is due, or None while somebody else sends.

    `known` is the holder whose rows are all in our `hands`, if any. What anybody else has left behind comes with it.
    """
    before = sender_lease.last_holder(uow)
    if not sender_lease.hold(uow, holder, SENDER_LEASE):
        return None
    if before != known:
        claiming.take_back(uow, hands)
    return claiming.claim(uow, at, messages, redraws)
