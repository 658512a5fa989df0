"""Claiming: which planned messages a sender takes next, and what it leaves behind when it ends.

A row in `sending` belongs to whoever holds the sender lease. What its holder does not have in its hands any more was
left behind, by a sender that was killed or by an answer that was lost, and is taken back as *ambiguous*.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Update, bindparam, literal, text, update

from storage.engine import statements
from storage.engine.workspace_rows import WorkspaceRows
from storage.record.outbox import SENDING, TO_REDRAW, TO_SOMEBODY, WAITING, OutboxRow, OutboxState


def claim(rows: WorkspaceRows, at: datetime, messages: int, redraws: int | None = None) -> list[OutboxRow]:
    """Take what is due: up to so many messages, and so many cards to redraw (as many as messages, if not said).

    Each have places of their own, so that what is said never waits for what is only drawn anew. Messages come in the
    order in which they became due. Of the cards those come first that a person changed or looked at, and of these the
    latest. Attempts are counted here.
    """
    said = _take(rows, _take_messages(), at, messages)
    return said + _take(rows, _take_redraws(), at, messages if redraws is None else redraws)


def bring_forward(rows: WorkspaceRows, redraws: Collection[int], at: datetime) -> None:
    """Let cards that wait to be redrawn come before all others, as if a person had changed them at this moment.

    What is being drawn already, or has been, is left alone.
    """
    given = {statements.WORKSPACE: rows.workspace_id, "redraws": list(redraws), "at": at}
    rows.connection.execute(_bring_forward(), given)


def take_back(rows: WorkspaceRows, but: Collection[int] = ()) -> None:
    """Let every row that is being sent be claimed again, as ambiguous, but for those that are in their sender's hands.

    For the holder of the sender lease alone.
    """
    given = {statements.WORKSPACE: rows.workspace_id, "in_hands": list(but)}
    rows.connection.execute(_take_back(), given)


def _take(rows: WorkspaceRows, statement: Update, at: datetime, limit: int) -> list[OutboxRow]:
    if limit <= 0:
        return []
    taken = rows.fetch(OutboxRow, statement, {statements.WORKSPACE: rows.workspace_id, "now": at, "most": limit})
    return sorted(taken, key=_in_order)


def _in_order(row: OutboxRow) -> tuple[Any, ...]:
    # An update gives its rows in no order; this is the one in which they were chosen.
    if row.recipient:
        return (row.not_before, row.id)
    return (not row.by_person, -row.not_before.timestamp(), -row.id)


@cache
def _take_messages() -> Update:
    table = statements.table_of(OutboxRow)
    return _take_first(TO_SOMEBODY, (table.c.not_before.asc(), table.c.id.asc()))


@cache
def _take_redraws() -> Update:
    table = statements.table_of(OutboxRow)
    return _take_first(TO_REDRAW, (table.c.by_person.desc(), table.c.not_before.desc(), table.c.id.desc()))


def _take_first(whom: str, order: Sequence[ColumnElement[Any]]) -> Update:
    table = statements.table_of(OutboxRow)
    chosen = statements.first_unlocked(OutboxRow, WAITING, text(whom), order_by=order)
    return (
        update(table)
        .where(table.c.id.in_(chosen))
        .values(state=OutboxState.SENDING, attempts=table.c.attempts + 1, version=table.c.version + 1)
        .returning(*table.columns)
    )


@cache
def _bring_forward() -> Update:
    table = statements.table_of(OutboxRow)
    these: BindParameter[Sequence[int]] = bindparam("redraws", expanding=True, literal_execute=True)
    return (
        update(table)
        .where(table.c.workspace_id == bindparam(statements.WORKSPACE), WAITING, table.c.id.in_(these))
        .values(
            by_person=literal(value=True),
            not_before=bindparam("at", type_=table.c.not_before.type),
            version=table.c.version + 1,
        )
    )


@cache
def _take_back() -> Update:
    table = statements.table_of(OutboxRow)
    in_hands: BindParameter[Sequence[int]] = bindparam("in_hands", expanding=True, literal_execute=True)
    return (
        update(table)
        .where(table.c.workspace_id == bindparam(statements.WORKSPACE), SENDING, table.c.id.not_in(in_hands))
        .values(state=OutboxState.PENDING, ambiguous=literal(value=True), version=table.c.version + 1)
    )
