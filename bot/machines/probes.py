"""Probes at the edge: the administrator's file, read when the bot starts, and the asking itself."""

import asyncio
import os
from collections.abc import Sequence

import structlog

from bot.files.storing import MEGABYTE, whole, written
from bot.http.fetching import Answer, CannotFetch, Rules, parsed
from bot.services import Services
from bot.settings import Settings
from messages.evidence import link_records
from messages.evidence.link_records import Snapshot
from messages.machines import probes as words
from storage.machines.tables import ProbeRun
from workflows.deed import as_the_bot
from workflows.evidence.arrivals import Piece
from workflows.machines import probe_files, probes
from workflows.machines.probe_files import ProbesWrong
from workflows.machines.probes import Found, Probe, Said

log = structlog.get_logger(__name__)

PAUSES = (0.0, 5.0, 30.0)
"""Seconds before each attempt; what an attempt cannot get the next one may."""

MOST_BYTES = 5 * MEGABYTE
"""An answer is read whole to be judged, so it is small."""

GOOD = range(200, 300)
JSON_TYPE = "application/json"


def own(settings: Settings) -> tuple[Probe, ...]:
    """The probes of the file that DESKAUDIT_PROBES names; none where none is named. Raises `ProbesWrong`."""
    if settings.probes is None:
        return ()
    try:
        text = settings.probes.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProbesWrong([f"The file that DESKAUDIT_PROBES names cannot be read: {error}."]) from error
    return probe_files.read(text, os.environ)


async def run_due(services: Services, workspace_id: str) -> None:
    """Begin every probe that is due, beside everything else."""
    for probe in services.probes:
        run = await services.database.run(workspace_id, as_the_bot(probes.claim, services.clock.now()), probe)
        if run is not None:
            services.later(ask(services, workspace_id, probe, run), about=f"probe {probe.name}")


async def ask(
    services: Services, workspace_id: str, probe: Probe, run: ProbeRun, pauses: Sequence[float] = PAUSES
) -> None:
    """Ask, and note what was found. What is cut off here is begun anew later, since its row says that it runs."""
    found, answer = await _found(services, probe, pauses)
    task = await services.database.read(workspace_id, probes.open_task, probe)
    pieces = await _pieces(services, probe, run, *answer) if task and answer and found.is_met else []
    log.info("a probe was asked", probe=probe.name, met=found.is_met, expected=found.expected)
    await services.database.run(
        workspace_id,
        as_the_bot(probes.settle, services.clock.now()),
        probe,
        run_id=run.id,
        found=found,
        said=_said(probe, found),
        pieces=pieces,
    )
    services.wake()


async def _found(
    services: Services, probe: Probe, pauses: Sequence[float]
) -> tuple[Found, tuple[Answer, bytes] | None]:
    """What the first attempt found that got a good answer, and that answer; else why the last one got none."""
    why = ""
    for pause in pauses:
        await asyncio.sleep(pause)
        try:
            answer, body = await _answered(services, probe)
        except CannotFetch as no:
            why = no.why
            continue
        if answer.status in GOOD:
            return probes.judged(probe, body), (answer, body)
        why = f"HTTP {answer.status}"
    return Found(False, seen=why), None


async def _answered(services: Services, probe: Probe) -> tuple[Answer, bytes]:
    url = parsed(probe.url)
    rules = Rules([url.host], MOST_BYTES, plain_http=services.settings.fetch_plain_http)
    async with services.fetcher.get(probe.url, rules, dict(probe.headers)) as answer:
        return answer, b"".join([chunk async for chunk in answer.chunks])


async def _pieces(services: Services, probe: Probe, run: ProbeRun, answer: Answer, body: bytes) -> list[Piece]:
    name, source = f"{probe.name}-{run.due_on.isoformat()}", f"probe:{probe.name}:{run.due_on.isoformat()}"
    blob = await services.blobs.put(whole(body))
    snapshot = Snapshot(
        asked=probe.url,
        via=answer.via,
        final=answer.url,
        machine=answer.address,
        status=answer.status,
        headers=answer.headers,
        at=services.clock.now(),
        sha256=blob.sha256,
        size=blob.size,
    )
    record = link_records.probe_record(snapshot, name=probe.name, expects=probe.expects)
    page = Piece(f"{name}.json", blob.sha256, blob.size, JSON_TYPE, source, probe.url)
    return [page, await written(services, record, f"{name}.response.txt", "text/plain", f"{source}:response")]


def _said(probe: Probe, found: Found) -> Said:
    return Said(
        title=words.failure_title(probe.name),
        purpose=words.failure_purpose(name=probe.name, expected=found.expected, seen=found.seen),
        evidence_wanted=words.evidence_wanted(),
        recovered=words.recovered(probe.name),
    )
