"""Which witness outside is told of which published head of the trail."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "head_notice",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), sa.ForeignKey("digest.id"), nullable=False, index=True),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("told_at", MOMENT),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("way IN ('mail', 'post')", name="way_is_known"),
        sa.UniqueConstraint("workspace_id", "digest_id", "way", name="one_notice_per_head_and_way"),
    )
