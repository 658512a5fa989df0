"""What an owner has said so far of an answer is kept at every step, as a draft.

The tables that were there get columns that may be empty; cases that are under way go on as they are.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import MOMENT, known, row

revision = "0010"
down_revision = "0008"

ASKING = (
    "put_right contained correction consequences extent why cause unnoticed action assignee action_due proof more"
    " measure target source period check risks system stands read_back"
)


def upgrade() -> None:
    """Create the table and add the columns."""
    _create_drafts()
    op.add_column("cause", sa.Column("removed_at", MOMENT))


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
