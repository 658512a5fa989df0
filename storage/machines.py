"""Evidence room: the keys by which machines of the organisation bring evidence."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, col

from storage.rows import Row, moment, refers_to

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class MachineKey(Row, table=True):
    """A key for one obligation. Its secret is stored nowhere: it is computed from `public_id` and a secret of ours."""

    __tablename__ = "machine_key"
    __table_args__ = (
        UniqueConstraint("public_id", name="one_key_per_public_id"),
        Index(
            "one_open_key_per_name",
            "workspace_id",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    public_id: str = Field(max_length=32)
    name: str = Field(max_length=80)
    obligation_id: int = refers_to("obligation.id")
    made_by: str = Field(max_length=32)
    made_at: datetime = moment(optional=False)
    used_at: datetime | None = moment()
    revoked_by: str | None = Field(default=None, max_length=32)
    revoked_at: datetime | None = moment()


def key_of(uow: "UnitOfWork", public_id: str) -> MachineKey | None:
    """The key that a machine names, revoked or not."""
    return next(iter(uow.matching(MachineKey, public_id=public_id)), None)


def open_key(uow: "UnitOfWork", name: str) -> MachineKey | None:
    """The key of that name that is not revoked."""
    return next(iter(uow.matching(MachineKey, name=name, revoked_at=None)), None)


def open_keys(uow: "UnitOfWork") -> list[MachineKey]:
    """Every key that is not revoked, by name."""
    return uow.all(MachineKey, col(MachineKey.revoked_at).is_(None), order_by=col(MachineKey.name))
