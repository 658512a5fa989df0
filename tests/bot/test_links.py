"""A link on its way in: row and bytes agree whenever it is cut off, and every failure has its sentence."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from aiohttp import web

from bot.evidence import links
from bot.services import Services
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE, do_errands
from tests.bot.test_fetching import local, report, serving, to
from tests.storage.samples import stored_task
from tests.workflows.conftest import deed
from workflows.deed import Deed
from workflows.evidence import links as rules

PAGE = "http://status.example.org/page"


@pytest.fixture
def fetching(services: Services) -> Services:
    """A house that may fetch."""
    return replace(
        services,
        settings=services.settings.model_copy(update={"fetch_links": ("*.example.org",), "fetch_plain_http": True}),
    )


def given(services: Services) -> Evidence:
    """A link that Mira has just given for a task."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        task = uow.change(stored_task(uow), state="open")
        return rules.give(deed(uow, "U0MIRA", NOON), task_id=task.id, url=PAGE, note="")


def rows(services: Services) -> list[Evidence]:
    with services.database.unit_of_work(WORKSPACE) as uow:
        return uow.all(Evidence)


async def answers_500(_request: web.Request) -> web.Response:
    return web.Response(status=500)


async def empty(_request: web.Request) -> web.Response:
    return web.Response(body=b"")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (answers_500, "bad_answer"),
        (empty, "empty"),
        (to("https://evil.example.com/"), "redirected"),
        (to("/page"), "redirected"),
    ],
)
@ON_SQLITE
async def test_what_cannot_be_had_is_told(
    fetching: Services, answer: Callable[[web.Request], Awaitable[web.StreamResponse]], fault: str
) -> None:
    async with serving(page=answer) as server:
        given(fetching)
        await do_errands(replace(fetching, fetcher=local(server)))
    [refused] = rows(fetching)
    assert (refused.state, refused.reason) == (EvidenceState.REFUSED, fault)
    with fetching.database.unit_of_work(WORKSPACE) as uow:
        assert [row.kind for row in uow.all(OutboxRow) if row.subject == "evidence"] == ["evidence.refused"]


async def test_what_a_crash_cut_off_is_fetched_at_the_next_start(fetching: Services) -> None:
    half_way = asyncio.Event()

    async def stalls(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"half of it")
        half_way.set()
        await asyncio.sleep(30)
        return answer

    given(fetching)
    async with serving(page=stalls) as server:
        cut_off = replace(fetching, fetcher=local(server))
        await cut_off.take_up(WORKSPACE)
        await half_way.wait()
        await cut_off.background.finish(seconds=0)
    assert [(each.state, each.sha256) for each in rows(fetching)] == [(EvidenceState.COLLECTING, None)]
    async with serving(page=report) as server:
        await do_errands(replace(fetching, fetcher=local(server)))
    kept = rows(fetching)
    assert [each.state for each in kept] == [EvidenceState.KEPT, EvidenceState.KEPT]
    assert all([await fetching.blobs.check(each.sha256 or "") for each in kept])


@ON_SQLITE
async def test_fetching_twice_keeps_it_once(fetching: Services) -> None:
    given(fetching)
    with fetching.database.unit_of_work(WORKSPACE) as uow:
        [errand] = uow.all(Errand)
    async with serving(page=report) as server:
        conclusions = [await links.fetch(replace(fetching, fetcher=local(server)), errand) for _ in range(2)]
    for conclude in conclusions:
        with fetching.database.unit_of_work(WORKSPACE) as uow:
            conclude(Deed.of_the_bot(uow, NOON))
    with fetching.database.unit_of_work(WORKSPACE) as uow:
        assert (uow.count(Evidence), uow.count(EvidenceUse)) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://a.example.org/x?a=1&copy=2", "https://a.example.org/x?a=1&copy=2"),
        ("<https://a.example.org/x>", "https://a.example.org/x"),
        ("<https://a.example.org/x|a.example.org/x>", "https://a.example.org/x"),
    ],
)
def test_an_address_is_read_as_slack_writes_it(typed: str, address: str) -> None:
    assert links._typed(typed) == address


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://a.example.org/reports/q3.pdf?x=1", "q3.pdf"),
        ("https://a.example.org/", "a.example.org.html"),
        ("https://a.example.org/..%2f..%2fetc%2fpasswd", "../../etc/passwd"),
    ],
)
def test_what_a_page_is_called(url: str, name: str) -> None:
    assert links.file_name(url) == name
