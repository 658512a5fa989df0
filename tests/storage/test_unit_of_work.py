"""Rows are values, limited to one workspace, guarded by versions and by the database's own checks."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, or_, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel, col

from storage.engine.conditions import values_of
from storage.engine.database import Database
from storage.engine.errors import NotFound, VersionConflict
from storage.engine.rows import Row
from storage.engine.unit_of_work import UnitOfWork
from storage.engine.workspace import Workspace
from storage.evidence.tables import EvidenceUse
from storage.frameworks.tables import OwnFramework
from storage.interviews.tables import Answer, Interview, SealedRound
from storage.nonconformities.tables import Nonconformity
from storage.nudges import posted
from storage.people.tables import Person, RoleGrant, UserGroup
from storage.programme.tables import Obligation
from storage.record import claiming, inbox, outbox, sender_lease, trail
from storage.record.trail import TrailEntry, TrailHead
from storage.schema import METADATA
from storage.tasks.tables import Task, TaskState
from tests.conftest import WORKSPACE
from tests.storage.samples import (
    AT,
    LEASE,
    OTHER,
    TODAY,
    obligation,
    one_of_each,
    planned,
    record,
    stored_task,
    task,
)

VIENNA = timezone(timedelta(hours=1))


def test_every_row_comes_back_as_it_was_stored(uow: UnitOfWork) -> None:
    for row in one_of_each(uow):
        assert row.id > 0
        assert row.workspace_id == WORKSPACE
        assert uow.get(type(row), row.id) == row


def test_what_is_remembered_is_what_was_written_since(uow: UnitOfWork) -> None:
    remembered = [row for row in one_of_each(uow) if row.remembered]
    of_people_and_plans = {Person, UserGroup, RoleGrant, Obligation, OwnFramework}
    of_interviews = {Interview, Answer, SealedRound}
    assert {type(row) for row in remembered} == of_people_and_plans | of_interviews
    for row in remembered:
        table = type(row)
        uow.read_ahead(table, [row.id])
        before = uow.get(table, row.id), uow.matching(table, id=row.id)
        assert before == (row, [row])
        changed = uow.change(row)
        assert (uow.get(table, row.id), uow.matching(table, id=row.id)) == (changed, [changed])


def test_who_is_added_is_found_though_nobody_was_before(uow: UnitOfWork) -> None:
    assert uow.matching(Person, slack_id="UNEW") == []
    added = uow.add(Person(slack_id="UNEW", synced_at=AT))
    assert uow.matching(Person, slack_id="UNEW") == [added]
    again = uow.add_once(Person(slack_id="UNEW", synced_at=AT))
    assert again is None
    assert uow.workspace().name == "Sample"
    uow.put_workspace(name="Renamed")
    assert uow.workspace().name == "Renamed"


def test_what_is_remembered_ends_with_its_transaction(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as first:
        person = first.add(Person(slack_id="UNEW", synced_at=AT))
    with database.unit_of_work(WORKSPACE) as second:
        assert second.matching(Person, slack_id="UNEW") == [person]
        changed = second.change(person, name="New")
    with database.unit_of_work(WORKSPACE) as third:
        assert third.matching(Person, slack_id="UNEW") == [changed]


def test_a_row_given_to_add_stays_as_it_was(uow: UnitOfWork) -> None:
    given = obligation()
    stored = uow.add(given)
    assert (given.id, given.workspace_id) == (0, "")
    with pytest.raises(ValueError, match="already stored"):
        uow.add(stored)


def test_a_read_row_cannot_be_assigned_to(uow: UnitOfWork) -> None:
    stored = uow.get(Task, stored_task(uow).id)
    with pytest.raises(AttributeError):
        stored.state = TaskState.OPEN


def test_change_returns_the_new_value_and_raises_the_version(uow: UnitOfWork) -> None:
    before = stored_task(uow)
    after = uow.change(before, state=TaskState.OPEN, opened_at=AT)
    assert (after.state, after.opened_at, after.version) == (TaskState.OPEN, AT, 2)
    assert (before.state, before.version) == (TaskState.SCHEDULED, 1)
    assert uow.get(Task, before.id) == after


def test_the_second_of_two_clicks_is_stale(uow: UnitOfWork) -> None:
    read_by_both = stored_task(uow)
    first = uow.change(read_by_both, state=TaskState.OPEN)
    with pytest.raises(VersionConflict, match="no longer at version 1") as caught:
        uow.change(read_by_both, state=TaskState.WAIVED)
    assert caught.value.row is read_by_both
    assert uow.get(Task, first.id).state is TaskState.OPEN


@pytest.mark.parametrize("name", ["id", "workspace_id", "version"])
def test_what_the_unit_of_work_looks_after_cannot_be_changed(uow: UnitOfWork, name: str) -> None:
    stored = stored_task(uow)
    with pytest.raises(ValueError, match=name):
        uow.change(stored, **{name: 5})
    with pytest.raises(ValueError, match=name):
        uow.put_workspace(**{name: 5})


def test_add_once_stores_what_is_not_there_yet(uow: UnitOfWork) -> None:
    stored = uow.add_once(obligation())
    assert stored is not None
    assert uow.get(Obligation, stored.id) == stored
    assert uow.add_once(obligation()) is None
    assert uow.count(Obligation) == 1


def test_all_first_and_count_follow_conditions_order_and_limit(uow: UnitOfWork) -> None:
    what = uow.add(obligation())
    third, first, second = (uow.add(task(what.id, day)) for day in (3, 1, 2))
    uow.change(second, state=TaskState.OPEN)
    scheduled = col(Task.state) == TaskState.SCHEDULED
    assert uow.all(Task, scheduled) == [third, first]
    assert uow.all(Task, scheduled, order_by=col(Task.due_on)) == [first, third]
    assert uow.all(Task, order_by=(col(Task.state).desc(), col(Task.due_on).desc()), limit=1) == [third]
    assert uow.first(Task, col(Task.due_on) > date(2026, 12, 2)) == third
    assert uow.first(Task, col(Task.owner_id) == "U9") is None
    assert uow.count(Task, or_(scheduled, col(Task.opened_at).is_not(None))) == 2
    assert uow.count(Task) == 3


def test_matching_finds_by_plain_values(uow: UnitOfWork) -> None:
    what = uow.add(obligation())
    third, first, second = (uow.add(task(what.id, day)) for day in (3, 1, 2))
    opened = uow.change(first, state=TaskState.OPEN, opened_at=AT)
    assert uow.matching(Task) == [third, opened, second]
    assert uow.matching(Task, state=TaskState.SCHEDULED, opened_at=None) == [third, second]
    assert uow.matching(Task, opened_at=AT) == [opened]
    assert uow.matching(Task, owner_id="U9") == []


def test_a_condition_on_another_table_is_refused(uow: UnitOfWork) -> None:
    for ask in (uow.all, uow.first, uow.count):
        with pytest.raises(ValueError, match=r"person\.slack_id"):
            ask(Task, col(Task.owner_id) == col(Person.slack_id))
        with pytest.raises(ValueError, match=r"person\.slack_id"):
            ask(Task, col(Task.owner_id).in_(select(col(Person.slack_id))))
    with pytest.raises(ValueError, match=r"person\.slack_id"):
        values_of(col(Task.id), col(Task.owner_id) == col(Person.slack_id))


def test_a_condition_may_choose_by_another_table_of_the_same_workspace(database: Database) -> None:
    theirs = col(Task.obligation_id).in_(values_of(col(Obligation.id), col(Obligation.key) == "access-review"))
    with database.unit_of_work(WORKSPACE) as uow:
        mine = uow.add(task(uow.add(obligation()).id))
        uow.add(task(uow.add(obligation("another")).id))
        assert uow.all(Task, theirs) == [mine]
    with database.unit_of_work(OTHER) as elsewhere:
        elsewhere.put_workspace(name="Other")
        assert elsewhere.all(Task, theirs) == []
        assert elsewhere.all(Task, col(Task.obligation_id).in_(values_of(col(Obligation.id)))) == []


def test_what_is_not_there_is_not_found(uow: UnitOfWork) -> None:
    with pytest.raises(NotFound, match="no task 99"):
        uow.get(Task, 99)


def test_a_workspace_is_created_then_changed(database: Database) -> None:
    with database.unit_of_work(OTHER) as uow:
        with pytest.raises(NotFound):
            uow.workspace()
        assert uow.put_workspace(name="Other", standards=["iso9001-2015"]).version == 1
        changed = uow.put_workspace(zone="Europe/Vienna")
        assert (changed.name, changed.standards, changed.zone, changed.version) == (
            "Other",
            ["iso9001-2015"],
            "Europe/Vienna",
            2,
        )
        assert uow.put_workspace().name == "Other"
    assert [each.id for each in database.workspaces()] == [OTHER, WORKSPACE]


def read_everything(uow: UnitOfWork) -> list[Any]:
    """What every way of reading says."""
    tables = [table for table in SQLModel.__subclasses__() + Row.__subclasses__() if hasattr(table, "__table__")]
    own = [table for table in tables if table is not Workspace]
    return [
        *(uow.all(table) for table in own),
        *(uow.matching(table) for table in own),
        *(uow.first(table) for table in own),
        *(uow.count(table) for table in own),
        claiming.claim(uow, AT, 10),
        posted.where_posted(uow, "task", 1),
        outbox.next_due(uow),
        outbox.lag(uow, AT + LEASE),
        trail.verify(uow),
    ]


def test_nothing_of_another_workspace_can_be_read_or_changed(database: Database) -> None:
    with database.unit_of_work(OTHER) as uow:
        uow.put_workspace(name="Other")
    with database.unit_of_work(OTHER) as uow:
        nothing = read_everything(uow)
    with database.unit_of_work(WORKSPACE) as uow:
        theirs = one_of_each(uow)
        record(uow)
        assert uow.first_time("event", AT)
        assert sender_lease.hold(uow, "theirs", LEASE)
    with database.unit_of_work(OTHER) as uow:
        assert read_everything(uow) == nothing
        for row in theirs:
            with pytest.raises(NotFound):
                uow.get(type(row), row.id)
        with pytest.raises(VersionConflict):
            uow.change(theirs[1], reason="reached over")
        assert inbox.forget_before(uow, AT + LEASE) == 0
        assert uow.add(obligation()).workspace_id == OTHER
        assert planned(uow, "first")
        assert uow.first_time("event", AT)
        assert sender_lease.hold(uow, "ours", LEASE)


def test_a_row_is_stored_in_the_own_workspace_whatever_it_says(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        row = obligation()
        row.workspace_id = OTHER
        assert uow.add(row).workspace_id == WORKSPACE


@pytest.mark.parametrize(
    "store",
    [
        lambda uow, at: uow.add(Person(slack_id="U1", synced_at=at)),
        lambda uow, at: uow.change(stored_task(uow), opened_at=at),
        lambda uow, at: uow.all(Task, col(Task.opened_at) < at),
        lambda uow, at: uow.first_time("event", at),
        lambda uow, at: record(uow, at=at),
        lambda uow, at: claiming.claim(uow, at, 1),
        inbox.forget_before,
    ],
)
def test_a_moment_without_a_zone_is_refused(uow: UnitOfWork, store: Callable[[UnitOfWork, datetime], Any]) -> None:
    with pytest.raises((StatementError, ValueError), match="without a time zone"):
        store(uow, datetime(2026, 11, 23, 9, 30))  # noqa: DTZ001 - the naive moment is what is tested


def test_moments_come_back_in_utc(uow: UnitOfWork) -> None:
    stored = uow.add(Person(slack_id="U1", synced_at=datetime(2026, 11, 23, 10, 30, 0, 123456, tzinfo=VIENNA)))
    read = uow.get(Person, stored.id).synced_at
    assert read == stored.synced_at
    assert (read.tzinfo, read.hour, read.microsecond) == (UTC, 9, 123456)


# For each check constraint what has to be said of a valid row, in SQL, to break it. Words that are not on a list
# (`…_is_known`) are broken by themselves, unless another check would speak first.
BROKEN: dict[str, dict[str, str]] = {
    "evidence.state_is_known": {"state": "'nonsense'", "sha256": "'x'", "size": "1"},
    "way_in_is_known": {"way_in": "'nonsense'"},
    "nonconformity.state_is_known": {"state": "'nonsense'", "grade": "'minor'", "issued_at": "raised_at"},
    "verdicts_are_somebodys": {"verdict": "'accepted'"},
    "disposed_at_a_time": {"state": "'disposed'", "sha256": "'x'", "size": "1"},
    "what_is_held_is_not_disposed_of": {
        "state": "'disposed'",
        "sha256": "'x'",
        "size": "1",
        "disposed_at": "received_at",
        "legal_hold": "'a lawsuit'",
    },
    "requests_ask_for_something": {"what": "''"},
    "assigned_to_somebody": {"state": "'assigned'"},
    "requests_accepted_by_somebody_else": {"state": "'accepted'"},
    "access_begins_before_it_ends": {"last": "'2026-01-01'"},
    "made_packs_have_hashes": {"state": "'made'"},
    "only_expired_packs_are_erased": {"erased_at": "asked_at"},
    "pack_periods_begin_before_they_end": {"last": "'2026-01-01'"},
    "evidence_periods_begin_before_they_end": {"period_begins": "'2026-01-02'", "period_ends": "'2026-01-01'"},
    "disposal.state_is_known": {"state": "'nonsense'", "decided_by": "'U2'"},
    "disposals_are_decided_by_somebody": {"state": "'declined'"},
    "approved_by_somebody_else": {"state": "'approved'", "decided_by": "proposed_by"},
    "later_revisions_supersede": {"revision": "2"},
    "kept_evidence_has_a_hash": {"state": "'kept'"},
    "probe_run.state_is_known": {"state": "'nonsense'", "settled_at": "asked_at"},
    "probe_runs_end_at_a_time": {"settled_at": "asked_at"},
    "issued_ones_are_graded": {"state": "'issued'"},
    "closed_by_somebody_else": {
        "state": "'closed'",
        "grade": "'minor'",
        "issued_at": "raised_at",
        "closed_by": "owner_id",
    },
    "import_run.state_is_known": {"state": "'nonsense'", "sha256": "'x'"},
    "read_files_are_kept": {"state": "'read'"},
    "all_rows_or_none": {"state": "'done'", "sha256": "'x'", "faulty": "1"},
    "rating_is_on_the_scale": {"rating": "4"},
    "corroboration_is_on_the_scale": {"corroboration": "-1"},
    "applicability_has_a_reason": {"reason": "''"},
    "gap_rating_is_on_the_scale": {"rating": "4"},
    "audits_begin_before_they_end": {"begins_on": "'2099-01-01'"},
    "signed_reports_have_a_time": {"state": "'signed'"},
    "of_an_interview_or_an_audit": {"interview_id": "NULL"},
    "serves_one_thing": {"task_id": "NULL"},
    "answers_go_by_two_people": {"approved_by": "proposed_by"},
    "concern.state_is_known": {"state": "'nonsense'", "decided_by": "'U2'"},
    "concerns_are_decided_by_somebody": {"decided_by": "'U2'"},
    "set_aside_for_a_reason": {"state": "'set_aside'", "decided_by": "'U2'"},
    "taken_up_as_one_thing": {"state": "'taken_up'", "decided_by": "'U2'"},
    "contests_decided_by_somebody_else": {"decided_by": "contested_by"},
    "case_access_begins_before_it_ends": {"starts_on": "'2099-01-01'"},
    "actions_have_an_owner_and_a_date": {"action": "'Lock it'"},
}
CHECKS = [
    (table.name, str(check.name))
    for table in METADATA.sorted_tables
    for check in sorted(table.constraints, key=lambda each: str(each.name))
    if isinstance(check, CheckConstraint)
]


def copy_with(connection: Connection, table: str, wrong: dict[str, str]) -> None:
    names = [column.name for column in METADATA.tables[table].columns if column.name != "id"]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(wrong.get(name, f'"{name}"') for name in names)
    connection.execute(text(f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}"'))


def test_every_check_refuses(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        one_of_each(uow)
    for table, check in CHECKS:
        nonsense = {check.removesuffix("_is_known"): "'nonsense'"}
        wrong = BROKEN.get(f"{table}.{check}") or BROKEN.get(check) or nonsense
        with pytest.raises(IntegrityError, match=check), database.unit_of_work(WORKSPACE) as uow:
            copy_with(uow.connection, table, wrong)


@pytest.mark.parametrize(
    "row",
    [
        EvidenceUse(evidence_id=99, task_id=99, added_by="U1", added_at=AT),
        Nonconformity(
            number=1, requirement="x", owner_id="U1", raised_by="U2", raised_at=AT, moved_at=AT, answer_id=99
        ),
        Task(obligation_id=99, title="x", owner_id="U1", scheduled_on=TODAY, opens_on=TODAY, due_on=TODAY),
    ],
)
def test_a_row_that_refers_to_nothing_is_refused(database: Database, row: Row) -> None:
    with pytest.raises(IntegrityError), database.unit_of_work(WORKSPACE) as uow:
        uow.add(row)


def test_a_word_that_is_not_on_the_list_is_refused(uow: UnitOfWork) -> None:
    with pytest.raises((StatementError, ValueError), match="nonsense"):
        uow.change(stored_task(uow), state="nonsense")


def test_an_unknown_workspace_can_store_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.unit_of_work("T0NOBODY") as uow:
        uow.add(obligation())


def test_the_inbox_knows_what_it_has_seen(uow: UnitOfWork) -> None:
    assert uow.first_time("Ev1", AT)
    assert not uow.first_time("Ev1", AT + LEASE)
    assert uow.first_time("Ev2", AT + LEASE)
    assert inbox.forget_before(uow, AT + LEASE) == 1
    assert uow.first_time("Ev1", AT)
    assert not uow.first_time("Ev2", AT)


def test_trail_tables_can_be_asked_like_any_other(uow: UnitOfWork) -> None:
    record(uow, "one")
    record(uow, "two")
    found = uow.all(TrailEntry, col(TrailEntry.subject_id) == "7", order_by=col(TrailEntry.sequence).desc())
    assert [entry.sequence for entry in found] == [2, 1]
    assert uow.count(TrailHead) == 1
