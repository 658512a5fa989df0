"""Whatever happens, and however many replicas tell of it: one message a day, and nothing is lost."""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sending.verdicts import Reached, Settled, record
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges.tables import Nudge, NudgeState
from storage.people.tables import Person
from storage.record import claiming
from storage.record.outbox import DAY, OutboxRow, OutboxState, Outcome
from storage.tasks import queries as task_queries
from tests.workflows.conftest import MONDAY, deed, the_bot
from tests.workflows.test_days import HOUR, deliver, hand_in, jonas_tasks
from workflows.nudges import commands as nudge_commands
from workflows.nudges import rules as nudge_rules
from workflows.people import leaving
from workflows.tasks import commands as task_commands
from workflows.tasks import handovers


def _away(uow: UnitOfWork, at: datetime) -> None:
    today = nudge_rules.local_day("Europe/Berlin", at)
    leaving.go_away(deed(uow, "UJONAS", at), person_id="UJONAS", first=today, last=today + timedelta(days=2))


def _hand_in(uow: UnitOfWork, at: datetime) -> None:
    for task in jonas_tasks(uow)[:1]:
        hand_in(uow, task, at)


def _return(uow: UnitOfWork, at: datetime) -> None:
    for task in task_queries.submitted(uow)[:1]:
        mira = deed(uow, "UMIRA", at)
        task_commands.return_(mira, task_id=task.id, version=task.version, reason="More, please.")


def _refuse(uow: UnitOfWork, at: datetime) -> None:
    for task in jonas_tasks(uow)[-1:]:
        handovers.not_mine(deed(uow, "UJONAS", at), task_id=task.id, suggested_id=None, reason="It is not mine.")


def _fail(uow: UnitOfWork, at: datetime) -> None:
    for row in claiming.claim(uow, at, 1):
        record(uow, [Reached(row, Settled(Outcome.FAILED, "no_such_channel"), at)])


def _nothing(uow: UnitOfWork, at: datetime) -> None:
    pass


ACTS: Mapping[str, Callable[[UnitOfWork, datetime], object]] = {
    "away": _away,
    "hand in": _hand_in,
    "return": _return,
    "refuse": _refuse,
    "fail": _fail,
    "nothing": _nothing,
}
steps = st.lists(st.tuples(st.integers(1, 40), st.sampled_from(sorted(ACTS)), st.booleans()), min_size=5, max_size=25)


@given(steps)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_one_message_a_day_and_nothing_lost(programme: UnitOfWork, lived: list[tuple[int, str, bool]]) -> None:
    undone, at = programme.connection.begin_nested(), MONDAY
    uow = UnitOfWork(programme.connection, programme.workspace_id)  # one that remembers nothing of what was undone
    try:
        for hours, act, sends in lived:
            at += hours * HOUR
            ACTS[act](uow, at)
            leaving.tick(the_bot(uow, at))
            nudge_commands.tick(the_bot(uow, at))
            if sends:
                deliver(uow, at)
        for hours in range(4, 8 * 24, 4):
            deliver(uow, at + hours * HOUR)
        _one_a_day(uow)
        _nothing_lost(uow)
    finally:
        undone.rollback()


def _one_a_day(uow: UnitOfWork) -> None:
    zones = {person.slack_id: person.zone for person in uow.all(Person)}
    sent = uow.matching(OutboxRow, kind=DAY, state=OutboxState.SENT, thread_ts="")
    days = Counter(
        (row.recipient, nudge_rules.local_day(zones[row.recipient], row.settled_at)) for row in sent if row.settled_at
    )
    assert [day for day, times in days.items() if times > 1] == []


def _nothing_lost(uow: UnitOfWork) -> None:
    for nudge in uow.all(Nudge):
        if nudge.state is NudgeState.TOLD:
            assert nudge.message_id is not None
            assert uow.get(OutboxRow, nudge.message_id).recipient == nudge.person_id
        else:
            assert (nudge.state, bool(nudge.reason)) == (NudgeState.SKIPPED, True)


# --- two replicas ---


def test_replicas_at_once_plan_and_tell_once(database: Database) -> None:
    with database.unit_of_work("T0SAMPLE") as uow:
        uow.put_workspace(name="Sample", zone="Europe/Berlin")
        uow.add(Person(slack_id="UJONAS", zone="Europe/Berlin", synced_at=MONDAY))

    def replica(_number: int) -> int:
        with database.unit_of_work("T0SAMPLE") as uow:
            for subject_id in range(1, 20):
                the_bot(uow).daily(["UJONAS"], ("silence", subject_id), "U1", what="1")
        with database.unit_of_work("T0SAMPLE") as uow:
            return len(claiming.claim(uow, MONDAY, 9))

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(replica, range(4))) == 1
    with database.unit_of_work("T0SAMPLE") as uow:
        assert uow.count(Nudge) == 19
