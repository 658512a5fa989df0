"""Errands: what the bot has promised to do, from the moment of the promise until it is done and answered.

A row is written in the transaction that promises, so what is acknowledged is never forgotten. Whoever takes an errand
up holds it by a lease, which they prolong for as long as they live; a process that dies lets go of it by that alone.
The row goes in the very transaction that writes what came of it, so that this happens once, whoever else tried.

Leases, and for how long an errand has been failing, are measured by the database's clock, on which all replicas agree.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import JSON, Delete, Index, Update, bindparam, delete, func, or_, update
from sqlmodel import Field

from storage.engine import database_time, statements
from storage.engine.database_time import SecondsFromNow
from storage.engine.errors import VersionConflict
from storage.engine.rows import Row, moment, prose
from storage.engine.workspace_rows import WorkspaceRows


class Errand(Row, table=True):
    """One thing to do: its `kind`, for whom, and the `values` that say what about.

    `about` is what people call it, such as the name of a file; empty where a card shows how it goes. What there is
    to say about it goes to `channel_id`, or to the person where that is empty, into the thread `thread_ts` if there is
    one. Since `planned_at` it is waited for. Nobody takes it up before `not_before`, both by the clock of the bot, nor,
    by the database's, while somebody holds it until `held_until`. `failing_since` is when it first did not succeed,
    by the database's clock too.
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
    held_until: datetime | None = moment()
    failing_since: datetime | None = moment()


NOW = {"at_once": 0.0}


def claim(rows: WorkspaceRows, at: datetime, lease: timedelta, most: int) -> list[Errand]:
    """Take up to so many errands that are due at `at` and that nobody holds, and hold them for the length of the lease.

    One that is held for longer than that was taken up before the database's clock was put back, and is held by nobody.
    """
    values = {statements.WORKSPACE: rows.workspace_id, "now": at, "lease": lease.total_seconds(), "most": most}
    return sorted(rows.fetch(Errand, _take_due(), values | NOW), key=lambda errand: errand.id)


def hold(rows: WorkspaceRows, errand: Errand, lease: timedelta) -> None:
    """Hold an errand for so long from now. One that somebody else took up meanwhile is theirs."""
    rows.driver.run(_hold(), {**_of(errand), "lease": lease.total_seconds()})


def let_go(rows: WorkspaceRows, errand: Errand, not_before: datetime) -> None:
    """Somebody may take it up from then on. One that somebody else took up meanwhile is theirs."""
    rows.driver.run(_let_go(), {**_of(errand), "not_before": not_before})


def put_off(rows: WorkspaceRows, errand: Errand, not_before: datetime) -> None:
    """The same for one that did not succeed."""
    rows.driver.run(_put_off(), {**_of(errand), "not_before": not_before, **NOW})


def failing_for(rows: WorkspaceRows, errand: Errand) -> timedelta:
    """How long it has been since an attempt before this one first did not succeed."""
    if errand.failing_since is None:
        return timedelta(0)
    return database_time.now(rows.connection) - errand.failing_since


def done(rows: WorkspaceRows, errand: Errand) -> None:
    """It is done and answered. Raises `VersionConflict` when somebody else took it up meanwhile."""
    if rows.driver.run(_drop(), _of(errand)).rowcount != 1:
        raise VersionConflict(errand)


def _of(errand: Errand) -> Mapping[str, Any]:
    return {statements.WORKSPACE: errand.workspace_id, "row_id": errand.id, "row_version": errand.version}


@cache
def _take_due() -> Update:
    table = statements.table_of(Errand)
    held_by_nobody = or_(
        table.c.held_until.is_(None),
        table.c.held_until <= SecondsFromNow("at_once"),
        table.c.held_until > SecondsFromNow("lease"),
    )
    chosen = statements.first_unlocked(Errand, held_by_nobody, order_by=(table.c.not_before, table.c.id))
    return (
        update(table)
        .where(table.c.id.in_(chosen))
        .values(attempts=table.c.attempts + 1, held_until=SecondsFromNow("lease"), version=table.c.version + 1)
        .returning(*table.columns)
    )


@cache
def _hold() -> Update:
    return update(statements.table_of(Errand)).where(*_this_one()).values(held_until=SecondsFromNow("lease"))


@cache
def _let_go() -> Update:
    return (
        update(statements.table_of(Errand))
        .where(*_this_one())
        .values(held_until=None, not_before=bindparam("not_before"))
    )


@cache
def _put_off() -> Update:
    since = func.coalesce(statements.table_of(Errand).c.failing_since, SecondsFromNow("at_once"))
    return _let_go().values(failing_since=since)


@cache
def _drop() -> Delete:
    return delete(statements.table_of(Errand)).where(*_this_one())


def _this_one() -> tuple[Any, ...]:
    table = statements.table_of(Errand)
    return *statements.the_one(Errand), table.c.version == bindparam("row_version")
