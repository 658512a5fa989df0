"""Audit reports: what is done, each as one unit of work. A draft is kept at every step; what is signed stays."""

from storage.audit_reports import queries as stored
from storage.audit_reports.tables import AuditReport, ReportState
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditState, DeskAudit, Part
from storage.interviews import queries as interview_queries
from workflows.audit_reports import outcomes
from workflows.audit_reports.facts import running
from workflows.audit_reports.questions import facts_now, to_write
from workflows.audit_reports.refusals import InterviewsRun
from workflows.audit_reports.rules import digest_of, gaps, words_of
from workflows.audit_reports.shapes import Conclusion, Correction, Limits, Onward
from workflows.deed import Deed
from workflows.desk_audits import living
from workflows.interviews import commands as interview_commands
from workflows.people import questions as people_questions
from workflows.refusals import AlreadyDecided, InputWanted, Stale, Thing, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish

PAPERS = "audit_report.papers"
"""The errand of making the papers of a signed report."""


def draft(deed: Deed, *, audit_id: int) -> AuditReport:
    """The lead auditor begins the report, or goes on with it: its card comes into their direct messages.

    Raises `NotFound` or `NotAllowed`.
    """
    audit = deed.uow.get(DeskAudit, audit_id)
    to_write(deed, audit)
    report = stored.latest(deed.uow, audit.id) or _begin(deed, audit)
    deed.message([deed.by], report, "audit_report.card", what=("asked", deed.at.isoformat()), at_once=True)
    return report


def _begin(deed: Deed, audit: DeskAudit) -> AuditReport:
    plan = desk_audit_queries.plan_of(deed.uow, audit.id)
    begun = deed.uow.add(
        AuditReport(
            desk_audit_id=audit.id,
            distribution=[plan.auditee_id] if plan else [],
            drafted_by=deed.by,
            drafted_at=deed.at,
        )
    )
    deed.record("audit_report.begin", begun)
    return begun


def write(deed: Deed, *, report_id: int, said: Conclusion | Limits | Onward) -> AuditReport:
    """The lead auditor's own words, one short form at a time.

    Raises `NotAllowed`, `AlreadyDecided` once signed, or `InputWanted` for readers nobody can reach.
    """
    report = _own_draft(deed, report_id)
    if isinstance(said, Onward) and not all(people_questions.reachable(deed.uow, each) for each in said.distribution):
        raise InputWanted("distribution", Wish.CHOOSE_REACHABLE_PEOPLE)
    written = deed.uow.change(report, **values_of(said))
    deed.record("audit_report.write", written, fields=sorted(values_of(said)))
    deed.redraw(written)
    return written


def sign(deed: Deed, *, report_id: int, version: int, close_running: bool = False) -> AuditReport:
    """The lead auditor signs: facts and words stay as they are now, and whoever it is for gets them.

    Raises `NotAllowed`, `AlreadyDecided`, `Stale`, or `InterviewsRun` unless these are to be closed.
    """
    report = _own_draft(deed, report_id)
    if report.version != version:
        raise Stale(Thing.THIS_REPORT)
    audit = deed.uow.get(DeskAudit, report.desk_audit_id)
    _close(deed, audit, close_running=close_running)
    _report(deed, audit)
    signed = _signed(deed, report)
    lacked = [each.value for each in gaps(signed, signed.facts)]
    deed.record("audit_report.sign", signed, digest=signed.digest, signed_as=signed.signed_as, lacked=lacked)
    deed.redraw(signed)
    living.drawn_after_the_report(deed, audit)
    deed.message(_readers(signed), signed, "audit_report.signed", what=("signed",))
    outcomes.tell(deed, signed)
    deed.errand(PAPERS, values={"of": signed.id}, about=audit.title)
    return signed


def _close(deed: Deed, audit: DeskAudit, *, close_running: bool) -> None:
    those_running = running(interview_queries.interviews_of(deed.uow, audit.id))
    if those_running and not close_running:
        raise InterviewsRun(len(those_running))
    interview_commands.call_off(deed, audit, reason="")


def _signed(deed: Deed, report: AuditReport) -> AuditReport:
    values = {
        "state": ReportState.SIGNED,
        "facts": facts_now(deed.uow, report),
        "signed_by": deed.by,
        "signed_at": deed.at,
        "signed_as": Part.LEAD.value,
    }
    frozen = deed.uow.change(report, **values)
    return deed.uow.change(frozen, digest=digest_of(frozen))


def _report(deed: Deed, audit: DeskAudit) -> None:
    plan = desk_audit_queries.plan_of(deed.uow, audit.id)
    if plan is not None and plan.state is not AuditState.REPORTED:
        deed.uow.change(plan, state=AuditState.REPORTED, reported_at=deed.at)


def _readers(report: AuditReport) -> list[str]:
    return [each for each in dict.fromkeys(report.distribution) if each != report.signed_by]


def correct(deed: Deed, *, report_id: int, said: Correction) -> AuditReport:
    """A signed report is written anew, from its words; the one that was signed stays, and both say so.

    Raises `NotAllowed`, `InputWanted`, or `AlreadyDecided` where a later revision has begun.
    """
    want_all(said)
    before = to_correct(deed, report_id=report_id)
    begun = deed.uow.add(
        AuditReport(
            desk_audit_id=before.desk_audit_id,
            revision=before.revision + 1,
            drafted_by=deed.by,
            drafted_at=deed.at,
            **words_of(before),
            **values_of(said),
        )
    )
    deed.record("audit_report.correct", begun, corrects=before.revision, **values_of(said))
    deed.message([deed.by], begun, "audit_report.card", what=("corrected",), at_once=True)
    deed.redraw(deed.uow.change(before))  # another press of the same button is refused
    living.drawn_after_the_report(deed, deed.uow.get(DeskAudit, begun.desk_audit_id))
    return begun


def to_correct(deed: Deed, *, report_id: int) -> AuditReport:
    """The signed report that its lead auditor is about to correct. Raises `NotAllowed` or `AlreadyDecided`."""
    report = deed.uow.get(AuditReport, report_id)
    to_write(deed, deed.uow.get(DeskAudit, report.desk_audit_id))
    newest = stored.latest(deed.uow, report.desk_audit_id)
    if report.state is not ReportState.SIGNED or newest is None or newest.id != report.id:
        raise AlreadyDecided(what=Thing.THIS_REPORT, state="report_draft", by=None)
    return report


def to_write_in(deed: Deed, *, report_id: int) -> AuditReport:
    """The draft whose lead auditor is about to write. Raises `NotAllowed` or `AlreadyDecided`."""
    return _own_draft(deed, report_id)


def _own_draft(deed: Deed, report_id: int) -> AuditReport:
    report = deed.uow.get(AuditReport, report_id)
    to_write(deed, deed.uow.get(DeskAudit, report.desk_audit_id))
    if report.state is not ReportState.DRAFT:
        raise AlreadyDecided(what=Thing.THIS_REPORT, state="report_signed", by=report.signed_by)
    return report
