"""The nudges room's table: each thing a person is to be told once, and which message told it."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Index, UniqueConstraint, literal, text
from sqlmodel import Field, col

from storage import statements
from storage.rows import Row, choice, moment, one_of, prose, refers_to

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork
    from storage.workspace_rows import WorkspaceRows


class NudgeState(StrEnum):
    """`owed` until a message has told it, or there was a reason to leave it out."""

    OWED = "owed"
    TOLD = "told"
    SKIPPED = "skipped"


STILL_OWED = text("state = 'owed'")
OWED = literal(NudgeState.OWED.value, literal_execute=True)
"""Written out in a condition, as a partial index is used only where its own words are found again."""


class Nudge(Row, table=True):
    """One thing to tell a person about a subject: which rung was reached, and when.

    `what` tells two times of the same rung apart: the due date it was counted from, or the version of the subject.
    `message_id` is the message that told it, so that it also says which message shows which subjects.
    """

    __tablename__ = "nudge"
    __table_args__ = (
        one_of("state", NudgeState),
        UniqueConstraint(
            "workspace_id", "person_id", "subject", "subject_id", "rung", "what", name="one_nudge_per_rung"
        ),
        Index("nudges_owed", "workspace_id", "person_id", sqlite_where=STILL_OWED, postgresql_where=STILL_OWED),
        Index("nudges_by_subject", "workspace_id", "subject", "subject_id"),
    )

    person_id: str = Field(max_length=32)
    subject: str = Field(max_length=40)
    subject_id: int
    rung: str = Field(max_length=80)
    what: str = Field(default="", max_length=80)
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reached_at: datetime = moment(optional=False)
    state: NudgeState = choice(NudgeState, NudgeState.OWED)
    reason: str = prose()
    settled_at: datetime | None = moment()
    message_id: int | None = refers_to("outbox.id", optional=True)


NEWLY_OWED = {"version": 1, "state": NudgeState.OWED, "reason": ""}


def owe(rows: "WorkspaceRows", owed: Mapping[str, Any]) -> bool:
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
