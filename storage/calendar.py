"""Calendar room: obligations, which say what must happen again and again, and who answers for it."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Index, UniqueConstraint, or_, text
from sqlmodel import Field, col

from storage.rows import Row, choice, moment, one_of, prose

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Kind(StrEnum):
    """What sort of thing an obligation is; nudges differ by it."""

    CONTROL = "control"
    AUDIT = "audit"
    REVIEW = "review"
    CERTIFICATION = "certification"


class Urgency(StrEnum):
    """How much hangs on an obligation being met in time; nudges differ by it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class OwnerKind(StrEnum):
    """What `owner_id` names: somebody's Slack id, a role, or the id of a Slack user group."""

    PERSON = "person"
    ROLE = "role"
    GROUP = "group"


class Obligation(Row, table=True):
    """Something the organisation has promised to do at planned intervals.

    `recurrence` is a rule of `workflows/recurrence.py` (RFC 5545) counted from `starts_on`; `lead_days` (calendar days)
    is how long before the due date a task opens; `requirements` are references such as `iso27001-2022:A.5.18`, so each
    carries its edition; `planned_until` is the last date for which a task exists already. `external` dates are set by
    somebody outside and never move. While `paused_at` is set, nothing is planned.
    `accepts` are the kinds of files that will do as evidence; none means any.
    """

    __tablename__ = "obligation"
    __table_args__ = (
        one_of("kind", Kind),
        one_of("urgency", Urgency),
        one_of("owner_kind", OwnerKind),
        UniqueConstraint("workspace_id", "key", name="one_obligation_per_key"),
    )

    key: str = Field(max_length=80)
    title: str = Field(max_length=200)
    purpose: str = prose()
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    kind: Kind = choice(Kind, Kind.CONTROL)
    urgency: Urgency = choice(Urgency, Urgency.NORMAL)
    owner_id: str = Field(max_length=32)
    owner_kind: OwnerKind = choice(OwnerKind, OwnerKind.PERSON)
    deputy_id: str | None = Field(default=None, max_length=32)
    recurrence: str = Field(max_length=200)
    starts_on: date
    ends_on: date | None = None
    external: bool = False
    lead_days: int = 14
    evidence_wanted: str = prose()
    evidence_required: bool = True
    accepts: list[str] = Field(default_factory=list, sa_type=JSON)
    planned_until: date | None = Field(default=None, index=True)
    paused_at: datetime | None = moment()
    ended_at: datetime | None = moment()


class CertificateState(StrEnum):
    """Where a certificate stands."""

    APPLICANT = "applicant"
    STAGE_1_DONE = "stage_1_done"
    STAGE_2_DONE = "stage_2_done"
    CERTIFIED = "certified"
    SUSPENDED = "suspended"
    REDUCED_SCOPE = "reduced_scope"
    WITHDRAWN = "withdrawn"
    EXPIRED_RESTORABLE = "expired_restorable"
    EXPIRED = "expired"


class Certificate(Row, table=True):
    """The certificate for one edition, or the way to it.

    `stage_1_on` and `stage_2_on` are the last days of these audits, `decided_on` the day of the latest decision on
    certification, which begins a cycle; `expires_on` is the printed date. `transition_by` is the last day for the move
    to a new edition, `next_audit_on` a day agreed with the certification body. `last_surveillance_on` is when a
    surveillance audit was held last. `owner_id` is asked for what is due.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        one_of("state", CertificateState),
        UniqueConstraint("workspace_id", "edition", name="one_certificate_per_edition"),
    )

    edition: str = Field(max_length=40)
    state: CertificateState = choice(CertificateState, CertificateState.APPLICANT)
    scope: str = prose()
    certification_body: str = Field(default="", max_length=200)
    owner_id: str = Field(max_length=32)
    stage_1_on: date | None = None
    stage_2_on: date | None = None
    decided_on: date | None = None
    expires_on: date | None = None
    suspended_on: date | None = None
    transition_by: date | None = None
    next_audit_on: date | None = None
    last_surveillance_on: date | None = None


class FeedScope(StrEnum):
    """What a feed shows: its holder's own tasks, or the whole programme."""

    OWN = "own"
    PROGRAMME = "programme"


class Feed(Row, table=True):
    """A private address under which a calendar program reads dates. Only the hash of its secret is kept."""

    __tablename__ = "feed"
    __table_args__ = (
        one_of("scope", FeedScope),
        UniqueConstraint("secret_hash", name="one_feed_per_secret"),
        Index(
            "one_open_feed_per_person_and_scope",
            "workspace_id",
            "person_id",
            "scope",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    person_id: str = Field(max_length=32)
    scope: FeedScope = choice(FeedScope, FeedScope.OWN)
    secret_hash: str = Field(max_length=64)
    made_at: datetime = moment(optional=False)
    revoked_at: datetime | None = moment()


def to_plan(uow: "UnitOfWork", before: date, limit: int) -> list[Obligation]:
    """Obligations neither ended nor paused whose tasks are not yet planned up to `before`, so many at most."""
    return uow.all(
        Obligation,
        col(Obligation.ended_at).is_(None),
        col(Obligation.paused_at).is_(None),
        or_(col(Obligation.planned_until).is_(None), col(Obligation.planned_until) < before),
        order_by=col(Obligation.id),
        limit=limit,
    )


def living(uow: "UnitOfWork") -> list[Obligation]:
    """Every obligation still kept, oldest first."""
    return uow.all(Obligation, col(Obligation.ended_at).is_(None), order_by=col(Obligation.id))


def every(uow: "UnitOfWork") -> list[Obligation]:
    """Every obligation there ever was, ended ones included, oldest first."""
    return uow.all(Obligation, order_by=col(Obligation.id))


def beginning_with(uow: "UnitOfWork", key: str) -> list[Obligation]:
    """Every obligation, ended ones included, whose key begins like this."""
    return uow.all(Obligation, col(Obligation.key).startswith(key, autoescape=True), order_by=col(Obligation.id))


def certificates(uow: "UnitOfWork") -> list[Certificate]:
    """Every certificate, by edition."""
    return uow.all(Certificate, order_by=col(Certificate.edition))


def certificate_of(uow: "UnitOfWork", edition: str) -> Certificate | None:
    """The certificate for an edition, or the way to it, if somebody has written it down."""
    return next(iter(uow.matching(Certificate, edition=edition)), None)


def open_feed(uow: "UnitOfWork", person_id: str, scope: FeedScope) -> Feed | None:
    """The feed somebody has now."""
    return next(iter(uow.matching(Feed, person_id=person_id, scope=scope, revoked_at=None)), None)


def feed_of_hash(uow: "UnitOfWork", secret_hash: str) -> Feed | None:
    """The feed of a secret that has not been revoked."""
    return next(iter(uow.matching(Feed, secret_hash=secret_hash, revoked_at=None)), None)


def of_owner(uow: "UnitOfWork", owner_id: str) -> list[Obligation]:
    """The living obligations somebody answers for by name, oldest first."""
    return uow.matching(Obligation, owner_id=owner_id, owner_kind=OwnerKind.PERSON, ended_at=None)
