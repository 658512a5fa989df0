"""Desk audits: what can be asked; nothing is written."""

from dataclasses import dataclass

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview
from workflows.deed import Deed
from workflows.desk_audits import counting
from workflows.people.permissions import Permission


def audit_of(uow: UnitOfWork, answer: Answer) -> DeskAudit:
    """The audit that an answer, or a note of the auditor's own, belongs to."""
    if answer.interview_id is None:
        assert answer.desk_audit_id is not None  # one of the two is set: a check of the database
        return uow.get(DeskAudit, answer.desk_audit_id)
    return uow.get(DeskAudit, uow.get(Interview, answer.interview_id).desk_audit_id)


@dataclass(frozen=True)
class AuditInBrief:
    """A desk audit with its interviews, for lists."""

    audit: DeskAudit
    interviews: tuple[Interview, ...]
    unrated: int


def latest(deed: Deed, *, limit: int) -> list[AuditInBrief]:
    """The newest desk audits. Raises `NotAllowed`."""
    deed.must(Permission.SEE_DESK_AUDITS)
    return [_in_brief(deed.uow, audit) for audit in desk_audit_queries.latest(deed.uow, limit)]


def _in_brief(uow: UnitOfWork, audit: DeskAudit) -> AuditInBrief:
    interviews = interview_queries.interviews_of(uow, audit.id)
    return AuditInBrief(audit, tuple(interviews), counting.unrated_in(uow, audit.id))
