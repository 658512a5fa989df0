"""Anybody brings up a concern; a nonconformity says where it comes from, and what it is against.

Files go with a concern as evidence does. The tables that were there get columns that may be empty.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import MOMENT, known, on_sqlite, row
from storage.migrations.sqlite_tables import restate

revision = "0009"
down_revision = "0008"

SERVES = (
    "CASE WHEN task_id IS NULL THEN 0 ELSE 1 END + CASE WHEN nonconformity_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN answer_id IS NULL THEN 0 ELSE 1 END = 1"
)
SERVES_NOW = SERVES.replace(" = 1", " + CASE WHEN concern_id IS NULL THEN 0 ELSE 1 END = 1")
SOURCES = (
    "source IN ('interview', 'document', 'observation', 'rejected_evidence', 'failed_probe', 'missed_obligation',"
    " 'supplier', 'customer_audit', 'certification_body', 'complaint', 'concern', 'incident')"
)
AGAINST = "against IN ('standard', 'own_document', 'law', 'contract')"
CAME_FROM = {"task_id": "task", "evidence_id": "evidence", "probe_run_id": "probe_run"}


def upgrade() -> None:
    """Create the table and add the columns."""
    op.add_column("workspace", sa.Column("concerns_without_name", sa.Boolean()))
    _widen_nonconformities()
    _create_concerns()
    _widen_uses()


def _widen_nonconformities() -> None:
    for name in ("source", "against"):
        op.add_column("nonconformity", sa.Column(name, sa.String(40)))
    for name in ("process", "criterion"):
        op.add_column("nonconformity", sa.Column(name, sa.Text()))
    for name in CAME_FROM:
        op.add_column("nonconformity", sa.Column(name, sa.Integer()))
        op.create_index(f"ix_nonconformity_{name}", "nonconformity", [name])
    if on_sqlite():
        checks = [f"CONSTRAINT source_is_known CHECK ({SOURCES})", f"CONSTRAINT against_is_known CHECK ({AGAINST})"]
        references = [f"FOREIGN KEY({name}) REFERENCES {table} (id)" for name, table in CAME_FROM.items()]
        restate("nonconformity", {}, added=[*checks, *references])
        return
    op.create_check_constraint("source_is_known", "nonconformity", SOURCES)
    op.create_check_constraint("against_is_known", "nonconformity", AGAINST)
    for name, table in CAME_FROM.items():
        op.create_foreign_key(f"nonconformity_{name}_fkey", "nonconformity", table, [name], ["id"])


def _create_concerns() -> None:
    op.create_table(
        "concern",
        *row(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("process", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.String(32), index=True),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("decided_by", sa.String(32)),
        sa.Column("decided_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("nonconformity_id", sa.Integer(), sa.ForeignKey("nonconformity.id"), index=True),
        sa.Column("obligation_id", sa.Integer(), sa.ForeignKey("obligation.id"), index=True),
        sa.Column("ended_at", MOMENT),
        known("kind", "not_right idea incident complaint"),
        known("state", "open taken_up set_aside"),
        sa.UniqueConstraint("workspace_id", "number", name="concerns_are_counted_up"),
        sa.CheckConstraint("(state = 'open') = (decided_by IS NULL)", name="concerns_are_decided_by_somebody"),
        sa.CheckConstraint("state <> 'set_aside' OR reason <> ''", name="set_aside_for_a_reason"),
        sa.CheckConstraint(
            "(state = 'taken_up') = ((nonconformity_id IS NULL) <> (obligation_id IS NULL))",
            name="taken_up_as_one_thing",
        ),
    )


def _widen_uses() -> None:
    op.add_column("evidence_use", sa.Column("concern_id", sa.Integer()))
    op.create_index("ix_evidence_use_concern_id", "evidence_use", ["concern_id"])
    op.create_index("once_per_concern", "evidence_use", ["workspace_id", "evidence_id", "concern_id"], unique=True)
    if on_sqlite():
        restate("evidence_use", {SERVES: SERVES_NOW}, added=["FOREIGN KEY(concern_id) REFERENCES concern (id)"])
        return
    op.create_foreign_key("evidence_use_concern_id_fkey", "evidence_use", "concern", ["concern_id"], ["id"])
    op.drop_constraint("serves_one_thing", "evidence_use", type_="check")
    op.create_check_constraint("serves_one_thing", "evidence_use", SERVES_NOW)
