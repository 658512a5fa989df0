"""Three job queues on PostgreSQL behind one face: each brings a job in a transaction of its own, and works off all."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from pgqueuer import Job, PgQueuer, PsycopgDriver, Queries
from pgqueuer.domain.types import QueueExecutionMode
from procrastinate import App, PsycopgConnector

from benchmarks import company
from bot.sending.dispatcher import claim_due
from bot.sending.together import Together
from bot.sending.verdicts import Reached, Settled, record
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.record import outbox
from storage.record.outbox import Outcome

AT_ONCE = 8
"""Jobs that are brought at the same time, each with a commit of its own."""

WORKED_ON_AT_ONCE = 50
JOB = "bench"


class Done:
    """The numbers of the jobs that were done, and when the last one was, by a steady clock."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.last = 0.0

    def __call__(self, number: int) -> None:
        self.numbers.append(number)
        self.last = time.perf_counter()


@dataclass(frozen=True)
class Queue:
    """Brings the job with a number, and works off all there are, which may take a while to end after the last one."""

    put: Callable[[int], Awaitable[object]]
    work_off: Callable[[], Awaitable[None]]
    done: Done


Opened = Callable[[str], AbstractAsyncContextManager[Queue]]
"""Opens a queue in the database at a URL."""


@asynccontextmanager
async def ours(url: str) -> AsyncIterator[Queue]:
    """The outbox, through the database as the bot opens it, with the dispatcher's way of claiming and settling.

    The sender lease is renewed with each claim, and each job gets its line in the ledger, as in the bot.
    """
    database, done = Database.open(url), Done()
    database.upgrade()
    at = datetime.now(UTC)
    run_of = time.monotonic_ns()
    verdicts = Together(database, record)

    def plan(uow: UnitOfWork, number: int) -> None:
        outbox.schedule(uow, _row(f"bench:{run_of}:{number}", number, at))

    async def settle(row: outbox.OutboxRow) -> None:
        done(row.subject_id)
        await verdicts.run(company.TEAM, Reached(row, Settled(Outcome.SENT), at))

    async def work_off() -> None:
        in_hands: set[asyncio.Task[None]] = set()
        while rows := await database.run(company.TEAM, claim_due, "bench", at, WORKED_ON_AT_ONCE, 0, known="bench"):
            in_hands |= {asyncio.create_task(settle(row)) for row in rows}
            while len(in_hands) > WORKED_ON_AT_ONCE:  # the next ones are claimed while the last are written down
                _, in_hands = await asyncio.wait(in_hands, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*in_hands)

    await database.run(company.TEAM, _settle_in)
    yield Queue(lambda number: database.run(company.TEAM, plan, number), work_off, done)
    await database.close()


def _settle_in(uow: UnitOfWork) -> None:
    uow.put_workspace(name="Bench")


def _row(slot: str, number: int, at: datetime) -> dict[str, object]:
    return {
        "slot": slot,
        "kind": JOB,
        "recipient": company.OWNER,
        "subject": "bench",
        "subject_id": number,
        "values": {},
        "not_before": at,
        "planned_at": at,
        "by_person": False,
    }


@asynccontextmanager
async def procrastinate(url: str) -> AsyncIterator[Queue]:
    """Procrastinate (https://procrastinate.readthedocs.io), with its own pool of connections and its own worker."""
    done = Done()
    app = App(connector=PsycopgConnector(conninfo=url, min_size=AT_ONCE, max_size=WORKED_ON_AT_ONCE))

    @app.task(name=JOB)
    async def job(number: int) -> None:
        done(number)

    async def work_off() -> None:
        await app.run_worker_async(concurrency=WORKED_ON_AT_ONCE, wait=False, install_signal_handlers=False)

    async with app.open_async():
        if not await app.check_connection_async():
            await app.schema_manager.apply_schema_async()
        yield Queue(lambda number: job.defer_async(number=number), work_off, done)


@asynccontextmanager
async def pgqueuer(url: str) -> AsyncIterator[Queue]:
    """PgQueuer (https://pgqueuer.readthedocs.io), with a connection for each that brings jobs, and its own worker."""
    done = Done()
    async with AsyncExitStack() as stack:
        connections = [
            await stack.enter_async_context(await psycopg.AsyncConnection.connect(url, autocommit=True))
            for _ in range(1 + AT_ONCE)
        ]
        writers = [PsycopgDriver(each) for each in connections[1:]]
        if not await Queries(writers[0]).schema_is_installed():
            await Queries(writers[0]).install()
        queuer, idle = PgQueuer.from_psycopg_connection(connections[0]), [Queries(each) for each in writers]

        @queuer.entrypoint(JOB)
        async def job(job: Job) -> None:
            done(int(job.payload or b""))

        async def work_off() -> None:
            await queuer.qm.run(batch_size=WORKED_ON_AT_ONCE, mode=QueueExecutionMode.drain)

        async def put(number: int) -> None:
            queries = idle.pop()
            await queries.enqueue(JOB, str(number).encode())
            idle.append(queries)

        yield Queue(put, work_off, done)
