"""The outbox: messages planned inside a command and sent after it, and the ledger of what became of each.

A row goes `pending -> sending -> sent | skipped | failed`, or back to `pending` when it must be tried again. A sender
that dies leaves rows in `sending`; whoever takes its lease over takes them back as *ambiguous*: the message may have
reached Slack, so look there before sending (`storage/record/claiming.py`, `storage/record/sender_lease.py`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Index,
    Integer,
    Select,
    TextClause,
    UniqueConstraint,
    Update,
    bindparam,
    false,
    func,
    select,
    text,
    update,
)
from sqlmodel import Field, col

from storage.engine import database_time, statements
from storage.engine.errors import VersionConflict
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
SENDING = text("state = 'sending'")
TO_SOMEBODY = "recipient <> ''"
TO_REDRAW = "recipient = ''"
"""What redraws cards goes wherever they stand."""

DAY = "nudges.day"
"""The kind of the message in which a person is told what waits for them today."""

UNDELIVERED = text("state = 'failed'")
DAY_TO_COME = text(f"kind = '{DAY}' AND state IN ('pending', 'sending')")


class OutboxRow(Row, table=True):
    """A planned message: what kind, to which person or channel, about what; `slot` says why it may exist only once.

    `values` are what its kind needs besides the subject; `by_person` says that a person's deed planned it, or that
    somebody looks at the cards which it redraws.
    `failing_since` is when an attempt first did not get through, by the database's clock; `ambiguous` says that one may
    have got through all the same, and `attempt` is what was noted before the last one: where it went and what it told.
    `thread_ts` is the message in whose thread it stands, if it stands in one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        UniqueConstraint("workspace_id", "slot", name="one_message_per_slot"),
        # Partial, so that claiming costs what is due and not what was ever sent.
        Index("outbox_waiting", "workspace_id", "not_before", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("outbox_sending", "workspace_id", sqlite_where=SENDING, postgresql_where=SENDING),
        Index(
            "outbox_undelivered",
            "workspace_id",
            "settled_at",
            sqlite_where=UNDELIVERED,
            postgresql_where=UNDELIVERED,
        ),
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
    planned_at: datetime = moment(optional=False)
    settled_at: datetime | None = moment()
    reason: str = prose()
    channel_id: str = Field(default="", max_length=32)
    ts: str = Field(default="", max_length=32)
    thread_ts: str = Field(default="", max_length=32)
    by_person: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    failing_since: datetime | None = moment()
    attempt: dict[str, Any] | None = Field(default=None, sa_type=JSON)


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


def note_attempts(rows: WorkspaceRows, begun: Sequence[tuple[OutboxRow, Mapping[str, Any]]]) -> None:
    """Keep what claimed rows are about to do. Raises VersionConflict when somebody else took one over meanwhile.

    Their versions stay the same, since whoever claimed them is the one who does this.
    """
    values = [
        {statements.WORKSPACE: rows.workspace_id, "row_id": row.id, "row_version": row.version, "about": attempt}
        for row, attempt in begun
    ]
    if rows.driver.run_each(_note_attempt(), values) != len(begun):
        raise VersionConflict(begun[0][0])


class Settlement(NamedTuple):
    """How a claimed row is finished: what became of it, why, and where the message stands."""

    row: OutboxRow
    outcome: Outcome
    at: datetime
    reason: str = ""
    channel_id: str = ""
    ts: str = ""
    thread_ts: str = ""


def settle(rows: WorkspaceRows, settlements: Sequence[Settlement]) -> list[OutboxRow]:
    """Finish claimed rows and write the ledger. Raises Stale when somebody else took one over in the meantime."""
    settled = rows.change_each([each.row for each in settlements], list(map(_settled, settlements)))
    lines = [
        _line(rows, each.row, each.outcome, each.at, each.reason, each.channel_id, each.ts) for each in settlements
    ]
    rows.driver.run_each(statements.insert_row(Delivery), lines)
    return settled


def _settled(settlement: Settlement) -> dict[str, Any]:
    return {
        "state": SETTLED_AS[settlement.outcome],
        "settled_at": settlement.at,
        "reason": settlement.reason,
        "channel_id": settlement.channel_id,
        "ts": settlement.ts,
        "thread_ts": settlement.thread_ts,
    }


def postpone(
    rows: WorkspaceRows,
    row: OutboxRow,
    not_before: datetime,
    reason: str,
    at: datetime,
    *,
    ambiguous: bool = False,
    tried: bool = True,
    failing: bool = False,
) -> OutboxRow:
    """Put a row off to a later moment and write the ledger. `ambiguous`: this attempt may have succeeded.

    When it was not `tried`, its being claimed does not count as an attempt; when it is `failing`, it has been since its
    first such attempt. A row that was ambiguous before stays so. Raises VersionConflict when another took it over.
    """
    postponed = rows.change(
        row,
        state=OutboxState.PENDING,
        not_before=not_before,
        attempts=row.attempts if tried else row.attempts - 1,
        reason=reason,
        ambiguous=row.ambiguous or ambiguous,
        failing_since=(row.failing_since or database_time.now(rows.connection)) if failing else row.failing_since,
    )
    rows.driver.run(statements.insert_row(Delivery), _line(rows, row, Outcome.RETRIED, at, reason))
    return postponed


def send_again(rows: WorkspaceRows, row: OutboxRow, at: datetime) -> OutboxRow:
    """Let a row that failed be claimed again, as if it had never been tried, at once.

    Where an attempt may have succeeded it stays ambiguous. Raises VersionConflict when somebody else changed it.
    """
    return rows.change(
        row, state=OutboxState.PENDING, not_before=at, attempts=0, failing_since=None, settled_at=None, reason=""
    )


def undelivered(rows: WorkspaceRows, since: datetime, most: int) -> list[OutboxRow]:
    """Up to `most` rows that were given up or refused since then, the latest first."""
    given = {statements.WORKSPACE: rows.workspace_id, "since": since, "most": most}
    return rows.fetch(OutboxRow, _select_undelivered(), given)


def count_undelivered(rows: WorkspaceRows, since: datetime) -> int:
    """How many there are."""
    given = {statements.WORKSPACE: rows.workspace_id, "since": since}
    return int(rows.connection.execute(_count_undelivered(), given).scalar_one())


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


def uncertain_day(rows: WorkspaceRows, recipient: str, before: int) -> OutboxRow | None:
    """A message of the day with a lower id that may stand in Slack, and is still to be looked for."""
    return rows.first(
        OutboxRow,
        col(OutboxRow.recipient) == recipient,
        col(OutboxRow.kind) == DAY,
        col(OutboxRow.state).in_([OutboxState.PENDING, OutboxState.SENDING]),
        col(OutboxRow.ambiguous).is_(other=True),
        col(OutboxRow.id) < before,
    )


def count_attempts(rows: WorkspaceRows, row: OutboxRow) -> int:
    """How many lines the ledger has about a message."""
    return rows.count(Delivery, col(Delivery.outbox_id) == row.id)


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
    """When the next message becomes due. None when nothing waits."""
    return _earliest(rows, "not_before", WAITING)


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
def _select_undelivered() -> Select[Any]:
    table = statements.table_of(OutboxRow)
    latest = (table.c.settled_at.desc(), table.c.id.desc())
    return select(table).where(*_undelivered()).order_by(*latest).limit(bindparam("most", type_=Integer))


@cache
def _count_undelivered() -> Select[Any]:
    return select(func.count()).select_from(statements.table_of(OutboxRow)).where(*_undelivered())


def _undelivered() -> tuple[ColumnElement[bool] | TextClause, ...]:
    table = statements.table_of(OutboxRow)
    own = table.c.workspace_id == bindparam(statements.WORKSPACE)
    return own, UNDELIVERED, table.c.settled_at >= bindparam("since", type_=table.c.settled_at.type)


@cache
def _note_attempt() -> Update:
    table = statements.table_of(OutboxRow)
    this_one = (*statements.the_one(OutboxRow), table.c.version == bindparam("row_version"))
    return update(table).where(*this_one).values(attempt=bindparam("about", type_=table.c.attempt.type))


def _line(
    rows: WorkspaceRows,
    row: OutboxRow,
    outcome: Outcome,
    at: datetime,
    reason: str,
    channel_id: str = "",
    ts: str = "",
) -> dict[str, Any]:
    return {
        "workspace_id": rows.workspace_id,
        "version": 1,
        "outbox_id": row.id,
        "at": at,
        "outcome": outcome,
        "reason": reason,
        "channel_id": channel_id,
        "ts": ts,
    }
