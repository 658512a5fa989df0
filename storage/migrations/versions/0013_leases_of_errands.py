"""Who is at an errand, and since when it fails, are kept by the database's clock; whoever was at one has ended."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.columns import MOMENT

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("errand", sa.Column("held_until", MOMENT))
    op.add_column("errand", sa.Column("failing_since", MOMENT))
