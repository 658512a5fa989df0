"""Questions about auditors' requests and access."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import String, cast
from sqlmodel import col

from storage.engine.conditions import values_of
from storage.evidence.tables import Evidence, EvidenceUse
from storage.tasks.tables import Task

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.packs.tables import AuditorAccess, AuditRequest, RequestEvidence, RequestState


def every(uow: "UnitOfWork") -> list[AuditRequest]:
    """Every request, in the order of their numbers."""
    return uow.all(AuditRequest, order_by=col(AuditRequest.number))


def numbered(uow: "UnitOfWork", number: int) -> AuditRequest | None:
    """The request people know as R-`number`."""
    return next(iter(uow.matching(AuditRequest, number=number)), None)


def latest_number(uow: "UnitOfWork") -> int:
    """The highest number given so far; 0 when there is none."""
    newest = uow.all(AuditRequest, order_by=col(AuditRequest.number).desc(), limit=1)
    return newest[0].number if newest else 0


def evidence_of(uow: "UnitOfWork", request_id: int) -> list[RequestEvidence]:
    """What answers a request, in the order in which it was added."""
    return uow.matching(RequestEvidence, request_id=request_id)


def answered_by(uow: "UnitOfWork", evidence_id: int) -> list[AuditRequest]:
    """The requests that a piece of evidence answers, in the order in which somebody said so."""
    return [uow.get(AuditRequest, each.request_id) for each in uow.matching(RequestEvidence, evidence_id=evidence_id)]


def of_owner(uow: "UnitOfWork", owner_id: str, states: Collection[RequestState]) -> list[AuditRequest]:
    """What somebody was asked to answer."""
    return uow.all(
        AuditRequest,
        col(AuditRequest.owner_id) == owner_id,
        col(AuditRequest.state).in_(states),
        order_by=col(AuditRequest.number),
    )


def accesses_of(uow: "UnitOfWork", person_id: str) -> list[AuditorAccess]:
    """What somebody was granted and nobody took back, whether its time has come or is over."""
    return uow.matching(AuditorAccess, person_id=person_id, revoked_at=None)


def standing_accesses(uow: "UnitOfWork", today: date) -> list[AuditorAccess]:
    """What was granted, not taken back, and is not over."""
    return uow.all(
        AuditorAccess,
        col(AuditorAccess.revoked_at).is_(None),
        col(AuditorAccess.ends_on) >= today,
        order_by=col(AuditorAccess.id),
    )


def evidence_serving(uow: "UnitOfWork", reference: str, limit: int) -> list[Evidence]:
    """The newest evidence that was given for a requirement by name."""
    # The column is a JSON list of references such as "iso9001-2015:7.2"; both databases can read it as text.
    named = cast(col(Task.requirements), String).contains(f'"{reference}"', autoescape=True)
    given = values_of(col(EvidenceUse.evidence_id), col(EvidenceUse.task_id).in_(values_of(col(Task.id), named)))
    return uow.all(Evidence, col(Evidence.id).in_(given), order_by=col(Evidence.id).desc(), limit=limit)
