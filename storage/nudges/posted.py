"""Where our messages stand in Slack, and what each of them shows."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import FromClause, Select, bindparam, or_, select, text
from sqlmodel import col

from storage.engine import statements
from storage.engine.workspace_rows import WorkspaceRows
from storage.nudges import queries as nudge_queries
from storage.nudges import tables as nudge_tables
from storage.nudges.tables import Nudge, NudgeState
from storage.record.outbox import DAY, TO_REDRAW, WAITING, OutboxRow, OutboxState

MOST_BEFORE_THEM = 50
"""How many cards somebody may have before them at once; a long conversation's newest page shows fewer."""


class Place(NamedTuple):
    """Where a message stands in Slack, what kind of message it is, for whom it was meant, and its row."""

    channel_id: str
    ts: str
    kind: str
    recipient: str
    message_id: int


def where_posted(rows: WorkspaceRows, subject: str, subject_id: int) -> list[Place]:
    """Every place in Slack where a message shows this subject, alone or among others.

    The newest comes first, since that is where people look.
    """
    sent = col(OutboxRow.state) == OutboxState.SENT
    alone = rows.all(OutboxRow, col(OutboxRow.subject) == subject, col(OutboxRow.subject_id) == subject_id, sent)
    told = [each.message_id for each in nudge_queries.told_of(rows, subject, subject_id)]
    among = rows.all(OutboxRow, col(OutboxRow.id).in_(told), sent) if told else []
    found = {row.id: row for row in (*alone, *among) if row.ts}
    newest_first = sorted(found.items(), reverse=True)
    return [Place(row.channel_id, row.ts, row.kind, row.recipient, row.id) for _, row in newest_first]


def last_day(rows: WorkspaceRows, person_id: str) -> OutboxRow | None:
    """The latest message that told somebody what waits for them, leaving out what stands in threads."""
    return rows.first(
        OutboxRow,
        col(OutboxRow.recipient) == person_id,
        col(OutboxRow.kind) == DAY,
        col(OutboxRow.state) == OutboxState.SENT,
        col(OutboxRow.thread_ts) == "",
        order_by=col(OutboxRow.id).desc(),
    )


def in_thread(rows: WorkspaceRows, channel_id: str, ts: str) -> list[OutboxRow]:
    """Our messages in a thread: the one it begins with, and what follows."""
    here = or_(col(OutboxRow.ts) == ts, col(OutboxRow.thread_ts) == ts)
    return rows.all(OutboxRow, col(OutboxRow.channel_id) == channel_id, here)


def redrawn_since(rows: WorkspaceRows, subject: str, subject_ids: Sequence[int], since: datetime) -> list[int]:
    """Which of the subjects somebody wanted to be drawn anew at `since` or later."""
    found = rows.all(
        OutboxRow,
        col(OutboxRow.subject) == subject,
        col(OutboxRow.subject_id).in_(subject_ids),
        col(OutboxRow.kind) == f"{subject}.redraw",
        col(OutboxRow.planned_at) >= since,
    )
    return [row.subject_id for row in found]


def waiting_to_be_redrawn(rows: WorkspaceRows, person_id: str, channel_id: str, at: datetime) -> list[int]:
    """What waits to draw cards anew in somebody's own conversation or in this channel, and was wanted before `at`.

    What waits for a second try after a failure is left out. It is the newest `MOST_BEFORE_THEM` at most: nobody looks
    at more at once, and a look costs the same however much waits.
    """
    given = {statements.WORKSPACE: rows.workspace_id, "person": person_id, "channel": channel_id, "at": at}
    return [message_id for (message_id,) in rows.connection.execute(_select_waiting(), given)]


def owed_without_message(rows: WorkspaceRows) -> list[str]:
    """People who are to be told something that no message to come would tell."""
    found = rows.connection.execute(_select_forgotten(), {statements.WORKSPACE: rows.workspace_id})
    return [person_id for (person_id,) in found]


@cache
def _select_waiting() -> Select[Any]:
    waits, card = statements.table_of(OutboxRow), statements.table_of(OutboxRow).alias("card")
    told = statements.table_of(Nudge)
    at = bindparam("at", type_=waits.c.not_before.type)
    behind = or_(waits.c.not_before < at, (waits.c.not_before == at) & ~waits.c.by_person)
    here = card.c.recipient.in_([bindparam("person"), bindparam("channel")])
    alone = _about_the_same(card, waits).where(here, card.c.state == OutboxState.SENT)
    among = _about_the_same(told, waits).where(told.c.person_id == bindparam("person"), told.c.state == NudgeState.TOLD)
    own = waits.c.workspace_id == bindparam(statements.WORKSPACE)
    found = select(waits.c.id).where(own, WAITING, text(TO_REDRAW), behind, or_(alone.exists(), among.exists()))
    return found.order_by(waits.c.id.desc()).limit(MOST_BEFORE_THEM)


def _about_the_same(shown: FromClause, waits: FromClause) -> Select[Any]:
    own = shown.c.workspace_id == waits.c.workspace_id
    return select(shown.c.id).where(own, shown.c.subject == waits.c.subject, shown.c.subject_id == waits.c.subject_id)


@cache
def _select_forgotten() -> Select[Any]:
    owed, planned = statements.table_of(Nudge), statements.table_of(OutboxRow)
    to_come = text("outbox.kind = 'nudges.day' AND outbox.state IN ('pending', 'sending')")
    theirs = planned.c.recipient == owed.c.person_id
    coming = select(planned.c.id).where(planned.c.workspace_id == owed.c.workspace_id, theirs, to_come).exists()
    own = owed.c.workspace_id == bindparam(statements.WORKSPACE)
    return select(owed.c.person_id).where(own, owed.c.state == nudge_tables.OWED, ~coming).distinct()
