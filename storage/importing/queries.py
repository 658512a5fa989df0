"""Importing: questions put to its tables."""

from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.importing.tables import ImportRun, ImportState


def done_before(uow: "UnitOfWork", sha256: str | None) -> ImportRun | None:
    """The latest import of exactly these bytes that was carried out."""
    return uow.first(
        ImportRun,
        col(ImportRun.sha256) == sha256,
        col(ImportRun.state) == ImportState.DONE,
        order_by=col(ImportRun.id).desc(),
    )


def with_hash(uow: "UnitOfWork", sha256: str) -> list[ImportRun]:
    """The imports that came out of a file with these bytes."""
    return uow.matching(ImportRun, sha256=sha256)


def with_bytes(uow: "UnitOfWork") -> list[ImportRun]:
    """Every row whose bytes must lie in the blob store."""
    return uow.all(ImportRun, col(ImportRun.sha256).is_not(None), order_by=col(ImportRun.id))
