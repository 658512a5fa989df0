"""Desk audits: its tables."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class InterviewState(StrEnum):
    """`confirming`: every question is answered and the person is asked whether the summary is right."""

    INVITED = "invited"
    ANSWERING = "answering"
    CONFIRMING = "confirming"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class DeskAudit(Row, table=True):
    """An audit by interview. `question_set` names a set of the edition in `edition`."""

    __tablename__ = "desk_audit"

    title: str = Field(max_length=200)
    edition: str = Field(max_length=40)
    question_set: str = Field(max_length=80)
    auditor_id: str = Field(max_length=32)
    opened_at: datetime = moment(optional=False)


class Interview(Row, table=True):
    """One person's part in a desk audit. `digest` is the SHA-256 over the answers as confirmed."""

    __tablename__ = "interview"
    __table_args__ = (
        one_of("state", InterviewState),
        UniqueConstraint("workspace_id", "desk_audit_id", "person_id", name="one_interview_per_person"),
    )

    desk_audit_id: int = refers_to("desk_audit.id")
    person_id: str = Field(max_length=32, index=True)
    state: InterviewState = choice(InterviewState, InterviewState.INVITED)
    question_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    invited_at: datetime = moment(optional=False)
    started_at: datetime | None = moment()
    confirmed_at: datetime | None = moment()
    digest: str | None = Field(default=None, max_length=64)


class Answer(Row, table=True):
    """What somebody said to one question, with the auditor's two scales kept apart.

    `rating` 0 to 3 says how well the requirement was met, `corroboration` 0 to 3 what stands behind it.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("workspace_id", "interview_id", "question_id", name="one_answer_per_question"),
        CheckConstraint("rating BETWEEN 0 AND 3", name="rating_is_on_the_scale"),
        CheckConstraint("corroboration BETWEEN 0 AND 3", name="corroboration_is_on_the_scale"),
    )

    interview_id: int = refers_to("interview.id")
    question_id: str = Field(max_length=40)
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    prompt: str = prose()
    text: str = prose()
    answered_at: datetime = moment(optional=False)
    rating: int | None = None
    corroboration: int | None = None
    rating_note: str = prose()
    rated_by: str | None = Field(default=None, max_length=32)
    rated_at: datetime | None = moment()
