"""The outbox: messages planned inside a command and sent after it, and the ledger of what became of each.

A row goes `pending -> sending (leased) -> sent | skipped | failed`, or back to `pending` when it must be tried again.
A sender that dies leaves a row in `sending`; once its lease is over the row is claimed again as *ambiguous*: the
message may have reached Slack, so look there before sending.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    Insert,
    Integer,
    Select,
    TextClause,
    UniqueConstraint,
    Update,
    bindparam,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, SQLModel, col

from storage.engine import statements
from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to
from storage.engine.workspace_rows import WorkspaceRows


class OutboxState(StrEnum):
    """Where a planned message stands. `skipped`: there was a reason not to send it, which the ledger names."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class Outcome(StrEnum):
    """What became of one attempt. `found`: it stood in Slack already; `retried`: it was put off to a later moment."""

    SENT = "sent"
    FOUND = "found"
    RETRIED = "retried"
    SKIPPED = "skipped"
    FAILED = "failed"


SETTLED_AS = {
    Outcome.SENT: OutboxState.SENT,
    Outcome.FOUND: OutboxState.SENT,
    Outcome.SKIPPED: OutboxState.SKIPPED,
    Outcome.FAILED: OutboxState.FAILED,
}

WAITING = text("state = 'pending'")
LEASED = text("state = 'sending'")
TO_SOMEBODY = "recipient <> ''"
TO_REDRAW = "recipient = ''"
"""What redraws cards goes wherever they stand."""

DAY = "nudges.day"
"""The kind of the message in which a person is told what waits for them today."""

DAY_TO_COME = text(f"kind = '{DAY}' AND state IN ('pending', 'sending')")


class OutboxRow(Row, table=True):
    """A planned message: what kind, to which person or channel, about what; `slot` says why it may exist only once.

    `values` are what its kind needs besides the subject; `ambiguous` says that an earlier attempt may have succeeded.
    `thread_ts` is the message in whose thread it stands, if it stands in one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        UniqueConstraint("workspace_id", "slot", name="one_message_per_slot"),
        # Partial, so that claiming costs what is due and not what was ever sent.
        Index("outbox_waiting", "workspace_id", "not_before", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("outbox_leased", "workspace_id", "lease_until", sqlite_where=LEASED, postgresql_where=LEASED),
        Index(
            "outbox_days_to_come",
            "workspace_id",
            "recipient",
            sqlite_where=DAY_TO_COME,
            postgresql_where=DAY_TO_COME,
        ),
        Index("outbox_by_subject", "workspace_id", "subject", "subject_id"),
        Index("outbox_by_recipient", "workspace_id", "recipient", "kind"),
        Index("outbox_by_place", "workspace_id", "channel_id", "ts"),
    )

    slot: str = Field(max_length=200)
    kind: str = Field(max_length=80)
    recipient: str = Field(max_length=32)
    subject: str = Field(max_length=40)
    subject_id: int
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    not_before: datetime = moment(optional=False)
    state: OutboxState = choice(OutboxState, OutboxState.PENDING)
    attempts: int = 0
    ambiguous: bool = False
    lease_until: datetime | None = moment()
    planned_at: datetime = moment(optional=False)
    settled_at: datetime | None = moment()
    reason: str = prose()
    channel_id: str = Field(default="", max_length=32)
    ts: str = Field(default="", max_length=32)
    thread_ts: str = Field(default="", max_length=32)


class Delivery(Row, table=True):
    """One line of the ledger: what became of one attempt to send, and why. Triggers refuse to change or remove it."""

    __tablename__ = "delivery"
    __table_args__ = (one_of("outcome", Outcome),)

    outbox_id: int = refers_to("outbox.id")
    at: datetime = moment(optional=False)
    outcome: Outcome = choice(Outcome, Outcome.SENT)
    reason: str = prose()
    channel_id: str = Field(default="", max_length=32)
    ts: str = Field(default="", max_length=32)


class SenderLease(SQLModel, table=True):
    """Which of the replicas sends for the workspace, and until when; Slack counts its limits per workspace."""

    __tablename__ = "sender_lease"

    workspace_id: str = Field(primary_key=True, max_length=32, foreign_key="workspace.id")
    holder: str = Field(max_length=120)
    until: datetime = moment(optional=False)


NEWLY_PLANNED = {
    "version": 1,
    "state": OutboxState.PENDING,
    "attempts": 0,
    "ambiguous": False,
    "reason": "",
    "channel_id": "",
    "ts": "",
    "thread_ts": "",
}


def schedule(rows: WorkspaceRows, planned: Mapping[str, Any]) -> bool:
    """Store a planned message given by its columns; False when its slot is taken."""
    values = {**NEWLY_PLANNED, **planned, "workspace_id": rows.workspace_id}
    stored: int = rows.driver.run(statements.insert_unless_there(OutboxRow, rows.dialect), values).rowcount
    return stored == 1


def claim(
    rows: WorkspaceRows, at: datetime, lease: timedelta, messages: int, redraws: int | None = None
) -> list[OutboxRow]:
    """Take rows to send: up to so many messages, and so many cards to redraw (as many as messages, if not said).

    Each have places of their own, so that what is said never waits for what is only drawn anew. Of each come first
    those whose sender's lease ran out, marked `ambiguous`, then what is due. Nobody else is given them before
    `at + lease`. Attempts are counted here.
    """
    said = _claim_of(rows, TO_SOMEBODY, at, lease, messages)
    return said + _claim_of(rows, TO_REDRAW, at, lease, messages if redraws is None else redraws)


def settle(
    rows: WorkspaceRows,
    row: OutboxRow,
    outcome: Outcome,
    at: datetime,
    reason: str = "",
    channel_id: str = "",
    ts: str = "",
    thread_ts: str = "",
) -> OutboxRow:
    """Finish a claimed row and write the ledger. Raises Stale when somebody else took it over in the meantime."""
    settled = rows.change(
        row,
        state=SETTLED_AS[outcome],
        lease_until=None,
        settled_at=at,
        reason=reason,
        channel_id=channel_id,
        ts=ts,
        thread_ts=thread_ts,
    )
    _write_ledger(rows, row, outcome, at, reason, channel_id, ts)
    return settled


def postpone(
    rows: WorkspaceRows,
    row: OutboxRow,
    not_before: datetime,
    reason: str,
    at: datetime,
    *,
    ambiguous: bool = False,
    tried: bool = True,
) -> OutboxRow:
    """Put a row off to a later moment and write the ledger. `ambiguous`: this attempt may have succeeded.

    When it was not `tried`, its being claimed does not count as an attempt. A row that was ambiguous before stays so.
    Raises Stale when somebody else took it over in the meantime.
    """
    postponed = rows.change(
        row,
        state=OutboxState.PENDING,
        lease_until=None,
        not_before=not_before,
        attempts=row.attempts if tried else row.attempts - 1,
        reason=reason,
        ambiguous=row.ambiguous or ambiguous,
    )
    _write_ledger(rows, row, Outcome.RETRIED, at, reason)
    return postponed


def newest_beside_days(rows: WorkspaceRows, recipient: str, most: int) -> list[OutboxRow]:
    """Up to `most` messages to somebody, the newest first, without their messages of the day."""
    newest = (col(OutboxRow.planned_at).desc(), col(OutboxRow.id).desc())
    return rows.all(OutboxRow, *_beside_days(recipient), order_by=newest, limit=most)


def count_beside_days(rows: WorkspaceRows, recipient: str) -> int:
    """How many there are."""
    return rows.count(OutboxRow, *_beside_days(recipient))


def _beside_days(recipient: str) -> tuple[ColumnElement[bool], ...]:
    return col(OutboxRow.recipient) == recipient, col(OutboxRow.kind) != DAY


def day_to_come(rows: WorkspaceRows, recipient: str) -> OutboxRow | None:
    """The message of the day that is still to be sent to somebody."""
    on_its_way = col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING])
    return rows.first(OutboxRow, col(OutboxRow.recipient) == recipient, col(OutboxRow.kind) == DAY, on_its_way)


def attempts_at(rows: WorkspaceRows, message_ids: Sequence[int]) -> list[Delivery]:
    """What the ledger says of these messages, oldest first."""
    return rows.all(Delivery, col(Delivery.outbox_id).in_(message_ids), order_by=col(Delivery.id))


def is_superseded(rows: WorkspaceRows, row: OutboxRow) -> bool:
    """Whether a later message of the same kind about the same subject is still to be sent."""
    later = rows.first(
        OutboxRow,
        col(OutboxRow.subject) == row.subject,
        col(OutboxRow.subject_id) == row.subject_id,
        col(OutboxRow.kind) == row.kind,
        col(OutboxRow.id) > row.id,
        col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING]),
    )
    return later is not None


def lag(rows: WorkspaceRows, at: datetime) -> timedelta:
    """For how long the oldest message that is due has been waiting; zero when none is."""
    oldest = _earliest(rows, "not_before", WAITING)
    return timedelta(0) if oldest is None else max(timedelta(0), at - oldest)


def last_sent(rows: WorkspaceRows) -> datetime | None:
    """When a message last arrived in Slack, by whichever replica; None before the first."""
    arrived = col(Delivery.outcome).in_([Outcome.SENT, Outcome.FOUND])
    last = rows.first(Delivery, arrived, order_by=col(Delivery.id).desc())
    return last.at if last else None


def next_due(rows: WorkspaceRows) -> datetime | None:
    """When the sender is needed next: a message becomes due or a lease runs out. None when nothing waits."""
    moments = (_earliest(rows, "not_before", WAITING), _earliest(rows, "lease_until", LEASED))
    return min((moment for moment in moments if moment is not None), default=None)


def hold_sender_lease(rows: WorkspaceRows, holder: str, at: datetime, for_: timedelta) -> bool:
    """Become, or stay, the one who sends for this workspace until `at + for_`; False while another holds the lease."""
    values = {"workspace_id": rows.workspace_id, "holder": holder, "until": at + for_}
    return rows.connection.execute(_take_over(rows.dialect), values | {"now": at}).rowcount == 1


def sender(rows: WorkspaceRows) -> str | None:
    """Who held the sender lease last, whether or not it has run out."""
    lease = rows.first(SenderLease)
    return lease.holder if lease else None


def orphan(rows: WorkspaceRows, at: datetime) -> None:
    """End the lease of every row being sent: their sender is gone, so they are to be claimed again, as ambiguous."""
    rows.connection.execute(_end_leases(), {statements.WORKSPACE: rows.workspace_id, "now": at})


def _claim_of(rows: WorkspaceRows, whom: str, at: datetime, lease: timedelta, limit: int) -> list[OutboxRow]:
    if limit <= 0:
        return []
    stale = _take(rows, _take_stale(whom), at, lease, limit)
    return stale + _take(rows, _take_due(whom), at, lease, limit - len(stale))


def _take(rows: WorkspaceRows, statement: Update, at: datetime, lease: timedelta, limit: int) -> list[OutboxRow]:
    values = {statements.WORKSPACE: rows.workspace_id, "now": at, "until": at + lease, "most": limit}
    taken = rows.fetch(OutboxRow, statement, values)
    return sorted(taken, key=lambda row: (row.not_before, row.id))


@cache
def _take_due(whom: str) -> Update:
    return _take_where(WAITING, whom, "not_before", ambiguous=False)


@cache
def _take_stale(whom: str) -> Update:
    return _take_where(LEASED, whom, "lease_until", ambiguous=True)


def _take_where(condition: TextClause, whom: str, due: str, *, ambiguous: bool) -> Update:
    table = statements.table_of(OutboxRow)
    # Locked in a common table expression, since PostgreSQL may run a plain subquery more than once and lock too much.
    # SQLite has one writer at a time and leaves the locking out.
    chosen = (
        select(table.c.id)
        .where(table.c.workspace_id == bindparam(statements.WORKSPACE), condition, text(whom))
        .where(table.c[due] <= bindparam("now", type_=table.c[due].type))
        .order_by(table.c[due], table.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
        .cte("chosen")
    )
    return (
        update(table)
        .where(table.c.id.in_(select(chosen.c.id)))
        .values(
            state=OutboxState.SENDING,
            attempts=table.c.attempts + 1,
            lease_until=bindparam("until"),
            version=table.c.version + 1,
            ambiguous=or_(table.c.ambiguous, literal(ambiguous)),
        )
        .returning(*table.columns)
    )


def _earliest(rows: WorkspaceRows, column: str, condition: TextClause) -> datetime | None:
    found: datetime | None = rows.connection.execute(
        _select_earliest(column, condition), {statements.WORKSPACE: rows.workspace_id}
    ).scalar_one()
    return found


@cache
def _select_earliest(column: str, condition: TextClause) -> Select[Any]:
    table = statements.table_of(OutboxRow)
    own = table.c.workspace_id == bindparam(statements.WORKSPACE)
    return select(func.min(table.c[column])).where(own, condition)


@cache
def _end_leases() -> Update:
    table = statements.table_of(OutboxRow)
    own = table.c.workspace_id == bindparam(statements.WORKSPACE)
    return update(table).where(own, LEASED).values(lease_until=bindparam("now", type_=table.c.lease_until.type))


@cache
def _take_over(dialect: str) -> Insert:
    table = statements.table_of(SenderLease)
    fresh = statements.dialect_insert(SenderLease, dialect)
    free = or_(table.c.holder == fresh.excluded.holder, table.c.until <= bindparam("now", type_=table.c.until.type))
    taken = {"holder": fresh.excluded.holder, "until": fresh.excluded.until}
    statement = fresh.on_conflict_do_update(index_elements=["workspace_id"], set_=taken, where=free)
    return statement.execution_options(preserve_rowcount=True)


def _write_ledger(
    rows: WorkspaceRows,
    row: OutboxRow,
    outcome: Outcome,
    at: datetime,
    reason: str,
    channel_id: str = "",
    ts: str = "",
) -> None:
    line = {
        "workspace_id": rows.workspace_id,
        "version": 1,
        "outbox_id": row.id,
        "at": at,
        "outcome": outcome,
        "reason": reason,
        "channel_id": channel_id,
        "ts": ts,
    }
    rows.driver.run(statements.insert_row(Delivery), line)
