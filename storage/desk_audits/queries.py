"""Desk audits: questions put to its tables."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.desk_audits.tables import (
    AuditFinding,
    AuditMember,
    AuditorCompetence,
    AuditPlan,
    AuditSlice,
    AuditState,
    DeskAudit,
)


def latest(uow: "UnitOfWork", limit: int) -> list[DeskAudit]:
    """The newest desk audits."""
    return uow.all(DeskAudit, order_by=col(DeskAudit.id).desc(), limit=limit)


def plan_of(uow: "UnitOfWork", desk_audit_id: int) -> AuditPlan | None:
    """The plan of an audit; those of earlier versions have none."""
    return uow.first(AuditPlan, col(AuditPlan.desk_audit_id) == desk_audit_id)


def plans(uow: "UnitOfWork", states: Iterable[AuditState] = tuple(AuditState)) -> list[AuditPlan]:
    """Every plan in one of these states, the first to begin first."""
    return uow.all(
        AuditPlan, col(AuditPlan.state).in_(list(states)), order_by=[col(AuditPlan.begins_on), col(AuditPlan.id)]
    )


def members(uow: "UnitOfWork", desk_audit_id: int) -> list[AuditMember]:
    """The team of an audit as it is now, in the order in which it was named."""
    return uow.all(
        AuditMember,
        col(AuditMember.desk_audit_id) == desk_audit_id,
        col(AuditMember.left_at).is_(None),
        order_by=col(AuditMember.id),
    )


def member(uow: "UnitOfWork", desk_audit_id: int, person_id: str) -> AuditMember | None:
    """Somebody's place in a team, also after they left it."""
    return uow.first(
        AuditMember, col(AuditMember.desk_audit_id) == desk_audit_id, col(AuditMember.person_id) == person_id
    )


def slices(uow: "UnitOfWork", desk_audit_id: int) -> list[AuditSlice]:
    """Who is asked what, in the order of the template."""
    return uow.all(AuditSlice, col(AuditSlice.desk_audit_id) == desk_audit_id, order_by=col(AuditSlice.id))


def competences(uow: "UnitOfWork", person_id: str) -> list[AuditorCompetence]:
    """What is on record of somebody's competence to audit, the newest first."""
    return uow.all(
        AuditorCompetence,
        col(AuditorCompetence.person_id) == person_id,
        col(AuditorCompetence.ended_at).is_(None),
        order_by=col(AuditorCompetence.id).desc(),
    )


def before(uow: "UnitOfWork", audit_id: int) -> list[DeskAudit]:
    """The audits that were planned before one, the newest first."""
    return uow.all(DeskAudit, col(DeskAudit.id) < audit_id, order_by=col(DeskAudit.id).desc())


def memberships(uow: "UnitOfWork", person_id: str) -> list[AuditMember]:
    """The teams that somebody is in now."""
    here = col(AuditMember.left_at).is_(None)
    return uow.all(AuditMember, col(AuditMember.person_id) == person_id, here, order_by=col(AuditMember.id))


def led_by(uow: "UnitOfWork", person_id: str) -> list[DeskAudit]:
    """The audits that somebody leads."""
    return uow.all(DeskAudit, col(DeskAudit.auditor_id) == person_id, order_by=col(DeskAudit.id))


def findings_of(uow: "UnitOfWork", audit_id: int) -> list[AuditFinding]:
    """What an audit found, in the order in which it was found; withdrawn ones too."""
    return uow.all(AuditFinding, col(AuditFinding.desk_audit_id) == audit_id, order_by=col(AuditFinding.number))


def going_on(uow: "UnitOfWork") -> list[DeskAudit]:
    """The audits in which people are asked, and those of earlier versions, which have no plan to say so."""
    plans = uow.all(AuditPlan, col(AuditPlan.state) != AuditState.RUNNING)
    others = [each.desk_audit_id for each in plans]
    return uow.all(DeskAudit, col(DeskAudit.id).not_in(others), order_by=col(DeskAudit.id))
