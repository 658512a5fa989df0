"""What is kept of a file is what Slack says it has, to the byte; of anything else nothing, and a sentence is said."""

import asyncio
import hashlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest

from bot.errands import FIRST_PAUSE, LONGEST_PAUSE, MOST_ATTEMPTS
from bot.evidence import collecting
from bot.evidence import composers as evidence_composers
from bot.services import Services
from bot.slack.calls import Post
from bot.slack.errors import DownloadFailed, DownloadRefused, RateLimited, SignInPage, SlackAway
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from storage.tasks.tables import Task, TaskState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import NOON, WORKSPACE, FakeGateway, StoppedClock, do_errands, let_fail_for_a_day, let_leases_end
from tests.bot.sending import FILE, Chunks, Sending, chunks_of, sends
from tests.bot.test_sniffing import BOMB, PNG
from tests.storage.samples import stored_task
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence.rules import FileFault, OfferedFile, Place

MEGABYTE = 1_000_000


async def stalled() -> Chunks:
    yield b"half"
    await asyncio.sleep(3600)


async def given(services: Services, accepts: list[str] | None = None) -> Evidence:
    """A file given for an open task of Jonas."""

    def give(uow: UnitOfWork) -> Evidence:
        uow.put_workspace(zone="Europe/Berlin")
        task = stored_task(uow)
        uow.change(task, state=TaskState.OPEN, owner_id="U0JONAS", accepts=accepts or [])
        file = OfferedFile("F1", "review.pdf", 5, "")
        jonas = Deed.of(uow, "U0JONAS", NOON)
        [taken] = evidence_commands.give(jonas, task_id=task.id, files=[file], place=Place("D1", "1.1"))
        return taken

    return await services.database.run(WORKSPACE, give)


def with_gateway(services: Services, gateway: FakeGateway) -> Services:
    return Services(**{**vars(services), "gateway": gateway})


def said(uow: UnitOfWork) -> str:
    """What its giver is told of the only file."""
    [row] = [each for each in uow.all(OutboxRow) if each.kind in ("evidence.receipt", "evidence.refused")]
    composed = evidence_composers.COMPOSERS[row.kind](uow, row, NOON)
    assert isinstance(composed, Post)
    return str(composed.message.blocks[0])


@contextmanager
def a_disk_of(limit: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


BAD = {
    "nothing at all": (sends(), 0, [], FileFault.EMPTY, "is empty"),
    "nothing of what was named": (sends(), 5, [], FileFault.EMPTY, "is empty"),
    "too little": (sends(b"%PDF"), 5, [], FileFault.SIZE_DIFFERS, "arrived incomplete (4 bytes instead of 5 bytes"),
    "too much": (sends(b"%PDF-1"), 5, [], FileFault.SIZE_DIFFERS, "arrived incomplete"),
    "a flood": (sends(*[b"x" * MEGABYTE] * 9), 5, [], FileFault.SIZE_DIFFERS, "arrived incomplete (1 MB"),
    "5 GB": (sends(b"x"), 5_000 * MEGABYTE, [], FileFault.TOO_LARGE, "is 5 GB, and the limit is 2 GB"),
    "a sign-in page": (sends(then=SignInPage("302")), 5, [], FileFault.SIGN_IN_PAGE, "sign-in page"),
    "an HTML page for a PDF": (sends(b"<html>"), 6, ["pdf"], FileFault.WRONG_KIND, "text/html"),
    "a picture for a PDF": (sends(PNG), len(PNG), ["pdf", "spreadsheet"], FileFault.WRONG_KIND, "PDF or spreadsheet"),
    "an SVG for a picture": (sends(b"<svg><script>"), 13, ["picture"], FileFault.WRONG_KIND, "image/svg+xml"),
    "a ZIP bomb for a spreadsheet": (sends(BOMB), len(BOMB), ["spreadsheet"], FileFault.WRONG_KIND, "archive"),
    "a file that is gone": (sends(then=DownloadRefused("404")), 5, [], FileFault.DOWNLOAD_FAILED, "couldn't fetch"),
}

AWAY = {
    "a broken line": (sends(b"%P", then=DownloadFailed("cut")), FileFault.DOWNLOAD_FAILED),
    "no line at all": (sends(then=SlackAway("away")), FileFault.DOWNLOAD_FAILED),
    "too many calls": (sends(then=RateLimited(retry_after=30)), FileFault.DOWNLOAD_FAILED),
    "a stalled download": (stalled, FileFault.DOWNLOAD_FAILED),
}
"""What is nobody's fault, and why the file is refused when it lasts for a day."""


@ON_SQLITE
@pytest.mark.parametrize("case", BAD)
async def test_what_cannot_be_kept_is_told_and_nothing_is_left_of_it(
    services: Services, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "SECONDS_BETWEEN_TRIES", 0)
    download, size, accepts, fault, sentence = BAD[case]
    taken = await given(services, accepts)
    await do_errands(with_gateway(services, Sending(download, size)))
    with services.database.unit_of_work(WORKSPACE) as uow:
        refused = uow.get(Evidence, taken.id)
        assert (refused.state, refused.reason, refused.sha256) == (EvidenceState.REFUSED, fault.value, None)
        assert sentence in said(uow)
        assert uow.all(Task)[0].state is TaskState.OPEN
    await nothing_is_stored(services)


async def nothing_is_stored(services: Services) -> None:
    assert await services.blobs.leftovers() == []
    assert [each async for each in services.blobs.names()] == []


@ON_SQLITE
@pytest.mark.parametrize("case", AWAY)
async def test_what_is_nobodys_fault_is_tried_for_a_day_and_its_giver_hears_once(
    services: Services, clock: StoppedClock, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "SECONDS_BETWEEN_TRIES", 0)
    monkeypatch.setattr(collecting, "SECONDS_FOR_A_FILE", 0.2 if case == "a stalled download" else 60)
    download, fault = AWAY[case]
    taken, away = await given(services), with_gateway(services, Sending(download, 5))
    for minutes in (0, 1, 10, 60, 600):
        clock.at = NOON + timedelta(minutes=minutes)
        await do_errands(away)
        assert await state_of(services, taken) is EvidenceState.COLLECTING
        assert len(await late_words(services)) == (minutes > 1)
    assert "still working on *review.pdf*" in str(await late_words(services))

    let_fail_for_a_day(services)
    clock.advance(LONGEST_PAUSE)
    await do_errands(away)
    with services.database.unit_of_work(WORKSPACE) as uow:
        refused = uow.get(Evidence, taken.id)
        assert (refused.state, refused.reason) == (EvidenceState.REFUSED, fault.value)
        assert "couldn't fetch" in said(uow)
        assert uow.all(Errand) == []
    await nothing_is_stored(services)


@ON_SQLITE
async def test_what_was_away_is_back_and_the_file_is_kept(services: Services, clock: StoppedClock) -> None:
    taken = await given(services)
    with a_disk_of(MEGABYTE):
        await do_errands(with_gateway(services, Sending(sends(*[b"x" * MEGABYTE] * 12), 12 * MEGABYTE)))
    assert await state_of(services, taken) is EvidenceState.COLLECTING
    await nothing_is_stored(services)
    clock.advance(FIRST_PAUSE)
    await do_errands(with_gateway(services, Sending(sends(b"%PDF-"), 5)))
    assert await state_of(services, taken) is EvidenceState.KEPT


@ON_SQLITE
async def test_a_store_without_room_for_a_day_is_told(services: Services) -> None:
    taken = await given(services)
    let_fail_for_a_day(services)
    with a_disk_of(MEGABYTE):
        await do_errands(with_gateway(services, Sending(sends(*[b"x" * MEGABYTE] * 12), 12 * MEGABYTE)))
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert uow.get(Evidence, taken.id).reason == FileFault.STORE_UNAVAILABLE
        assert "Our file store couldn't take" in said(uow)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_database_that_blinks_keeps_no_file_waiting_for_a_restart(
    services: Services, database_url: str
) -> None:
    """Its server ends every connection while the file comes in, as a restart does."""

    async def blink() -> None:
        with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    taken = await given(services)
    await do_errands(with_gateway(services, Sending(chunks_of(FILE, blink), len(FILE))))
    let_leases_end(services)
    await do_errands(with_gateway(services, Sending(chunks_of(FILE), len(FILE))))
    assert await state_of(services, taken) is EvidenceState.KEPT


@ON_SQLITE
async def test_a_clock_that_is_put_forward_by_days_gives_nothing_up(services: Services, clock: StoppedClock) -> None:
    taken, away = await given(services), with_gateway(services, Sending(AWAY["no line at all"][0], 5))
    for days in (0, 2, 4):
        clock.at = NOON + timedelta(days=days)
        await do_errands(away)
    assert await state_of(services, taken) is EvidenceState.COLLECTING


@ON_SQLITE
async def test_what_ends_the_process_each_time_is_given_up_at_last(services: Services) -> None:
    taken = await given(services)
    with services.database.unit_of_work(WORKSPACE) as uow:
        [errand] = uow.all(Errand)
        uow.change(errand, attempts=MOST_ATTEMPTS)
    await do_errands(with_gateway(services, Sending(sends(b"%PDF-"), 5)))
    assert await state_of(services, taken) is EvidenceState.REFUSED


async def state_of(services: Services, taken: Evidence) -> EvidenceState:
    return await services.database.read(WORKSPACE, lambda uow: uow.get(Evidence, taken.id).state)


async def late_words(services: Services) -> list[str]:
    """What people were told of an errand that takes long."""
    rows = await services.database.read(WORKSPACE, lambda uow: uow.matching(OutboxRow, kind="answer"))
    return [str(row.values["text"]) for row in rows]


@ON_SQLITE
async def test_a_file_over_the_limit_is_not_even_fetched(services: Services) -> None:
    await given(services)
    slack = Sending(sends(b"x"), 2_000 * MEGABYTE + 1)
    await do_errands(with_gateway(services, slack))
    assert slack.named("download") == []


@pytest.mark.parametrize(
    ("content", "name", "accepts", "told"),
    [
        (b"%PDF-1.7\n", "../../etc/passwd", ["pdf"], "application/pdf"),
        (BOMB, "bomb.zip", [], "application/zip"),
        (b"<svg><script>alert(1)</script></svg>", "chart.svg", [], "image/svg+xml"),
        (b"a,b\n", "=cmd()|' /C calc'!A0.csv", ["spreadsheet"], "text/csv"),
        (b"MZ" + bytes(20), "\u202egnp.exe", [], "application/octet-stream"),
    ],
)
async def test_what_is_odd_but_whole_is_kept_as_it_is(
    services: Services, content: bytes, name: str, accepts: list[str], told: str
) -> None:
    taken = await given(services, accepts)
    await do_errands(with_gateway(services, Sending(sends(content), len(content), name)))
    with services.database.unit_of_work(WORKSPACE) as uow:
        kept = uow.get(Evidence, taken.id)
        assert (kept.state, kept.media_type, kept.size) == (EvidenceState.KEPT, told, len(content))
        assert uow.all(Task)[0].state is TaskState.SUBMITTED
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert await services.blobs.check(kept.sha256)


@ON_SQLITE
async def test_what_fails_once_is_tried_again(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "SECONDS_BETWEEN_TRIES", 0)
    taken = await given(services)
    slack = Sending(sends(b"%PDF-"), 5)
    slack.faults["download"] = [DownloadFailed("cut"), SlackAway("away")]
    await do_errands(with_gateway(services, slack))
    with services.database.unit_of_work(WORKSPACE) as uow:
        assert uow.get(Evidence, taken.id).state is EvidenceState.KEPT
