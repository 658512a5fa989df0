"""Of an answer all messages are known that it was taken from, and of a draw the list it was made from.

Where an answer was let go of, a moment says so instead of a word in the place of a reason.
"""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import MOMENT, row

revision = "0012"
down_revision = "0010"

KNOWN = (
    "INSERT INTO answer_message (workspace_id, version, answer_id, message_ts, text, counts)"
    " SELECT workspace_id, 1, id, message_ts, text, true FROM answer WHERE message_ts IS NOT NULL"
)


def upgrade() -> None:
    """Create the table and take over the one message that was known of each answer; add the columns."""
    _create_messages()
    op.execute(KNOWN)
    op.drop_column("answer", "message_ts")
    op.add_column("answer", sa.Column("let_go_at", MOMENT))
    op.add_column("sample_draw", sa.Column("listed", sa.Text()))


def _create_messages() -> None:
    op.create_table(
        "answer_message",
        *row(),
        sa.Column("answer_id", sa.Integer(), sa.ForeignKey("answer.id"), nullable=False, index=True),
        sa.Column("message_ts", sa.String(32), nullable=False, index=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_text", sa.Text()),
        sa.Column("deleted_at", MOMENT),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("workspace_id", "answer_id", "message_ts", name="each_message_once_per_answer"),
    )
