"""Audit reports: the papers, which an errand makes and keeps; a draft can be looked at as a PDF before."""

import asyncio
from functools import partial

from bot.audit_reports.facts import report_of
from bot.errands import Conclusion, Kind, nothing, share_once
from bot.files.storing import whole
from bot.services import Services
from messages.audit_reports import paper, workbook
from messages.audit_reports.cards import file_name
from messages.audit_reports.paper import Report
from storage.audit_reports.tables import AuditReport
from storage.engine.unit_of_work import UnitOfWork
from storage.record.errands import Errand
from workflows.audit_reports import commands, filing
from workflows.audit_reports.filing import Paper
from workflows.deed import Deed

PREVIEW = "audit_report.preview"
"""The errand of laying a draft before its lead auditor as a PDF."""

MAKERS = {"pdf": paper.pdf, "xlsx": workbook.xlsx}


async def make(services: Services, errand: Errand) -> Conclusion:
    """Make the papers of a signed report and keep them; the same report gives the same bytes however often."""
    report = await services.database.read(errand.workspace_id, _report, errand.values["of"])
    papers = [await _kept(services, report, kind) for kind in MAKERS]
    return partial(_filed, report_id=errand.values["of"], papers=papers)


async def _kept(services: Services, report: Report, kind: str) -> Paper:
    data = await asyncio.to_thread(MAKERS[kind], report)
    blob = await services.blobs.put(whole(data))
    return Paper(kind, file_name(report, kind), blob.sha256, blob.size)


def _filed(deed: Deed, *, report_id: int, papers: list[Paper]) -> None:
    filing.file(deed, report_id=report_id, papers=papers)


async def preview(services: Services, errand: Errand) -> Conclusion:
    """The draft as it stands, into the thread of its card."""
    report = await services.database.read(errand.workspace_id, _report, errand.values["of"])
    data = await asyncio.to_thread(paper.pdf, report)
    name = file_name(report, "pdf", draft=errand.id)
    await share_once(services, errand, errand.channel_id, errand.thread_ts or None, name, data)
    return nothing


def _report(uow: UnitOfWork, report_id: int) -> Report:
    return report_of(uow, uow.get(AuditReport, report_id))


ERRANDS = {commands.PAPERS: Kind(make), PREVIEW: Kind(preview)}
