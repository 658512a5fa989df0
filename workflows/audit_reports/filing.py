"""Audit reports: what becomes of the papers once they are made. They are evidence of the organisation's own."""

from dataclasses import dataclass
from datetime import date

from storage.audit_reports.tables import AuditReport
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditPlan
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import WayIn
from storage.record.outbox import OutboxRow, OutboxState
from storage.tasks.tables import Task
from workflows.audit_reports import questions
from workflows.deed import Deed
from workflows.evidence import arrivals, file_kinds
from workflows.evidence.arrivals import Piece
from workflows.evidence.rules import TAKES_FILES, Days
from workflows.refusals import Stale, Thing

PAPER = "audit_report.paper"
"""The message that is a paper itself."""

CARDS = ("audit_report.card", "audit_report.signed")
"""The messages that show a report; its papers are laid into the thread of one."""

KINDS = {"pdf": "application/pdf", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


NEVER_STOOD = (OutboxState.FAILED, OutboxState.SKIPPED)
"""A card in whose thread nothing can be laid."""


@dataclass(frozen=True)
class Paper:
    """A paper of a report that lies in the file store. `kind`: pdf or xlsx; `size` in bytes."""

    kind: str
    name: str
    sha256: str
    size: int


def file(deed: Deed, *, report_id: int, papers: list[Paper]) -> AuditReport:
    """The papers lie in the store: keep them as evidence, hand in the task of the calendar, and send them."""
    report = deed.uow.get(AuditReport, report_id)
    if report.pdf_sha256:
        return report
    filed = deed.uow.change(report, **{f"{each.kind}_sha256": each.sha256 for each in papers})
    deed.record("audit_report.file", filed, **{each.kind: each.sha256 for each in papers})
    signer, plan = deed.in_name_of(filed.signed_by or ""), desk_audit_queries.plan_of(deed.uow, filed.desk_audit_id)
    for each in papers:
        _keep(signer, filed, each, plan)
    for person_id in dict.fromkeys([filed.signed_by or "", *filed.distribution]):
        send(deed, filed, to=person_id, kinds=[each.kind for each in papers])
    deed.redraw(filed)
    return filed


def source_of(report: AuditReport, kind: str) -> str:
    """The name under which a paper is evidence."""
    return f"report:{report.id}:{kind}"


def _keep(signer: Deed, report: AuditReport, paper: Paper, plan: AuditPlan | None) -> None:
    piece = Piece(paper.name, paper.sha256, paper.size, KINDS[paper.kind], source_of(report, paper.kind))
    covers = _days_of(report)
    task = _task_of(signer, plan)
    if task is not None and file_kinds.is_accepted(piece.media_type, task.accepts):
        arrivals.bring_one(signer, task, piece, way_in=WayIn.MADE, covers=covers)
    else:
        arrivals.keep_own(signer, piece, covers=covers)


def _days_of(report: AuditReport) -> Days:
    """The days on which the audit was; of those that earlier versions began, none is known."""
    days = report.facts["audit"]
    if not days["reported_on"]:
        return Days()
    return Days(date.fromisoformat(days["started_on"] or days["begins_on"]), date.fromisoformat(days["reported_on"]))


def _task_of(signer: Deed, plan: AuditPlan | None) -> Task | None:
    """The task of the calendar that the audit fulfils, while it takes evidence."""
    task = signer.uow.get(Task, plan.task_id) if plan and plan.task_id is not None else None
    return task if task and task.state in TAKES_FILES else None


def send_again(deed: Deed, *, report_id: int, key: str) -> None:
    """The papers once more, for somebody who may read the report, with its card where they have none.

    `key` tells one wish from another. Raises `NotAllowed`, or `Stale` while there are no papers.
    """
    report = deed.uow.get(AuditReport, report_id)
    questions.to_read(deed, audit_id=report.desk_audit_id)
    if not report.pdf_sha256:
        raise Stale(Thing.THIS_REPORT)
    card = card_of(deed.uow, report, deed.by)
    if card is None or card.state in NEVER_STOOD:
        deed.message([deed.by], report, "audit_report.card", what=("asked", deed.at.isoformat()), at_once=True)
    send(deed, report, to=deed.by, kinds=list(KINDS), key=key)


def card_of(uow: UnitOfWork, report: AuditReport, person_id: str) -> OutboxRow | None:
    """The newest card of a report that somebody has, or is about to get."""
    planned = [
        each for kind in CARDS for each in uow.matching(OutboxRow, kind=kind, subject_id=report.id, recipient=person_id)
    ]
    return max(planned, key=lambda each: each.id, default=None)


def send(deed: Deed, report: AuditReport, *, to: str, kinds: list[str], key: str = "signed") -> None:
    """Plan that papers are laid before somebody, in the thread of the card that tells of the report."""
    for kind in kinds:
        deed.uow.schedule(
            slot=f"{PAPER}:{report.id}:{kind}:{to}:{key}"[:200],
            kind=PAPER,
            recipient=to,
            subject="audit_report",
            subject_id=report.id,
            not_before=deed.at,
            at=deed.at,
            values={"paper": kind},
        )
