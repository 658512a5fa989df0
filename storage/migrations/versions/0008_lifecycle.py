"""Nonconformities have rounds, causes and actions as rows, signatures that can lapse, contests and letters of the body.

The tables that were there get columns that may be empty; cases that are under way go on as they are.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import MOMENT, known, on_sqlite, row
from storage.migrations.sqlite_tables import restate

revision = "0008"
down_revision = "0007"

STATES = (
    "state IN ('draft', 'issued', 'responding', 'plan_review', 'implementing', 'verifying', 'monitoring',"
    " 'effectiveness_review', 'closed', 'void')"
)
STATES_NOW = (
    "state IN ('draft', 'issued', 'contested', 'responding', 'plan_review', 'consenting', 'implementing', 'verifying',"
    " 'monitoring', 'effectiveness_review', 'second_signature', 'awaiting_body', 'closed', 'void')"
)
SEATS = (
    "anybody bot owner grader reviewer consenter verifier second_signer decider extender recorder keeper recurrer"
    " reopener"
)
MARKS = (
    "management outsider managing_doer consent_signer same_outsider grade_signer own_keeper auditor admin"
    " one_person_throughout same_team extended external_missed short_watch proof_older late_entry asked_back"
)


def upgrade() -> None:
    """Create the tables and add the columns."""
    _widen_nonconformities()
    _widen_responses()
    _create_rounds()
    _create_causes()
    _create_actions()
    _create_signatures()
    _create_effect_checks()
    _create_contests()
    _create_body_findings()
    _create_case_accesses()
    _create_named_seats()


def _of_a_case() -> list[sa.Column[Any]]:
    return [
        *row(),
        sa.Column("nonconformity_id", sa.Integer(), sa.ForeignKey("nonconformity.id"), nullable=False, index=True),
    ]


def _person(name: str, *, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(32), nullable=optional)


def _widen_nonconformities() -> None:
    for column in (
        sa.Column("earlier_owners", sa.JSON()),
        sa.Column("is_correction_only", sa.Boolean()),
        sa.Column("merged_into_id", sa.Integer()),
    ):
        op.add_column("nonconformity", column)
    op.create_index("ix_nonconformity_merged_into_id", "nonconformity", ["merged_into_id"])
    if on_sqlite():
        added = ["FOREIGN KEY(merged_into_id) REFERENCES nonconformity (id)"]
        restate("nonconformity", {STATES: STATES_NOW}, added=added)
        return
    op.create_foreign_key(
        "nonconformity_merged_into_id_fkey", "nonconformity", "nonconformity", ["merged_into_id"], ["id"]
    )
    op.drop_constraint("state_is_known", "nonconformity", type_="check")
    op.create_check_constraint("state_is_known", "nonconformity", STATES_NOW)


def _widen_responses() -> None:
    texts = "contained how_unnoticed expected_proof effect_target effect_source effect_period stands_because"
    op.add_column("response", sa.Column("of_round", sa.Integer()))
    op.add_column("response", sa.Column("assignee_id", sa.String(32)))
    for name in texts.split():
        op.add_column("response", sa.Column(name, sa.Text()))


def _create_rounds() -> None:
    op.create_table(
        "nonconformity_round",
        *_of_a_case(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("begun_by", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("paused_days", sa.Integer(), nullable=False),
        sa.Column("extended_to", sa.Date()),
        _person("extended_by", optional=True),
        sa.Column("extended_at", MOMENT),
        sa.Column("extension_reason", sa.Text(), nullable=False),
        sa.UniqueConstraint("workspace_id", "nonconformity_id", "number", name="rounds_are_counted_up"),
    )


def _create_causes() -> None:
    op.create_table(
        "cause",
        *_of_a_case(),
        sa.Column("response_id", sa.Integer(), sa.ForeignKey("response.id"), index=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("how_unnoticed", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(32), nullable=False, index=True),
        sa.Column("written_at", MOMENT, nullable=False),
    )


def _create_actions() -> None:
    op.create_table(
        "nonconformity_action",
        *_of_a_case(),
        sa.Column("response_id", sa.Integer(), sa.ForeignKey("response.id"), index=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("causes", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.String(32), nullable=False, index=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("expected_proof", sa.Text(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("moved_at", MOMENT, nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        known("kind", "containment correction corrective improvement"),
        known("state", "planned started claimed returned accepted cancelled"),
    )


def _create_signatures() -> None:
    op.create_table(
        "signature",
        *_of_a_case(),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("signs", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False, index=True),
        sa.Column("seat", sa.String(40), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("version_seen", sa.Integer(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("mark", sa.String(40)),
        sa.Column("signed_at", MOMENT, nullable=False),
        sa.Column("lapsed_at", MOMENT),
        sa.Column("lapsed_by", sa.String(40), nullable=False),
        known("signs", "grade review consent implementation effect second"),
        known("seat", SEATS),
        known("mark", MARKS),
    )


def _create_effect_checks() -> None:
    op.create_table(
        "effect_check",
        *_of_a_case(),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.Column("watched_days", sa.Integer(), nullable=False),
        _person("judged_by"),
        sa.Column("judged_at", MOMENT, nullable=False),
    )


def _create_contests() -> None:
    op.create_table(
        "contest",
        *_of_a_case(),
        _person("contested_by"),
        sa.Column("contested_at", MOMENT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=False),
        sa.Column("is_upheld", sa.Boolean()),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(40)),
        _person("decided_by", optional=True),
        sa.Column("decided_at", MOMENT),
        sa.CheckConstraint(
            "decided_by IS NULL OR decided_by <> contested_by", name="contests_decided_by_somebody_else"
        ),
        known("mark", MARKS),
    )


def _create_body_findings() -> None:
    op.create_table(
        "body_finding",
        *_of_a_case(),
        sa.Column("body", sa.String(200), nullable=False),
        sa.Column("audit", sa.Text(), nullable=False),
        sa.Column("body_number", sa.String(80), nullable=False),
        sa.Column("body_text", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("reply_by", sa.Date()),
        sa.Column("plan_by", sa.Date()),
        sa.Column("corrected_by", sa.Date()),
        sa.Column("track", sa.String(40), nullable=False),
        sa.Column("dispute", sa.String(40)),
        sa.Column("dispute_until", sa.Date()),
        sa.UniqueConstraint("workspace_id", "nonconformity_id", name="one_finding_of_the_body_per_case"),
        known("track", "reported plan_sent plan_accepted closed warned suspended"),
        known("dispute", "disputed dispute_refused appealed appeal_refused granted"),
    )


def _create_case_accesses() -> None:
    op.create_table(
        "case_access",
        *_of_a_case(),
        sa.Column("person_id", sa.String(32), nullable=False, index=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("competence", sa.Text(), nullable=False),
        sa.Column("independence", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(40)),
        _person("called_by"),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.CheckConstraint("starts_on <= ends_on", name="case_access_begins_before_it_ends"),
        known("mark", MARKS),
    )


def _create_named_seats() -> None:
    op.create_table(
        "named_seat",
        *_of_a_case(),
        sa.Column("seat", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False, index=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(40)),
        _person("named_by"),
        sa.Column("named_at", MOMENT, nullable=False),
        known("seat", SEATS),
        known("mark", MARKS),
    )
