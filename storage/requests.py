"""Evidence room: what an auditor asks to see, and who from outside may look at what until when."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, cast
from sqlmodel import Field, col

from storage.evidence import Evidence, EvidenceUse
from storage.rows import Row, choice, moment, one_of, prose, refers_to
from storage.tasks import Task

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class RequestState(StrEnum):
    """Where a request stands; the moves between states are rules of the workflows floor."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


class AuditRequest(Row, table=True):
    """One thing an auditor asks to see. `number` counts up within the workspace; `label` is the auditor's own number.

    `requirement` is a reference, or empty; `period` and `sample` are the auditor's words. `reason` is why it was
    returned last, or withdrawn.
    """

    __tablename__ = "audit_request"
    __table_args__ = (
        one_of("state", RequestState),
        UniqueConstraint("workspace_id", "number", name="request_numbers_are_never_reused"),
        CheckConstraint("what <> ''", name="requests_ask_for_something"),
        CheckConstraint("state NOT IN ('assigned', 'answered') OR owner_id IS NOT NULL", name="assigned_to_somebody"),
        CheckConstraint(
            "state <> 'accepted' OR (settled_by IS NOT NULL AND settled_by <> answered_by)",
            name="requests_accepted_by_somebody_else",
        ),
        Index("requests_by_owner", "workspace_id", "owner_id", "state"),
    )

    number: int
    label: str = Field(default="", max_length=40)
    what: str = prose()
    requirement: str = Field(default="", max_length=80)
    period: str = prose()
    sample: str = prose()
    owner_id: str | None = Field(default=None, max_length=32)
    due_on: date | None = None
    state: RequestState = choice(RequestState, RequestState.OPEN)
    asked_by: str = Field(max_length=32)
    asked_at: datetime = moment(optional=False)
    answer: str = prose()
    answered_by: str | None = Field(default=None, max_length=32)
    answered_at: datetime | None = moment()
    settled_by: str | None = Field(default=None, max_length=32)
    settled_at: datetime | None = moment()
    reason: str = prose()


class RequestEvidence(Row, table=True):
    """A piece of evidence that answers a request: given for it, or given before for something else."""

    __tablename__ = "request_evidence"
    __table_args__ = (UniqueConstraint("workspace_id", "request_id", "evidence_id", name="once_per_request"),)

    request_id: int = refers_to("audit_request.id")
    evidence_id: int = refers_to("evidence.id")
    added_by: str = Field(max_length=32)
    added_at: datetime = moment(optional=False)


class AuditorAccess(Row, table=True):
    """Somebody from outside may look, from one day to another, at what is within a scope; never at anything else.

    `first` and `last` are the period that they may look at, `starts_on` and `ends_on` the days on which they may.
    """

    __tablename__ = "auditor_access"
    __table_args__ = (
        CheckConstraint("first <= last AND starts_on <= ends_on", name="access_begins_before_it_ends"),
        Index("access_by_person", "workspace_id", "person_id"),
    )

    person_id: str = Field(max_length=32)
    editions: list[str] = Field(default_factory=list, sa_type=JSON)
    first: date
    last: date
    starts_on: date
    ends_on: date
    granted_by: str = Field(max_length=32)
    granted_at: datetime = moment(optional=False)
    revoked_by: str | None = Field(default=None, max_length=32)
    revoked_at: datetime | None = moment()


UNSETTLED = (RequestState.OPEN, RequestState.ASSIGNED, RequestState.ANSWERED)
"""States in which somebody still has to act."""


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
    tasks = uow.all(Task, named, order_by=col(Task.due_on).desc(), limit=limit)
    uses = uow.all(EvidenceUse, col(EvidenceUse.task_id).in_([each.id for each in tasks]))
    ids = [each.evidence_id for each in uses]
    return uow.all(Evidence, col(Evidence.id).in_(ids), order_by=col(Evidence.id).desc(), limit=limit)
