"""Frameworks: its tables."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, moment, prose, refers_to


class OwnFramework(Row, table=True):
    """A set of requirements the organisation has brought itself. `edition` begins references: `own-acme:AC-1`."""

    __tablename__ = "own_framework"
    remembered: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("workspace_id", "edition", name="one_own_framework_per_edition"),)

    edition: str = Field(max_length=40)
    name: str = Field(max_length=120)
    imported_by: str = Field(max_length=32)
    imported_at: datetime = moment(optional=False)


class OwnRequirement(Row, table=True):
    """One requirement of an own framework, at its `place` in it. One that a later import lacks is withdrawn."""

    __tablename__ = "own_requirement"
    __table_args__ = (
        UniqueConstraint("workspace_id", "own_framework_id", "number", name="one_own_number_per_framework"),
    )

    own_framework_id: int = refers_to("own_framework.id")
    place: int
    number: str = Field(max_length=40)
    title: str = Field(max_length=200)
    theme: str = Field(max_length=80)
    summary: str = prose()
    evidence: list[str] = Field(default_factory=list, sa_type=JSON)
    frequency: str = Field(max_length=20)
    withdrawn_at: datetime | None = moment()


class Applicability(Row, table=True):
    """Whether a requirement applies to the organisation, and why. Earlier decisions stand on the trail."""

    __tablename__ = "applicability"
    __table_args__ = (
        UniqueConstraint("workspace_id", "reference", name="one_applicability_per_requirement"),
        CheckConstraint("reason <> ''", name="applicability_has_a_reason"),
    )

    reference: str = Field(max_length=80)
    applies: bool
    reason: str = prose()
    decided_by: str = Field(max_length=32)
    decided_at: datetime = moment(optional=False)


class StatementOfApplicability(Row, table=True):
    """An approved statement for one edition, with every decision as it was then. `number` counts from 1."""

    __tablename__ = "statement_of_applicability"
    __table_args__ = (UniqueConstraint("workspace_id", "edition", "number", name="one_statement_per_number"),)

    edition: str = Field(max_length=40)
    number: int
    decisions: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    approved_by: str = Field(max_length=32)
    approved_at: datetime = moment(optional=False)


class GapRating(Row, table=True):
    """How well a requirement is met, from 0 to 3 (None: not applicable), and what somebody will do about it by when.

    `nudge_on` is the day on which its owner is next reminded.
    """

    __tablename__ = "gap_rating"
    __table_args__ = (
        UniqueConstraint("workspace_id", "reference", name="one_rating_per_requirement"),
        CheckConstraint("rating BETWEEN 0 AND 3", name="gap_rating_is_on_the_scale"),
        CheckConstraint(
            "(action = '') = (owner_id IS NULL) AND (action = '') = (due_on IS NULL)",
            name="actions_have_an_owner_and_a_date",
        ),
    )

    reference: str = Field(max_length=80)
    rating: int | None = None
    action: str = prose()
    owner_id: str | None = Field(default=None, max_length=32)
    due_on: date | None = Field(default=None, index=True)
    nudge_on: date | None = Field(default=None, index=True)
    rated_by: str = Field(max_length=32)
    rated_at: datetime = moment(optional=False)
