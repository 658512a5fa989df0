"""The sender: nothing lost, nobody told twice, whatever Slack or the process does in between."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.files.storing import whole
from bot.http.server import Meters
from bot.sending import dispatcher as dispatcher_module
from bot.sending import fence
from bot.sending.delivery import MOST_WAITS
from bot.sending.dispatcher import Dispatcher, claim_due
from bot.sending.fence import SENDER_LEASE
from bot.sending.verdicts import GIVEN_UP_AFTER, LEAST_ATTEMPTS, Reached, Settled, of_error, record
from bot.services import Services
from bot.slack.calls import Composer, Outgoing, Post, Redraw, ShareFile, Skip
from bot.slack.errors import (
    ChannelGone,
    MessageGone,
    MessageRefused,
    MissingScope,
    NotInChannel,
    RateLimited,
    SlackAway,
    SlackError,
    TokenRefused,
    Unanswered,
)
from bot.slack.objects import Posted, QuietWindow
from bot.slack.rate_limits import Pace
from storage.engine import database_time
from storage.engine.database import Database
from storage.engine.errors import VersionConflict
from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import queries as nudge_queries
from storage.nudges.tables import Nudge, NudgeState
from storage.people.tables import Person
from storage.record import claiming, sender_lease
from storage.record.outbox import DAY, Delivery, OutboxRow, OutboxState, Outcome
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE, FakeGateway, StoppedClock, said
from workflows.nudges.reasons import Lost, Reason, lost
from workflows.nudges.rules import Settles

Run = Callable[..., Awaitable[Dispatcher]]


def note(_uow: UnitOfWork, row: OutboxRow, _at: datetime) -> Outgoing:
    return Post(said(f"note {row.subject_id}"))


def in_thread(_uow: UnitOfWork, _row: OutboxRow, _at: datetime) -> Outgoing:
    return Post(said("receipt"), thread_ts="7.7")


PICTURE = b"\x89PNG"


def picture(_uow: UnitOfWork, row: OutboxRow, _at: datetime) -> Outgoing:
    return ShareFile(said("a picture"), "1.png", "plan.png", 4, row.values["sha256"], "D0MIRA", "7.7")


def nothing_to_say(_uow: UnitOfWork, _row: OutboxRow, _at: datetime) -> Outgoing:
    return Skip("the task has already been accepted")


def redraw(_uow: UnitOfWork, row: OutboxRow, _at: datetime) -> Outgoing:
    return Redraw(lambda place: said(f"{row.subject_id} for {place.recipient}"))


def away(_uow: UnitOfWork, _row: OutboxRow, _at: datetime) -> Outgoing:
    raise SlackAway("refused")


def state_of_now(uow: UnitOfWork, _row: OutboxRow, _at: datetime) -> Outgoing:
    return Redraw(lambda _place: said(uow.workspace().name))


def thread_of_now(uow: UnitOfWork, _row: OutboxRow, _at: datetime) -> Outgoing:
    return Post(said("receipt"), thread_ts=uow.workspace().name)


def while_owed(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
    """Tells what is owed while the workspace is called Sample; by then its reason has gone."""
    owed = nudge_queries.owed_to(uow, row.recipient)
    if uow.workspace().name != "Sample":
        return Skip(Reason.NOTHING_LEFT_TO_TELL, Settles(at, left_out={each.id: "gone" for each in owed}))
    return Post(said("owed"), settles=Settles(at, tuple(owed[:1]), {each.id: "replaced" for each in owed[1:]}))


def broken(_uow: UnitOfWork, _row: OutboxRow, _at: datetime) -> Outgoing:
    raise ZeroDivisionError


COMPOSERS: dict[str, Composer] = {
    "note": note,
    DAY: note,
    "receipt": in_thread,
    "picture": picture,
    "silence": nothing_to_say,
    "note.redraw": redraw,
    "state.redraw": state_of_now,
    "away": away,
    "thread of now": thread_of_now,
    "owed": while_owed,
    "broken": broken,
}


@pytest.fixture
async def run(services: Services, gateway: FakeGateway, clock: StoppedClock) -> AsyncIterator[Run]:
    """Start a dispatcher; every one is stopped afterwards."""
    running: list[Dispatcher] = []

    async def started(pace: Pace | None = None) -> Dispatcher:
        dispatcher = Dispatcher(
            database=services.database,
            gateway=gateway,
            blobs=services.blobs,
            clock=clock,
            composers=COMPOSERS,
            meters=Meters(),
            pace=pace or Pace(),
        )
        await dispatcher.start(WORKSPACE)
        running.append(dispatcher)
        return dispatcher

    yield started
    gateway.holds = None
    for dispatcher in running:
        await dispatcher.stop()


def plan(services: Services, slot: str, kind: str = "note", recipient: str = "U0JONAS", **more: Any) -> None:
    given = {"subject": "note", "subject_id": 1, "not_before": NOON, "at": NOON, **more}
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert uow.schedule(slot=slot, kind=kind, recipient=recipient, **given)


def row(services: Services, slot: str) -> OutboxRow:
    return next(each for each in rows(services.database) if each.slot == slot)


def rows(database: Database) -> list[OutboxRow]:
    with database.unit_of_work(WORKSPACE) as uow:
        return uow.all(OutboxRow)


def told(message: OutboxRow, subject_id: int) -> Nudge:
    """What a message of the day has told Jonas."""
    return Nudge(
        person_id="U0JONAS",
        subject="note",
        subject_id=subject_id,
        rung="due",
        reached_at=NOON,
        state=NudgeState.TOLD,
        message_id=message.id,
    )


def silences(services: Services) -> list[tuple[str, str, dict[str, Any]]]:
    """Which leads are owed word of whom that cannot be reached, and why."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        return [(each.person_id, each.rung, each.values) for each in uow.all(Nudge) if each.subject == "silence"]


def ledger(services: Services) -> list[str]:
    with services.database.unit_of_work(WORKSPACE) as uow:
        return [line.outcome.value for line in uow.all(Delivery)]


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another task is about to do."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - the dispatcher tells nobody when it has settled a row
            await asyncio.sleep(0.01)


async def test_a_due_message_is_sent_and_settled(run: Run, services: Services, gateway: FakeGateway) -> None:
    plan(services, "a")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert gateway.named("post") == [("U0JONAS", "note 1", None)]
    assert (row(services, "a").channel_id, row(services, "a").ts) == ("D0JONAS", "1.000000")
    assert ledger(services) == ["sent"]


async def test_a_reminder_waits_for_the_end_of_quiet_hours_and_answers_do_not(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    ends = NOON + timedelta(hours=2)
    gateway.quiet = {"U0JONAS": QuietWindow(NOON - timedelta(hours=1), ends)}
    for slot, kind, recipient in (
        ("day", DAY, "U0JONAS"),
        ("other", DAY, "U0MIRA"),
        ("answer", "note", "U0JONAS"),
    ):
        plan(services, slot, kind, recipient)
    dispatcher = await run()
    await until(lambda: len(ledger(services)) == 3)
    waiting = row(services, "day")
    assert (waiting.state, waiting.not_before) == (OutboxState.PENDING, ends)
    assert waiting.reason == Reason.DO_NOT_DISTURB
    assert set(gateway.posted) == {"other", "answer"}
    clock.advance(timedelta(hours=2))
    dispatcher.wake()
    await until(lambda: row(services, "day").state is OutboxState.SENT)


async def test_a_reminder_waits_while_a_status_says_that_its_reader_is_away(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    ends = NOON + timedelta(hours=3)
    with services.database.unit_of_work(WORKSPACE) as uow:
        away = {"status_text": "Out sick", "status_since": NOON, "status_until": ends}
        uow.change(uow.matching(Person, slack_id="U0JONAS")[0], **away)
    plan(services, "day", DAY)
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    waiting = row(services, "day")
    assert (waiting.not_before, waiting.reason) == (ends, Reason.STATUS_SAYS_AWAY)
    assert waiting.attempts == 0, "waiting is not trying, however long they are away"
    assert gateway.named("quiet_windows") == []
    clock.advance(timedelta(hours=3))
    dispatcher.wake()
    await until(lambda: row(services, "day").state is OutboxState.SENT)


async def test_who_is_never_to_be_disturbed_is_reminded_all_the_same(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    gateway.quiet = {"U0JONAS": QuietWindow(NOON - timedelta(days=1), NOON + timedelta(days=90))}
    plan(services, "day", DAY)
    dispatcher = await run()
    for waits in range(1, MOST_WAITS + 1):
        await until(lambda waits=waits: ledger(services) == ["retried"] * waits)  # type: ignore[misc]  # waits is bound
        gateway.quiet = {"U0JONAS": QuietWindow(clock.at, row(services, "day").not_before + timedelta(days=90))}
        clock.at = row(services, "day").not_before
        dispatcher.wake()
    await until(lambda: row(services, "day").state is OutboxState.SENT)


async def test_a_reminder_goes_out_when_slack_does_not_say(run: Run, services: Services, gateway: FakeGateway) -> None:
    gateway.faults["quiet_windows"] = [Unanswered("no answer")]
    plan(services, "day", DAY)
    await run()
    await until(lambda: row(services, "day").state is OutboxState.SENT)
    assert ledger(services) == ["sent"]


async def a_picture(services: Services) -> str:
    """A picture in the store, planned to be laid before Mira; its SHA-256."""
    sha256 = (await services.blobs.put(whole(PICTURE))).sha256
    plan(services, "picture", "picture", "U0MIRA", values={"sha256": sha256})
    return sha256


async def test_a_picture_whose_answer_was_lost_is_not_laid_twice(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    await a_picture(services)
    gateway.lost_answers = [Unanswered("no answer")]
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    clock.advance(timedelta(minutes=1))
    dispatcher.wake()
    await until(lambda: row(services, "picture").state is OutboxState.SENT)
    assert (ledger(services), gateway.laid) == (["retried", "found"], {"1.png": PICTURE})
    assert gateway.named("share") == [("D0MIRA", "7.7", "1.png")]
    assert (row(services, "picture").channel_id, row(services, "picture").thread_ts) == ("D0MIRA", "7.7")


async def test_a_picture_that_was_altered_in_the_store_is_shown_to_nobody(
    run: Run, services: Services, gateway: FakeGateway, tmp_path: Path
) -> None:
    sha256 = await a_picture(services)
    (tmp_path / "evidence" / "sha256" / sha256[:2] / sha256).write_bytes(b"\x89PNg")
    await run()
    await until(lambda: row(services, "picture").state is OutboxState.FAILED)
    assert (gateway.laid, row(services, "picture").reason) == ({}, Reason.FILE_ALTERED)


async def test_a_message_waits_for_its_moment(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    plan(services, "now")
    plan(services, "later", not_before=NOON + timedelta(hours=1))
    dispatcher = await run()
    await until(lambda: row(services, "now").state is OutboxState.SENT)
    assert row(services, "later").state is OutboxState.PENDING
    clock.advance(timedelta(hours=1))
    dispatcher.wake()
    await until(lambda: row(services, "later").state is OutboxState.SENT)


@ON_SQLITE
async def test_a_message_in_a_thread(run: Run, services: Services, gateway: FakeGateway) -> None:
    plan(services, "a", kind="receipt")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert gateway.named("post") == [("U0JONAS", "receipt", "7.7")]


@ON_SQLITE
async def test_nothing_to_say_is_skipped_with_its_reason(run: Run, services: Services, gateway: FakeGateway) -> None:
    plan(services, "a", kind="silence")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.SKIPPED)
    assert row(services, "a").reason == "the task has already been accepted"
    assert gateway.named("post") == []


@ON_SQLITE
async def test_a_card_is_redrawn_wherever_it_stands(run: Run, services: Services, gateway: FakeGateway) -> None:
    for slot, recipient in (("a", "U0JONAS"), ("b", "C0GENERAL")):
        plan(services, slot, recipient=recipient)
    gateway.faults["update"] = [MessageGone("message_not_found")]
    plan(services, "z", kind="note.redraw", recipient="")
    await run()
    await until(lambda: row(services, "z").state is OutboxState.SENT)
    assert gateway.named("update") == [
        ("C0GENERAL", "2.000000", "1 for C0GENERAL"),
        ("D0JONAS", "1.000000", "1 for U0JONAS"),
    ]


@ON_SQLITE
async def test_what_is_drawn_while_there_is_news_is_left_to_the_news(
    run: Run, services: Services, gateway: FakeGateway
) -> None:
    for slot, recipient in (("a", "U0JONAS"), ("b", "C0GENERAL")):
        plan(services, slot, recipient=recipient)

    def news() -> None:
        gateway.before_update = lambda: None
        plan(services, "news", kind="note.redraw", recipient="")

    gateway.before_update = news
    plan(services, "z", kind="note.redraw", recipient="")
    dispatcher = await run()
    await until(lambda: row(services, "z").state is OutboxState.SKIPPED)
    dispatcher.wake()
    await until(lambda: row(services, "news").state is OutboxState.SENT)
    assert [where for where, *_ in gateway.named("update")] == ["C0GENERAL", "C0GENERAL", "D0JONAS"]


@ON_SQLITE
async def test_a_card_that_waited_for_its_turn_shows_the_state_of_then(
    run: Run, services: Services, gateway: FakeGateway
) -> None:
    for slot, recipient in (("a", "U0JONAS"), ("b", "C0GENERAL")):
        plan(services, slot, recipient=recipient)

    def meanwhile() -> None:
        with services.database.unit_of_work(WORKSPACE) as uow:
            uow.put_workspace(name="Renamed")

    gateway.before_update = meanwhile
    plan(services, "z", kind="state.redraw", recipient="")
    await run()
    await until(lambda: row(services, "z").state is OutboxState.SENT)
    assert [text for *_, text in gateway.named("update")] == ["Sample", "Renamed"]


@ON_SQLITE
async def test_a_day_is_drawn_once_for_all_the_news_in_it(run: Run, services: Services, gateway: FakeGateway) -> None:
    plan(services, "day", kind=DAY, recipient="C0GENERAL", subject="person")
    dispatcher = await run()
    await until(lambda: row(services, "day").state is OutboxState.SENT)
    day = row(services, "day")
    with services.database.unit_of_work(WORKSPACE) as uow:
        for number in range(5):
            uow.add(told(day, number))
            uow.schedule(
                slot=f"news {number}",
                kind="state.redraw",
                recipient="",
                subject="note",
                subject_id=number,
                not_before=NOON,
                at=NOON,
            )
    dispatcher.wake()
    await until(lambda: ledger(services) == ["sent", "sent", *["skipped"] * 4])
    assert [text for *_, text in gateway.named("update")] == ["Sample"]
    plan(services, "later", kind="state.redraw", recipient="", subject_id=1)
    dispatcher.wake()
    await until(lambda: row(services, "later").state is OutboxState.SENT)
    assert len(gateway.named("update")) == 2


@ON_SQLITE
async def test_a_card_that_stands_nowhere_is_not_redrawn(run: Run, services: Services) -> None:
    plan(services, "z", kind="note.redraw", recipient="")
    await run()
    await until(lambda: row(services, "z").state is OutboxState.SKIPPED)


@ON_SQLITE
@pytest.mark.parametrize(
    ("fault", "again_after", "ambiguous"),
    [
        (RateLimited(retry_after=30), timedelta(seconds=30), False),
        (SlackAway("refused"), timedelta(seconds=5), False),
        (TokenRefused("invalid_auth"), timedelta(seconds=5), False),
        (Unanswered("time-out"), timedelta(seconds=5), True),
    ],
)
async def test_a_fault_of_the_moment_is_tried_again(
    run: Run,
    services: Services,
    gateway: FakeGateway,
    clock: StoppedClock,
    fault: SlackError,
    again_after: timedelta,
    ambiguous: bool,
) -> None:
    gateway.faults["post"] = [fault]
    plan(services, "a", recipient="C0GENERAL")
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    put_off = row(services, "a")
    assert (put_off.state, put_off.not_before, put_off.ambiguous) == (
        OutboxState.PENDING,
        NOON + again_after,
        ambiguous,
    )
    clock.advance(again_after)
    if not isinstance(fault, RateLimited):  # there the real clock counts too
        dispatcher.wake()
        await until(lambda: row(services, "a").state is OutboxState.SENT)
        assert len(gateway.named("find_posted")) == ambiguous


@ON_SQLITE
async def test_a_message_that_arrived_before_the_answer_was_lost_is_found(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    gateway.lost_answers = [Unanswered("time-out")]
    plan(services, "a")
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    clock.advance(timedelta(seconds=5))
    dispatcher.wake()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert ledger(services) == ["retried", "found"]
    assert len(gateway.named("post")) == 1
    assert row(services, "a").ts == "1.000000"


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=-1)])
async def test_it_is_looked_for_since_it_was_tried_however_far_the_clock_of_the_bot_is_off(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock, ahead: timedelta
) -> None:
    with services.database.unit_of_work(WORKSPACE) as uow:
        began = database_time.now(uow.connection)
    clock.at = began + ahead
    gateway.lost_answers = [Unanswered("time-out")]
    plan(services, "a", not_before=clock.at, at=clock.at)
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    await again(dispatcher, clock)
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert gateway.looked_since < began
    assert len(gateway.named("post")) == 1


async def again(dispatcher: Dispatcher, clock: StoppedClock) -> None:
    """The back-off after a first failed attempt is over."""
    clock.advance(timedelta(seconds=5))
    dispatcher.wake()


def rename(services: Services, name: str) -> None:
    with services.database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(name=name)


async def test_what_arrived_is_found_and_told_though_its_reason_has_gone(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    with services.database.unit_of_work(WORKSPACE) as uow:
        for number in (1, 2):
            uow.add(Nudge(person_id="U0JONAS", subject="note", subject_id=number, rung="due", reached_at=NOON))
    gateway.lost_answers = [Unanswered("time-out")]
    plan(services, "a", kind="owed")
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    rename(services, "Renamed")
    await again(dispatcher, clock)
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert (ledger(services)[:2], len(gateway.named("post"))) == (["retried", "found"], 1)
    found = row(services, "a")
    with services.database.unit_of_work(WORKSPACE) as uow:
        told, left_out = uow.all(Nudge)
        assert (told.state, told.message_id) == (NudgeState.TOLD, found.id)
        assert (left_out.state, left_out.reason) == (NudgeState.SKIPPED, "replaced")


@ON_SQLITE
async def test_what_is_found_is_drawn_as_it_is_now(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    gateway.lost_answers = [Unanswered("time-out")]
    plan(services, "a", subject="state")
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    rename(services, "Renamed")
    await again(dispatcher, clock)
    await until(lambda: bool(gateway.named("update")))
    assert gateway.named("update") == [("D0JONAS", "1.000000", "Renamed")]


async def test_it_is_looked_for_in_the_thread_in_which_it_was_tried(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    gateway.lost_answers = [Unanswered("time-out")]
    plan(services, "a", kind="thread of now")
    rename(services, "7.7")
    dispatcher = await run()
    await until(lambda: ledger(services) == ["retried"])
    rename(services, "8.8")
    await again(dispatcher, clock)
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert gateway.named("post") == [("U0JONAS", "receipt", "7.7")]
    assert (ledger(services), row(services, "a").thread_ts) == (["retried", "found"], "7.7")


@pytest.mark.parametrize("taken_over", [False, True])
async def test_a_sender_frozen_after_its_claim_posts_nothing_before_it_holds_the_lease_again(
    run: Run, services: Services, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, taken_over: bool
) -> None:
    frozen = [0.0]
    monkeypatch.setattr(fence, "steady", lambda: time.monotonic() + frozen[0])
    monkeypatch.setattr(dispatcher_module, "steady", lambda: time.monotonic() + frozen[0])

    def freeze(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
        if not frozen[0]:
            frozen[0] = SENDER_LEASE.total_seconds() + 1
            if taken_over:
                take_over(services)
        return note(uow, row, at)

    monkeypatch.setitem(COMPOSERS, "note", freeze)
    plan(services, "a")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert (ledger(services), len(gateway.named("post"))) == ((["sent"], 0) if taken_over else (["retried", "sent"], 1))


def take_over(services: Services) -> None:
    """Another replica finds the lease over, and says what was to be said."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        sender_lease.let_go(uow, sender_lease.last_holder(uow) or "")
        assert sender_lease.hold(uow, "the other one", SENDER_LEASE)
        claiming.take_back(uow)
        [taken] = claiming.claim(uow, NOON, 9)
        sent = Settled(Outcome.SENT, posted=Posted("D0JONAS", "9.9"))
        assert record(uow, [Reached(taken, sent, NOON)]) == [Outcome.SENT]


async def test_a_verdict_is_written_down_when_the_database_is_back(
    run: Run, services: Services, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(services, monkeypatch, record, committed=False, times=3)
    plan(services, "a")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert (ledger(services), len(gateway.named("post"))) == (["sent"], 1)


async def test_a_verdict_that_lost_a_race_leaves_nothing_behind(
    run: Run, services: Services, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(services, "a")
    lost_race = VersionConflict(row(services, "a"))
    broken_off(services, monkeypatch, record, committed=False, times=1, fault=lost_race)
    await run()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert (ledger(services), len(gateway.named("post"))) == (["found"], 1)


async def test_rows_whose_claim_was_answered_by_nothing_are_taken_back_at_once(
    run: Run, services: Services, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_off(services, monkeypatch, claim_due, committed=True, times=1)
    for number in range(3):
        plan(services, f"a{number}", recipient=f"C{number}", subject_id=number)
    await run()
    await until(lambda: all(each.state is OutboxState.SENT for each in rows(services.database)))
    assert len(gateway.named("post")) == 3


def broken_off(
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
    command: Callable[..., Any],
    *,
    committed: bool,
    times: int,
    fault: Exception | None = None,
) -> None:
    """The database goes away (or refuses: `fault`) while it is asked to do this, before or after it has done it."""
    away = OperationalError("", {}, OSError("the server closed the connection"))
    whole, faults = services.database.run, [fault or away] * times

    async def sometimes(workspace_id: str, asked: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        bites = asked is command and faults
        result = None if bites and not committed else await whole(workspace_id, asked, *args, **kwargs)
        if bites:
            raise faults.pop()
        return result

    monkeypatch.setattr(services.database, "run", sometimes)


@ON_SQLITE
@pytest.mark.parametrize("arrived", [True, False])
async def test_a_row_left_behind_by_a_killed_sender_is_looked_up_first(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock, arrived: bool
) -> None:
    plan(services, "a")
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert claiming.claim(uow, NOON, 10)  # and then the power fails
    if arrived:
        await gateway.post("D0JONAS", said("note 1"), "a")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert ledger(services) == ["found" if arrived else "sent"]
    assert len(gateway.named("post")) == 1


@ON_SQLITE
async def test_what_a_killed_sender_left_is_sent_as_soon_as_its_sender_lease_is_over(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    plan(services, "a")
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert sender_lease.hold(uow, "the one that was killed", SENDER_LEASE)
        assert claiming.claim(uow, NOON, 10)
    clock.advance(timedelta(days=1))  # by the bot's clock, which has no say
    dispatcher = await run()
    assert await dispatcher._pass() is False
    assert row(services, "a").state is OutboxState.SENDING
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert sender_lease.hold(uow, "the one that was killed", timedelta(0))
    dispatcher.wake()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert ledger(services) == ["sent"]
    assert row(services, "a").ambiguous


@ON_SQLITE
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (MessageRefused("invalid_blocks"), Reason.MESSAGE_REFUSED),
        (ChannelGone("is_archived"), Reason.PLACE_GONE),
        (MessageGone("thread_not_found"), Reason.CAN_NO_LONGER_CHANGE),
        (SlackError("something new"), Reason.SLACK_REFUSED),
    ],
)
async def test_a_message_slack_refuses_has_failed_and_a_lead_is_told_that_day(
    run: Run, services: Services, gateway: FakeGateway, fault: SlackError, reason: Reason
) -> None:
    gateway.faults["post"] = [fault]
    plan(services, "a")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.FAILED)
    assert row(services, "a").reason == reason
    assert silences(services) == [("U0MIRA", "U0JONAS", {"reason": reason})]


@ON_SQLITE
async def test_what_waits_for_an_invitation_is_sent_after_it_and_a_lead_is_told(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    gateway.faults["post"] = [NotInChannel("not_in_channel")]
    plan(services, "a", recipient="C0GENERAL")
    dispatcher = await run()
    await until(lambda: row(services, "a").attempts == 1 and row(services, "a").state is OutboxState.PENDING)
    assert silences(services) == [("U0MIRA", "C0GENERAL", {"reason": Reason.NOT_IN_CHANNEL})]
    clock.advance(timedelta(hours=1))
    dispatcher.wake()
    await until(lambda: row(services, "a").state is OutboxState.SENT)


async def test_a_lead_is_told_once_a_day_of_a_place_that_cannot_be_reached(
    run: Run, services: Services, gateway: FakeGateway
) -> None:
    fault = ChannelGone("is_archived")
    gateway.faults["post"] = [fault, fault]
    plan(services, "a", recipient="C0GENERAL")
    plan(services, "b", recipient="C0GENERAL")
    await run()
    await until(lambda: [row(services, slot).state for slot in "ab"] == [OutboxState.FAILED] * 2)
    assert silences(services) == [("U0MIRA", "C0GENERAL", {"reason": Reason.PLACE_GONE})]


@ON_SQLITE
async def test_a_lead_who_cannot_be_reached_is_not_told_so(run: Run, services: Services, gateway: FakeGateway) -> None:
    gateway.faults["post"] = [ChannelGone("channel_not_found")]
    plan(services, "a", kind=DAY, recipient="U0MIRA")
    await run()
    await until(lambda: row(services, "a").state is OutboxState.FAILED)
    assert len(rows(services.database)) == 1


@ON_SQLITE
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (RateLimited(retry_after=1), Reason.SLACK_ASKED_TO_WAIT),
        (SlackAway("refused"), Reason.SLACK_AWAY),
        (TokenRefused("invalid_auth"), Reason.TOKEN_REFUSED),
        (MissingScope("missing_scope"), Reason.SCOPE_MISSING),
        (NotInChannel("not_in_channel"), Reason.NOT_IN_CHANNEL),
    ],
)
def test_what_gets_better_by_itself_is_given_up_by_age_and_not_by_attempts(
    services: Services, fault: SlackError, reason: Reason
) -> None:
    plan(services, "a")
    for seconds in range(100):
        assert put_off(services, fault, NOON + timedelta(seconds=seconds)) is Outcome.RETRIED
    let_fail_for(services, GIVEN_UP_AFTER - timedelta(minutes=1))
    assert put_off(services, fault, NOON) is Outcome.RETRIED
    let_fail_for(services, timedelta(minutes=1))
    assert put_off(services, fault, NOON) is Outcome.FAILED
    assert row(services, "a").reason == lost(Lost.GIVEN_UP, reason)
    assert ("U0MIRA", "U0JONAS") in [(lead, whom) for lead, whom, _ in silences(services)]


def test_a_clock_of_the_bot_that_is_put_forward_by_days_gives_nothing_up(services: Services) -> None:
    plan(services, "a")
    for number in range(LEAST_ATTEMPTS):
        put_off(services, SlackAway(), NOON + timedelta(seconds=number))
    assert put_off(services, SlackAway(), NOON + 2 * GIVEN_UP_AFTER) is Outcome.RETRIED


@ON_SQLITE
def test_what_nobody_was_there_to_try_is_not_given_up(services: Services) -> None:
    plan(services, "a")
    put_off(services, SlackAway(), NOON)
    let_fail_for(services, 2 * GIVEN_UP_AFTER)
    assert put_off(services, SlackAway(), NOON) is Outcome.RETRIED


async def test_what_may_stand_in_slack_is_not_given_up_before_it_was_looked_for(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    plan(services, "a")
    for number in range(LEAST_ATTEMPTS):
        put_off(services, Unanswered("time-out"), NOON + timedelta(seconds=number))
    let_fail_for(services, 2 * GIVEN_UP_AFTER)
    gateway.faults["find_posted"] = [RateLimited(retry_after=0), SlackAway()]
    waiting = row(services, "a")
    with services.database.unit_of_work(WORKSPACE) as uow:
        uow.change(waiting, not_before=NOON)
    await run()
    await until(lambda: ledger(services)[-2:] == ["retried", "retried"] and not gateway.faults["find_posted"])
    clock.advance(timedelta(hours=2))
    await until(lambda: row(services, "a").state is OutboxState.SENT)


def let_fail_for(services: Services, age: timedelta) -> None:
    """By so much longer has it been failing, by the database's clock."""
    waiting = row(services, "a")
    assert waiting.failing_since is not None
    with services.database.unit_of_work(WORKSPACE) as uow:
        uow.change(waiting, failing_since=waiting.failing_since - age)


def put_off(services: Services, fault: SlackError, at: datetime) -> Outcome:
    """One attempt that Slack answers with this fault, whenever it was to be tried again."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        [claimed] = [each for each in claiming.claim(uow, NOON + timedelta(days=99), 9) if each.slot == "a"]
        [outcome] = record(uow, [Reached(claimed, of_error(fault, claimed), at)])
    return outcome


@ON_SQLITE
def test_what_slack_asks_us_to_wait_is_waited_exactly_and_lengthens_nothing(services: Services) -> None:
    plan(services, "a")
    waits = []
    for fault in (SlackAway(), *[RateLimited(retry_after=7)] * 9, SlackAway(), *[SlackAway()] * 20):
        put_off(services, fault, NOON)
        waits.append((row(services, "a").not_before - NOON).total_seconds())
    assert waits[:11] == [5, *[7] * 9, 10]
    assert waits[-1] == 3600


@ON_SQLITE
async def test_a_composer_that_breaks_holds_up_nobody(run: Run, services: Services, gateway: FakeGateway) -> None:
    plan(services, "a", kind="broken")
    plan(services, "b", kind="nobody composes this")
    plan(services, "c")
    await run()
    await until(lambda: row(services, "c").state is OutboxState.SENT)
    await until(lambda: row(services, "b").state is OutboxState.FAILED)
    await until(lambda: row(services, "a").reason == Reason.NOT_COMPOSED)
    assert row(services, "a").state is OutboxState.PENDING


@ON_SQLITE
async def test_conversations_wait_for_themselves_only(run: Run, services: Services, gateway: FakeGateway) -> None:
    for number in range(8):
        plan(services, f"a{number}", recipient="C0BUSY", subject_id=number)
    plan(services, "z", recipient="C0QUIET", subject_id=99)
    await run()
    await until(lambda: row(services, "z").state is OutboxState.SENT)
    sent = [channel for channel, _, _ in gateway.named("post")]
    assert sent.count("C0BUSY") < 8


@ON_SQLITE
async def test_what_is_about_no_row_waits_for_its_conversation_only(
    run: Run, services: Services, gateway: FakeGateway
) -> None:
    for number in range(20):  # more than may go at once to one person
        plan(services, f"to jonas {number}", subject="answer", subject_id=0)
    plan(services, "to mira", recipient="U0MIRA", subject="answer", subject_id=0)
    await run()
    await until(lambda: row(services, "to mira").state is OutboxState.SENT)
    assert len(gateway.named("post")) < 10


@ON_SQLITE
async def test_stopping_gives_back_what_waits_for_its_turn(run: Run, services: Services) -> None:
    for number in range(8):
        plan(services, f"a{number}", recipient="C0BUSY", subject_id=number)
    dispatcher = await run()
    await until(lambda: "sent" in ledger(services))
    await dispatcher.stop()
    assert {each.state for each in rows(services.database)} == {OutboxState.SENT, OutboxState.PENDING}
    assert not any(each.ambiguous for each in rows(services.database))


async def test_two_senders_do_not_send_twice(run: Run, services: Services, gateway: FakeGateway) -> None:
    for number in range(4):
        plan(services, f"a{number}", recipient=f"C{number}", subject_id=number)
    first, second = await run(), await run()
    await until(lambda: all(each.state is OutboxState.SENT for each in rows(services.database)))
    assert len(gateway.named("post")) == 4
    await first.stop()
    plan(services, "b")
    second.wake()
    await until(lambda: row(services, "b").state is OutboxState.SENT)


@ON_SQLITE
async def test_a_jump_of_the_clock_sends_nothing_twice(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    gateway.holds = asyncio.Event()
    plan(services, "a")
    dispatcher = await run()
    await until(lambda: len(gateway.named("post")) == 1)
    clock.advance(timedelta(days=1))
    dispatcher.wake()
    gateway.holds.set()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
    assert len(gateway.named("post")) == 1


@ON_SQLITE
async def test_after_a_jump_of_the_clock_the_planners_look_first(
    run: Run, services: Services, gateway: FakeGateway, clock: StoppedClock
) -> None:
    dispatcher = await run()
    dispatcher.looked(clock.now())
    plan(services, "a", not_before=NOON + timedelta(days=1))
    clock.advance(timedelta(days=2))
    assert await dispatcher._pass() is False
    assert ledger(services) == []
    dispatcher.looked(clock.now())
    await until(lambda: row(services, "a").state is OutboxState.SENT)


@ON_SQLITE
async def test_a_database_that_stumbles_does_not_end_the_sending(
    run: Run, services: Services, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = services.database.read
    faults = [OSError("the disk is away")]

    async def sometimes(*args: Any, **kwargs: Any) -> Any:
        if faults:
            raise faults.pop()
        return await whole(*args, **kwargs)

    monkeypatch.setattr(services.database, "read", sometimes)
    plan(services, "a")
    dispatcher = await run()
    await until(lambda: row(services, "a").reason == Reason.DATABASE_AWAY)
    clock.advance(timedelta(seconds=5))
    dispatcher.wake()
    await until(lambda: row(services, "a").state is OutboxState.SENT)
