"""Nudges: its tables."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, literal, text
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class NudgeState(StrEnum):
    """`owed` until a message has told it, or there was a reason to leave it out."""

    OWED = "owed"
    TOLD = "told"
    SKIPPED = "skipped"


STILL_OWED = text("state = 'owed'")


OWED = literal(NudgeState.OWED.value, literal_execute=True)
"""Written out in a condition, as a partial index is used only where its own words are found again."""


class Nudge(Row, table=True):
    """One thing to tell a person about a subject: which rung was reached, and when.

    `what` tells two times of the same rung apart: the due date it was counted from, or the version of the subject.
    `message_id` is the message that told it, so that it also says which message shows which subjects.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        one_of("state", NudgeState),
        UniqueConstraint(
            "workspace_id", "person_id", "subject", "subject_id", "rung", "what", name="one_nudge_per_rung"
        ),
        Index("nudges_owed", "workspace_id", "person_id", sqlite_where=STILL_OWED, postgresql_where=STILL_OWED),
        Index("nudges_by_subject", "workspace_id", "subject", "subject_id"),
    )

    person_id: str = Field(max_length=32)
    subject: str = Field(max_length=40)
    subject_id: int
    rung: str = Field(max_length=80)
    what: str = Field(default="", max_length=80)
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reached_at: datetime = moment(optional=False)
    state: NudgeState = choice(NudgeState, NudgeState.OWED)
    reason: str = prose()
    settled_at: datetime | None = moment()
    message_id: int | None = refers_to("outbox.id", optional=True)
