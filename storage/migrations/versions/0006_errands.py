"""What the bot has promised to do is a row, and so is a message with files; what was under way goes on as an errand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.DateTime(timezone=True)

UNDER_WAY = {
    "evidence.collect": "SELECT id, workspace_id, provided_by, name, channel_id, message_ts, received_at FROM evidence "
    "WHERE state = 'collecting' AND slack_file_id IS NOT NULL",
    "evidence.fetch": "SELECT id, workspace_id, provided_by, name, '', '', received_at FROM evidence "
    "WHERE state = 'collecting' AND way_in = 'link'",
    "pack.make": "SELECT id, workspace_id, asked_by, '', '', '', asked_at FROM pack WHERE state = 'asked'",
    "import.read": "SELECT id, workspace_id, given_by, '', '', '', given_at FROM import_run "
    "WHERE state = 'received' AND slack_file_id IS NOT NULL",
    "import.take": "SELECT id, workspace_id, given_by, '', '', '', given_at FROM import_run "
    "WHERE state = 'checked' AND begun_at IS NOT NULL",
    "import.check": "SELECT id, workspace_id, given_by, '', '', '', given_at FROM import_run WHERE state = 'mapped'",
}
"""What earlier versions were at, by the errand that goes on with it."""


def upgrade() -> None:
    """Create the tables, and write down what was under way."""
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(80), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("thread_ts", sa.String(32), nullable=False),
        sa.Column("planned_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("errands_due", "errand", ["workspace_id", "not_before"])
    op.create_table(
        "dropped_message",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("workspace_id", sa.String(32), sa.ForeignKey("workspace.id"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("channel_id", sa.String(32), nullable=False),
        sa.Column("message_ts", sa.String(32), nullable=False),
        sa.Column("thread_ts", sa.String(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("dropped_at", MOMENT, nullable=False),
        sa.Column("chosen", sa.Integer()),
        sa.UniqueConstraint("workspace_id", "channel_id", "message_ts", name="each_dropped_message_once"),
        sqlite_autoincrement=True,
    )
    for kind, found in UNDER_WAY.items():
        _go_on(kind, found)


def _go_on(kind: str, found: str) -> None:
    names = ("workspace_id", "person_id", "about", "channel_id", "thread_ts", "planned_at")
    plain = ("workspace_id", "kind", "person_id", "about", "channel_id", "thread_ts", "planned_at", "not_before")
    errand = sa.table(
        "errand",
        *(sa.column(name) for name in plain),
        sa.column("version", sa.Integer()),
        sa.column("attempts", sa.Integer()),
        sa.column("values", sa.JSON()),
    )
    for row_id, *values in op.get_bind().execute(sa.text(found)).fetchall():
        known = dict(zip(names, values, strict=True))
        known |= {"kind": kind, "not_before": known["planned_at"], "values": {"of": row_id, "once_more": False}}
        op.get_bind().execute(errand.insert().values(version=1, attempts=0, **known))
