"""Packs: its tables."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class PackState(StrEnum):
    """How far a pack has come. `made`: it lies in the file store; `handed_out`: it was written to a file elsewhere.

    `expired`: it was made, and its time in the file store is over.
    """

    ASKED = "asked"
    MADE = "made"
    HANDED_OUT = "handed_out"
    FAILED = "failed"
    EXPIRED = "expired"


class Pack(Row, table=True):
    """One audit pack: what was asked for by whom, and what came of it.

    The period has both days included; an empty list narrows nothing down. `sha256` and `size` (bytes) are the ZIP's,
    `manifest_sha256` is what its manifest hashes to, `trail_sequence` the last entry of the trail in it. `tries` counts
    how often it was begun. `answers_because` is why it carries what people said in audits; without it, it carries none.
    `reason` names the sentence for a failure or for what it waits for, `fault` says which file. `erased_at` is when the
    ZIP of an expired pack had left the file store.
    """

    __tablename__ = "pack"
    __table_args__ = (
        one_of("state", PackState),
        CheckConstraint(
            "state NOT IN ('made', 'handed_out', 'expired') OR (sha256 IS NOT NULL AND manifest_sha256 IS NOT NULL)",
            name="made_packs_have_hashes",
        ),
        CheckConstraint("erased_at IS NULL OR state = 'expired'", name="only_expired_packs_are_erased"),
        CheckConstraint("first <= last", name="pack_periods_begin_before_they_end"),
        Index("packs_by_state", "workspace_id", "state"),
    )

    state: PackState = choice(PackState, PackState.ASKED)
    editions: list[str] = Field(default_factory=list, sa_type=JSON)
    first: date
    last: date
    themes: list[str] = Field(default_factory=list, sa_type=JSON)
    owners: list[str] = Field(default_factory=list, sa_type=JSON)
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    answers_because: str | None = Field(default=None, sa_type=Text)
    asked_by: str = Field(max_length=32)
    asked_at: datetime = moment(optional=False)
    tries: int = 0
    trail_sequence: int = 0
    files: int = 0
    size: int = Field(default=0, sa_type=BigInteger)
    sha256: str | None = Field(default=None, max_length=64)
    manifest_sha256: str | None = Field(default=None, max_length=64)
    settled_at: datetime | None = moment()
    reason: str = Field(default="", max_length=40)
    fault: str = prose()
    erased_at: datetime | None = moment()


class PackLink(Row, table=True):
    """A private address under which a pack is fetched until a moment. Only the hash of its secret is kept."""

    __tablename__ = "pack_link"
    __table_args__ = (UniqueConstraint("secret_hash", name="one_link_per_secret"),)

    pack_id: int = refers_to("pack.id")
    secret_hash: str = Field(max_length=64)
    made_by: str = Field(max_length=32)
    made_at: datetime = moment(optional=False)
    ends_at: datetime = moment(optional=False)
    revoked_by: str | None = Field(default=None, max_length=32)
    revoked_at: datetime | None = moment()


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
