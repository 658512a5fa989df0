"""One replica sends at a time, by the database's clock and by no other."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import select, update

from storage.engine import statements
from storage.engine.database import Database
from storage.engine.database_time import SecondsFromNow
from storage.engine.unit_of_work import UnitOfWork
from storage.record import sender_lease
from storage.record.sender_lease import SenderLease
from tests.conftest import WORKSPACE

LEASE = timedelta(minutes=5)


def until(uow: UnitOfWork) -> timedelta:
    """How far the end of the lease lies ahead, by the database's clock."""
    lease, now = uow.first(SenderLease), uow.connection.execute(select(SecondsFromNow("seconds")), {"seconds": 0.0})
    assert lease is not None
    moment: datetime = now.scalar_one()
    return lease.until - moment


def move_end(uow: UnitOfWork, seconds: float) -> None:
    """The lease as a clock that was put back by so much finds it."""
    table = statements.table_of(SenderLease)
    uow.connection.execute(update(table).values(until=SecondsFromNow("seconds")), {"seconds": seconds})


def test_one_replica_at_a_time_holds_it(uow: UnitOfWork) -> None:
    assert sender_lease.hold(uow, "one", LEASE)
    assert not sender_lease.hold(uow, "other", LEASE)
    assert sender_lease.hold(uow, "one", LEASE)
    assert LEASE - timedelta(minutes=1) < until(uow) <= LEASE
    assert sender_lease.last_holder(uow) == "one"


def test_one_that_ran_out_is_anybodys(uow: UnitOfWork) -> None:
    assert sender_lease.hold(uow, "one", LEASE)
    move_end(uow, -0.001)
    assert sender_lease.hold(uow, "other", LEASE)
    assert not sender_lease.hold(uow, "one", LEASE)


def test_one_that_was_let_go_is_anybodys_and_nobody_lets_go_anothers(uow: UnitOfWork) -> None:
    assert sender_lease.hold(uow, "one", LEASE)
    sender_lease.let_go(uow, "other")
    assert not sender_lease.hold(uow, "other", LEASE)
    sender_lease.let_go(uow, "one")
    assert sender_lease.hold(uow, "other", LEASE)


def test_after_the_clock_was_put_back_it_ends_within_its_own_length(uow: UnitOfWork) -> None:
    assert sender_lease.hold(uow, "one", LEASE)
    move_end(uow, timedelta(hours=3).total_seconds())
    assert not sender_lease.hold(uow, "other", LEASE), "its holder may still be sending"
    assert until(uow) <= LEASE


def test_replicas_at_once_agree_on_one_sender(database: Database) -> None:
    def try_to_hold(replica: int) -> bool:
        with database.unit_of_work(WORKSPACE) as uow:
            return sender_lease.hold(uow, f"replica {replica}", LEASE)

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(try_to_hold, range(6))) == 1
