"""Machines: questions put to its tables."""

from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.machines.tables import MachineKey


def key_of(uow: "UnitOfWork", public_id: str) -> MachineKey | None:
    """The key that a machine names, revoked or not."""
    return next(iter(uow.matching(MachineKey, public_id=public_id)), None)


def open_key(uow: "UnitOfWork", name: str) -> MachineKey | None:
    """The key of that name that is not revoked."""
    return next(iter(uow.matching(MachineKey, name=name, revoked_at=None)), None)


def open_keys(uow: "UnitOfWork") -> list[MachineKey]:
    """Every key that is not revoked, by name."""
    return uow.all(MachineKey, col(MachineKey.revoked_at).is_(None), order_by=col(MachineKey.name))
