"""Probes at the edge: a real server is asked, row and bytes agree, and nothing inside is ever reached."""

from dataclasses import replace
from datetime import date

import pytest
from aiohttp import web

from bot.machines import probes
from bot.services import Services
from storage.evidence.tables import Evidence, EvidenceState
from storage.machines.tables import ProbeRun, RunState
from storage.tasks.tables import Task
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE
from tests.bot.test_fetching import local, resolving, serving, to
from tests.storage.samples import stored_task
from tests.workflows.conftest import the_bot
from workflows.machines import probes as rules
from workflows.machines.probes import Probe

pytestmark = ON_SQLITE
URL = "http://status.example.org/page"
ASKED = Probe(
    "backups", URL, "access-review", ("status == 'ok'",), headers=(("X-Key", "hunter2"),), secrets=("hunter2",)
)


@pytest.fixture
def probing(services: Services) -> Services:
    """A house with a probe, whose obligation has an open task."""
    with services.database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(programme_started_on=date(2026, 11, 1))
        uow.change(stored_task(uow), state="open")
    settings = services.settings.model_copy(update={"fetch_plain_http": True})
    return replace(services, settings=settings, probes=(ASKED,))


async def answers(request: web.Request) -> web.Response:
    assert request.headers["X-Key"] == "hunter2"
    return web.json_response({"status": "ok"})


async def fails(_request: web.Request) -> web.Response:
    return web.json_response({"status": "hunter2"})


async def broken(_request: web.Request) -> web.Response:
    return web.Response(status=500)


async def asked(services: Services) -> tuple[list[ProbeRun], list[Evidence], list[Task]]:
    with services.database.unit_of_work(WORKSPACE) as uow:
        run = rules.claim(the_bot(uow, services.clock.now()), ASKED)
    assert run is not None
    await probes.ask(services, WORKSPACE, ASKED, run, pauses=(0, 0))
    with services.database.unit_of_work(WORKSPACE) as uow:
        return uow.all(ProbeRun), uow.all(Evidence), uow.all(Task)


async def test_what_is_as_expected_is_kept_with_how_it_came(probing: Services) -> None:
    async with serving(page=answers) as server:
        started = replace(probing, fetcher=local(server))
        await probes.run_due(started, WORKSPACE)
        await started.background.finish(seconds=5)
        await probes.run_due(started, WORKSPACE)
    with probing.database.unit_of_work(WORKSPACE) as uow:
        [run], [body, record] = uow.all(ProbeRun), uow.all(Evidence)
    assert (run.state, run.sha256) == (RunState.MET, body.sha256)
    assert (body.state, body.name, record.state) == (EvidenceState.KEPT, "backups-2026-03-02.json", EvidenceState.KEPT)
    said = b"".join([chunk async for chunk in probing.blobs.stream(record.sha256 or "")]).decode()
    assert "Expected by the probe backups, and found so\n\nstatus == 'ok'" in said
    assert "hunter2" not in said
    assert await probing.blobs.check(body.sha256 or "")


@pytest.mark.parametrize(
    ("answer", "sees"),
    [
        (fails, "expected “status == 'ok'” but saw: \"…\""),
        (broken, "no usable answer: HTTP 500"),
        (to("https://elsewhere.example.com/"), "it was redirected to another host"),
    ],
)
async def test_a_failure_opens_a_task_and_keeps_nothing(probing: Services, answer: object, sees: str) -> None:
    async with serving(page=answer) as server:  # type: ignore[arg-type]  # each is a handler
        [run], kept, [_, task] = await asked(replace(probing, fetcher=local(server)))
    assert (run.state, run.task_id, kept) == (RunState.FAILED, task.id, [])
    assert sees in task.purpose
    assert "hunter2" not in task.purpose
    assert task.title == "Look into what the probe “backups” found"


async def test_a_probe_never_reaches_inside(probing: Services) -> None:
    async with serving(page=answers) as server:
        [run], kept, _ = await asked(replace(probing, fetcher=local(server, resolving("169.254.169.254"))))
    assert (run.state, run.seen, kept) == (RunState.FAILED, "inside", [])
