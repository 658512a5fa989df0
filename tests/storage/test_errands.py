"""Errands: whoever is alive takes up what is due, nobody takes what another holds, and it is done once."""

from datetime import UTC, datetime, timedelta

import pytest

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


def claimed(uow: UnitOfWork, at: datetime, most: int = 10) -> list[str]:
    return [each.about for each in errands.claim(uow, at, LEASE, most)]


def test_what_is_due_is_taken_up_by_one_until_their_lease_is_over(uow: UnitOfWork) -> None:
    plan(uow, "now")
    plan(uow, "tomorrow", NOON + timedelta(days=1))
    assert claimed(uow, NOON) == ["now"]
    assert claimed(uow, NOON + LEASE - timedelta(seconds=1)) == []
    assert claimed(uow, NOON + LEASE) == ["now"]
    assert [each.attempts for each in uow.matching(Errand, about="now")] == [2]


def test_no_more_are_taken_than_there_is_room_for(uow: UnitOfWork) -> None:
    for number in range(3):
        plan(uow, str(number))
    assert [claimed(uow, NOON, 2), claimed(uow, NOON, 2)] == [["0", "1"], ["2"]]


def test_whoever_lives_holds_it_for_longer_and_whoever_lost_it_does_not(uow: UnitOfWork) -> None:
    plan(uow)
    [ours] = errands.claim(uow, NOON, LEASE, 10)
    errands.hold(uow, ours, NOON + 2 * LEASE)
    assert claimed(uow, NOON + LEASE) == []
    [theirs] = errands.claim(uow, NOON + 2 * LEASE, LEASE, 10)
    errands.hold(uow, ours, NOON)
    assert claimed(uow, NOON + 2 * LEASE) == []
    with pytest.raises(VersionConflict):
        errands.done(uow, ours)
    errands.done(uow, theirs)
    assert uow.all(Errand) == []


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
