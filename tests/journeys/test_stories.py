"""The stories that come along, played as their readers see them: real processes, a kill in the middle."""

import asyncio
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.progress import Progress
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col

from bot.commands.demo import Demo, stories, story_called
from bot.commands.doctor import inspect
from sandbox.server import Sandbox
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.record.outbox import Delivery, OutboxRow, OutboxState


async def slots_seen(sandbox: Sandbox) -> Counter[str]:
    """How often each planned message stands in Slack, over everybody's direct conversations and the channel."""
    told = sandbox.environment
    slack = AsyncWebClient(token=told["SLACK_BOT_TOKEN"], base_url=told["SLACK_API_URL"])
    humans = [each for each in (await slack.users_list())["members"] if not each["deleted"] and not each["is_bot"]]
    people = [each["id"] for each in humans if each["id"] != "USLACKBOT"]
    conversations = [(await slack.conversations_open(users=person))["channel"]["id"] for person in people]
    seen: Counter[str] = Counter()
    for conversation in [*conversations, "C0MGMT"]:
        history = await slack.conversations_history(channel=conversation, include_all_metadata=True, limit=200)
        found = [message["metadata"] for message in history["messages"] if "metadata" in message]
        seen.update(each["event_payload"]["slot"] for each in found)
    return seen


async def played(name: str, folder: Path, database_url: str) -> Counter[str]:
    """Play a story; how often each planned message stands in Slack at the end."""
    story = story_called(name)
    demo = Demo(folder, 0, story, database_url)
    async with demo.running() as player:
        await player.prepare(story)
        for step in story.steps:
            await player.play(step)
        return await slots_seen(demo.sandbox)


@pytest.mark.parametrize("name", stories())
def test_a_story_says_when_it_begins_and_goes_on_from_there(name: str) -> None:
    story = story_called(name)
    assert story.begins is not None
    moves = [step.what["to"] for step in story.steps if step.deed == "clock" and "to" in step.what]
    days = [story.begins.date(), *(datetime.fromisoformat(moment).date() for moment in moves)]
    assert days == sorted(days)


@pytest.mark.timeout(300)  # real processes, started twice, and half a hundred steps
async def test_the_whole_day_and_nobody_is_told_twice(tmp_path: Path, database_url: str) -> None:
    seen = await played("one_working_day", tmp_path, database_url)
    assert {slot.partition(":")[0] for slot in seen} >= {
        "day",
        "interview.invitation",
        "nonconformity.card",
        "digest",
    }
    assert [slot for slot, times in seen.items() if times > 1] == []
    await nothing_is_lost(tmp_path, database_url, files=3)


@pytest.mark.timeout(300)  # see above
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_bad_day_on_which_nobody_is_told_twice_either(tmp_path: Path, database_url: str) -> None:
    seen = await played("a_bad_day", tmp_path, database_url)
    assert {slot.partition(":")[0] for slot in seen} >= {"day"}
    assert [slot for slot, times in seen.items() if times > 1] == []
    await nothing_is_lost(tmp_path, database_url, files=2)


@pytest.mark.timeout(300)  # see above
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_three_years_in_which_nobody_is_written_to_twice_on_a_day(tmp_path: Path, database_url: str) -> None:
    story = story_called("three_years")
    demo = Demo(tmp_path, 0, story, database_url)
    async with demo.running() as player:
        await player.prepare(story)
        for step in story.steps:
            if step.deed == "clock":
                await all_is_said(database_url, demo.sandbox)
            await player.play(step)
        told = await days_told(demo.sandbox)
    assert len({day for name, day in told if name == "mira"}) >= 5
    assert {day: count for day, count in told.items() if count > 1} == {}


async def all_is_said(database_url: str, sandbox: Sandbox) -> None:
    """Wait for what is due: a message that is on its way while the clock jumps is dated after the jump."""
    database = Database.open(database_url)
    async with asyncio.timeout(60):
        while await database.read("T0ALDER", _due, sandbox.clock.now()):  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.05)
    await database.close()


def _due(uow: UnitOfWork, now: datetime) -> bool:
    waiting = uow.all(OutboxRow, col(OutboxRow.state).in_((OutboxState.PENDING, OutboxState.SENDING)))
    return any(each.not_before <= now and not each.kind.endswith(".redraw") for each in waiting)


async def days_told(sandbox: Sandbox) -> Counter[tuple[str, date]]:
    """How often each person was written to on each of their days, apart from threads and answers to a press."""
    environment = sandbox.environment
    slack = AsyncWebClient(token=environment["SLACK_BOT_TOKEN"], base_url=environment["SLACK_API_URL"])
    told: Counter[tuple[str, date]] = Counter()
    for person in (await slack.users_list())["members"]:
        if person["deleted"] or person["is_bot"] or person["id"] == "USLACKBOT":
            continue
        conversation = (await slack.conversations_open(users=person["id"]))["channel"]["id"]
        history = await slack.conversations_history(channel=conversation, include_all_metadata=True, limit=500)
        for message in history["messages"]:
            slot = message.get("metadata", {}).get("event_payload", {}).get("slot", "programme.started")
            if not slot.startswith("programme.started"):
                at = datetime.fromtimestamp(float(message["ts"]), ZoneInfo(person["tz"]))
                told[person["name"], at.date()] += 1
    return told


async def nothing_is_lost(folder: Path, database_url: str, *, files: int) -> None:
    """So many files are kept as they came, and whatever was to be said was said, or waits for its day."""
    database = Database.open(database_url)
    with Progress(disable=True) as progress:
        found = await inspect(database, BlobStore.open(str(folder / "evidence")), progress)
    assert (found.faults, found.files) == ((), files)
    with database.unit_of_work("T0ALDER") as uow:
        rows, deliveries = uow.all(OutboxRow), uow.all(Delivery)
    await database.close()
    due = [row for row in rows if row.state not in (OutboxState.SENT, OutboxState.SKIPPED)]
    assert all(row.state is OutboxState.PENDING for row in due)
    assert {row.id for row in rows if row.settled_at} <= {line.outbox_id for line in deliveries}
