"""What is asked for in the same moment is done in one transaction, and one that fails takes down none of the others."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.sending.together import Together
from bot.services import Services
from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person
from tests.bot.kit import NOON, WORKSPACE


class Adding:
    """Adds people by name, and counts how many were asked for in each transaction that was tried."""

    def __init__(self) -> None:
        self.tried: list[int] = []

    def __call__(self, uow: UnitOfWork, names: Sequence[str]) -> list[str]:
        self.tried.append(len(names))
        return [self._add(uow, name) for name in names]

    def _add(self, uow: UnitOfWork, name: str) -> str:
        if name == "nobody":
            raise ValueError(name)
        return uow.add(Person(slack_id=name, name=name, synced_at=NOON)).name


async def test_those_who_ask_at_once_share_a_transaction(services: Services) -> None:
    adding = Adding()
    together = Together(services.database, adding)
    names = [f"U{number}" for number in range(5)]
    assert await asyncio.gather(*(together.run(WORKSPACE, name) for name in names)) == names
    assert await together.run(WORKSPACE, "UALONE") == "UALONE"
    assert adding.tried == [5, 1]


async def test_who_asks_meanwhile_goes_with_the_next(services: Services) -> None:
    adding = Adding()
    together = Together(services.database, adding)
    first = asyncio.create_task(together.run(WORKSPACE, "UFIRST"))
    while not adding.tried:  # noqa: ASYNC110 - nobody tells us
        await asyncio.sleep(0)
    await asyncio.gather(first, *(together.run(WORKSPACE, name) for name in ("U2", "U3")))
    assert adding.tried == [1, 2]


async def test_one_that_fails_takes_down_none_of_the_others(services: Services) -> None:
    together = Together(services.database, Adding())
    asked = [together.run(WORKSPACE, name) for name in ("U1", "nobody", "U2")]
    one, failed, other = await asyncio.gather(*asked, return_exceptions=True)
    assert (one, other) == ("U1", "U2")
    assert isinstance(failed, ValueError)
    there = await services.database.read(
        WORKSPACE, lambda uow: [people_queries.person(uow, "U1"), people_queries.person(uow, "U2")]
    )
    assert all(there)


async def test_who_stops_waiting_keeps_nobody(services: Services) -> None:
    together = Together(services.database, Adding())
    gone, waiting = (asyncio.create_task(together.run(WORKSPACE, name)) for name in ("U1", "U2"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await waiting == "U2"
    with pytest.raises(asyncio.CancelledError):
        await gone
