"""Reviews: its tables."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, moment


class Digest(Row, table=True):
    """One weekly digest. `week_of` is the Monday it was told for; the trail's head is published with it."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("workspace_id", "week_of", name="one_digest_per_week"),)

    week_of: date
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    trail_sequence: int
    trail_hash: str = Field(max_length=64)
    prepared_at: datetime = moment(optional=False)
