"""What an owner has said so far of an answer is kept, and evidence may show one action of a plan.

The tables that were there get columns that may be empty; cases that are under way go on as they are.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import MOMENT, known, on_sqlite, row
from storage.migrations.sqlite_tables import restate

revision = "0010"
down_revision = "0009"

ASKING = (
    "put_right contained correction consequences extent why cause unnoticed action assignee action_due proof more"
    " measure target source period check risks system stands read_back"
)


def upgrade() -> None:
    """Create the table and add the columns."""
    _create_drafts()
    op.add_column("cause", sa.Column("removed_at", MOMENT))
    op.add_column("nonconformity_action", sa.Column("proof", sa.Text()))
    op.add_column("contest", sa.Column("other_side", sa.Text()))
    op.add_column("evidence_use", sa.Column("action_id", sa.Integer()))
    op.create_index("ix_evidence_use_action_id", "evidence_use", ["action_id"])
    _refer_to_action()


def _refer_to_action() -> None:
    if on_sqlite():
        restate("evidence_use", {}, added=["FOREIGN KEY(action_id) REFERENCES nonconformity_action (id)"])
        return
    op.create_foreign_key("evidence_use_action_id_fkey", "evidence_use", "nonconformity_action", ["action_id"], ["id"])


def _create_drafts() -> None:
    op.create_table(
        "response_draft",
        *row(),
        sa.Column("nonconformity_id", sa.Integer(), sa.ForeignKey("nonconformity.id"), nullable=False, index=True),
        sa.Column("person_id", sa.String(32), nullable=False, index=True),
        sa.Column("asking", sa.String(40)),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("asked_back", sa.String(40), nullable=False),
        sa.Column("said_to", sa.String(40)),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.UniqueConstraint("workspace_id", "nonconformity_id", name="one_draft_per_case"),
        known("asking", ASKING),
        known("said_to", ASKING),
    )
