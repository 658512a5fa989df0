"""Conversations read again: a few at a time, on from where it stood, and nothing is taken twice."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.errands import Errands
from bot.evidence.dropped import A_DAY, A_MINUTE, CONVERSATIONS_AT_ONCE, OVERLAP, look_back_soon
from bot.rooms import ERRANDS
from bot.services import Services
from bot.slack.errors import SlackAway
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import DroppedMessage
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow, OutboxState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE, FakeGateway, StoppedClock, do_errands

AN_HOUR = timedelta(hours=1)
CONVERSATIONS = [f"D{number:02}" for number in range(CONVERSATIONS_AT_ONCE + 5)]


class Reading(FakeGateway):
    """A Slack in whose conversations something was said, each at a moment."""

    def __init__(self, said: Mapping[str, Mapping[str, Any]]) -> None:
        super().__init__()
        self.said = said

    async def messages(
        self, channel: str, since: datetime, thread_ts: str | None = None
    ) -> AsyncIterator[Mapping[str, Any]]:
        self._called("messages", channel)
        yield self.said[channel]


def file_at(at: datetime, **more: Any) -> dict[str, Any]:
    """A message with a file that nobody asked for."""
    file = {"id": "F1", "name": "holiday.txt"}
    return {"user": "U0JONAS", "ts": f"{at.timestamp():.6f}", "text": "", "files": [file]} | more


def spoken(uow: UnitOfWork) -> None:
    """We have said something in every conversation."""
    for channel_id in CONVERSATIONS:
        uow.schedule(
            slot=channel_id, kind="answer", recipient="U1", subject="a", subject_id=0, not_before=NOON, at=NOON
        )
    for row in uow.all(OutboxRow):
        uow.change(row, channel_id=row.slot, state=OutboxState.SENT)


async def begun(services: Services, said: Mapping[str, Mapping[str, Any]]) -> Services:
    """A bot that has read until noon."""
    await look_back_soon(services, WORKSPACE)
    await services.database.run(WORKSPACE, spoken)
    return another(services, said)


def another(services: Services, said: Mapping[str, Mapping[str, Any]]) -> Services:
    return replace(services, gateway=Reading(said), do_errands=Errands(ERRANDS).take_up)


async def found(services: Services) -> tuple[list[str], Errand]:
    """In which conversations something was found, and the errand of reading on."""

    def look(uow: UnitOfWork) -> tuple[list[str], Errand]:
        [standing] = uow.all(Errand)
        return sorted(each.channel_id for each in uow.all(DroppedMessage)), standing

    return await services.database.read(WORKSPACE, look)


@ON_SQLITE
async def test_a_restart_reads_on_behind_the_last_conversation(services: Services, clock: StoppedClock) -> None:
    said = {each: file_at(NOON + AN_HOUR / 2) for each in CONVERSATIONS}
    bot = await begun(services, said)
    clock.advance(AN_HOUR)
    await look_back_soon(bot, WORKSPACE)
    await do_errands(bot)
    channels, standing = await found(bot)
    assert channels == CONVERSATIONS[:CONVERSATIONS_AT_ONCE]
    assert (standing.values["behind"], standing.not_before) == (channels[-1], clock.at + A_MINUTE)

    after = another(services, said)
    clock.advance(A_MINUTE)
    await look_back_soon(after, WORKSPACE)
    await do_errands(after)
    channels, standing = await found(after)
    assert channels == CONVERSATIONS
    assert standing.values == {"since": (NOON + AN_HOUR).isoformat(), "until": None, "behind": ""}
    assert standing.not_before == clock.at + A_DAY


@ON_SQLITE
async def test_what_was_said_beside_a_file_is_kept_as_it_was_typed(services: Services, clock: StoppedClock) -> None:
    said = file_at(NOON + AN_HOUR / 2, text="R&amp;D, &lt;final&gt;")
    bot = await begun(services, dict.fromkeys(CONVERSATIONS, said))
    clock.advance(AN_HOUR)
    await look_back_soon(bot, WORKSPACE)
    await do_errands(bot)
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert {each.note for each in uow.all(DroppedMessage)} == {"R&D, <final>"}


@ON_SQLITE
async def test_what_is_no_dropped_file_of_a_person_is_passed_over(services: Services, clock: StoppedClock) -> None:
    with services.database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(bot_user_id="U0APP")
    said = dict.fromkeys(CONVERSATIONS, file_at(NOON - OVERLAP - AN_HOUR))
    said |= {
        "D01": file_at(NOON, user="U0APP"),
        "D02": file_at(NOON, files=[{"id": "F2", "mode": "tombstone"}]),
        "D03": file_at(NOON, files=[]),
        "D04": file_at(NOON, user="U0NOBODY"),
    }
    bot = await begun(services, said)
    clock.advance(AN_HOUR)
    await look_back_soon(bot, WORKSPACE)
    await do_errands(bot)
    assert (await found(bot))[0] == ["D04"]
    told = await bot.database.read(WORKSPACE, lambda uow: uow.matching(OutboxRow, kind="answer", recipient="D04"))
    assert len(told) == 1


@ON_SQLITE
async def test_a_slack_that_is_away_puts_it_off_and_nothing_is_skipped(services: Services, clock: StoppedClock) -> None:
    bot = await begun(services, {each: file_at(NOON + AN_HOUR) for each in CONVERSATIONS})
    clock.advance(2 * AN_HOUR)
    assert isinstance(bot.gateway, FakeGateway)
    bot.gateway.faults["messages"] = [SlackAway("HTTP 503")]
    await look_back_soon(bot, WORKSPACE)
    await do_errands(bot)
    assert (await found(bot))[0] == []
    clock.advance(A_MINUTE)
    await do_errands(bot)
    assert len((await found(bot))[0]) == CONVERSATIONS_AT_ONCE
