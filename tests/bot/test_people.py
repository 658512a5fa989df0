"""The directory follows what Slack tells of people."""

from typing import Any

import pytest

from bot.people import handlers as people_handlers
from storage.engine.database import Database
from storage.people import queries as people_queries
from tests.bot import kit
from tests.bot.conftest import ON_SQLITE, Deliver
from tests.bot.kit import WORKSPACE


def told(kind: str, **user: Any) -> kit.Json:
    """An event that carries the whole user."""
    whole = {
        "id": "U0NEW",
        "name": "new",
        "real_name": "Nadia New",
        "tz": "Asia/Tokyo",
        "profile": {"title": "Trainee"},
    }
    return kit.happening({"type": kind, "user": {**whole, **user}}, event_id=f"Ev{kind}{len(user)}")


@ON_SQLITE
@pytest.mark.parametrize("kind", ["team_join", "user_change"])
async def test_somebody_new_is_known_at_once(deliver: Deliver, database: Database, kind: str) -> None:
    assert (await deliver(people_handlers.ROUTES, told(kind))).status == 200
    with database.unit_of_work(WORKSPACE) as uow:
        known = people_queries.person(uow, "U0NEW")
    assert known is not None
    assert (known.name, known.title, known.zone) == ("Nadia New", "Trainee", "Asia/Tokyo")


@ON_SQLITE
async def test_whoever_leaves_is_known_to_have_left(deliver: Deliver, database: Database) -> None:
    await deliver(people_handlers.ROUTES, told("team_join"))
    await deliver(people_handlers.ROUTES, told("user_change", deleted=True))
    with database.unit_of_work(WORKSPACE) as uow:
        known = people_queries.person(uow, "U0NEW")
    assert known is not None
    assert known.is_deactivated
