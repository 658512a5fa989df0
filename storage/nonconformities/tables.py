"""Nonconformities: its tables."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class NonconformityState(StrEnum):
    """Where a nonconformity stands on its way from a draft to proven effect."""

    DRAFT = "draft"
    ISSUED = "issued"
    RESPONDING = "responding"
    PLAN_REVIEW = "plan_review"
    IMPLEMENTING = "implementing"
    VERIFYING = "verifying"
    MONITORING = "monitoring"
    EFFECTIVENESS_REVIEW = "effectiveness_review"
    CLOSED = "closed"
    VOID = "void"


class Grade(StrEnum):
    """How serious a nonconformity is; signed by a person, only ever suggested by the bot."""

    MAJOR = "major"
    MINOR = "minor"


class Nonconformity(Row, table=True):
    """One finding. `number` counts up within the workspace; dates are in the organisation's zone.

    The finding's three parts are `requirement` (with its edition), `evidence` and `statement`. `moved_at` is
    when its state last changed, `due_on` the day by which whoever must act next should have acted.
    """

    __tablename__ = "nonconformity"
    __table_args__ = (
        one_of("state", NonconformityState),
        one_of("grade", Grade),
        UniqueConstraint("workspace_id", "number", name="numbers_are_never_reused"),
        CheckConstraint(
            "state IN ('draft', 'void') OR (grade IS NOT NULL AND issued_at IS NOT NULL)",
            name="issued_ones_are_graded",
        ),
        CheckConstraint(
            "state <> 'closed' OR (closed_by IS NOT NULL AND closed_by <> owner_id)",
            name="closed_by_somebody_else",
        ),
    )

    number: int
    answer_id: int | None = refers_to("answer.id", optional=True)
    state: NonconformityState = choice(NonconformityState, NonconformityState.DRAFT)
    grade: Grade | None = choice(Grade)
    grade_tests: list[str] = Field(default_factory=list, sa_type=JSON)
    grade_rationale: str = prose()
    requirement: str = Field(max_length=80)
    evidence: str = prose()
    statement: str = prose()
    place: str = prose()
    sample: str = prose()
    owner_id: str = Field(max_length=32, index=True)
    raised_by: str = Field(max_length=32)
    raised_at: datetime = moment(optional=False)
    issued_by: str | None = Field(default=None, max_length=32)
    issued_at: datetime | None = moment()
    moved_at: datetime = moment(optional=False)
    due_on: date | None = Field(default=None, index=True)
    round: int = 0
    verified_by: str | None = Field(default=None, max_length=32)
    verified_at: datetime | None = moment()
    verification: str = prose()
    check_effect_on: date | None = None
    effect: str = prose()
    effect_confirmed_by: str | None = Field(default=None, max_length=32)
    effect_confirmed_at: datetime | None = moment()
    closed_by: str | None = Field(default=None, max_length=32)
    closed_at: datetime | None = moment()
    reason: str = prose()
    reason_by: str | None = Field(default=None, max_length=32)
    reason_at: datetime | None = moment()


class Response(Row, table=True):
    """One round of the owner's answer to a nonconformity: correction, cause, corrective action (cl. 10.2)."""

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("workspace_id", "nonconformity_id", "round", name="one_response_per_round"),)

    nonconformity_id: int = refers_to("nonconformity.id")
    round: int
    correction: str = prose()
    consequences: str = prose()
    extent: str = prose()
    causes: list[str] = Field(default_factory=list, sa_type=JSON)
    corrective_action: str = prose()
    action_due_on: date
    effect_criterion: str = prose()
    check_effect_on: date
    risk_decision: str = prose()
    system_decision: str = prose()
    submitted_by: str = Field(max_length=32)
    submitted_at: datetime = moment(optional=False)
    reviewed_by: str | None = Field(default=None, max_length=32)
    reviewed_at: datetime | None = moment()
    review_comment: str = prose()
