"""A planned message exists once, is claimed by one sender at a time, and leaves a line for every attempt."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col

from storage.engine import database_time
from storage.engine.database import Database
from storage.engine.errors import VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import posted
from storage.nudges import queries as nudge_queries
from storage.nudges.posted import Place
from storage.record import claiming, outbox
from storage.record.outbox import Delivery, OutboxRow, OutboxState, Outcome, Settlement
from tests.conftest import WORKSPACE
from tests.storage.samples import AT, planned, settled

MINUTE = timedelta(minutes=1)


def claim_one(uow: UnitOfWork) -> OutboxRow:
    [claimed] = claiming.claim(uow, AT, 1)
    return claimed


def slots(rows: list[OutboxRow]) -> list[str]:
    return [row.slot for row in rows]


def ledger(uow: UnitOfWork) -> list[tuple[Outcome, str]]:
    return [(line.outcome, line.reason) for line in uow.all(Delivery, order_by=col(Delivery.id))]


def test_a_slot_is_planned_once(uow: UnitOfWork) -> None:
    assert planned(uow, "U1/task/7/first")
    assert not planned(uow, "U1/task/7/first", after=MINUTE)
    [row] = uow.all(OutboxRow)
    assert (row.state, row.attempts, row.ambiguous, row.version) == (OutboxState.PENDING, 0, False, 1)
    assert (row.not_before, row.planned_at, row.values) == (AT, AT, {"rung": 1})


def test_planners_at_once_plan_a_slot_once(database_url: str, database: Database) -> None:
    replicas = [Database.open(database_url) for _ in range(4)]
    together = threading.Barrier(len(replicas))

    def plan(replica: Database) -> int:
        together.wait()
        done = 0
        for number in range(10):
            with replica.unit_of_work(WORKSPACE) as uow:
                done += planned(uow, f"slot {number}")
        return done

    with ThreadPoolExecutor(len(replicas)) as threads:
        assert sum(threads.map(plan, replicas)) == 10
    for replica in replicas:
        replica.shut_down()
    with database.unit_of_work(WORKSPACE) as uow:
        assert uow.count(OutboxRow) == 10


def test_only_what_is_due_is_claimed_the_longest_waiting_first(uow: UnitOfWork) -> None:
    for minutes in (1, -1, 0, -2):
        planned(uow, str(minutes), after=minutes * MINUTE)
    assert slots(claiming.claim(uow, AT, 2)) == ["-2", "-1"]
    assert slots(claiming.claim(uow, AT, 2)) == ["0"]
    assert claiming.claim(uow, AT, 2) == []
    assert claiming.claim(uow, AT + MINUTE / 2, 2) == []
    assert claiming.claim(uow, AT + MINUTE, 0) == []


def test_what_is_said_never_waits_for_cards_to_be_redrawn(uow: UnitOfWork) -> None:
    for number in range(9):
        planned(uow, f"card {number}", recipient="")
    planned(uow, "said", after=MINUTE)
    assert slots(claiming.claim(uow, AT, 5, 2)) == ["card 8", "card 7"]
    assert slots(claiming.claim(uow, AT + MINUTE, 5, 0)) == ["said"]
    claiming.take_back(uow)
    assert slots(claiming.claim(uow, AT + MINUTE, 5, 3)) == ["said", "card 8", "card 7", "card 6"]


def test_what_somebody_pressed_last_is_drawn_first(uow: UnitOfWork) -> None:
    for slot, seconds, by_person in (("caught up", 0, False), ("pressed", 1, True), ("pressed last", 2, True)):
        planned(uow, slot, recipient="", after=timedelta(seconds=seconds), by_person=by_person)
    for number in range(500):
        planned(uow, f"caught up {number}", recipient="", after=timedelta(seconds=3))
    assert slots(claiming.claim(uow, AT + MINUTE, 0, 3)) == ["pressed last", "pressed", "caught up 499"]


def test_a_claimed_row_is_counted(uow: UnitOfWork) -> None:
    planned(uow, "slot")
    claimed = claim_one(uow)
    assert (claimed.state, claimed.attempts, claimed.ambiguous) == (OutboxState.SENDING, 1, False)
    assert uow.get(OutboxRow, claimed.id) == claimed


def test_several_are_finished_at_once_or_none_is(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        for slot in ("a", "b", "c"):
            planned(uow, slot)
        ours = claiming.claim(uow, AT, 3)
    with database.unit_of_work(WORKSPACE) as uow:
        taken = outbox.settle(uow, [Settlement(ours[2], Outcome.FAILED, AT, "gone")])
    with pytest.raises(VersionConflict), database.unit_of_work(WORKSPACE) as uow:
        outbox.settle(uow, [Settlement(each, Outcome.SENT, AT) for each in ours])
    with database.unit_of_work(WORKSPACE) as uow:
        sent = outbox.settle(uow, [Settlement(each, Outcome.SENT, AT, ts=each.slot) for each in ours[:2]])
        assert uow.all(OutboxRow) == [*sent, *taken]
        assert [(each.ts, each.outcome) for each in uow.all(Delivery)] == [
            ("", Outcome.FAILED),
            ("a", Outcome.SENT),
            ("b", Outcome.SENT),
        ]
        assert outbox.settle(uow, []) == []


def test_what_a_sender_left_behind_comes_back_ambiguous_and_what_is_in_hands_stays(uow: UnitOfWork) -> None:
    planned(uow, "lost")
    planned(uow, "in hands")
    lost, in_hands = claiming.claim(uow, AT, 5)
    assert claiming.claim(uow, AT + 9 * MINUTE, 5) == []
    claiming.take_back(uow, [in_hands.id])
    [again] = claiming.claim(uow, AT, 5)
    assert (again.id, again.ambiguous, again.attempts) == (lost.id, True, 2)
    assert uow.get(OutboxRow, in_hands.id) == in_hands


def test_an_attempt_is_kept_and_leaves_the_row_in_its_senders_hands(uow: UnitOfWork) -> None:
    planned(uow, "slot")
    claimed = claim_one(uow)
    outbox.note_attempts(uow, [(claimed, {"channel_id": "D1"})])
    assert uow.get(OutboxRow, claimed.id).attempt == {"channel_id": "D1"}
    assert settled(uow, claimed, Outcome.SENT, AT).state is OutboxState.SENT


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.SENT, OutboxState.SENT),
        (Outcome.FOUND, OutboxState.SENT),
        (Outcome.SKIPPED, OutboxState.SKIPPED),
        (Outcome.FAILED, OutboxState.FAILED),
    ],
)
def test_a_settled_row_is_never_claimed_again(uow: UnitOfWork, outcome: Outcome, state: OutboxState) -> None:
    planned(uow, "slot")
    finished = settled(uow, claim_one(uow), outcome, AT + MINUTE, "a reason", "C1", "17.5")
    assert (finished.state, finished.settled_at) == (state, AT + MINUTE)
    assert uow.get(OutboxRow, finished.id) == finished
    assert claiming.claim(uow, AT + 9 * MINUTE, 5) == []
    [line] = uow.all(Delivery)
    assert (line.outbox_id, line.at, line.outcome) == (finished.id, AT + MINUTE, outcome)
    assert (line.reason, line.channel_id, line.ts) == ("a reason", "C1", "17.5")


def test_a_message_is_not_settled_by_putting_it_off(uow: UnitOfWork) -> None:
    planned(uow, "slot")
    with pytest.raises(KeyError):
        settled(uow, claim_one(uow), Outcome.RETRIED, AT)


def test_a_postponed_row_comes_back_when_its_time_comes(uow: UnitOfWork) -> None:
    planned(uow, "slot")
    outbox.postpone(uow, claim_one(uow), AT + MINUTE, "Slack asked for patience", AT)
    assert claiming.claim(uow, AT + MINUTE / 2, 5) == []
    [again] = claiming.claim(uow, AT + MINUTE, 5)
    assert (again.attempts, again.ambiguous, again.reason) == (2, False, "Slack asked for patience")
    settled(uow, again, Outcome.SENT, AT + MINUTE, channel_id="C1", ts="17.5")
    assert ledger(uow) == [(Outcome.RETRIED, "Slack asked for patience"), (Outcome.SENT, "")]


def test_what_was_not_tried_is_no_attempt(uow: UnitOfWork) -> None:
    planned(uow, "slot")
    for days in range(1, 4):
        at = AT + timedelta(days=days)
        [claimed] = claiming.claim(uow, at, 1)
        waiting = outbox.postpone(uow, claimed, at, "they are away", at, tried=False)
        assert waiting.attempts == 0
    assert len(ledger(uow)) == 3


def test_it_has_been_failing_since_the_first_time_and_sent_again_it_is_as_new(uow: UnitOfWork) -> None:
    planned(uow, "slot")
    outbox.postpone(uow, claim_one(uow), AT, "outside their hours", AT)
    first = outbox.postpone(uow, claim_one(uow), AT, "no answer", AT, ambiguous=True, failing=True).failing_since
    assert first is not None
    assert timedelta(0) <= database_time.now(uow.connection) - first < MINUTE, "by the database's clock"
    waiting = outbox.postpone(uow, claim_one(uow), AT, "no answer", AT + MINUTE, ambiguous=True, failing=True)
    assert waiting.failing_since == first
    failed = settled(uow, claim_one(uow), Outcome.FAILED, AT, "given up")
    again = outbox.send_again(uow, failed, AT + MINUTE)
    assert (again.state, again.attempts, again.failing_since, again.reason) == (OutboxState.PENDING, 0, None, "")
    assert (again.not_before, again.ambiguous) == (AT + MINUTE, True)


def test_what_was_ambiguous_stays_so_until_it_is_settled(uow: UnitOfWork) -> None:
    planned(uow, "slot")
    outbox.postpone(uow, claim_one(uow), AT, "no answer in time", AT, ambiguous=True)
    outbox.postpone(uow, claim_one(uow), AT, "Slack asked for patience", AT)
    assert claim_one(uow).ambiguous


@pytest.mark.parametrize(
    "finish",
    [
        lambda uow, row: settled(uow, row, Outcome.SENT, AT),
        lambda uow, row: outbox.postpone(uow, row, AT, "later", AT),
        lambda uow, row: outbox.note_attempts(uow, [(row, {"channel_id": "D1"})]),
    ],
)
def test_a_sender_whose_row_was_taken_over_learns_of_it(
    uow: UnitOfWork, finish: Callable[[UnitOfWork, OutboxRow], Any]
) -> None:
    planned(uow, "slot")
    slow = claim_one(uow)
    claiming.take_back(uow)
    with pytest.raises(VersionConflict):
        finish(uow, slow)
    assert ledger(uow) == []


def test_claimers_at_once_get_different_rows(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        for number in range(60):
            planned(uow, f"slot {number}")

    def claim_all(_claimer: int) -> list[str]:
        mine: list[str] = []
        while True:
            with database.unit_of_work(WORKSPACE) as uow:
                claimed = claiming.claim(uow, AT, 7)
            if not claimed:
                return mine
            mine += slots(claimed)

    with ThreadPoolExecutor(4) as threads:
        taken = [slot for mine in threads.map(claim_all, range(4)) for slot in mine]
    assert len(taken) == len(set(taken)) == 60


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_claimer_does_not_wait_for_another(database: Database) -> None:
    with database.unit_of_work(WORKSPACE) as uow:
        for number in range(4):
            planned(uow, f"slot {number}")
    with database.unit_of_work(WORKSPACE) as one, database.unit_of_work(WORKSPACE) as other:
        assert slots(claiming.claim(one, AT, 2)) == ["slot 0", "slot 1"]
        assert slots(claiming.claim(other, AT, 9)) == ["slot 2", "slot 3"]


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        (lambda uow: claiming.claim(uow, AT, 5), ["outbox_waiting"] * 2),
        (claiming.take_back, ["outbox_sending"]),
        (lambda uow: outbox.undelivered(uow, AT, 20), ["outbox_undelivered"]),
        (lambda uow: outbox.count_undelivered(uow, AT), ["outbox_undelivered"]),
        (lambda uow: outbox.uncertain_day(uow, "U1", 7), ["outbox_by_recipient"]),
        (lambda uow: outbox.lag(uow, AT), ["outbox_waiting"]),
        (outbox.next_due, ["outbox_waiting"]),
        (lambda uow: posted.where_posted(uow, "task", 1), ["outbox_by_subject", "nudges_by_subject"]),
        (lambda uow: posted.last_day(uow, "U1"), ["outbox_by_recipient"]),
        (lambda uow: nudge_queries.owed_to(uow, "U1"), ["nudges_owed"]),
        (lambda uow: posted.in_thread(uow, "D1", "1.2"), ["outbox_by_place"]),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_questions_cost_what_they_find_and_not_what_was_ever_sent(
    uow: UnitOfWork, ask: Callable[[UnitOfWork], Any], indexes: list[str]
) -> None:
    asked: list[str] = []
    driver: Any = uow.connection.connection.driver_connection
    driver.set_trace_callback(asked.append)
    ask(uow)
    driver.set_trace_callback(None)
    plans = [driver.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() for sql in asked]
    for index, plan in zip(indexes, plans, strict=True):
        steps = [step[-1] for step in plan]
        assert any(f"INDEX {index} " in step for step in steps), steps
        assert not any(step.startswith("SCAN outbox") for step in steps), steps


def test_where_posted_names_every_place_where_a_message_stands(uow: UnitOfWork) -> None:
    for slot, subject_id, outcome in (
        ("first", 7, Outcome.SENT),
        ("second", 7, Outcome.FOUND),
        ("skipped", 7, Outcome.SKIPPED),
        ("of another task", 8, Outcome.SENT),
    ):
        planned(uow, slot, subject_id=subject_id)
        ts = f"{slot}.ts" if outcome is not Outcome.SKIPPED else ""
        settled(uow, claim_one(uow), outcome, AT, channel_id="D1", ts=ts)
    planned(uow, "not yet", subject_id=7)
    assert posted.where_posted(uow, "task", 7) == [
        Place("D1", "second.ts", "task.nudge", "U1", 2),
        Place("D1", "first.ts", "task.nudge", "U1", 1),
    ]
    assert posted.where_posted(uow, "evidence", 7) == []


def test_lag_is_how_long_the_oldest_due_message_waits(uow: UnitOfWork) -> None:
    assert outbox.lag(uow, AT) == timedelta(0)
    planned(uow, "later", after=MINUTE)
    assert outbox.lag(uow, AT) == timedelta(0)
    planned(uow, "now")
    assert outbox.lag(uow, AT + 3 * MINUTE) == 3 * MINUTE
    claiming.claim(uow, AT, 1)
    assert outbox.lag(uow, AT + 3 * MINUTE) == 2 * MINUTE


def test_next_due_is_when_the_next_message_may_be_sent(uow: UnitOfWork) -> None:
    assert outbox.next_due(uow) is None
    planned(uow, "later", after=MINUTE)
    assert outbox.next_due(uow) == AT + MINUTE
    planned(uow, "now")
    assert outbox.next_due(uow) == AT
    claim_one(uow)
    assert outbox.next_due(uow) == AT + MINUTE
