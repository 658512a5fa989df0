"""Errands: whoever is alive takes up what is due, nobody takes what another holds, and it is done once."""

from datetime import UTC, datetime, timedelta

import pytest

from storage.engine import database_time
from storage.engine.database import Database
from storage.engine.errors import VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.record import errands
from storage.record.errands import Errand
from tests.conftest import WORKSPACE

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=45)


def plan(uow: UnitOfWork, about: str = "list.csv", at: datetime = NOON) -> Errand:
    return uow.promise(Errand(kind="read", person_id="U1", values={"of": 1}, about=about, planned_at=at, not_before=at))


def move_end(uow: UnitOfWork, by: timedelta) -> None:
    """Errands that are held end so much later, as a clock of the database's that was moved finds them."""
    for errand in uow.all(Errand):
        assert errand.held_until is not None
        uow.change(errand, held_until=errand.held_until + by)


def claimed(uow: UnitOfWork, at: datetime, most: int = 10) -> list[str]:
    return [each.about for each in errands.claim(uow, at, LEASE, most)]


def test_what_is_due_is_taken_up_by_one_until_their_lease_is_over(uow: UnitOfWork) -> None:
    plan(uow, "now")
    plan(uow, "tomorrow", NOON + timedelta(days=1))
    assert claimed(uow, NOON) == ["now"]
    assert claimed(uow, NOON + LEASE) == []
    [held] = uow.matching(Errand, about="now")
    uow.change(held, held_until=database_time.now(uow.connection))
    assert claimed(uow, NOON) == ["now"]
    assert [each.attempts for each in uow.matching(Errand, about="now")] == [2]


def test_a_clock_of_the_bots_has_no_say_in_who_holds_it(uow: UnitOfWork) -> None:
    plan(uow)
    assert claimed(uow, NOON) == ["list.csv"]
    assert claimed(uow, NOON + timedelta(days=3)) == []


def test_after_the_clock_of_the_database_was_put_back_nobody_holds_it(uow: UnitOfWork) -> None:
    plan(uow)
    assert claimed(uow, NOON) == ["list.csv"]
    move_end(uow, timedelta(hours=3))
    assert claimed(uow, NOON) == ["list.csv"]


def test_no_more_are_taken_than_there_is_room_for(uow: UnitOfWork) -> None:
    for number in range(3):
        plan(uow, str(number))
    assert [claimed(uow, NOON, 2), claimed(uow, NOON, 2)] == [["0", "1"], ["2"]]


def test_whoever_lives_holds_it_for_longer_and_whoever_lost_it_does_not(uow: UnitOfWork) -> None:
    plan(uow)
    [ours] = errands.claim(uow, NOON, LEASE, 10)
    errands.hold(uow, ours, LEASE / 2)
    [prolonged] = uow.all(Errand)
    assert prolonged.held_until is not None
    assert ours.held_until is not None
    assert timedelta(0) < ours.held_until - prolonged.held_until < LEASE
    errands.hold(uow, ours, timedelta(0))
    [theirs] = errands.claim(uow, NOON, LEASE, 10)
    errands.let_go(uow, ours, NOON)
    assert claimed(uow, NOON) == []
    with pytest.raises(VersionConflict):
        errands.done(uow, ours)
    errands.done(uow, theirs)
    assert uow.all(Errand) == []


def test_it_has_been_failing_since_the_first_time(uow: UnitOfWork) -> None:
    plan(uow)
    [held] = errands.claim(uow, NOON, LEASE, 10)
    assert errands.failing_for(uow, held) == timedelta(0)
    errands.put_off(uow, held, NOON + LEASE)
    assert claimed(uow, NOON) == []
    [again] = errands.claim(uow, NOON + LEASE, LEASE, 10)
    errands.put_off(uow, again, NOON)
    [once_more] = errands.claim(uow, NOON, LEASE, 10)
    assert once_more.failing_since == again.failing_since
    assert timedelta(0) <= errands.failing_for(uow, once_more) < timedelta(minutes=1)


def test_two_replicas_never_hold_the_same(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        plan(uow)
    with database.unit_of_work(WORKSPACE) as one:
        assert claimed(one, NOON) == ["list.csv"]
        if one.dialect == "postgresql":  # SQLite has one writer at a time
            with database.unit_of_work(WORKSPACE) as other:
                assert claimed(other, NOON) == []


def test_an_id_is_never_given_twice(uow: UnitOfWork) -> None:
    first = plan(uow)
    [held] = errands.claim(uow, NOON, LEASE, 10)
    errands.done(uow, held)
    assert plan(uow).id > first.id


def test_a_unit_of_work_knows_whether_it_promises(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        assert not uow.promises
        plan(uow)
        assert uow.promises
