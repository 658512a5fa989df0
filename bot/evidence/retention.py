"""Evidence room at the edge: what is past its day, and how its bytes leave the store."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from bot.audit_reports import letting_go
from bot.sending.day import Subject
from bot.services import Services
from bot.slack.calls import Call, Command, Composer, Press, Redraw, Reply, Tell
from bot.slack.routes import press, verb
from messages.evidence import retention as words
from messages.evidence.payloads import DisposalRef
from messages.nudges.day import DayItem
from messages.words.kit import Message
from messages.words.payloads import Nothing
from storage.engine.errors import StoreUnavailable
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Disposal, DisposalState, Evidence, EvidenceState
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.deed import Deed, as_the_bot
from workflows.evidence import retention
from workflows.nudges.reasons import Moved, moved_on
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import Actor

log = structlog.get_logger(__name__)

# --- what the words need to know ---


def _file(row: Evidence) -> words.DueFile:
    return words.DueFile(row.name, row.size or 0, row.sha256 or "", row.retain_until)


def _card(uow: UnitOfWork, disposal: Disposal, reader: Actor | None) -> words.DisposalCard:
    rows = evidence_queries.among(uow, disposal.evidence_ids)
    return words.DisposalCard(
        ref=DisposalRef(disposal.id),
        state=disposal.state.value,
        proposed_by=disposal.proposed_by,
        files=[_file(each) for each in rows],
        disposed=sum(each.state is EvidenceState.DISPOSED for each in rows),
        decided_by=disposal.decided_by,
        deeds=retention.deeds_for(reader, disposal),
    )


def _overview(deed: Deed) -> Message:
    found = retention.overview(deed)
    files = [_file(each) for each in found.evidence]
    proposals = [_card(deed.uow, each, deed.actor) for each in found.proposals]
    may_propose = deed.may(Permission.PROPOSE_DISPOSAL) and not proposals
    return words.overview(files, proposals, may_propose=may_propose, also=letting_go.overview(deed))


def _decided(deed: Deed, *, disposal_id: int) -> Message:
    return words.decided(_card(deed.uow, deed.uow.get(Disposal, disposal_id), deed.actor))


# --- what people do ---


async def overview(call: Command) -> Reply:
    """`/iso retention`."""
    return Tell(await call.ask(_overview))


async def propose(call: Press[Nothing]) -> Reply:
    """A lead proposes to dispose of what is past its day."""
    await call.act(retention.propose)
    return await _shown_anew(call)


async def approve(call: Press[DisposalRef]) -> Reply:
    """Somebody else agrees; the bytes go once that is committed."""
    await call.act(retention.approve, disposal_id=call.payload.disposal)
    call.services.later(erase(call.services, call.workspace_id), about="erasing what was disposed of")
    return Tell(await call.ask(_decided, disposal_id=call.payload.disposal), replace=True)


async def decline(call: Press[DisposalRef]) -> Reply:
    """Somebody wants it all kept."""
    await call.act(retention.decline, disposal_id=call.payload.disposal)
    return Tell(await call.ask(_decided, disposal_id=call.payload.disposal), replace=True)


async def _shown_anew(call: Call) -> Reply:
    return Tell(await call.ask(_overview), replace=True)


# --- the bytes ---


async def erase(services: Services, workspace_id: str) -> None:
    """Remove the bytes of what was disposed of or has expired. What is interrupted goes on at the next start or night.

    While a file is being fetched anywhere nothing is removed: it might have the very same bytes.
    """
    for sha256 in await services.database.read(workspace_id, retention.to_be_erased):
        if await _is_wanted(services, sha256):
            continue
        try:
            await services.blobs.remove(sha256)
        except StoreUnavailable as error:
            log.warning("bytes could not be removed", sha256=sha256, why=str(error))
            return
        await services.database.run(workspace_id, as_the_bot(retention.erased, services.clock.now()), sha256=sha256)


async def _is_wanted(services: Services, sha256: str) -> bool:
    """Whether any workspace needs these bytes, since the same ones are in the store once for all."""
    for workspace in await asyncio.to_thread(services.database.workspaces):
        if await services.database.read(workspace.id, retention.needs, sha256):
            return True
    return False


ROUTES = (
    verb("retention", handler=overview),
    press(words.PROPOSE, Nothing, propose),
    press(words.APPROVE, DisposalRef, approve),
    press(words.DECLINE, DisposalRef, decline),
)

# --- what the bot says by itself ---


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why nobody need decide any more, or nothing."""
    state = uow.get(Disposal, nudge.subject_id).state
    return "" if state is DisposalState.PROPOSED else moved_on(Moved.PROPOSAL, f"disposal_{state.value}")


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """The proposal, for somebody who may agree; later, what came of it."""
    return words.day_item(
        _card(uow, uow.get(Disposal, nudge.subject_id), people_questions.reader(uow, nudge.person_id))
    )


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """A proposal stands in messages of the day only, which are drawn anew as a whole."""
    return Redraw(lambda place: None)


COMPOSERS: Mapping[str, Composer] = {"disposal.redraw": redraw}
SUBJECTS = {"disposal": Subject(day_item, why_not)}
