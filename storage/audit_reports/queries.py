"""Audit reports: questions put to its tables, and to those of an audit that a report speaks of."""

from typing import TYPE_CHECKING

from sqlmodel import col

from storage.audit_reports.tables import AuditReport, ReportState
from storage.desk_audits.tables import AuditMember
from storage.engine import statements
from storage.evidence.tables import Evidence, EvidenceUse
from storage.interviews.tables import AnswerDisposal, SampleDraw

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork


def latest(uow: "UnitOfWork", desk_audit_id: int) -> AuditReport | None:
    """The newest revision of an audit's report, a draft or signed."""
    found = uow.all(
        AuditReport,
        col(AuditReport.desk_audit_id) == desk_audit_id,
        order_by=col(AuditReport.revision).desc(),
        limit=1,
    )
    return found[0] if found else None


def signed(uow: "UnitOfWork", desk_audit_id: int | None = None) -> list[AuditReport]:
    """The signed revisions of one audit, or of all, oldest first."""
    of_audit = [] if desk_audit_id is None else [col(AuditReport.desk_audit_id) == desk_audit_id]
    return uow.all(
        AuditReport, col(AuditReport.state) == ReportState.SIGNED, *of_audit, order_by=col(AuditReport.signed_at)
    )


def members_of(uow: "UnitOfWork", desk_audit_id: int) -> list[AuditMember]:
    """Everybody who is or was in the team, in the order in which they were named."""
    return uow.all(AuditMember, col(AuditMember.desk_audit_id) == desk_audit_id, order_by=col(AuditMember.id))


def draws_for(uow: "UnitOfWork", answer_ids: list[int]) -> list[SampleDraw]:
    """The samples drawn from lists that were given as answers."""
    return uow.all(SampleDraw, statements.among(col(SampleDraw.answer_id), answer_ids), order_by=col(SampleDraw.id))


def evidence_for(uow: "UnitOfWork", answer_ids: list[int]) -> list[Evidence]:
    """The evidence that answers and notes show, each once."""
    answered = statements.among(col(EvidenceUse.answer_id), answer_ids)  # type: ignore[arg-type]  # no NULL is among them
    uses = uow.all(EvidenceUse, answered)
    wanted = {each.evidence_id for each in uses}
    return uow.all(Evidence, statements.among(col(Evidence.id), wanted), order_by=col(Evidence.id))


def open_disposals(uow: "UnitOfWork") -> list[AnswerDisposal]:
    """Proposals to let answers go that nobody has decided about yet."""
    return uow.matching(AnswerDisposal, approved_at=None, withdrawn_at=None)
