"""Whole conversations while Slack does not take or does not answer: nothing is said twice or lost unseen."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.sending import verdicts
from sandbox.story.words import readable
from storage.engine.unit_of_work import UnitOfWork
from storage.record import outbox
from storage.record.outbox import DAY, OutboxRow, OutboxState
from storage.tasks.tables import Task, TaskState
from tests.journeys.conftest import REVIEW, Journey
from tests.workflows.conftest import the_bot
from workflows.nudges.reasons import Reason

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def asked(journey: Journey) -> OutboxRow:
    """The latest message of Jonas's day, or what follows in its thread."""

    def latest(uow: UnitOfWork) -> OutboxRow:
        return uow.matching(OutboxRow, recipient="U0JONAS", kind=DAY)[-1]

    return await journey.service.services.database.read("T0ALDER", latest)


async def owe(journey: Journey) -> None:
    """Something more comes up for Jonas today."""

    def owed(uow: UnitOfWork, at: datetime) -> None:
        [task] = uow.matching(Task, title=REVIEW, owner_id="U0JONAS", state=TaskState.OPEN)
        the_bot(uow, at).daily(["U0JONAS"], task, "due", what="once more")

    services = journey.service.services
    await services.database.run("T0ALDER", owed, services.clock.now())
    services.wake()


async def until(journey: Journey, *, reason: str = "", state: OutboxState = OutboxState.PENDING) -> OutboxRow:
    """Wait for what becomes of it."""
    async with asyncio.timeout(30):
        while ((row := await asked(journey)).state, row.reason) != (state, reason):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
    return row


async def let_fail_for(journey: Journey, row: OutboxRow, age: timedelta) -> None:
    """By so much longer has it been failing, by the database's clock, which nobody here can move."""

    def failing(uow: UnitOfWork) -> None:
        assert row.failing_since is not None
        uow.change(uow.get(OutboxRow, row.id), failing_since=row.failing_since - age)

    await journey.service.services.database.run("T0ALDER", failing)


async def test_what_arrived_unanswered_is_found_in_the_thread_of_yesterday_and_not_said_again(running: Journey) -> None:
    first = await asked(running)
    await running.hands.inject("lost_answer", match="chat.postMessage")
    await owe(running)
    await until(running, reason=Reason.SLACK_UNANSWERED)
    await running.hands.advance(timedelta(days=1))
    row = await until(running, state=OutboxState.SENT)
    assert row.thread_ts == first.ts
    thread = await running.hands.person("U0JONAS").thread(first.ts)
    assert sum(REVIEW in readable(message) for message in thread) == 2, "the first of the day, and one answer"

    def ledger(uow: UnitOfWork) -> list[str]:
        return [each.outcome.value for each in outbox.attempts_at(uow, [row.id])]

    assert (await running.service.services.database.read("T0ALDER", ledger))[-1] == "found"


async def test_what_slack_refuses_is_seen_by_a_lead_who_has_it_sent_again(
    running: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "LEAST_ATTEMPTS", 2)  # nobody here waits for the others
    await running.does("Mira", "types", "/iso problems", sees="every message I had to send has arrived")
    await running.hands.inject("429_storm", match="chat.postMessage", times=1, retry_after=1)
    await owe(running)
    await let_fail_for(running, await until(running, reason=Reason.SLACK_ASKED_TO_WAIT), timedelta(days=1, hours=1))
    await running.hands.inject("429_storm", match="chat.postMessage", times=None, retry_after=1)
    await running.hands.advance(timedelta(minutes=1))
    failed = await until(running, state=OutboxState.FAILED, reason=f"given_up:{Reason.SLACK_ASKED_TO_WAIT}")
    await running.hands.take_back()
    await running.does("Mira", "types", "/iso problems", sees="given up after a day: Slack asked me to wait")
    await running.does("Mira", "presses", "Send again", of="given up after a day", sees="It's on its way again")
    assert (await until(running, state=OutboxState.SENT)).id == failed.id
