"""The story of the demo, played as its readers see it: real processes, a kill in the middle, both databases."""

from collections import Counter
from pathlib import Path

from rich.progress import Progress

from bot.demo import Demo, the_day
from bot.doctor import inspect
from sandbox.story import Player
from storage.blobs import BlobStore
from storage.database import Database
from storage.outbox import Delivery, OutboxRow, OutboxState


async def slots_seen(player: Player) -> Counter[str]:
    """How often each planned message stands in Slack, over everybody's conversations."""
    seen: Counter[str] = Counter()
    for person in (await player.hands.workspace())["people"]:
        if person.get("deleted") or person.get("is_bot") or person["id"] == "USLACKBOT":
            continue
        hands = player.hands.person(person["id"])
        for message in await hands.messages():
            if metadata := message.get("metadata"):
                seen[metadata["event_payload"]["slot"]] += 1
    return seen


async def test_the_whole_day_and_nobody_is_told_twice(tmp_path: Path, database_url: str) -> None:
    demo = Demo(tmp_path, 0, database_url)
    async with demo.running() as player:
        for chapter in the_day().chapters:
            for step in chapter.steps:
                await player.play(step)
        seen = await slots_seen(player)
    assert seen
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
