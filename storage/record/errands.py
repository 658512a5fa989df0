"""Errands: what the bot has promised to do, from the moment of the promise until it is done and answered.

A row is written in the transaction that promises, so what is acknowledged is never forgotten. Whoever takes an errand
up holds it by moving `not_before` on for as long as they live; a process that dies lets go of it by that alone. The row
goes in the very transaction that writes what came of it, so that this happens once, whoever else tried.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import JSON, Delete, Index, Update, bindparam, delete, update
from sqlmodel import Field

from storage.engine import statements
from storage.engine.errors import VersionConflict
from storage.engine.rows import Row, moment, prose
from storage.engine.workspace_rows import WorkspaceRows


class Errand(Row, table=True):
    """One thing to do: its `kind`, for whom, and the `values` that say what about.

    `about` is what people call it, such as the name of a file; empty where a card shows how it goes. What there is
    to say about it goes to `channel_id`, or to the person where that is empty, into the thread `thread_ts` if there is
    one. Since `planned_at` it is waited for. Nobody takes it up before `not_before`: the end of a pause, or of the time
    for which somebody holds it.
    """

    __tablename__ = "errand"
    # An id is never given again, so that nothing that was said of one errand is taken for another's.
    __table_args__ = (Index("errands_due", "workspace_id", "not_before"), {"sqlite_autoincrement": True})

    kind: str = Field(max_length=80)
    person_id: str = Field(max_length=32)
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    about: str = prose()
    channel_id: str = Field(default="", max_length=32)
    thread_ts: str = Field(default="", max_length=32)
    planned_at: datetime = moment(optional=False)
    not_before: datetime = moment(optional=False)
    attempts: int = 0


def claim(rows: WorkspaceRows, at: datetime, lease: timedelta, most: int) -> list[Errand]:
    """Take up to so many errands that are due and that nobody holds, and hold them until `at + lease`."""
    values = {statements.WORKSPACE: rows.workspace_id, "now": at, "until": at + lease, "most": most}
    return sorted(rows.fetch(Errand, _take_due(), values), key=lambda errand: errand.id)


def hold(rows: WorkspaceRows, errand: Errand, until: datetime) -> None:
    """Hold an errand for longer, or let go of it at a moment. One that somebody else took up meanwhile is theirs."""
    rows.driver.run(_hold(), {**_of(errand), "until": until})


def done(rows: WorkspaceRows, errand: Errand) -> None:
    """It is done and answered. Raises `VersionConflict` when somebody else took it up meanwhile."""
    if rows.driver.run(_drop(), _of(errand)).rowcount != 1:
        raise VersionConflict(errand)


def _of(errand: Errand) -> Mapping[str, Any]:
    return {statements.WORKSPACE: errand.workspace_id, "row_id": errand.id, "row_version": errand.version}


@cache
def _take_due() -> Update:
    table = statements.table_of(Errand)
    chosen = statements.first_unlocked(Errand, order_by=(table.c.not_before, table.c.id))
    return (
        update(table)
        .where(table.c.id.in_(chosen))
        .values(attempts=table.c.attempts + 1, not_before=bindparam("until"), version=table.c.version + 1)
        .returning(*table.columns)
    )


@cache
def _hold() -> Update:
    return update(statements.table_of(Errand)).where(*_this_one()).values(not_before=bindparam("until"))


@cache
def _drop() -> Delete:
    return delete(statements.table_of(Errand)).where(*_this_one())


def _this_one() -> tuple[Any, ...]:
    table = statements.table_of(Errand)
    return (
        table.c.workspace_id == bindparam(statements.WORKSPACE),
        table.c.id == bindparam("row_id"),
        table.c.version == bindparam("row_version"),
    )
