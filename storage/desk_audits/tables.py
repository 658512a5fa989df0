"""Desk audits: its tables. A plan, its team, whom to ask, what was found, and the report."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class AuditState(StrEnum):
    """`planned`: nobody was told; `announced`: the plan went out; `running`: people are asked; `reported`: signed."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    RUNNING = "running"
    REPORTED = "reported"
    WITHDRAWN = "withdrawn"


class Party(StrEnum):
    """Who audits whom (ISO 19011, 3.1): we ourselves, we a supplier or a customer us, a certification body us."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class Approach(StrEnum):
    """What an audit looks at as a whole."""

    SYSTEM = "system"
    PROCESS = "process"
    PRODUCT = "product"


class Mode(StrEnum):
    """How an auditor comes to know something."""

    INTERVIEW = "interview"
    DOCUMENT_REVIEW = "document_review"
    OBSERVATION = "observation"


class DeskAudit(Row, table=True):
    """An audit; its id is the number that people call it by. `question_set` names the template it was planned from.

    `edition` is the standard it is about first of all, `auditor_id` who leads it.
    """

    __tablename__ = "desk_audit"

    title: str = Field(max_length=200)
    edition: str = Field(max_length=40)
    question_set: str = Field(max_length=80)
    auditor_id: str = Field(max_length=32)
    opened_at: datetime = moment(optional=False)


class AuditPlan(Row, table=True):
    """What was agreed about an audit before it begins (ISO 19011, 6.3.2). Audits of earlier versions have none.

    `language` is that of the questions. `requirements` are references with their edition, `other_criteria` own
    documents, laws and contracts. People are to be asked from `begins_on` to `ends_on`, days in the organisation's
    zone; they were from `started_at` on, until its first report was signed at `reported_at`.
    `auditee_id` answers for what is audited and confirms the opening, or proposes other days: `proposed_begins_on`
    to `proposed_ends_on`, because of `proposal`. `task_id` is the task of the calendar that the audit fulfils.
    `change` says why the plan was changed after it had been announced, `reason` why it was withdrawn.
    """

    __tablename__ = "audit_plan"
    __table_args__ = (
        one_of("state", AuditState),
        one_of("party", Party),
        one_of("approach", Approach),
        UniqueConstraint("workspace_id", "desk_audit_id", name="one_plan_per_audit"),
        CheckConstraint("begins_on <= ends_on", name="audits_begin_before_they_end"),
    )

    desk_audit_id: int = refers_to("desk_audit.id")
    state: AuditState = choice(AuditState, AuditState.PLANNED)
    party: Party = choice(Party, Party.FIRST)
    approach: Approach = choice(Approach, Approach.PROCESS)
    objective: str = prose()
    scope: str = prose()
    language: str = Field(default="en", max_length=2)
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    other_criteria: str = prose()
    places: list[str] = Field(default_factory=list, sa_type=JSON)
    processes: list[str] = Field(default_factory=list, sa_type=JSON)
    modes: list[str] = Field(default_factory=list, sa_type=JSON)
    begins_on: date
    ends_on: date
    auditee_id: str = Field(max_length=32, index=True)
    task_id: int | None = refers_to("task.id", optional=True)
    announced_at: datetime | None = moment()
    opening_confirmed_by: str | None = Field(default=None, max_length=32)
    opening_confirmed_at: datetime | None = moment()
    started_at: datetime | None = moment()
    reported_at: datetime | None = moment()
    proposed_begins_on: date | None = None
    proposed_ends_on: date | None = None
    proposal: str = prose()
    change: str = prose()
    reason: str = prose()


class Part(StrEnum):
    """What somebody does in an audit team."""

    LEAD = "lead"
    AUDITOR = "auditor"
    EXPERT = "expert"
    OBSERVER = "observer"


class AuditMember(Row, table=True):
    """Somebody of an audit's team. `checks` is what was found when they were named: independence and competence.

    Each check is `{"check": …, "passed": …, "about": …}`. `exception` says why they are in it though one failed.
    """

    __tablename__ = "audit_member"
    __table_args__ = (
        one_of("part", Part),
        UniqueConstraint("workspace_id", "desk_audit_id", "person_id", name="once_per_team"),
    )

    desk_audit_id: int = refers_to("desk_audit.id")
    person_id: str = Field(max_length=32, index=True)
    part: Part = choice(Part, Part.AUDITOR)
    checks: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    exception: str = prose()
    named_by: str = Field(max_length=32)
    named_at: datetime = moment(optional=False)
    left_at: datetime | None = moment()


class AuditorCompetence(Row, table=True):
    """What makes somebody fit to audit against an edition: training, experience, or an examination (ISO 19011, 7)."""

    __tablename__ = "auditor_competence"

    person_id: str = Field(max_length=32, index=True)
    edition: str = Field(max_length=40)
    basis: str = prose()
    valid_until: date | None = None
    recorded_by: str = Field(max_length=32)
    recorded_at: datetime = moment(optional=False)
    ended_at: datetime | None = moment()


class AuditSlice(Row, table=True):
    """Who is asked the same questions: whom there was to choose from, and how the choice was made.

    `population` are those of the audience, `left_out` those of them who can't be asked, each with the reason's key:
    `{"person": …, "why": …}`. Of the rest `wanted` were drawn by `seed`; `people` is whom the auditor confirmed.
    """

    __tablename__ = "audit_slice"

    desk_audit_id: int = refers_to("desk_audit.id")
    audience: str = Field(max_length=80)
    question_ids: list[str] = Field(default_factory=list, sa_type=JSON)
    population: list[str] = Field(default_factory=list, sa_type=JSON)
    left_out: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    wanted: int
    seed: int = Field(sa_type=BigInteger)
    drawn: list[str] = Field(default_factory=list, sa_type=JSON)
    people: list[str] = Field(default_factory=list, sa_type=JSON)
    reason: str = prose()
    confirmed_by: str | None = Field(default=None, max_length=32)
    confirmed_at: datetime | None = moment()


class FindingKind(StrEnum):
    """What an auditor may find; a nonconformity is followed in a case of its own."""

    CONFORMITY = "conformity"
    GOOD_PRACTICE = "good_practice"
    OPPORTUNITY = "opportunity"
    OBSERVATION = "observation"
    NONCONFORMITY = "nonconformity"


class AuditFinding(Row, table=True):
    """A finding of an audit; `number` counts within it. `answer_ids` are the answers and notes it rests on.

    It is shown to whoever answers for the area before the report; `owner_view` is what they say to it, word for word,
    and `owner_agrees` whether they see it the same way.
    """

    __tablename__ = "audit_finding"
    __table_args__ = (
        one_of("kind", FindingKind),
        UniqueConstraint("workspace_id", "desk_audit_id", "number", name="finding_numbers_are_never_reused"),
    )

    desk_audit_id: int = refers_to("desk_audit.id")
    number: int
    kind: FindingKind = choice(FindingKind, FindingKind.OBSERVATION)
    requirement: str = Field(default="", max_length=80)
    statement: str = prose()
    evidence: str = prose()
    place: str = prose()
    sample: str = prose()
    answer_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    owner_id: str = Field(max_length=32, index=True)
    raised_by: str = Field(max_length=32)
    raised_at: datetime = moment(optional=False)
    shown_at: datetime | None = moment()
    owner_agrees: bool | None = None
    owner_view: str = prose()
    owner_view_at: datetime | None = moment()
    nonconformity_id: int | None = refers_to("nonconformity.id", optional=True)
    withdrawn_at: datetime | None = moment()
    reason: str = prose()
