"""Programme: its tables."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose


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

    `recurrence` is a rule of `workflows/dates/recurrence.py` (RFC 5545) counted from `starts_on`; `lead_days` (calendar
    days) is how long before the due date a task opens; `requirements` are references such as `iso27001-2022:A.5.18`, so
    each carries its edition; `planned_until` is the last date for which a task exists already. `external` dates are set
    by somebody outside and never move. While `paused_at` is set, nothing is planned. `accepts` are the kinds of files
    that will do as evidence; none means any.
    """

    __tablename__ = "obligation"
    remembered: ClassVar[bool] = True
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


class Setup(Row, table=True):
    """The one setup of a workspace, kept after every step, so that closing a window or a restart loses nothing.

    `person_id` is the lead who is at it, since `taken_at`; `place` is the step they are on. `settled_at` is when the
    programme was started with these answers.
    """

    __tablename__ = "setup"
    __table_args__ = (
        Index(
            "one_open_setup",
            "workspace_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    person_id: str = Field(max_length=32)
    taken_at: datetime = moment(optional=False)
    place: str = Field(max_length=60)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    settled_at: datetime | None = moment()
