"""Entries of the trail say by which scheme they were made and which rows they seal; its head keeps the salt for it."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.salt_guards import salt_guards

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns; what is there already was made by the first scheme. The salt is given once and then kept."""
    op.add_column("trail_entry", sa.Column("scheme", sa.Integer(), server_default="1", nullable=False))
    op.add_column("trail_entry", sa.Column("sealed", sa.Text(), server_default="[]", nullable=False))
    op.add_column("trail_head", sa.Column("salt", sa.String(64), server_default="", nullable=False))
    for statement in salt_guards(op.get_context().dialect.name):
        op.execute(statement)
