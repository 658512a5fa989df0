"""Audit reports: what can be asked; nothing is written."""

from typing import Any

from storage.audit_reports import queries as stored
from storage.audit_reports.tables import AuditReport, ReportState
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import DeskAudit, Part
from storage.engine.unit_of_work import UnitOfWork
from workflows.audit_reports.facts import facts_of, names
from workflows.audit_reports.gathering import gather
from workflows.audit_reports.refusals import NoReportYet
from workflows.deed import Deed
from workflows.people.permissions import Permission
from workflows.refusals import NotAllowed, Tried, WhoMay

TEAM = (Part.LEAD, Part.AUDITOR)
"""Who reads what was said, and so the draft of what it came to."""


def lead_of(uow: UnitOfWork, audit: DeskAudit) -> str:
    """Who leads an audit: whoever was named last and is still in the team, else who opened it."""
    leads = [
        each.person_id for each in stored.members_of(uow, audit.id) if each.part is Part.LEAD and each.left_at is None
    ]
    return leads[-1] if leads else audit.auditor_id


def is_in_team(uow: UnitOfWork, audit: DeskAudit, person_id: str) -> bool:
    """Whether somebody audits in it now."""
    team = {each.person_id for each in stored.members_of(uow, audit.id) if each.part in TEAM and each.left_at is None}
    return person_id in team | {lead_of(uow, audit)}


def facts_now(uow: UnitOfWork, report: AuditReport) -> dict[str, Any]:
    """The facts of a report: those it was signed with, else as they stand, with the names of those who get it."""
    if report.state is ReportState.SIGNED:
        return report.facts
    gathered = gather(uow, uow.get(DeskAudit, report.desk_audit_id))
    facts: dict[str, Any] = facts_of(gathered)
    people = names(gathered.people, [*report.distribution, report.drafted_by])
    return {**facts, "people": {**facts["people"], **people}}


def to_read(deed: Deed, *, audit_id: int) -> AuditReport:
    """The newest revision that the actor may read: a draft for the team, what is signed for whoever it concerns.

    Raises `NotFound`, `NotAllowed` or `NoReportYet`.
    """
    audit = deed.uow.get(DeskAudit, audit_id)
    if is_in_team(deed.uow, audit, deed.by):
        found = stored.latest(deed.uow, audit.id)
    else:
        found = next(reversed(stored.signed(deed.uow, audit.id)), None)
        _must_concern(deed, audit, found)
    if found is None:
        raise NoReportYet(audit.title, lead_of(deed.uow, audit))
    return found


def _must_concern(deed: Deed, audit: DeskAudit, report: AuditReport | None) -> None:
    """A signed report is for those on its list, whoever answers for the area, and who may see audits at all."""
    plan = desk_audit_queries.plan_of(deed.uow, audit.id)
    if deed.by not in {*(report.distribution if report else ()), plan.auditee_id if plan else None}:
        deed.must(Permission.SEE_DESK_AUDITS)


def has_for(deed: Deed, *, audit_id: int) -> bool:
    """Whether there is a report that the actor may read, or that they are to write."""
    try:
        return is_to_be_written_by(deed, audit_id=audit_id) or bool(to_read(deed, audit_id=audit_id))
    except (NotAllowed, NoReportYet):
        return False


def is_to_be_written_by(deed: Deed, *, audit_id: int) -> bool:
    """Whether the actor leads an audit, and its report isn't signed. Raises `NotFound`."""
    audit, report = deed.uow.get(DeskAudit, audit_id), stored.latest(deed.uow, audit_id)
    return deed.by == lead_of(deed.uow, audit) and (report is None or report.state is ReportState.DRAFT)


def deeds_for(uow: UnitOfWork, report: AuditReport, reader_id: str) -> frozenset[str]:
    """What somebody who reads a report may do about it: write, send, correct."""
    is_lead = reader_id == lead_of(uow, uow.get(DeskAudit, report.desk_audit_id))
    if report.state is ReportState.DRAFT:
        return frozenset({"write"} if is_lead else ())
    newest = stored.latest(uow, report.desk_audit_id)
    is_last = newest is not None and newest.id == report.id
    return frozenset({*(["send"] if report.pdf_sha256 else []), *(["correct"] if is_lead and is_last else [])})


def to_write(deed: Deed, audit: DeskAudit) -> None:
    """Raise `NotAllowed` for anybody but the audit's lead auditor."""
    lead = lead_of(deed.uow, audit)
    if deed.by != lead:
        raise NotAllowed(Tried.WRITE_REPORT, WhoMay.LEAD_AUDITOR, lead)
