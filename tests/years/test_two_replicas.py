"""Two replicas that beat at the same moments for a year say what one alone says: nothing twice, and nothing missing."""

import asyncio
import shutil
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from storage.engine.database import Database
from tests.conftest import WORKSPACE, Postgres, migrate
from tests.years.lives import AFTERNOON, MORNING, Life, begin, days, owners_act

BEGAN = date(2026, 11, 23)
ENDED = date(2027, 11, 22)


async def live(*replicas: Life) -> list[str]:
    """A year of these replicas, on one database; the slots of what they said."""
    first = replicas[0].database
    await first.run(WORKSPACE, begin, datetime.combine(BEGAN, MORNING, UTC))
    for day in days(BEGAN, ENDED):
        for beat in (MORNING, AFTERNOON):
            await asyncio.gather(*(each.beat(datetime.combine(day, beat, UTC)) for each in replicas))
        await first.run(WORKSPACE, owners_act, datetime.combine(day, AFTERNOON, UTC))
    for each in replicas:
        await each.database.close()
    return [said.slot for each in replicas for said in each.slack.said]


@pytest.mark.timeout(300)  # two hundred and sixty working days, twice
async def test_what_two_say_is_what_one_says(postgres: Postgres, sqlite_template: Path, tmp_path: Path) -> None:
    alone = tmp_path / "alone.db"
    shutil.copy(sqlite_template, alone)
    one = await live(Life(Database.open(f"sqlite:///{alone}")))
    url = postgres.create()
    migrate(url)
    pair = [Life(Database.open(url), holder) for holder in ("the one", "the other")]
    two = await live(*pair)
    assert {slot: count for slot, count in Counter(two).items() if count > 1} == {}
    assert sorted(two) == sorted(one)
    assert all(each.slack.said for each in pair)
