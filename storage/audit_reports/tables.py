"""Audit reports: its tables."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class ReportState(StrEnum):
    """A report is drafted from facts, written by the lead auditor, and signed once."""

    DRAFT = "draft"
    SIGNED = "signed"


class AuditReport(Row, table=True):
    """What an audit came to (ISO 19011, 6.5.1), in one revision. `facts` are those it was signed with.

    `digest` is the SHA-256 over its words and facts as signed; `pdf_sha256` and `xlsx_sha256` are of the papers.
    `signed_as` is the part that the signer had in the team. `reason` says what a later revision corrects.
    """

    __tablename__ = "audit_report"
    __table_args__ = (
        one_of("state", ReportState),
        UniqueConstraint("workspace_id", "desk_audit_id", "revision", name="one_report_per_revision"),
        CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed_reports_have_a_time"),
    )

    desk_audit_id: int = refers_to("desk_audit.id")
    revision: int = 1
    state: ReportState = choice(ReportState, ReportState.DRAFT)
    summary: str = prose()
    obstacles: str = prose()
    not_covered: str = prose()
    conclusion: str = prose()
    follow_up: str = prose()
    reason: str = prose()
    distribution: list[str] = Field(default_factory=list, sa_type=JSON)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    drafted_by: str = Field(max_length=32)
    drafted_at: datetime = moment(optional=False)
    signed_by: str | None = Field(default=None, max_length=32)
    signed_at: datetime | None = moment()
    signed_as: str = Field(default="", max_length=40)
    digest: str | None = Field(default=None, max_length=64)
    pdf_sha256: str | None = Field(default=None, max_length=64)
    xlsx_sha256: str | None = Field(default=None, max_length=64)
