"""What was acknowledged is committed, what failed is undone, and neighbours do not disturb each other."""

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col

from storage.engine.connecting import READER_THREADS
from storage.engine.database import Database
from storage.engine.errors import DatabaseClosed, NotFound
from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Obligation
from storage.record import trail
from storage.record.inbox import Arrival
from storage.record.outbox import OutboxRow
from storage.record.trail import TrailEntry
from tests.conftest import WORKSPACE
from tests.storage.samples import OTHER, obligation, record, task

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ROOT = Path(__file__).parents[2]
CHANGE_TITLE = text("UPDATE obligation SET title = :title WHERE id = :id")
ACKNOWLEDGED_BEFORE_THE_KILL = 60


def add(uow: UnitOfWork, key: str) -> Obligation:
    return uow.add(obligation(key))


def add_and_fail(uow: UnitOfWork, key: str) -> None:
    add(uow, key)
    raise RuntimeError(key)


def keys(uow: UnitOfWork) -> list[str]:
    return [each.key for each in uow.all(Obligation)]


class Gate:
    """Holds a thread in a command or a question, so that those behind it wait together."""

    def __init__(self) -> None:
        self.reached = threading.Event()
        self.open = threading.Event()

    def command(self, _uow: UnitOfWork) -> None:
        self.reached.set()
        assert self.open.wait(timeout=30)


@contextmanager
def commits(engine: Engine) -> Iterator[list[int]]:
    """A list that grows by one with each transaction that is committed."""
    seen: list[int] = []

    def note(_connection: object) -> None:
        seen.append(len(seen))

    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


async def answers_together(database: Database, *asked: tuple[str, Callable[[UnitOfWork], object]]) -> list[object]:
    """What becomes of questions that wait while every reader is busy."""
    gates = [Gate() for _ in range(READER_THREADS)]
    busy = []
    for gate in gates:
        busy.append(asyncio.create_task(database.read(WORKSPACE, gate.command)))
        await asyncio.to_thread(gate.reached.wait)
    together = asyncio.gather(*(database.read(*each) for each in asked), return_exceptions=True)
    await asyncio.sleep(0)  # lets them queue up
    for gate in gates:
        gate.open.set()
    await asyncio.gather(*busy)
    return await together


async def test_a_command_is_committed_when_its_result_is_seen(database: Database) -> None:
    for number in range(20):
        stored = await database.run(WORKSPACE, add, f"key {number}")
        assert await database.read(WORKSPACE, UnitOfWork.get, Obligation, stored.id) == stored


async def test_a_command_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError, match="one"):
        await database.run(WORKSPACE, add_and_fail, "one")
    with pytest.raises(RuntimeError, match="two"), database.unit_of_work(WORKSPACE) as uow:
        add_and_fail(uow, "two")
    assert await database.read(WORKSPACE, keys) == []


async def test_commands_take_arguments_of_both_kinds(database: Database) -> None:
    def both(_uow: UnitOfWork, one: int, *, two: int) -> int:
        return one - two

    assert await database.run(WORKSPACE, both, 5, two=3) == 2
    assert await database.read(WORKSPACE, both, 5, two=3) == 2


async def test_a_question_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError, match=r"readonly|read-only"):
        await database.read(WORKSPACE, add, "key")
    await database.run(WORKSPACE, add, "key")


async def test_a_question_sees_what_is_committed_and_does_not_wait_for_the_writer(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        add(uow, "not committed yet")
        assert await database.read(WORKSPACE, keys) == []
    assert await database.read(WORKSPACE, keys) == ["not committed yet"]


async def test_one_failing_question_leaves_its_neighbours(database: Database) -> None:
    def nonsense(uow: UnitOfWork) -> None:
        uow.connection.execute(text("SELECT nothing FROM nowhere"))

    await database.run(WORKSPACE, add, "one")
    with database.unit_of_work(OTHER) as uow:
        uow.put_workspace(name="Other")
        add(uow, "two")
    asked = [(WORKSPACE, keys), (WORKSPACE, nonsense), (OTHER, keys), (WORKSPACE, keys)] * 5
    found = await answers_together(database, *asked)
    assert found[0::4] == found[3::4] == [["one"]] * 5
    assert found[2::4] == [["two"]] * 5
    assert all(isinstance(each, DBAPIError) for each in found[1::4])


@SQLITE
async def test_one_failing_command_leaves_its_neighbours(database: Database) -> None:
    gate = Gate()
    with commits(database._writing) as seen:
        first = asyncio.create_task(database.run(WORKSPACE, gate.command))
        await asyncio.to_thread(gate.reached.wait)
        together = asyncio.gather(
            database.run(WORKSPACE, add, "one"),
            database.run(WORKSPACE, add_and_fail, "two"),
            database.run(WORKSPACE, add, "one"),
            database.run(WORKSPACE, add, "three"),
            return_exceptions=True,
        )
        await asyncio.sleep(0)  # lets them queue up
        gate.open.set()
        one, two, again, three = await together
        await first
    assert len(seen) == 2
    assert isinstance(one, Obligation)
    assert isinstance(two, RuntimeError)
    assert isinstance(again, IntegrityError)
    assert isinstance(three, Obligation)
    assert await database.read(WORKSPACE, keys) == ["one", "three"]


@SQLITE
async def test_when_the_commit_fails_everybody_is_told(database: Database) -> None:
    def fail_at_the_commit(uow: UnitOfWork) -> None:
        uow.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        uow.add(task(obligation_id=99))

    gate = Gate()
    first = asyncio.create_task(database.run(WORKSPACE, gate.command))
    await asyncio.to_thread(gate.reached.wait)
    together = asyncio.gather(
        database.run(WORKSPACE, add, "one"),
        database.run(WORKSPACE, fail_at_the_commit),
        database.run(WORKSPACE, add, "two"),
        return_exceptions=True,
    )
    await asyncio.sleep(0)  # lets them queue up
    gate.open.set()
    await first
    assert [type(outcome) for outcome in await together] == [IntegrityError] * 3
    assert await database.read(WORKSPACE, keys) == []
    await database.run(WORKSPACE, add, "the writer goes on")


async def test_who_stops_waiting_disturbs_nobody(database: Database) -> None:
    gate = Gate()
    first = asyncio.create_task(database.run(WORKSPACE, gate.command))
    await asyncio.to_thread(gate.reached.wait)
    impatient = asyncio.create_task(database.run(WORKSPACE, add, "impatient"))
    patient = asyncio.create_task(database.run(WORKSPACE, add, "patient"))
    await asyncio.sleep(0)  # lets them queue up
    impatient.cancel()
    gate.open.set()
    await first
    assert (await patient).key == "patient"
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert "patient" in await database.read(WORKSPACE, keys)


async def test_a_command_may_raise_anything(database: Database) -> None:
    def stop(_uow: UnitOfWork) -> None:
        raise StopIteration

    def leave(_uow: UnitOfWork) -> None:
        raise SystemExit(3)

    with pytest.raises(RuntimeError):
        await database.run(WORKSPACE, stop)
    with pytest.raises(SystemExit):
        await database.run(WORKSPACE, leave)
    await database.run(WORKSPACE, add, "the writer goes on")


async def test_closing_finishes_what_waits(database_url: str, database: Database) -> None:
    closing = Database.open(database_url)
    gate = Gate()
    first = asyncio.create_task(closing.run(WORKSPACE, gate.command))
    await asyncio.to_thread(gate.reached.wait)
    waiting = [asyncio.create_task(closing.run(WORKSPACE, add, f"key {number}")) for number in range(5)]
    closed = asyncio.create_task(closing.close())
    await asyncio.sleep(0)  # lets them queue up, the end behind the commands
    with pytest.raises(DatabaseClosed):
        await closing.run(WORKSPACE, add, "late")
    gate.open.set()
    await first
    assert [(await each).key for each in waiting] == [f"key {number}" for number in range(5)]
    await closed
    assert len(await database.read(WORKSPACE, keys)) == 5
    with pytest.raises(DatabaseClosed):
        await closing.read(WORKSPACE, keys)
    with pytest.raises(DatabaseClosed):
        closing.workspaces()
    await closing.close()


async def test_many_commands_at_once_lose_nothing(database: Database) -> None:
    def count_up(uow: UnitOfWork) -> int:
        record(uow)
        return uow.count(TrailEntry)

    counts = await asyncio.gather(*(database.run(WORKSPACE, count_up) for _ in range(150)))
    assert sorted(counts) == list(range(1, 151))
    assert await database.read(WORKSPACE, trail.verify) == []


@POSTGRESQL
async def test_a_command_that_lost_a_deadlock_is_run_again(database: Database) -> None:
    first, second = [await database.run(WORKSPACE, add, key) for key in ("one", "two")]
    both_hold_one = threading.Barrier(2)
    attempts: list[str] = []

    def change_both(uow: UnitOfWork, ids: list[int], title: str) -> None:
        attempts.append(title)
        first_attempt = attempts.count(title) == 1
        for each in ids if first_attempt else sorted(ids):  # in one order nobody can lose a second time
            uow.connection.execute(CHANGE_TITLE, {"title": title, "id": each})
            if first_attempt and each == ids[0]:
                both_hold_one.wait(timeout=30)

    await asyncio.gather(
        database.run(WORKSPACE, change_both, [first.id, second.id], "forwards"),
        database.run(WORKSPACE, change_both, [second.id, first.id], "backwards"),
    )
    assert len(attempts) in (3, 4)  # the database may break the tie by refusing both
    titles = [each.title for each in await database.read(WORKSPACE, UnitOfWork.all, Obligation)]
    assert titles[0] == titles[1]
    assert attempts.count(titles[0]) == 2  # who was run again came last


def test_a_command_killed_half_way_is_kept_whole_or_not_at_all(database_url: str, database: Database) -> None:
    """`kill -9` in the middle of the writing: nothing that was acknowledged is lost, nothing is half there."""
    writer = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("writer_process.py")), database_url, WORKSPACE],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    acknowledged = [int(writer.stdout.readline()) for _ in range(ACKNOWLEDGED_BEFORE_THE_KILL)]
    writer.kill()
    acknowledged += [int(line) for line in writer.stdout.read().split("\n")[:-1]]
    writer.wait()
    writer.stdout.close()

    with database.unit_of_work(WORKSPACE) as uow:
        arrived = {row.key for row in uow.all(Arrival)}
        assert {f"command {number}" for number in acknowledged} <= arrived
        assert arrived == {row.slot for row in uow.all(OutboxRow)}
        assert len(arrived) == uow.count(TrailEntry, col(TrailEntry.verb) == "task.accept")
        assert trail.verify(uow) == []


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        Database.open(url)


@POSTGRESQL
@pytest.mark.parametrize("scheme", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_common_postgresql_url_is_understood(database_url: str, database: Database, scheme: str) -> None:
    database = Database.open(database_url.replace("postgresql://", scheme, 1))
    assert [each.id for each in database.workspaces()] == [WORKSPACE]
    database.shut_down()


@SQLITE
def test_sqlite_is_told_to_be_careful(database: Database) -> None:
    careful = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
    with database.unit_of_work(WORKSPACE) as uow:
        for pragma, value in careful.items():
            assert uow.connection.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_a_missing_row_is_not_found_through_the_loop_too(database: Database) -> None:
    with pytest.raises(NotFound):
        asyncio.run(database.run(WORKSPACE, UnitOfWork.get, Obligation, 5))


@POSTGRESQL
async def test_a_command_that_lost_a_race_is_run_again_and_sees_the_other(database: Database) -> None:
    meeting, tries = threading.Barrier(2, timeout=30), []

    def count_up(uow: UnitOfWork) -> None:
        tries.append(1)
        known = uow.matching(Obligation, key="counted")
        if len(tries) <= 2:
            meeting.wait()  # both have looked before either writes
        if known:
            uow.change(known[0])
        else:
            uow.add(obligation("counted"))

    for _ in range(2):  # to store it first, then to change it
        tries.clear()
        await asyncio.gather(*(database.run(WORKSPACE, count_up) for _ in range(2)))
        assert len(tries) == 3
    with database.unit_of_work(WORKSPACE) as uow:
        assert [each.version for each in uow.all(Obligation)] == [4]
