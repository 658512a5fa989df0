"""Reviews: its tables."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class Digest(Row, table=True):
    """One weekly digest. `week_of` is the Monday it was told for; the trail's head is published with it."""

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("workspace_id", "week_of", name="one_digest_per_week"),)

    week_of: date
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    trail_sequence: int
    trail_hash: str = Field(max_length=64)
    prepared_at: datetime = moment(optional=False)


class Way(StrEnum):
    """How a witness is told."""

    MAIL = "mail"
    POST = "post"


class HeadNotice(Row, table=True):
    """A published head on its way to a witness. It is tried again from `not_before` on until `told_at` is set."""

    __tablename__ = "head_notice"
    __table_args__ = (
        one_of("way", Way),
        UniqueConstraint("workspace_id", "digest_id", "way", name="one_notice_per_head_and_way"),
    )

    digest_id: int = refers_to("digest.id")
    way: Way = choice(Way, Way.MAIL)
    not_before: datetime = moment(optional=False)
    attempts: int = 0
    told_at: datetime | None = moment()
    reason: str = prose()
