"""The story of the demo, played as its readers see it: real processes, a kill in the middle, both databases."""

from collections import Counter
from pathlib import Path

import pytest
from rich.progress import Progress
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo import Demo, the_day
from bot.doctor import inspect
from sandbox.server import Sandbox
from storage.blobs import BlobStore
from storage.database import Database
from storage.outbox import Delivery, OutboxRow, OutboxState


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


@pytest.mark.timeout(300)  # real processes, started twice, and half a hundred steps
async def test_the_whole_day_and_nobody_is_told_twice(tmp_path: Path, database_url: str) -> None:
    demo = Demo(tmp_path, 0, database_url)
    async with demo.running() as player:
        for chapter in the_day().chapters:
            for step in chapter.steps:
                await player.play(step)
        seen = await slots_seen(demo.sandbox)
    assert {slot.partition(":")[0] for slot in seen} >= {
        "task.nudge",
        "interview.answers",
        "nonconformity.card",
        "digest",
    }
    assert [slot for slot, times in seen.items() if times > 1] == []
    database = Database.open(database_url)
    with Progress(disable=True) as progress:
        found = await inspect(database, BlobStore.open(str(tmp_path / "evidence")), progress)
    assert (found.faults, found.files) == ((), 2)
    with database.unit_of_work("T0ALDER") as uow:
        rows, deliveries = uow.all(OutboxRow), uow.all(Delivery)
    await database.close()
    due = [row for row in rows if row.state not in (OutboxState.SENT, OutboxState.SKIPPED)]
    assert all(row.state is OutboxState.PENDING for row in due)
    assert {row.id for row in rows if row.settled_at} <= {line.outbox_id for line in deliveries}
