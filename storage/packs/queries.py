"""Packs: questions put to its tables."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col

from storage.engine import statements
from storage.engine.rows import Row
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.reviews.tables import Digest
from storage.tasks.tables import Task, TaskState

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.packs.tables import Pack, PackLink, PackState

R = TypeVar("R", bound=Row)


def latest(uow: "UnitOfWork", limit: int) -> list[Pack]:
    """The newest packs."""
    return uow.all(Pack, order_by=col(Pack.id).desc(), limit=limit)


def with_bytes(uow: "UnitOfWork") -> list[Pack]:
    """Every pack whose bytes must lie in the file store."""
    return uow.matching(Pack, state=PackState.MADE)


def made_with(uow: "UnitOfWork", sha256: str) -> list[Pack]:
    """The packs whose ZIP in the file store has these bytes."""
    return uow.matching(Pack, sha256=sha256, state=PackState.MADE)


def awaiting_erasure(uow: "UnitOfWork") -> list[Pack]:
    """Expired packs whose ZIP may still be in the store."""
    return uow.matching(Pack, state=PackState.EXPIRED, erased_at=None)


def link_of_hash(uow: "UnitOfWork", secret_hash: str) -> PackLink | None:
    """The link of a secret that has not been revoked."""
    return next(iter(uow.matching(PackLink, secret_hash=secret_hash, revoked_at=None)), None)


def links_of(uow: "UnitOfWork", pack_id: int) -> list[PackLink]:
    """The links of a pack that have not been revoked, oldest first."""
    return uow.matching(PackLink, pack_id=pack_id, revoked_at=None)


ROWS_AT_ONCE = 500
"""How many rows are held while a pack is chosen."""


KEPT_OR_GONE = (EvidenceState.KEPT, EvidenceState.DISPOSED)
"""States of evidence that a pack speaks of: its bytes are there, or two people have disposed of them."""


def evidence_about(
    uow: "UnitOfWork", first: date, last: date, *, besides: Collection[int] = ()
) -> Iterator[list[Evidence]]:
    """Evidence that speaks of days from `first` to `last`, by its period, else by the day that it shows; and some more.

    In the order of its ids, a page at a time.
    """
    begins = func.coalesce(col(Evidence.period_begins), col(Evidence.collected_on))
    ends = func.coalesce(col(Evidence.period_ends), col(Evidence.collected_on))
    speaks = and_(col(Evidence.state).in_(KEPT_OR_GONE), begins <= last, ends >= first)
    return _pages(uow, Evidence, or_(speaks, statements.among(col(Evidence.id), besides)))


def uses_of(uow: "UnitOfWork", evidence_ids: Collection[int]) -> list[EvidenceUse]:
    """What these pieces of evidence serve."""
    return uow.all(EvidenceUse, statements.among(col(EvidenceUse.evidence_id), evidence_ids))


def tasks_among(uow: "UnitOfWork", ids: Collection[int]) -> list[Task]:
    """The tasks with these ids."""
    return uow.all(Task, statements.among(col(Task.id), ids))


def tasks_due(uow: "UnitOfWork", first: date, last: date) -> Iterator[list[Task]]:
    """Tasks that had begun and were due from `first` to `last`, or still are; a page at a time."""
    return _pages(uow, Task, col(Task.state) != TaskState.SCHEDULED, col(Task.due_on).between(first, last))


def _pages(uow: "UnitOfWork", table: type[R], *where: ColumnElement[bool]) -> Iterator[list[R]]:
    last = 0
    while page := uow.all(table, *where, col(table.id) > last, order_by=col(table.id), limit=ROWS_AT_ONCE):
        yield page
        last = page[-1].id


def findings(uow: "UnitOfWork") -> list[Nonconformity]:
    """Every nonconformity that was issued, void ones included."""
    return uow.all(
        Nonconformity, col(Nonconformity.state) != NonconformityState.DRAFT, order_by=col(Nonconformity.number)
    )


def published_heads(uow: "UnitOfWork", upto: int) -> list[Digest]:
    """The digests that published a head of the trail, up to an entry."""
    return uow.all(Digest, col(Digest.trail_sequence) <= upto, order_by=col(Digest.week_of))
