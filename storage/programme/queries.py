"""Programme: questions put to its tables."""

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import or_
from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.programme.tables import Certificate, Feed, FeedScope, Obligation, OwnerKind


def to_plan(uow: "UnitOfWork", before: date, limit: int) -> list[Obligation]:
    """Obligations neither ended nor paused whose tasks are not yet planned up to `before`, so many at most."""
    return uow.all(
        Obligation,
        col(Obligation.ended_at).is_(None),
        col(Obligation.paused_at).is_(None),
        or_(col(Obligation.planned_until).is_(None), col(Obligation.planned_until) < before),
        order_by=col(Obligation.id),
        limit=limit,
    )


def living(uow: "UnitOfWork") -> list[Obligation]:
    """Every obligation still kept, oldest first."""
    return uow.all(Obligation, col(Obligation.ended_at).is_(None), order_by=col(Obligation.id))


def every(uow: "UnitOfWork") -> list[Obligation]:
    """Every obligation there ever was, ended ones included, oldest first."""
    return uow.all(Obligation, order_by=col(Obligation.id))


def beginning_with(uow: "UnitOfWork", key: str) -> list[Obligation]:
    """Every obligation, ended ones included, whose key begins like this."""
    return uow.all(Obligation, col(Obligation.key).startswith(key, autoescape=True), order_by=col(Obligation.id))


def certificates(uow: "UnitOfWork") -> list[Certificate]:
    """Every certificate, by edition."""
    return uow.all(Certificate, order_by=col(Certificate.edition))


def certificate_of(uow: "UnitOfWork", edition: str) -> Certificate | None:
    """The certificate for an edition, or the way to it, if somebody has written it down."""
    return next(iter(uow.matching(Certificate, edition=edition)), None)


def open_feed(uow: "UnitOfWork", person_id: str, scope: FeedScope) -> Feed | None:
    """The feed somebody has now."""
    return next(iter(uow.matching(Feed, person_id=person_id, scope=scope, revoked_at=None)), None)


def feed_of_hash(uow: "UnitOfWork", secret_hash: str) -> Feed | None:
    """The feed of a secret that has not been revoked."""
    return next(iter(uow.matching(Feed, secret_hash=secret_hash, revoked_at=None)), None)


def of_owner(uow: "UnitOfWork", owner_id: str) -> list[Obligation]:
    """The living obligations somebody answers for by name, oldest first."""
    return uow.matching(Obligation, owner_id=owner_id, owner_kind=OwnerKind.PERSON, ended_at=None)
