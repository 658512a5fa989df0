"""A planned message knows what its last attempt was about, since when it fails, and whether a person waits for it.

Rows are no longer leased one by one: what is being sent belongs to whoever holds the sender lease.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Change columns and indexes."""
    op.drop_index("outbox_leased", "outbox")
    op.drop_column("outbox", "lease_until")
    op.add_column("outbox", sa.Column("by_person", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("outbox", sa.Column("failing_since", sa.DateTime(timezone=True)))
    op.add_column("outbox", sa.Column("attempt", sa.JSON()))
    _partial_index("outbox_sending", ["workspace_id"], "state = 'sending'")
    _partial_index("outbox_undelivered", ["workspace_id", "settled_at"], "state = 'failed'")


def _partial_index(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)
