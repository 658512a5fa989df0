"""Starting room: what a lead has answered so far, until the programme runs."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field

from storage.rows import Row, moment

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Setup(Row, table=True):
    """The one setup of a workspace, kept after every step, so that closing a window or a restart loses nothing.

    `person_id` is the lead who is at it, since `taken_at`; `place` is the step they are on. `settled_at` is when the
    programme was started with these answers.
    """

    __tablename__ = "setup"
    __table_args__ = (
        Index(
            "one_open_setup",
            "workspace_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    person_id: str = Field(max_length=32)
    taken_at: datetime = moment(optional=False)
    place: str = Field(max_length=60)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    settled_at: datetime | None = moment()


def open_setup(uow: "UnitOfWork") -> Setup | None:
    """The setup that goes on, if there is one."""
    return next(iter(uow.matching(Setup, settled_at=None)), None)
