"""The trail is chained, append-only, and names the entry at which it was tampered with."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from storage.engine.canonical import canonical_json, utc_text
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.record import trail
from storage.record.checking import RecordCheck
from storage.record.trail import BEFORE_THE_FIRST, ENTRIES_PER_READ, TrailEntry, TrailFault, entry_hash
from tests.conftest import WORKSPACE
from tests.storage.samples import AT, OTHER, record

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
GUARDS = (
    "trail_entry_refuses_update",
    "trail_entry_refuses_delete",
    "trail_head_refuses_delete",
    "trail_head_moves_by_one",
)
COPY = """
    INSERT INTO trail_entry
    SELECT workspace_id, {sequence}, at, actor_id, verb, subject, subject_id, details, {previous}, hash, scheme, sealed
    FROM trail_entry WHERE sequence = 2
"""
COLUMNS = ["at", "actor_id", "verb", "subject", "subject_id", "details", "previous_hash", "hash", "sealed"]


def entries(uow: UnitOfWork) -> list[TrailEntry]:
    return uow.all(TrailEntry, order_by=col(TrailEntry.sequence))


def write(uow: UnitOfWork, count: int) -> None:
    for number in range(count):
        record(uow, f"entry {number}")
    uow.complete(lambda: AT)


def without_guards(uow: UnitOfWork, statement: str) -> None:
    """Do what somebody with the password of the database could do."""
    if uow.dialect == "postgresql":
        uow.connection.execute(text("SET LOCAL session_replication_role = replica"))
    else:
        for trigger in GUARDS:
            uow.connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
    uow.connection.execute(text(statement))


def test_entries_are_chained_from_the_first_to_the_head(uow: UnitOfWork) -> None:
    assert (trail.head(uow).sequence, trail.head(uow).hash) == (0, BEFORE_THE_FIRST)
    write(uow, 3)
    first, second, third = entries(uow)
    assert [entry.sequence for entry in (first, second, third)] == [1, 2, 3]
    assert first.previous_hash == BEFORE_THE_FIRST
    assert (second.previous_hash, third.previous_hash) == (first.hash, second.hash)
    assert (trail.head(uow).sequence, trail.head(uow).hash) == (3, third.hash)
    assert trail.verify(uow) == []


def test_anybody_can_compute_the_hash_without_us(uow: UnitOfWork) -> None:
    record(uow, 'Grüße, "quoted"\n')
    [entry] = entries(uow)
    details = '{"note":"Grüße, \\"quoted\\"\\n","round":1}'
    moment = "2026-11-23T09:30:00.000000Z"
    columns = [2, WORKSPACE, 1, moment, "U1", "task.accept", "task", "7", details, "[]"]
    document = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    seal = hashlib.sha256(document.encode()).hexdigest()
    assert entry.hash == hashlib.sha256(("0" * 64 + seal).encode()).hexdigest()
    assert entry.hash == "984d9630537b558e68734e7cd8b8547f68f690f6924ad676edfa4d66b58f3e7f"
    assert entry.moment == AT


def test_workspaces_have_trails_of_their_own(database: Database) -> None:
    with database.unit_of_work(OTHER) as uow:
        uow.put_workspace(name="Other")
    for workspace, count in ((WORKSPACE, 2), (OTHER, 1), (WORKSPACE, 1)):
        with database.unit_of_work(workspace) as uow:
            write(uow, count)
    for workspace, length in ((WORKSPACE, 3), (OTHER, 2)):  # the other's begins with the workspace itself
        with database.unit_of_work(workspace) as uow:
            assert trail.head(uow).sequence == length
            assert trail.verify(uow) == []


def test_writers_at_once_make_one_unbroken_chain(database: Database) -> None:
    def write_ten(_writer: int) -> None:
        for _ in range(10):
            with database.unit_of_work(WORKSPACE) as uow:
                record(uow)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(write_ten, range(6)))
    with database.unit_of_work(WORKSPACE) as uow:
        assert trail.head(uow).sequence == 60
        assert trail.verify(uow) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_entry SET actor_id = 'U2' WHERE sequence = 1",
        "UPDATE trail_entry SET hash = hash",
        "DELETE FROM trail_entry WHERE sequence = 2",
        "DELETE FROM trail_entry",
        "DELETE FROM trail_head",
        "UPDATE trail_head SET sequence = 0",
        "UPDATE trail_head SET salt = 'another'",
        "UPDATE trail_head SET salt = '', sequence = sequence + 1",
        "UPDATE trail_head SET sequence = sequence + 2",
        "UPDATE trail_head SET workspace_id = 'T0OTHER', sequence = sequence + 1",
        COPY.format(sequence=3, previous="previous_hash"),
        COPY.format(sequence=4, previous="hash"),
        "INSERT INTO trail_head VALUES ('T0OTHER', 1, 'x', '')",
        "INSERT INTO trail_head SELECT workspace_id, 0, previous_hash, '' FROM trail_entry WHERE sequence = 1",
        "UPDATE delivery SET reason = 'never happened'",
        "DELETE FROM delivery",
    ],
)
def test_the_database_refuses_to_rewrite_history(database: Database, statement: str) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        write(uow, 2)
        uow.schedule(slot="s", kind="k", recipient="U1", subject="task", subject_id=1, not_before=AT, at=AT, values={})
        uow.connection.execute(
            text(
                "INSERT INTO delivery (workspace_id, version, outbox_id, at, outcome, reason, channel_id, ts) "
                "SELECT workspace_id, 1, id, planned_at, 'sent', '', '', '' FROM outbox"
            )
        )
    refusals = "append-only|follows its head|moves forward by one|starts before the first|unique constraint"
    with pytest.raises(DBAPIError, match=refusals), database.unit_of_work(WORKSPACE) as uow:
        uow.connection.execute(text(statement))
    with database.unit_of_work(WORKSPACE) as uow:
        assert trail.verify(uow) == []


@pytest.mark.parametrize("table", ["trail_entry", "trail_head", "delivery"])
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_truncate(database: Database, table: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.unit_of_work(WORKSPACE) as uow:
        uow.connection.execute(text(f"TRUNCATE {table} CASCADE"))


@SQLITE
@pytest.mark.parametrize("table", ["trail_entry", "trail_head"])
def test_sqlite_refuses_to_replace(database: Database, table: str) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        write(uow, 2)
    refusals = "follows its head|starts before the first"
    with pytest.raises(DBAPIError, match=refusals), database.unit_of_work(WORKSPACE) as uow:
        uow.connection.execute(text(f"REPLACE INTO {table} SELECT * FROM {table}"))


@pytest.mark.parametrize("column", COLUMNS)
def test_one_changed_letter_is_found_at_its_entry(uow: UnitOfWork, column: str) -> None:
    write(uow, 4)
    without_guards(uow, f"UPDATE trail_entry SET {column} = 'x' || substr({column}, 2) WHERE sequence = 3")
    assert trail.verify(uow)[0] == TrailFault(3, "was changed after it was written")


def test_a_moment_written_in_another_way_is_a_change(uow: UnitOfWork) -> None:
    write(uow, 1)
    without_guards(uow, "UPDATE trail_entry SET at = '2026-11-23T09:30:00Z'")
    assert trail.verify(uow) == [TrailFault(1, "was changed after it was written")]


@SQLITE
@pytest.mark.parametrize("column", COLUMNS)
def test_a_byte_that_is_no_text_any_more_is_found_at_its_entry(uow: UnitOfWork, column: str) -> None:
    write(uow, 3)
    without_guards(
        uow, f"UPDATE trail_entry SET {column} = CAST(x'ff' || substr({column}, 2) AS TEXT) WHERE sequence = 2"
    )
    assert trail.verify(uow)[0] == TrailFault(2, "was changed after it was written")


TAMPERED: dict[str, tuple[str, list[TrailFault]]] = {
    "one taken out": (
        "DELETE FROM trail_entry WHERE sequence = 2",
        [
            TrailFault(2, "is missing: the next one is 3"),
            TrailFault(3, "does not follow the entry before it"),
        ],
    ),
    "one put before the first": (
        "UPDATE trail_entry SET sequence = 0 WHERE sequence = 4",
        [
            TrailFault(0, "was added before the first"),
            TrailFault(4, "and all up to 4 are missing: the end of the trail was cut off"),
        ],
    ),
    "the end cut off": (
        "DELETE FROM trail_entry WHERE sequence > 2",
        [TrailFault(3, "and all up to 4 are missing: the end of the trail was cut off")],
    ),
    "all taken out": (
        "DELETE FROM trail_entry",
        [TrailFault(1, "and all up to 4 are missing: the end of the trail was cut off")],
    ),
    "the head put back": (
        "UPDATE trail_head SET sequence = 2",
        [TrailFault(3, "and all up to 4 are unknown to the head of the trail")],
    ),
    "the head forgotten": (
        "DELETE FROM trail_head",
        [TrailFault(1, "and all up to 4 are unknown to the head of the trail")],
    ),
    "the head changed": (
        "UPDATE trail_head SET hash = 'x'",
        [TrailFault(4, "is not the one that the head of the trail names")],
    ),
    "two exchanged": (
        "UPDATE trail_entry SET details = CASE sequence WHEN 2 THEN '{3}' ELSE '{2}' END WHERE sequence IN (2, 3)",
        [TrailFault(2, "was changed after it was written"), TrailFault(3, "was changed after it was written")],
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_tampering_is_named(uow: UnitOfWork, case: str) -> None:
    statement, faults = TAMPERED[case]
    write(uow, 4)
    without_guards(uow, statement)
    assert trail.verify(uow) == faults


def rehash(uow: UnitOfWork, sequence: int) -> str:
    [entry] = uow.all(TrailEntry, col(TrailEntry.sequence) == sequence)
    columns = {name: getattr(entry, name) for name in (*TrailEntry.model_fields,)}
    return f"UPDATE trail_entry SET hash = '{entry_hash(columns)}' WHERE sequence = {sequence}"


def test_an_entry_rewritten_with_a_fitting_hash_is_found_at_the_next_one(uow: UnitOfWork) -> None:
    write(uow, 4)
    without_guards(uow, "UPDATE trail_entry SET actor_id = 'U9' WHERE sequence = 2")
    without_guards(uow, rehash(uow, 2))
    assert trail.verify(uow) == [TrailFault(3, "does not follow the entry before it")]


def test_the_last_entry_rewritten_with_a_fitting_hash_is_found_by_the_head(uow: UnitOfWork) -> None:
    write(uow, 4)
    without_guards(uow, "UPDATE trail_entry SET actor_id = 'U9' WHERE sequence = 4")
    without_guards(uow, rehash(uow, 4))
    assert trail.verify(uow) == [TrailFault(4, "is not the one that the head of the trail names")]


def test_what_an_old_entry_seems_to_seal_counts_for_nothing(uow: UnitOfWork) -> None:
    """The hash of the first scheme covers no rows, so anybody could write some beside it."""
    write(uow, 1)
    without_guards(uow, """UPDATE trail_entry SET scheme = 1, sealed = '[["task","title",[[1,1,"ab"]]]]'""")
    without_guards(uow, rehash(uow, 1))
    without_guards(uow, "UPDATE trail_head SET hash = (SELECT hash FROM trail_entry)")
    with RecordCheck(uow) as check:
        assert trail.verify(uow, seen=check.take) == [TrailFault(1, "names rows, and its hash covers none")]
        assert not [fault for fault in check.faults() if fault.startswith("task 1")]


@SQLITE
def test_a_long_trail_is_walked_in_steps_that_tell_how_far_they_are(uow: UnitOfWork) -> None:
    length = 2 * ENTRIES_PER_READ + 1
    write(uow, length)
    told: list[tuple[int, int]] = []
    assert trail.verify(uow, lambda checked, of: told.append((checked, of))) == []
    assert told == [(ENTRIES_PER_READ, length), (2 * ENTRIES_PER_READ, length), (length, length)]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
HASHES = st.sampled_from(["0" * 64, "f" * 64])
DRAWN = ("scheme", "sequence", "actor_id", "verb", "details", "previous_hash", "sealed")
ENTRIES = st.tuples(st.just(2), st.integers(1, 2**31), st.text(), st.text(), st.text(), HASHES, st.text()).map(
    lambda drawn: dict.fromkeys(trail.SAID, "") | dict(zip(DRAWN, drawn, strict=True))
)


@given(JSON_VALUES)
def test_canonical_json_says_what_it_was_given(value: object) -> None:
    assert json.loads(canonical_json(value)) == value  # type: ignore[arg-type] # hypothesis does not say which JSON


@given(st.dictionaries(st.text(), st.integers()))
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: dict[str, int]) -> None:
    assert canonical_json(value) == canonical_json(dict(reversed(value.items())))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_canonical_json_refuses_what_json_cannot_say(value: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical_json(value)


@given(ENTRIES, ENTRIES)
def test_entries_share_a_hash_only_when_they_are_the_same(one: dict[str, str], other: dict[str, str]) -> None:
    assert (entry_hash(one) == entry_hash(other)) == (one == other)


@given(
    st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 12, 30)),  # noqa: DTZ001 - the zone is drawn apart
    st.integers(-23, 23),
)
def test_a_moment_has_one_text_in_every_zone(naive: datetime, hours: int) -> None:
    moment = naive.replace(tzinfo=UTC)
    written = utc_text(moment.astimezone(timezone(timedelta(hours=hours))))
    assert written == utc_text(moment)
    assert len(written) == 27
    assert datetime.fromisoformat(written) == moment


def test_text_sorts_as_time_does() -> None:
    moments = [AT + timedelta(microseconds=step) for step in (0, 1, 10**6, 10**9)]
    assert sorted(map(utc_text, reversed(moments))) == [utc_text(moment) for moment in moments]
