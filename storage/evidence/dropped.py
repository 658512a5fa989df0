"""Questions about messages with files that were dropped."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from storage.engine import statements
from storage.record.outbox import OutboxRow

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import DroppedMessage

DIRECT = "D%"
"""How the ids of direct conversations begin."""


def forget_before(uow: "UnitOfWork", at: datetime) -> int:
    """Drop what was dropped before `at`; says how many."""
    table = statements.table_of(DroppedMessage)
    own = table.c.workspace_id == bindparam(statements.WORKSPACE)
    values = {statements.WORKSPACE: uow.workspace_id, "before": at}
    return uow.connection.execute(delete(table).where(own, table.c.dropped_at < bindparam("before")), values).rowcount


def conversations_after(uow: "UnitOfWork", channel_id: str, most: int) -> list[str]:
    """Up to `most` direct conversations in which we have spoken, in the order of their ids, after one of them."""
    table = statements.table_of(OutboxRow)
    found = (
        select(table.c.channel_id)
        .where(table.c.workspace_id == bindparam(statements.WORKSPACE), table.c.channel_id > bindparam("behind"))
        .where(table.c.channel_id.like(DIRECT))
        .distinct()
        .order_by(table.c.channel_id)
        .limit(most)
    )
    values = {statements.WORKSPACE: uow.workspace_id, "behind": channel_id}
    return [each for (each,) in uow.connection.execute(found, values)]
