"""Which of the replicas sends for a workspace, and until when: Slack counts its limits per workspace.

Leases are measured by the database's clock, so replicas whose machines disagree about the time agree about them, and
a clock that a demo or a test moves has no say.
"""

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Insert, Update, bindparam, or_, update
from sqlmodel import Field, SQLModel

from storage.engine import statements
from storage.engine.database_time import SecondsFromNow
from storage.engine.rows import moment
from storage.engine.workspace_rows import WorkspaceRows


class SenderLease(SQLModel, table=True):
    """Who may send, and until when by the database's clock."""

    __tablename__ = "sender_lease"

    workspace_id: str = Field(primary_key=True, max_length=32, foreign_key="workspace.id")
    holder: str = Field(max_length=120)
    until: datetime = moment(optional=False)


NOW = {"now": 0.0}


def hold(rows: WorkspaceRows, holder: str, for_: timedelta) -> bool:
    """Become, or stay, the one who sends for so long from now; False while another holds the lease.

    A lease that lies further ahead than its own length was granted before the clock was put back, and is cut to it.
    Its holder may still be sending, so it is not taken at once.
    """
    length = {"length": for_.total_seconds()}
    rows.driver.run(_cut(), length | {statements.WORKSPACE: rows.workspace_id})
    wanted = NOW | length | {"workspace_id": rows.workspace_id, "holder": holder}
    taken: int = rows.driver.run(_take_over(rows.dialect), wanted).rowcount
    return taken == 1


def let_go(rows: WorkspaceRows, holder: str) -> None:
    """Another may send at once. Does nothing where another does already."""
    rows.driver.run(_end(), NOW | {statements.WORKSPACE: rows.workspace_id, "own": holder})


def last_holder(rows: WorkspaceRows) -> str | None:
    """Who held the lease last, whether or not it has run out."""
    return next((lease.holder for lease in rows.matching(SenderLease)), None)


@cache
def _cut() -> Update:
    return (
        _update()
        .where(statements.table_of(SenderLease).c.until > SecondsFromNow("length"))
        .values(until=SecondsFromNow("length"))
    )


@cache
def _end() -> Update:
    own = statements.table_of(SenderLease).c.holder == bindparam("own")
    return _update().where(own).values(until=SecondsFromNow("now"))


def _update() -> Update:
    table = statements.table_of(SenderLease)
    return update(table).where(table.c.workspace_id == bindparam(statements.WORKSPACE))


@cache
def _take_over(dialect: str) -> Insert:
    table = statements.table_of(SenderLease)
    fresh = statements.dialect_insert(SenderLease, dialect).values(
        workspace_id=bindparam("workspace_id"), holder=bindparam("holder"), until=SecondsFromNow("length")
    )
    free = or_(table.c.holder == fresh.excluded.holder, table.c.until <= SecondsFromNow("now"))
    taken = {"holder": fresh.excluded.holder, "until": fresh.excluded.until}
    return fresh.on_conflict_do_update(index_elements=["workspace_id"], set_=taken, where=free)
