"""Nudges: questions put to its tables."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, bindparam
from sqlmodel import col

from storage.engine import statements
from storage.engine.statements import WORKSPACE

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
    from storage.engine.workspace_rows import WorkspaceRows
from storage.nudges.tables import OWED, Nudge, NudgeState
from storage.record.outbox import DAY, OutboxRow

NEWLY_OWED = {"version": 1, "state": NudgeState.OWED, "reason": ""}


def note(rows: "WorkspaceRows", owed: Mapping[str, Any]) -> bool:
    """Note what somebody is to be told, given by its columns; False when it was noted before."""
    values = {**NEWLY_OWED, **owed, "workspace_id": rows.workspace_id}
    noted: int = rows.driver.run(statements.insert_unless_there(Nudge, rows.dialect), values).rowcount
    return noted == 1


def owed_to(uow: "UnitOfWork", person_id: str) -> list[Nudge]:
    """What somebody is still to be told, in the order in which it came up."""
    return uow.all(Nudge, col(Nudge.person_id) == person_id, col(Nudge.state) == OWED, order_by=col(Nudge.id))


def newest(uow: "UnitOfWork", person_id: str, most: int) -> list[Nudge]:
    """Up to `most` things that somebody was, is or will be told in a message of the day, the newest first."""
    order = (col(Nudge.reached_at).desc(), col(Nudge.id).desc())
    return uow.all(Nudge, col(Nudge.person_id) == person_id, order_by=order, limit=most)


def last_of_day(rows: "WorkspaceRows", person_id: str, slot: str) -> OutboxRow | None:
    """The message planned last for somebody's day, among those whose slots begin with the name of the day."""
    found = rows.fetch(
        OutboxRow, _select_last_of_day(), {WORKSPACE: rows.workspace_id, "person": person_id, "day": slot}
    )
    return found[0] if found else None


@cache
def _select_last_of_day() -> Select[Any]:
    table = statements.table_of(OutboxRow)
    own = statements.select_all(OutboxRow).where(table.c.recipient == bindparam("person"), table.c.kind == DAY)
    of_the_day = table.c.slot.startswith(bindparam("day"))
    return own.where(of_the_day).order_by(table.c.id.desc()).limit(1)


def count(uow: "UnitOfWork", person_id: str) -> int:
    """How many there are."""
    return uow.count(Nudge, col(Nudge.person_id) == person_id)


def silences(uow: "UnitOfWork", day: date) -> list[str]:
    """The people and channels that could not be reached on a day of the workspace, in the order in which it came up."""
    found = uow.all(Nudge, col(Nudge.subject) == "silence", col(Nudge.what) == str(day), order_by=col(Nudge.id))
    return list(dict.fromkeys(each.rung for each in found))


def told_by(rows: "WorkspaceRows", message_ids: list[int]) -> list[Nudge]:
    """What these messages told."""
    return rows.all(Nudge, col(Nudge.message_id).in_(message_ids), order_by=col(Nudge.id))


def told_of(rows: "WorkspaceRows", subject: str, subject_id: int) -> list[Nudge]:
    """What was told about a subject."""
    return rows.matching(Nudge, subject=subject, subject_id=subject_id, state=NudgeState.TOLD)
