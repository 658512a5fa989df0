"""Questions about messages offered as evidence."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete

from storage.engine import statements

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import MessageFile, OfferedMessage


def files_of(message: OfferedMessage) -> list[MessageFile]:
    """The files of a message."""
    return [MessageFile(**each) for each in message.files]


def forget_before(uow: "UnitOfWork", at: datetime) -> int:
    """Drop messages offered before `at`, long after their form was closed; says how many."""
    table = statements.table_of(OfferedMessage)
    statement = delete(table).where(
        table.c.workspace_id == bindparam(statements.WORKSPACE), table.c.offered_at < bindparam("before")
    )
    values = {statements.WORKSPACE: uow.workspace_id, "before": at}
    return uow.connection.execute(statement, values).rowcount
