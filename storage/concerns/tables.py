"""Concerns: their table."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class ConcernKind(StrEnum):
    """What somebody brings up."""

    NOT_RIGHT = "not_right"
    IDEA = "idea"
    INCIDENT = "incident"
    COMPLAINT = "complaint"


class ConcernState(StrEnum):
    """What became of it: a nonconformity or an improvement was made of it, or it was set aside with a reason."""

    OPEN = "open"
    TAKEN_UP = "taken_up"
    SET_ASIDE = "set_aside"


class Concern(Row, table=True):
    """What somebody brought up in a sentence. `number` counts up within the workspace.

    `reporter_id` is empty where they gave no name, and then it stands nowhere. `due_on` is the day by which somebody
    should have decided, in the organisation's zone. What was taken up goes on as a nonconformity or as an improvement
    with a task of its own; `ended_at` is when the bot found that this had come to its end.
    """

    __tablename__ = "concern"
    __table_args__ = (
        one_of("kind", ConcernKind),
        one_of("state", ConcernState),
        UniqueConstraint("workspace_id", "number", name="concerns_are_counted_up"),
        CheckConstraint("(state = 'open') = (decided_by IS NULL)", name="concerns_are_decided_by_somebody"),
        CheckConstraint("state <> 'set_aside' OR reason <> ''", name="set_aside_for_a_reason"),
        CheckConstraint(
            "(state = 'taken_up') = ((nonconformity_id IS NULL) <> (obligation_id IS NULL))",
            name="taken_up_as_one_thing",
        ),
    )

    number: int
    kind: ConcernKind = choice(ConcernKind, ConcernKind.NOT_RIGHT)
    words: str = prose()
    place: str = prose()
    process: str = prose()
    reporter_id: str | None = Field(default=None, max_length=32, index=True)
    raised_at: datetime = moment(optional=False)
    due_on: date
    state: ConcernState = choice(ConcernState, ConcernState.OPEN)
    decided_by: str | None = Field(default=None, max_length=32)
    decided_at: datetime | None = moment()
    reason: str = prose()
    nonconformity_id: int | None = refers_to("nonconformity.id", optional=True)
    obligation_id: int | None = refers_to("obligation.id", optional=True)
    ended_at: datetime | None = moment()
