"""Evidence room: messages that somebody is about to save. Slack tells what they say only once, when the form opens."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, bindparam, delete
from sqlmodel import Field

from storage import statements
from storage.rows import Row, moment, prose

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class OfferedMessage(Row, table=True):
    """A message as Slack showed it to whoever wants to save it. `files` are Slack's own file objects, cut short.

    Whether or not it is saved, the row is dropped some days later: what counts is the file made of it.
    """

    __tablename__ = "offered_message"

    person_id: str = Field(max_length=32)
    channel_id: str = Field(max_length=32)
    channel_name: str = Field(default="", max_length=200)
    message_ts: str = Field(max_length=32)
    author_id: str = Field(default="", max_length=32)
    text: str = prose()
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    offered_at: datetime = moment(optional=False)


@dataclass(frozen=True)
class MessageFile:
    """A file that hangs on a message; `size` in bytes."""

    id: str
    name: str
    size: int
    permalink: str


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
