"""Evidence room: the packs that were made for auditors, and the links under which they are fetched."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, ColumnElement, Index, UniqueConstraint, and_, func, or_
from sqlmodel import Field, col

from storage import statements
from storage.evidence import Evidence, EvidenceState, EvidenceUse
from storage.nonconformities import Nonconformity, NonconformityState
from storage.reviews import Digest
from storage.rows import Row, choice, moment, one_of, prose, refers_to
from storage.tasks import Task, TaskState

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork

R = TypeVar("R", bound=Row)


class PackState(StrEnum):
    """How far a pack has come. `made`: it lies in the file store; `handed_out`: it was written to a file elsewhere.

    `expired`: it was made, and its time in the file store is over.
    """

    ASKED = "asked"
    MADE = "made"
    HANDED_OUT = "handed_out"
    FAILED = "failed"
    EXPIRED = "expired"


class Pack(Row, table=True):
    """One audit pack: what was asked for by whom, and what came of it.

    The period has both days included; an empty list narrows nothing down. `sha256` and `size` (bytes) are the ZIP's,
    `manifest_sha256` is what its manifest hashes to, `trail_sequence` the last entry of the trail in it. `tries` counts
    how often it was begun. `reason` names the sentence for a failure, `fault` says which file. `erased_at` is when the
    ZIP of an expired pack had left the file store.
    """

    __tablename__ = "pack"
    __table_args__ = (
        one_of("state", PackState),
        CheckConstraint(
            "state NOT IN ('made', 'handed_out', 'expired') OR (sha256 IS NOT NULL AND manifest_sha256 IS NOT NULL)",
            name="made_packs_have_hashes",
        ),
        CheckConstraint("erased_at IS NULL OR state = 'expired'", name="only_expired_packs_are_erased"),
        CheckConstraint("first <= last", name="pack_periods_begin_before_they_end"),
        Index("packs_by_state", "workspace_id", "state"),
    )

    state: PackState = choice(PackState, PackState.ASKED)
    editions: list[str] = Field(default_factory=list, sa_type=JSON)
    first: date
    last: date
    themes: list[str] = Field(default_factory=list, sa_type=JSON)
    owners: list[str] = Field(default_factory=list, sa_type=JSON)
    requirements: list[str] = Field(default_factory=list, sa_type=JSON)
    asked_by: str = Field(max_length=32)
    asked_at: datetime = moment(optional=False)
    tries: int = 0
    trail_sequence: int = 0
    files: int = 0
    size: int = Field(default=0, sa_type=BigInteger)
    sha256: str | None = Field(default=None, max_length=64)
    manifest_sha256: str | None = Field(default=None, max_length=64)
    settled_at: datetime | None = moment()
    reason: str = Field(default="", max_length=40)
    fault: str = prose()
    erased_at: datetime | None = moment()


class PackLink(Row, table=True):
    """A private address under which a pack is fetched until a moment. Only the hash of its secret is kept."""

    __tablename__ = "pack_link"
    __table_args__ = (UniqueConstraint("secret_hash", name="one_link_per_secret"),)

    pack_id: int = refers_to("pack.id")
    secret_hash: str = Field(max_length=64)
    made_by: str = Field(max_length=32)
    made_at: datetime = moment(optional=False)
    ends_at: datetime = moment(optional=False)
    revoked_by: str | None = Field(default=None, max_length=32)
    revoked_at: datetime | None = moment()


def asked(uow: "UnitOfWork") -> list[Pack]:
    """Packs that somebody waits for, oldest first."""
    return uow.matching(Pack, state=PackState.ASKED)


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


# --- what may be in a pack ---

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
