"""The first tables, with the triggers that keep the trail and the delivery ledger append-only."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.guards import guards

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create every table, then the guards over them."""
    _create_people()
    _create_starting()
    _create_frameworks()
    _create_obligations()
    _create_certificates()
    _create_feeds()
    _create_tasks()
    _create_handovers()
    _create_desk_audits()
    _create_nonconformities()
    _create_responses()
    _create_evidence()
    _create_packs()
    _create_requests()
    _create_disposals()
    _create_offered_messages()
    _create_machine_keys()
    _create_probe_runs()
    _create_digests()
    _create_imports()
    _create_trail()
    _create_inbox()
    _create_outbox()
    _create_nudges()
    for statement in guards(op.get_context().dialect.name):
        op.execute(statement)


def _row() -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _known(column: str, words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def _partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)


def _create_people() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("bot_user_id", sa.String(), nullable=False),
        sa.Column("standards", sa.JSON(), nullable=False),
        sa.Column("owners", sa.JSON(), nullable=False),
        sa.Column("deputies", sa.JSON(), nullable=False),
        sa.Column("shows_titles", sa.Boolean(), nullable=False),
        sa.Column("digest_channel_id", sa.String()),
        sa.Column("programme_started_on", sa.Date()),
        sa.Column("working_weekdays", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("region", sa.String(20)),
        sa.Column("directory_cursor", sa.String(), nullable=False),
        sa.Column("ladders", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "person",
        *_row(),
        sa.Column("slack_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("is_bot", sa.Boolean(), nullable=False),
        sa.Column("is_guest", sa.Boolean(), nullable=False),
        sa.Column("is_deactivated", sa.Boolean(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("country", sa.String(2)),
        sa.Column("working_weekdays", sa.JSON(), nullable=False),
        sa.Column("manager_id", sa.String(32)),
        sa.Column("deputy_id", sa.String(32)),
        sa.Column("absent_from", sa.Date()),
        sa.Column("absent_until", sa.Date()),
        sa.Column("is_away", sa.Boolean(), nullable=False),
        sa.Column("status_text", sa.String(120), nullable=False),
        sa.Column("status_since", MOMENT),
        sa.Column("status_until", MOMENT),
        sa.Column("home_tab", sa.String(10), nullable=False),
        sa.Column("home_page", sa.Integer(), nullable=False),
        sa.Column("synced_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "slack_id", name="one_row_per_person"),
    )
    op.create_index("people_by_absence", "person", ["workspace_id", "is_away", "absent_until"])
    op.create_index("people_by_manager", "person", ["workspace_id", "manager_id"])
    op.create_table(
        "user_group",
        *_row(),
        sa.Column("slack_id", sa.String(32), nullable=False),
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("is_disabled", sa.Boolean(), nullable=False),
        sa.Column("synced_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "slack_id", name="one_row_per_user_group"),
    )
    op.create_table(
        "role_grant",
        *_row(),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("granted_by", sa.String(32), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("ended_by", sa.String(32)),
        sa.Column("ended_at", MOMENT),
        _known("role", "lead auditor management reader"),
    )
    _partial_index(
        "one_open_grant_per_role", "role_grant", ["workspace_id", "person_id", "role"], "ended_at IS NULL", unique=True
    )


def _create_starting() -> None:
    op.create_table(
        "setup",
        *_row(),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("settled_at", MOMENT),
    )
    _partial_index("one_open_setup", "setup", ["workspace_id"], "settled_at IS NULL", unique=True)


def _create_frameworks() -> None:
    op.create_table(
        "own_framework",
        *_row(),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("imported_by", sa.String(32), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "edition", name="one_own_framework_per_edition"),
    )
    op.create_table(
        "own_requirement",
        *_row(),
        sa.Column("own_framework_id", sa.Integer(), sa.ForeignKey("own_framework.id"), nullable=False, index=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("theme", sa.String(80), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("frequency", sa.String(20), nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.UniqueConstraint("workspace_id", "own_framework_id", "number", name="one_own_number_per_framework"),
    )
    op.create_table(
        "applicability",
        *_row(),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("applies", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(32), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.CheckConstraint("reason <> ''", name="applicability_has_a_reason"),
        sa.UniqueConstraint("workspace_id", "reference", name="one_applicability_per_requirement"),
    )
    op.create_table(
        "statement_of_applicability",
        *_row(),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("approved_by", sa.String(32), nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "edition", "number", name="one_statement_per_number"),
    )
    op.create_table(
        "gap_rating",
        *_row(),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("rating", sa.Integer()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(32)),
        sa.Column("due_on", sa.Date(), index=True),
        sa.Column("nudge_on", sa.Date(), index=True),
        sa.Column("rated_by", sa.String(32), nullable=False),
        sa.Column("rated_at", MOMENT, nullable=False),
        sa.CheckConstraint(
            "(action = '') = (owner_id IS NULL) AND (action = '') = (due_on IS NULL)",
            name="actions_have_an_owner_and_a_date",
        ),
        sa.CheckConstraint("rating BETWEEN 0 AND 3", name="gap_rating_is_on_the_scale"),
        sa.UniqueConstraint("workspace_id", "reference", name="one_rating_per_requirement"),
    )


def _create_obligations() -> None:
    op.create_table(
        "obligation",
        *_row(),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("urgency", sa.String(40), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("owner_kind", sa.String(40), nullable=False),
        sa.Column("deputy_id", sa.String(32)),
        sa.Column("recurrence", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("evidence_wanted", sa.Text(), nullable=False),
        sa.Column("evidence_required", sa.Boolean(), nullable=False),
        sa.Column("accepts", sa.JSON(), nullable=False),
        sa.Column("planned_until", sa.Date(), index=True),
        sa.Column("paused_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        _known("kind", "control audit review certification"),
        _known("urgency", "low normal high"),
        _known("owner_kind", "person role group"),
        sa.UniqueConstraint("workspace_id", "key", name="one_obligation_per_key"),
    )


def _create_certificates() -> None:
    op.create_table(
        "certificate",
        *_row(),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("certification_body", sa.String(200), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("stage_1_on", sa.Date()),
        sa.Column("stage_2_on", sa.Date()),
        sa.Column("decided_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("suspended_on", sa.Date()),
        sa.Column("transition_by", sa.Date()),
        sa.Column("next_audit_on", sa.Date()),
        sa.Column("last_surveillance_on", sa.Date()),
        _known(
            "state",
            "applicant stage_1_done stage_2_done certified suspended reduced_scope withdrawn "
            "expired_restorable expired",
        ),
        sa.UniqueConstraint("workspace_id", "edition", name="one_certificate_per_edition"),
    )


def _create_feeds() -> None:
    op.create_table(
        "feed",
        *_row(),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("scope", sa.String(40), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT),
        _known("scope", "own programme"),
        sa.UniqueConstraint("secret_hash", name="one_feed_per_secret"),
    )
    _partial_index(
        "one_open_feed_per_person_and_scope",
        "feed",
        ["workspace_id", "person_id", "scope"],
        "revoked_at IS NULL",
        unique=True,
    )


def _create_tasks() -> None:
    op.create_table(
        "task",
        *_row(),
        sa.Column("obligation_id", sa.Integer(), sa.ForeignKey("obligation.id"), nullable=False, index=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("deputy_id", sa.String(32)),
        sa.Column("stands_in_for", sa.String(32)),
        sa.Column("scheduled_on", sa.Date(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("period_ends_on", sa.Date()),
        sa.Column("external", sa.Boolean(), nullable=False),
        sa.Column("snoozes", sa.Integer(), nullable=False),
        sa.Column("evidence_wanted", sa.Text(), nullable=False),
        sa.Column("evidence_required", sa.Boolean(), nullable=False),
        sa.Column("accepts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("nudge_on", sa.Date()),
        sa.Column("opened_at", MOMENT),
        sa.Column("submitted_at", MOMENT),
        sa.Column("submitted_by", sa.String(32)),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", sa.String(32)),
        sa.Column("reason", sa.Text(), nullable=False),
        _known("state", "scheduled open submitted accepted returned waived missed"),
        sa.UniqueConstraint("workspace_id", "obligation_id", "scheduled_on", name="one_task_per_occurrence"),
    )
    op.create_index("tasks_by_absent_owner", "task", ["workspace_id", "stands_in_for", "state"])
    op.create_index("tasks_by_owner", "task", ["workspace_id", "owner_id", "state"])
    op.create_index("tasks_by_state_and_due_date", "task", ["workspace_id", "state", "due_on"])
    op.create_index("tasks_by_state_and_end", "task", ["workspace_id", "state", "period_ends_on"])
    op.create_index("tasks_by_state_and_nudge", "task", ["workspace_id", "state", "nudge_on"])
    op.create_index("tasks_by_state_and_opening", "task", ["workspace_id", "state", "opens_on"])


def _create_handovers() -> None:
    op.create_table(
        "task_comment",
        *_row(),
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("task.id"), nullable=False, index=True),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "handover",
        *_row(),
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("task.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("by_id", sa.String(32), nullable=False),
        sa.Column("to_id", sa.String(32)),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("settled_by", sa.String(32)),
        sa.Column("settled_at", MOMENT),
        _known("kind", "delegation not_mine"),
        _known("state", "waiting taken declined withdrawn"),
    )
    _partial_index("one_waiting_handover", "handover", ["workspace_id", "task_id"], "state = 'waiting'", unique=True)


def _create_desk_audits() -> None:
    op.create_table(
        "desk_audit",
        *_row(),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("edition", sa.String(40), nullable=False),
        sa.Column("question_set", sa.String(80), nullable=False),
        sa.Column("auditor_id", sa.String(32), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
    )
    op.create_table(
        "interview",
        *_row(),
        sa.Column("desk_audit_id", sa.Integer(), sa.ForeignKey("desk_audit.id"), nullable=False, index=True),
        sa.Column("person_id", sa.String(32), nullable=False, index=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("invited_at", MOMENT, nullable=False),
        sa.Column("started_at", MOMENT),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("digest", sa.String(64)),
        _known("state", "invited answering confirming confirmed declined"),
        sa.UniqueConstraint("workspace_id", "desk_audit_id", "person_id", name="one_interview_per_person"),
    )
    op.create_table(
        "answer",
        *_row(),
        sa.Column("interview_id", sa.Integer(), sa.ForeignKey("interview.id"), nullable=False, index=True),
        sa.Column("question_id", sa.String(40), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.Column("rating", sa.Integer()),
        sa.Column("corroboration", sa.Integer()),
        sa.Column("rating_note", sa.Text(), nullable=False),
        sa.Column("rated_by", sa.String(32)),
        sa.Column("rated_at", MOMENT),
        sa.CheckConstraint("corroboration BETWEEN 0 AND 3", name="corroboration_is_on_the_scale"),
        sa.CheckConstraint("rating BETWEEN 0 AND 3", name="rating_is_on_the_scale"),
        sa.UniqueConstraint("workspace_id", "interview_id", "question_id", name="one_answer_per_question"),
    )


def _create_nonconformities() -> None:
    op.create_table(
        "nonconformity",
        *_row(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), sa.ForeignKey("answer.id"), index=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("grade", sa.String(40)),
        sa.Column("grade_tests", sa.JSON(), nullable=False),
        sa.Column("grade_rationale", sa.Text(), nullable=False),
        sa.Column("requirement", sa.String(80), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(32), nullable=False, index=True),
        sa.Column("raised_by", sa.String(32), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("issued_by", sa.String(32)),
        sa.Column("issued_at", MOMENT),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), index=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("verified_by", sa.String(32)),
        sa.Column("verified_at", MOMENT),
        sa.Column("verification", sa.Text(), nullable=False),
        sa.Column("check_effect_on", sa.Date()),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("effect_confirmed_by", sa.String(32)),
        sa.Column("effect_confirmed_at", MOMENT),
        sa.Column("closed_by", sa.String(32)),
        sa.Column("closed_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reason_by", sa.String(32)),
        sa.Column("reason_at", MOMENT),
        sa.CheckConstraint(
            "state <> 'closed' OR (closed_by IS NOT NULL AND closed_by <> owner_id)", name="closed_by_somebody_else"
        ),
        _known("grade", "major minor"),
        sa.CheckConstraint(
            "state IN ('draft', 'void') OR (grade IS NOT NULL AND issued_at IS NOT NULL)", name="issued_ones_are_graded"
        ),
        _known(
            "state",
            "draft issued responding plan_review implementing verifying monitoring effectiveness_review closed void",
        ),
        sa.UniqueConstraint("workspace_id", "number", name="numbers_are_never_reused"),
    )


def _create_responses() -> None:
    op.create_table(
        "response",
        *_row(),
        sa.Column("nonconformity_id", sa.Integer(), sa.ForeignKey("nonconformity.id"), nullable=False, index=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.Column("consequences", sa.Text(), nullable=False),
        sa.Column("extent", sa.Text(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("corrective_action", sa.Text(), nullable=False),
        sa.Column("action_due_on", sa.Date(), nullable=False),
        sa.Column("effect_criterion", sa.Text(), nullable=False),
        sa.Column("check_effect_on", sa.Date(), nullable=False),
        sa.Column("risk_decision", sa.Text(), nullable=False),
        sa.Column("system_decision", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.String(32), nullable=False),
        sa.Column("submitted_at", MOMENT, nullable=False),
        sa.Column("reviewed_by", sa.String(32)),
        sa.Column("reviewed_at", MOMENT),
        sa.Column("review_comment", sa.Text(), nullable=False),
        sa.UniqueConstraint("workspace_id", "nonconformity_id", "round", name="one_response_per_round"),
    )


def _create_evidence() -> None:
    op.create_table(
        "evidence",
        *_row(),
        sa.Column("slack_file_id", sa.String(32)),
        sa.Column("source_key", sa.String(400)),
        sa.Column("way_in", sa.String(40), nullable=False),
        sa.Column("name", sa.String(400), nullable=False),
        sa.Column("announced_size", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger()),
        sa.Column("sha256", sa.String(64), index=True),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("provided_by", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=False),
        sa.Column("permalink", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("kept_at", MOMENT),
        sa.Column("collected_on", sa.Date(), nullable=False),
        sa.Column("period_begins", sa.Date()),
        sa.Column("period_ends", sa.Date()),
        sa.Column("classification", sa.String(40), nullable=False),
        sa.Column("personal_data", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), sa.ForeignKey("evidence.id"), index=True),
        sa.Column("retain_until", sa.Date()),
        sa.Column("legal_hold", sa.Text(), nullable=False),
        sa.Column("disposed_at", MOMENT),
        sa.Column("erased_at", MOMENT),
        _known("state", "collecting kept refused disposed"),
        _known("way_in", "dropped modal shortcut link command endpoint probe"),
        _known("classification", "public internal confidential restricted"),
        sa.UniqueConstraint("workspace_id", "slack_file_id", name="each_slack_file_once"),
        sa.UniqueConstraint("workspace_id", "source_key", name="each_source_once"),
        sa.UniqueConstraint("workspace_id", "supersedes_id", name="one_revision_follows"),
        sa.CheckConstraint(
            "state IN ('collecting', 'refused') OR (sha256 IS NOT NULL AND size IS NOT NULL)",
            name="kept_evidence_has_a_hash",
        ),
        sa.CheckConstraint("(state = 'disposed') = (disposed_at IS NOT NULL)", name="disposed_at_a_time"),
        sa.CheckConstraint("state <> 'disposed' OR legal_hold = ''", name="what_is_held_is_not_disposed_of"),
        sa.CheckConstraint("period_begins <= period_ends", name="evidence_periods_begin_before_they_end"),
        sa.CheckConstraint("(revision = 1) = (supersedes_id IS NULL)", name="later_revisions_supersede"),
    )
    op.create_table(
        "evidence_use",
        *_row(),
        sa.Column("evidence_id", sa.Integer(), sa.ForeignKey("evidence.id"), nullable=False, index=True),
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("task.id"), index=True),
        sa.Column("nonconformity_id", sa.Integer(), sa.ForeignKey("nonconformity.id"), index=True),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(40)),
        sa.Column("judged_by", sa.String(32)),
        sa.Column("judged_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("runs_out_on", sa.Date()),
        sa.Column("asked_again_at", MOMENT),
        _known("verdict", "waiting accepted returned withdrawn"),
        sa.UniqueConstraint("workspace_id", "evidence_id", "task_id", name="once_per_task"),
        sa.UniqueConstraint("workspace_id", "evidence_id", "nonconformity_id", name="once_per_nonconformity"),
        sa.CheckConstraint("(task_id IS NULL) <> (nonconformity_id IS NULL)", name="serves_a_task_or_a_nonconformity"),
        sa.CheckConstraint(
            "(COALESCE(verdict, '') IN ('accepted', 'returned')) = (judged_by IS NOT NULL)",
            name="verdicts_are_somebodys",
        ),
    )
    op.create_index("uses_by_end", "evidence_use", ["workspace_id", "runs_out_on"])


def _create_packs() -> None:
    op.create_table(
        "pack",
        *_row(),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("editions", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("owners", sa.JSON(), nullable=False),
        sa.Column("requirements", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("trail_sequence", sa.Integer(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("manifest_sha256", sa.String(64)),
        sa.Column("settled_at", MOMENT),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("erased_at", MOMENT),
        _known("state", "asked made handed_out failed expired"),
        sa.CheckConstraint(
            "state NOT IN ('made', 'handed_out', 'expired') OR (sha256 IS NOT NULL AND manifest_sha256 IS NOT NULL)",
            name="made_packs_have_hashes",
        ),
        sa.CheckConstraint("erased_at IS NULL OR state = 'expired'", name="only_expired_packs_are_erased"),
        sa.CheckConstraint("first <= last", name="pack_periods_begin_before_they_end"),
    )
    op.create_index("packs_by_state", "pack", ["workspace_id", "state"])
    op.create_table(
        "pack_link",
        *_row(),
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("pack.id"), nullable=False, index=True),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("revoked_by", sa.String(32)),
        sa.Column("revoked_at", MOMENT),
        sa.UniqueConstraint("secret_hash", name="one_link_per_secret"),
    )


def _create_requests() -> None:
    op.create_table(
        "audit_request",
        *_row(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("requirement", sa.String(80), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("sample", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(32)),
        sa.Column("due_on", sa.Date()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.String(32), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(32)),
        sa.Column("answered_at", MOMENT),
        sa.Column("settled_by", sa.String(32)),
        sa.Column("settled_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        _known("state", "open assigned answered accepted withdrawn"),
        sa.UniqueConstraint("workspace_id", "number", name="request_numbers_are_never_reused"),
        sa.CheckConstraint("what <> ''", name="requests_ask_for_something"),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'answered') OR owner_id IS NOT NULL", name="assigned_to_somebody"
        ),
        sa.CheckConstraint(
            "state <> 'accepted' OR (settled_by IS NOT NULL AND settled_by <> answered_by)",
            name="requests_accepted_by_somebody_else",
        ),
    )
    op.create_index("requests_by_owner", "audit_request", ["workspace_id", "owner_id", "state"])
    op.create_table(
        "request_evidence",
        *_row(),
        sa.Column("request_id", sa.Integer(), sa.ForeignKey("audit_request.id"), nullable=False, index=True),
        sa.Column("evidence_id", sa.Integer(), sa.ForeignKey("evidence.id"), nullable=False, index=True),
        sa.Column("added_by", sa.String(32), nullable=False),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "request_id", "evidence_id", name="once_per_request"),
    )
    op.create_table(
        "auditor_access",
        *_row(),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("editions", sa.JSON(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("granted_by", sa.String(32), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("revoked_by", sa.String(32)),
        sa.Column("revoked_at", MOMENT),
        sa.CheckConstraint("first <= last AND starts_on <= ends_on", name="access_begins_before_it_ends"),
    )
    op.create_index("access_by_person", "auditor_access", ["workspace_id", "person_id"])


def _create_disposals() -> None:
    op.create_table(
        "disposal",
        *_row(),
        sa.Column("evidence_ids", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("proposed_by", sa.String(32), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.String(32)),
        sa.Column("decided_at", MOMENT),
        _known("state", "proposed approved declined"),
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="disposals_are_decided_by_somebody"),
        sa.CheckConstraint("state <> 'approved' OR decided_by <> proposed_by", name="approved_by_somebody_else"),
    )


def _create_offered_messages() -> None:
    op.create_table(
        "offered_message",
        *_row(),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("channel_name", sa.String(200), nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("offered_at", MOMENT, nullable=False),
    )


def _create_machine_keys() -> None:
    op.create_table(
        "machine_key",
        *_row(),
        sa.Column("public_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("obligation_id", sa.Integer(), sa.ForeignKey("obligation.id"), nullable=False, index=True),
        sa.Column("made_by", sa.String(32), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("revoked_by", sa.String(32)),
        sa.Column("revoked_at", MOMENT),
        sa.UniqueConstraint("public_id", name="one_key_per_public_id"),
    )
    _partial_index("one_open_key_per_name", "machine_key", ["workspace_id", "name"], "revoked_at IS NULL", unique=True)


def _create_probe_runs() -> None:
    op.create_table(
        "probe_run",
        *_row(),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("sha256", sa.String(64)),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("task.id"), index=True),
        _known("state", "running met failed"),
        sa.UniqueConstraint("workspace_id", "name", "due_on", name="one_run_per_probe_and_day"),
        sa.CheckConstraint("(state = 'running') = (settled_at IS NULL)", name="probe_runs_end_at_a_time"),
    )


def _create_digests() -> None:
    op.create_table(
        "digest",
        *_row(),
        sa.Column("week_of", sa.Date(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("trail_sequence", sa.Integer(), nullable=False),
        sa.Column("trail_hash", sa.String(64), nullable=False),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "week_of", name="one_digest_per_week"),
    )


def _create_imports() -> None:
    op.create_table(
        "import_run",
        *_row(),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("file_name", sa.String(400), nullable=False),
        sa.Column("slack_file_id", sa.String(32)),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("given_by", sa.String(32), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("samples", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("guesses", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("begun_by", sa.String(32)),
        sa.Column("begun_at", MOMENT),
        sa.Column("settled_by", sa.String(32)),
        sa.Column("settled_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        _known("state", "received read mapped checked done cancelled failed"),
        sa.CheckConstraint(
            "state IN ('received', 'cancelled', 'failed') OR sha256 IS NOT NULL", name="read_files_are_kept"
        ),
        sa.CheckConstraint("state <> 'done' OR faulty = 0", name="all_rows_or_none"),
    )
    op.create_index("imports_by_file", "import_run", ["workspace_id", "sha256"])
    op.create_index("imports_by_state", "import_run", ["workspace_id", "state"])


def _create_trail() -> None:
    op.create_table(
        "trail_entry",
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), primary_key=True),
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("actor_id", sa.String(32), nullable=False),
        sa.Column("verb", sa.String(80), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.String(80), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("trail_by_subject", "trail_entry", ["workspace_id", "subject", "subject_id"])
    op.create_table(
        "trail_head",
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), primary_key=True),
        sa.Column("key", sa.String(200), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_with_rowid=False,
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        *_row(),
        sa.Column("slot", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("recipient", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("ts", sa.String(32), nullable=False),
        sa.Column("thread_ts", sa.String(32), nullable=False),
        _known("state", "pending sending sent skipped failed"),
        sa.UniqueConstraint("workspace_id", "slot", name="one_message_per_slot"),
    )
    op.create_index("outbox_by_place", "outbox", ["workspace_id", "channel_id", "ts"])
    op.create_index("outbox_by_subject", "outbox", ["workspace_id", "subject", "subject_id"])
    op.create_index("outbox_by_recipient", "outbox", ["workspace_id", "recipient", "kind"])
    days = "kind = 'nudges.day' AND state IN ('pending', 'sending')"
    _partial_index("outbox_days_to_come", "outbox", ["workspace_id", "recipient"], days)
    _partial_index("outbox_leased", "outbox", ["workspace_id", "lease_until"], "state = 'sending'")
    _partial_index("outbox_waiting", "outbox", ["workspace_id", "not_before"], "state = 'pending'")
    op.create_table(
        "sender_lease",
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), primary_key=True),
        sa.Column("holder", sa.String(120), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
    )
    op.create_table(
        "delivery",
        *_row(),
        sa.Column("outbox_id", sa.Integer(), sa.ForeignKey("outbox.id"), nullable=False, index=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("ts", sa.String(32), nullable=False),
        _known("outcome", "sent found retried skipped failed"),
    )


def _create_nudges() -> None:
    op.create_table(
        "nudge",
        *_row(),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("rung", sa.String(80), nullable=False),
        sa.Column("what", sa.String(80), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("reached_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("message_id", sa.Integer(), sa.ForeignKey("outbox.id"), index=True),
        _known("state", "owed told skipped"),
        sa.UniqueConstraint(
            "workspace_id", "person_id", "subject", "subject_id", "rung", "what", name="one_nudge_per_rung"
        ),
    )
    op.create_index("nudges_by_subject", "nudge", ["workspace_id", "subject", "subject_id"])
    _partial_index("nudges_owed", "nudge", ["workspace_id", "person_id"], "state = 'owed'")
