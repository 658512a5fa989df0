"""Nonconformities: its tables."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Text, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to
from storage.nonconformities.origins import Against, Source


class NonconformityState(StrEnum):
    """Where a nonconformity stands on its way from a draft to proven effect."""

    DRAFT = "draft"
    ISSUED = "issued"
    CONTESTED = "contested"
    RESPONDING = "responding"
    PLAN_REVIEW = "plan_review"
    CONSENTING = "consenting"
    IMPLEMENTING = "implementing"
    VERIFYING = "verifying"
    MONITORING = "monitoring"
    EFFECTIVENESS_REVIEW = "effectiveness_review"
    SECOND_SIGNATURE = "second_signature"
    AWAITING_BODY = "awaiting_body"
    CLOSED = "closed"
    VOID = "void"


class Grade(StrEnum):
    """How serious a nonconformity is; signed by a person, only ever suggested by the bot."""

    MAJOR = "major"
    MINOR = "minor"


class Seat(StrEnum):
    """The part somebody plays in a case; who may fill it is a rule."""

    ANYBODY = "anybody"
    BOT = "bot"
    OWNER = "owner"
    GRADER = "grader"
    REVIEWER = "reviewer"
    CONSENTER = "consenter"
    VERIFIER = "verifier"
    SECOND_SIGNER = "second_signer"
    DECIDER = "decider"
    EXTENDER = "extender"
    RECORDER = "recorder"
    KEEPER = "keeper"
    RECURRER = "recurrer"
    REOPENER = "reopener"


class Signs(StrEnum):
    """What a signature is for."""

    GRADE = "grade"
    REVIEW = "review"
    CONSENT = "consent"
    IMPLEMENTATION = "implementation"
    EFFECT = "effect"
    SECOND = "second"


class Mark(StrEnum):
    """An exception that is said wherever the case is shown."""

    MANAGEMENT = "management"
    OUTSIDER = "outsider"
    MANAGING_DOER = "managing_doer"
    CONSENT_SIGNER = "consent_signer"
    SAME_OUTSIDER = "same_outsider"
    GRADE_SIGNER = "grade_signer"
    OWN_KEEPER = "own_keeper"
    AUDITOR = "auditor"
    ADMIN = "admin"
    ONE_PERSON_THROUGHOUT = "one_person_throughout"
    SAME_TEAM = "same_team"
    EXTENDED = "extended"
    EXTERNAL_MISSED = "external_missed"
    SHORT_WATCH = "short_watch"
    PROOF_OLDER = "proof_older"
    LATE_ENTRY = "late_entry"
    ASKED_BACK = "asked_back"


class ActionKind(StrEnum):
    """What an action is for: only a corrective one removes a cause."""

    CONTAINMENT = "containment"
    CORRECTION = "correction"
    CORRECTIVE = "corrective"
    IMPROVEMENT = "improvement"


class ActionState(StrEnum):
    """How far one action of a plan has come."""

    PLANNED = "planned"
    STARTED = "started"
    CLAIMED = "claimed"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"


class BodyTrack(StrEnum):
    """Where a finding of a certification body stands there."""

    REPORTED = "reported"
    PLAN_SENT = "plan_sent"
    PLAN_ACCEPTED = "plan_accepted"
    CLOSED = "closed"
    WARNED = "warned"
    SUSPENDED = "suspended"


class Asking(StrEnum):
    """What the owner is being asked in the conversation that leads to an answer, in the order of asking."""

    PUT_RIGHT = "put_right"
    CONTAINED = "contained"
    CORRECTION = "correction"
    CONSEQUENCES = "consequences"
    EXTENT = "extent"
    WHY = "why"
    CAUSE = "cause"
    UNNOTICED = "unnoticed"
    ACTION = "action"
    ASSIGNEE = "assignee"
    ACTION_DUE = "action_due"
    PROOF = "proof"
    MORE = "more"
    MEASURE = "measure"
    TARGET = "target"
    SOURCE = "source"
    PERIOD = "period"
    CHECK = "check"
    RISKS = "risks"
    SYSTEM = "system"
    STANDS = "stands"
    READ_BACK = "read_back"


class Dispute(StrEnum):
    """How far a dispute at the certification body has come (ISO/IEC 17021-1, 9.7 and 9.8)."""

    DISPUTED = "disputed"
    DISPUTE_REFUSED = "dispute_refused"
    APPEALED = "appealed"
    APPEAL_REFUSED = "appeal_refused"
    GRANTED = "granted"


class Nonconformity(Row, table=True):
    """One finding. `number` counts up within the workspace; dates are in the organisation's zone.

    The finding's three parts are what it is against, `evidence` and `statement`. It is against a `requirement` (with
    its edition), or else a document, law or contract, which `criterion` names with the place in it.
    `source` says where it comes from, with the answer, the missed task, the returned evidence or the failed probe, if
    it is one of these; neither is known of those that were raised before this was kept. `moved_at` is
    when its state last changed, `due_on` the day by which whoever must act next should have acted. Whoever owned it
    before stays among `earlier_owners`. `is_correction_only` while putting it right was agreed to be enough;
    `merged_into_id` is the case that goes on in its place.
    """

    __tablename__ = "nonconformity"
    __table_args__ = (
        one_of("state", NonconformityState),
        one_of("grade", Grade),
        one_of("source", Source),
        one_of("against", Against),
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
    earlier_owners: list[str] | None = Field(default=None, sa_type=JSON)
    is_correction_only: bool | None = None
    merged_into_id: int | None = refers_to("nonconformity.id", optional=True)
    source: Source | None = choice(Source)
    against: Against | None = choice(Against)
    process: str | None = Field(default=None, sa_type=Text)
    criterion: str | None = Field(default=None, sa_type=Text)
    task_id: int | None = refers_to("task.id", optional=True)
    evidence_id: int | None = refers_to("evidence.id", optional=True)
    probe_run_id: int | None = refers_to("probe_run.id", optional=True)


class NonconformityRound(Row, table=True):
    """One way from an answer to proven effect; the next begins when it did not work or came back.

    Limits count from `began_on`, plus the days that a contest stopped the clocks for. One extension fits into a round.
    """

    __tablename__ = "nonconformity_round"
    __table_args__ = (UniqueConstraint("workspace_id", "nonconformity_id", "number", name="rounds_are_counted_up"),)

    nonconformity_id: int = refers_to("nonconformity.id")
    number: int
    began_on: date
    begun_by: str = Field(max_length=40)
    reason: str = prose()
    paused_days: int = 0
    extended_to: date | None = None
    extended_by: str | None = Field(default=None, max_length=32)
    extended_at: datetime | None = moment()
    extension_reason: str = prose()


class Response(Row, table=True):
    """One answer of the owner's to a nonconformity: correction, cause, corrective action (cl. 10.2).

    `round` counts the answers, as it did when each answer was a round; `of_round` is the `NonconformityRound` that an
    answer belongs to. One that was returned stays as it was.
    """

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("workspace_id", "nonconformity_id", "round", name="one_response_per_round"),)

    nonconformity_id: int = refers_to("nonconformity.id")
    round: int
    of_round: int | None = None
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
    contained: str | None = Field(default=None, sa_type=Text)
    how_unnoticed: str | None = Field(default=None, sa_type=Text)
    assignee_id: str | None = Field(default=None, max_length=32)
    expected_proof: str | None = Field(default=None, sa_type=Text)
    effect_target: str | None = Field(default=None, sa_type=Text)
    effect_source: str | None = Field(default=None, sa_type=Text)
    effect_period: str | None = Field(default=None, sa_type=Text)
    stands_because: str | None = Field(default=None, sa_type=Text)


class ResponseDraft(Row, table=True):
    """What an owner has said so far of the answer to a nonconformity, kept at every step; one per case.

    `values` are the fields of the plan by their names; causes are rows of their own from their first step on, actions
    once they are whole. Until then the one being asked about stands under `action`, and under `cause` the place of the
    cause whose steps are asked. `asking` is what is asked now, None where nothing is; `number` counts the questions,
    so that an old button is known, and `asked_back` says why one is asked again. `said_to` is the question to which the
    last answer was kept: a second message on its heels belongs there too.
    """

    __tablename__ = "response_draft"
    __table_args__ = (
        one_of("asking", Asking),
        one_of("said_to", Asking),
        UniqueConstraint("workspace_id", "nonconformity_id", name="one_draft_per_case"),
    )

    nonconformity_id: int = refers_to("nonconformity.id")
    person_id: str = Field(max_length=32, index=True)
    asking: Asking | None = choice(Asking)
    number: int = 0
    asked_back: str = Field(default="", max_length=40)
    said_to: Asking | None = choice(Asking)
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    updated_at: datetime = moment(optional=False)


class Cause(Row, table=True):
    """One cause, found by asking why step by step. Until the answer is sent it belongs to none: a draft."""

    __tablename__ = "cause"

    nonconformity_id: int = refers_to("nonconformity.id")
    response_id: int | None = refers_to("response.id", optional=True)
    place: int
    steps: list[str] = Field(default_factory=list, sa_type=JSON)
    how_unnoticed: str = prose()
    written_by: str = Field(max_length=32, index=True)
    written_at: datetime = moment(optional=False)
    removed_at: datetime | None = moment()


class Action(Row, table=True):
    """One action of a plan: what, for which causes (by their place), who, until when, and what will show it.

    `proof` is what whoever carried it out says shows it, beside the files they gave; `remark` why it came back.
    """

    __tablename__ = "nonconformity_action"
    __table_args__ = (one_of("kind", ActionKind), one_of("state", ActionState))

    nonconformity_id: int = refers_to("nonconformity.id")
    response_id: int | None = refers_to("response.id", optional=True)
    place: int
    causes: list[int] = Field(default_factory=list, sa_type=JSON)
    kind: ActionKind = choice(ActionKind, ActionKind.CORRECTIVE)
    text: str = prose()
    assignee_id: str = Field(max_length=32, index=True)
    due_on: date
    expected_proof: str = prose()
    state: ActionState = choice(ActionState, ActionState.PLANNED)
    moved_at: datetime = moment(optional=False)
    remark: str = prose()
    proof: str | None = Field(default=None, sa_type=Text)


class Signature(Row, table=True):
    """Who signed what, in which seat and role, having seen which version; and which checks were passed.

    `mark` is the exception under which the seat was filled. A signature that lapsed stays, with the event it
    `lapsed_by`.
    """

    __tablename__ = "signature"
    __table_args__ = (one_of("signs", Signs), one_of("seat", Seat), one_of("mark", Mark))

    nonconformity_id: int = refers_to("nonconformity.id")
    round: int
    signs: Signs = choice(Signs, Signs.GRADE)
    person_id: str = Field(max_length=32, index=True)
    seat: Seat = choice(Seat, Seat.GRADER)
    roles: list[str] = Field(default_factory=list, sa_type=JSON)
    version_seen: int
    checks: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    mark: Mark | None = choice(Mark)
    signed_at: datetime = moment(optional=False)
    lapsed_at: datetime | None = moment()
    lapsed_by: str = Field(default="", max_length=40)


class EffectCheck(Row, table=True):
    """What was measured against the target that was chosen before, and what came of it."""

    __tablename__ = "effect_check"

    nonconformity_id: int = refers_to("nonconformity.id")
    round: int
    value: str = prose()
    result: str = prose()
    is_met: bool
    watched_days: int
    judged_by: str = Field(max_length=32)
    judged_at: datetime = moment(optional=False)


class Contest(Row, table=True):
    """An owner's objection to a finding or its grade, and how somebody else decided who heard both sides.

    `heard` is what the owner said to them, `other_side` what whoever found and graded it did; decisions of earlier
    versions have both in `heard`.
    """

    __tablename__ = "contest"
    __table_args__ = (
        one_of("mark", Mark),
        CheckConstraint("decided_by IS NULL OR decided_by <> contested_by", name="contests_decided_by_somebody_else"),
    )

    nonconformity_id: int = refers_to("nonconformity.id")
    contested_by: str = Field(max_length=32)
    contested_at: datetime = moment(optional=False)
    reason: str = prose()
    other_side: str | None = Field(default=None, sa_type=Text)
    heard: str = prose()
    is_upheld: bool | None = None
    decision: str = prose()
    mark: Mark | None = choice(Mark)
    decided_by: str | None = Field(default=None, max_length=32)
    decided_at: datetime | None = moment()


class BodyFinding(Row, table=True):
    """What a certification body wrote of a finding of its own: its number, words, letter and days, which come first."""

    __tablename__ = "body_finding"
    __table_args__ = (
        one_of("track", BodyTrack),
        one_of("dispute", Dispute),
        UniqueConstraint("workspace_id", "nonconformity_id", name="one_finding_of_the_body_per_case"),
    )

    nonconformity_id: int = refers_to("nonconformity.id")
    body: str = Field(max_length=200)
    audit: str = prose()
    body_number: str = Field(max_length=80)
    body_text: str = prose()
    letter: str = prose()
    reply_by: date | None = None
    plan_by: date | None = None
    corrected_by: date | None = None
    track: BodyTrack = choice(BodyTrack, BodyTrack.REPORTED)
    dispute: Dispute | None = choice(Dispute)
    dispute_until: date | None = None


class CaseAccess(Row, table=True):
    """Somebody from outside may see one case, judge and sign, on days that are named; why they can is on record.

    `is_open` on these days: the clock opens and closes it. `mark` says who called them, where that was an exception.
    """

    __tablename__ = "case_access"
    __table_args__ = (
        one_of("mark", Mark),
        CheckConstraint("starts_on <= ends_on", name="case_access_begins_before_it_ends"),
    )

    nonconformity_id: int = refers_to("nonconformity.id")
    person_id: str = Field(max_length=32, index=True)
    starts_on: date
    ends_on: date
    competence: str = prose()
    independence: str = prose()
    is_open: bool = False
    mark: Mark | None = choice(Mark)
    called_by: str = Field(max_length=32)
    called_at: datetime = moment(optional=False)


class NamedSeat(Row, table=True):
    """Somebody who was named for a seat of a case, and is asked first; the latest counts. `mark` is of who named."""

    __tablename__ = "named_seat"
    __table_args__ = (one_of("seat", Seat), one_of("mark", Mark))

    nonconformity_id: int = refers_to("nonconformity.id")
    seat: Seat = choice(Seat, Seat.REVIEWER)
    person_id: str = Field(max_length=32, index=True)
    reason: str = prose()
    mark: Mark | None = choice(Mark)
    named_by: str = Field(max_length=32)
    named_at: datetime = moment(optional=False)
