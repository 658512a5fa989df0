"""Audits have a plan, a team, findings and a report; interviews take every kind of answer and are sealed by rounds.

What an answer shows is evidence that serves it. The tables that were there get columns that may be empty.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import MOMENT, known, on_sqlite, row
from storage.migrations.sqlite_tables import restate

revision = "0007"
down_revision = "0006"

STATES = "state IN ('invited', 'answering', 'confirming', 'confirmed', 'declined')"
STATES_NOW = "state IN ('invited', 'answering', 'confirming', 'confirmed', 'declined', 'withdrawn', 'left')"
ANSWER_KINDS = "kind IN ('given', 'unknown', 'none', 'skipped', 'handed_on')"
WAYS = "way IN ('tap', 'thread', 'file', 'form', 'talk')"
MODES = "mode IN ('interview', 'document_review', 'observation')"
WAYS_IN = "way_in IN ('dropped', 'modal', 'shortcut', 'link', 'command', 'endpoint', 'probe')"
WAYS_IN_NOW = "way_in IN ('dropped', 'modal', 'shortcut', 'link', 'command', 'endpoint', 'probe', 'made')"
OF_WHAT = "(interview_id IS NULL) <> (desk_audit_id IS NULL)"
SERVES = "(task_id IS NULL) <> (nonconformity_id IS NULL)"
SERVES_NOW = (
    "CASE WHEN task_id IS NULL THEN 0 ELSE 1 END + CASE WHEN nonconformity_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN answer_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    """Create the tables and add the columns."""
    _create_audit_plans()
    _create_audit_members()
    _create_auditor_competences()
    _create_audit_slices()
    _create_own_questions()
    _create_sealed_rounds()
    _create_held_back()
    _create_answer_ratings()
    _create_sample_draws()
    _create_audit_findings()
    _create_audit_reports()
    _create_answer_disposals()
    _widen_interviews()
    _widen_answers()
    _widen_uses()
    _widen_evidence()
    _add("pack", sa.Column("answers_because", sa.Text()))
    _add("workspace", sa.Column("answers_kept_months", sa.Integer()), sa.Column("directory_read_at", MOMENT))
    _add("person", sa.Column("started_on", sa.Date()), sa.Column("first_seen_at", MOMENT))


def _add(table: str, *columns: sa.Column[Any]) -> None:
    for column in columns:
        op.add_column(table, column)


def _check(table: str, **checks: str) -> list[str]:
    """Add checks; for SQLite they are given back, to be stated with the rest."""
    if on_sqlite():
        return [f"CONSTRAINT {name} CHECK ({condition})" for name, condition in checks.items()]
    for name, condition in checks.items():
        op.create_check_constraint(name, table, condition)
    return []


def _refer(table: str, column: str, target: str) -> list[str]:
    op.create_index(f"ix_{table}_{column}", table, [column])
    if on_sqlite():
        return [f"FOREIGN KEY({column}) REFERENCES {target} (id)"]
    op.create_foreign_key(f"{table}_{column}_fkey", table, target, [column], ["id"])
    return []


def _widen_interviews() -> None:
    _add(
        "interview",
        sa.Column("questions", sa.JSON()),
        sa.Column("asking", sa.String(40)),
        sa.Column("round", sa.Integer()),
        sa.Column("due_on", sa.Date()),
        sa.Column("resumes_on", sa.Date()),
        sa.Column("talk_wanted_at", MOMENT),
        sa.Column("channel_id", sa.String(32)),
        sa.Column("thread_ts", sa.String(32)),
        sa.Column("ended_by", sa.String(32)),
        sa.Column("reason", sa.Text()),
    )
    if on_sqlite():
        restate("interview", {STATES: STATES_NOW})
        return
    op.drop_constraint("state_is_known", "interview", type_="check")
    op.create_check_constraint("state_is_known", "interview", STATES_NOW)


def _widen_answers() -> None:
    _add(
        "answer",
        sa.Column("desk_audit_id", sa.Integer()),
        sa.Column("mode", sa.String(40)),
        sa.Column("written_by", sa.String(32)),
        sa.Column("kind", sa.String(40)),
        sa.Column("value", sa.JSON()),
        sa.Column("way", sa.String(40)),
        sa.Column("round", sa.Integer()),
        sa.Column("follows_id", sa.Integer()),
        sa.Column("handed_to", sa.String(32)),
        sa.Column("message_ts", sa.String(32)),
        sa.Column("edited_text", sa.Text()),
        sa.Column("edited_at", MOMENT),
        sa.Column("deleted_at", MOMENT),
        sa.Column("redaction", sa.Text()),
        sa.Column("redacted_by", sa.String(32)),
        sa.Column("redacted_at", MOMENT),
        sa.Column("not_applicable", sa.Boolean()),
        sa.Column("backed_by", sa.JSON()),
    )
    added = [
        *_refer("answer", "desk_audit_id", "desk_audit"),
        *_refer("answer", "follows_id", "answer"),
        *_check("answer", kind_is_known=ANSWER_KINDS, way_is_known=WAYS, mode_is_known=MODES),
        *_check("answer", of_an_interview_or_an_audit=OF_WHAT),
    ]
    if on_sqlite():
        restate("answer", {"interview_id INTEGER NOT NULL": "interview_id INTEGER"}, added=added)
        return
    op.alter_column("answer", "interview_id", nullable=True)


def _widen_uses() -> None:
    _add("evidence_use", sa.Column("answer_id", sa.Integer()))
    op.create_index("once_per_answer", "evidence_use", ["workspace_id", "evidence_id", "answer_id"], unique=True)
    added = _refer("evidence_use", "answer_id", "answer")
    if on_sqlite():
        before = f"CONSTRAINT serves_a_task_or_a_nonconformity CHECK ({SERVES})"
        restate("evidence_use", {before: f"CONSTRAINT serves_one_thing CHECK ({SERVES_NOW})"}, added=added)
        return
    op.drop_constraint("serves_a_task_or_a_nonconformity", "evidence_use", type_="check")
    op.create_check_constraint("serves_one_thing", "evidence_use", SERVES_NOW)


def _widen_evidence() -> None:
    if on_sqlite():
        restate("evidence", {WAYS_IN: WAYS_IN_NOW})
        return
    op.drop_constraint("way_in_is_known", "evidence", type_="check")
    op.create_check_constraint("way_in_is_known", "evidence", WAYS_IN_NOW)


def _create_audit_plans() -> None:
    op.create_table(
        "audit_plan",
        *row(),
        sa.Column("desk_audit_id", sa.Integer(), sa.ForeignKey("desk_audit.id"), nullable=False, index=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("party", sa.String(40), nullable=False),
        sa.Column("approach", sa.String(40), nullable=False),
        sa.Column("objective", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("other_criteria", sa.Text(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("processes", sa.JSON(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("auditee_id", sa.String(32), nullable=False, index=True),
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("task.id"), index=True),
        sa.Column("announced_at", MOMENT),
        sa.Column("opening_confirmed_by", sa.String(32)),
        sa.Column("opening_confirmed_at", MOMENT),
        sa.Column("started_at", MOMENT),
        sa.Column("reported_at", MOMENT),
        sa.Column("proposed_begins_on", sa.Date()),
        sa.Column("proposed_ends_on", sa.Date()),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        known("approach", "system process product"),
        sa.CheckConstraint("begins_on <= ends_on", name="audits_begin_before_they_end"),
        sa.UniqueConstraint("workspace_id", "desk_audit_id", name="one_plan_per_audit"),
        known("party", "first second third"),
        known("state", "planned announced running reported withdrawn"),
    )


def _create_audit_members() -> None:
    op.create_table(
        "audit_member",
        *row(),
        sa.Column("desk_audit_id", sa.Integer(), sa.ForeignKey("desk_audit.id"), nullable=False, index=True),
        sa.Column("person_id", sa.String(32), nullable=False, index=True),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("exception", sa.Text(), nullable=False),
        sa.Column("named_by", sa.String(32), nullable=False),
        sa.Column("named_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.UniqueConstraint("workspace_id", "desk_audit_id", "person_id", name="once_per_team"),
        known("part", "lead auditor expert observer"),
    )


def _create_auditor_competences() -> None:
    op.create_table(
        "auditor_competence",
        *row(),
        sa.Column("person_id", sa.String(32), nullable=False, index=True),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("recorded_by", sa.String(32), nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
    )


def _create_audit_slices() -> None:
    op.create_table(
        "audit_slice",
        *row(),
        sa.Column("desk_audit_id", sa.Integer(), sa.ForeignKey("desk_audit.id"), nullable=False, index=True),
        sa.Column("audience", sa.String(80), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("population", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed_by", sa.String(32)),
        sa.Column("confirmed_at", MOMENT),
    )


def _create_own_questions() -> None:
    op.create_table(
        "own_question",
        *row(),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("retired_by", sa.String(32)),
        sa.Column("retired_at", MOMENT),
        sa.UniqueConstraint("workspace_id", "key", "revision", name="one_question_per_revision"),
    )


def _create_sealed_rounds() -> None:
    op.create_table(
        "sealed_round",
        *row(),
        sa.Column("interview_id", sa.Integer(), sa.ForeignKey("interview.id"), nullable=False, index=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("scheme", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("hashes", sa.JSON(), nullable=False),
        sa.Column("confirmed_by", sa.String(32), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "interview_id", "round", name="sealed_once_per_round"),
    )


def _create_held_back() -> None:
    op.create_table(
        "held_back",
        *row(),
        sa.Column("interview_id", sa.Integer(), sa.ForeignKey("interview.id"), nullable=False, index=True),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("thread_ts", sa.String(32), nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=False),
        sa.Column("looks_like", sa.String(40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("settled_as", sa.String(40)),
        sa.Column("settled_at", MOMENT),
        known("settled_as", "no_secret rewritten"),
        sa.UniqueConstraint("workspace_id", "channel_id", "message_ts", name="held_back_once"),
    )


def _create_answer_ratings() -> None:
    op.create_table(
        "answer_rating",
        *row(),
        sa.Column("answer_id", sa.Integer(), sa.ForeignKey("answer.id"), nullable=False, index=True),
        sa.Column("rating", sa.Integer()),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("corroboration", sa.Integer()),
        sa.Column("backed_by", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("rated_by", sa.String(32), nullable=False),
        sa.Column("rated_at", MOMENT, nullable=False),
    )


def _create_sample_draws() -> None:
    op.create_table(
        "sample_draw",
        *row(),
        sa.Column("answer_id", sa.Integer(), sa.ForeignKey("answer.id"), nullable=False, index=True),
        sa.Column("evidence_id", sa.Integer(), sa.ForeignKey("evidence.id"), index=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("completeness", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
    )


def _create_audit_findings() -> None:
    op.create_table(
        "audit_finding",
        *row(),
        sa.Column("desk_audit_id", sa.Integer(), sa.ForeignKey("desk_audit.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("requirement", sa.String(80), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("answer_ids", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False, index=True),
        sa.Column("raised_by", sa.String(32), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("shown_at", MOMENT),
        sa.Column("owner_agrees", sa.Boolean()),
        sa.Column("owner_view", sa.Text(), nullable=False),
        sa.Column("owner_view_at", MOMENT),
        sa.Column("nonconformity_id", sa.Integer(), sa.ForeignKey("nonconformity.id"), index=True),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.UniqueConstraint("workspace_id", "desk_audit_id", "number", name="finding_numbers_are_never_reused"),
        known("kind", "conformity good_practice opportunity observation nonconformity"),
    )


def _create_audit_reports() -> None:
    op.create_table(
        "audit_report",
        *row(),
        sa.Column("desk_audit_id", sa.Integer(), sa.ForeignKey("desk_audit.id"), nullable=False, index=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("obstacles", sa.Text(), nullable=False),
        sa.Column("not_covered", sa.Text(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("distribution", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("drafted_by", sa.String(32), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("signed_by", sa.String(32)),
        sa.Column("signed_at", MOMENT),
        sa.Column("signed_as", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64)),
        sa.Column("pdf_sha256", sa.String(64)),
        sa.Column("xlsx_sha256", sa.String(64)),
        sa.UniqueConstraint("workspace_id", "desk_audit_id", "revision", name="one_report_per_revision"),
        sa.CheckConstraint("(state = 'signed') = (signed_at IS NOT NULL)", name="signed_reports_have_a_time"),
        known("state", "draft signed"),
    )


def _create_answer_disposals() -> None:
    op.create_table(
        "answer_disposal",
        *row(),
        sa.Column("desk_audit_ids", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(32), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("approved_by", sa.String(32)),
        sa.Column("approved_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="answers_go_by_two_people"),
    )
