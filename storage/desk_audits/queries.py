"""Desk audits: questions put to its tables."""

from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.desk_audits.tables import DeskAudit


def latest(uow: "UnitOfWork", limit: int) -> list[DeskAudit]:
    """The newest desk audits."""
    return uow.all(DeskAudit, order_by=col(DeskAudit.id).desc(), limit=limit)
