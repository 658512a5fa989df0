"""What draws a card again is called a redraw; what was planned under the old name is still to be drawn."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Rename the kinds of planned messages."""
    op.execute("UPDATE outbox SET kind = replace(kind, '.refresh', '.redraw') WHERE kind LIKE '%.refresh'")
