"""Case records: the paper of a case, which an errand makes as the case stands by then."""

import asyncio
from datetime import datetime

from bot.errands import Conclusion, Kind, nothing, share_once
from bot.services import Services
from messages.case_records import paper, register
from messages.case_records.paper import CaseRecord
from storage.engine.unit_of_work import UnitOfWork
from storage.record.errands import Errand
from workflows.case_records import exporting, facts, questions
from workflows.case_records.exporting import RegisterRow
from workflows.deed import Deed

PAPER = "case_record.paper"
"""The errand of laying the record of a case before somebody as a PDF."""


EXPORT = "case_record.export"
"""The errand of laying the register before somebody as a file."""


async def make(services: Services, errand: Errand) -> Conclusion:
    """The record as a PDF in the direct messages of whoever asked, if they may read the case still."""
    asked, at = (errand.person_id, errand.values["number"]), services.clock.now()
    record = await services.database.read(errand.workspace_id, _record, *asked, at)
    data = await asyncio.to_thread(paper.pdf, record)
    channel_id = await services.gateway.open_dm(errand.person_id)
    await share_once(services, errand, channel_id, None, errand.about, data)
    return nothing


def _record(uow: UnitOfWork, person_id: str, number: int, at: datetime) -> CaseRecord:
    case = questions.to_read(Deed.of(uow, person_id, at), number=number)
    return CaseRecord(facts.facts_of(uow, case, at), at)


async def export(services: Services, errand: Errand) -> Conclusion:
    """The register as a file in the direct messages of whoever asked, if they may have it still."""
    at, kind = services.clock.now(), errand.values["kind"]
    rows = await services.database.read(errand.workspace_id, _rows, errand.person_id, at)
    data = await asyncio.to_thread(_written, rows, kind, at)
    channel_id = await services.gateway.open_dm(errand.person_id)
    await share_once(services, errand, channel_id, None, errand.about, data)
    return nothing


def _rows(uow: UnitOfWork, person_id: str, at: datetime) -> list[RegisterRow]:
    return list(exporting.rows(Deed.of(uow, person_id, at)))


def _written(rows: list[RegisterRow], kind: str, at: datetime) -> bytes:
    return register.xlsx(rows, at=at) if kind == "xlsx" else register.as_csv(rows)


ERRANDS = {PAPER: Kind(make), EXPORT: Kind(export)}
