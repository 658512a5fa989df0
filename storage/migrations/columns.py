"""What the migrations that make tables from 0007 on write alike.

Like the migrations that use it, it is never edited once released.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

MOMENT = sa.DateTime(timezone=True)


def row() -> list[sa.Column[Any]]:
    """The columns that every row has."""
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def known(column: str, words: str) -> sa.CheckConstraint:
    """The check that a column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words.split())
    return sa.CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def on_sqlite() -> bool:
    """Whether the database is SQLite, in which a constraint is restated."""
    return op.get_context().dialect.name == "sqlite"
