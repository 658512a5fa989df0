"""Question bank: its tables. What ships with the product stands in files; what an organisation adds stands here."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, moment


class OwnQuestion(Row, table=True):
    """One revision of a question of the organisation's own; none is ever rewritten.

    `definition` is the question as the bank's files write one. The highest revision of a key counts, unless it is
    retired.
    """

    __tablename__ = "own_question"
    __table_args__ = (UniqueConstraint("workspace_id", "key", "revision", name="one_question_per_revision"),)

    key: str = Field(max_length=40)
    revision: int = 1
    definition: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    added_by: str = Field(max_length=32)
    added_at: datetime = moment(optional=False)
    retired_by: str | None = Field(default=None, max_length=32)
    retired_at: datetime | None = moment()
