"""What is handed to the driver directly and what goes SQLAlchemy's own way store and find the same."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.engine.database import Database
from storage.engine.errors import VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.record import trail
from storage.tasks.tables import Task, TaskState
from tests.conftest import WORKSPACE
from tests.storage.samples import AT, obligation, one_of_each, planned, record, stored_task, task

BOTH_WAYS = pytest.mark.parametrize("prepared", [True, False], ids=["prepared", "plain"])


def rows_of(uow: UnitOfWork) -> list[dict[str, Any]]:
    """Every kind of row, read anew one by one and by plain values."""
    stored = one_of_each(uow)
    fresh = UnitOfWork(uow.connection, WORKSPACE)
    assert [fresh.get(type(row), row.id) for row in stored] == stored
    assert all(row in fresh.matching(type(row), workspace_id=WORKSPACE) for row in stored)
    return [dict(vars(row)) for row in stored]


@BOTH_WAYS
def test_every_kind_of_row_comes_back_as_it_was_stored(uow: UnitOfWork) -> None:
    assert rows_of(uow)


@BOTH_WAYS
def test_what_is_there_is_not_stored_twice(uow: UnitOfWork) -> None:
    assert uow.add_once(obligation()) is not None
    assert uow.add_once(obligation()) is None
    assert (planned(uow, "s1"), planned(uow, "s1")) == (True, False)
    assert (uow.first_time("k1", AT), uow.first_time("k1", AT)) == (True, False)


@BOTH_WAYS
def test_a_change_is_guarded_by_the_version(uow: UnitOfWork) -> None:
    task = stored_task(uow)
    opened = uow.change(task, state=TaskState.OPEN, opened_at=AT)
    assert uow.get(Task, task.id) == opened
    with pytest.raises(VersionConflict):
        uow.change(task, state=TaskState.OPEN)


@BOTH_WAYS
def test_several_are_changed_at_once_unless_one_of_them_was_changed_before(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        first = stored_task(uow)
        tasks = [first, uow.add(task(first.obligation_id, day=2))]
        changed = uow.change_each(tasks, [{"title": "One"}, {"title": "Other"}])
        assert [uow.get(Task, each.id) for each in tasks] == changed
        assert [(each.title, each.version) for each in changed] == [("One", 2), ("Other", 2)]
        assert uow.change_each([], []) == []
    with pytest.raises(VersionConflict), database.unit_of_work(WORKSPACE) as uow:
        uow.change_each([changed[0], tasks[1]], [{"title": "Late"}, {"title": "Late"}])
    with database.unit_of_work(WORKSPACE) as uow:
        assert [uow.get(Task, each.id).title for each in tasks] == ["One", "Other"]


@BOTH_WAYS
def test_the_trail_is_one_chain(uow: UnitOfWork) -> None:
    for _ in range(3):
        record(uow)
    assert trail.head(uow).sequence == 3
    assert trail.head(UnitOfWork(uow.connection, WORKSPACE)).sequence == 3


@BOTH_WAYS
def test_the_databases_own_checks_are_heard(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        uow.add(obligation())
    with pytest.raises(IntegrityError), database.unit_of_work(WORKSPACE) as uow:
        uow.add(obligation())


def test_one_reads_what_the_other_wrote(database_url: str, database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        stored = one_of_each(uow)
    other = Database.open(database_url, prepared=False)
    with other.unit_of_work(WORKSPACE) as uow:
        assert [uow.get(type(row), row.id) for row in stored] == stored
    other.shut_down()
