"""Frameworks: questions put to its tables."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks.tables import Applicability, GapRating, OwnFramework, OwnRequirement, StatementOfApplicability


def own_framework(uow: "UnitOfWork", edition: str) -> OwnFramework | None:
    """The framework of that edition, if the organisation has brought it."""
    return next(iter(uow.matching(OwnFramework, edition=edition)), None)


def own_frameworks(uow: "UnitOfWork") -> list[OwnFramework]:
    """Every framework the organisation has brought, oldest first."""
    return uow.matching(OwnFramework)


def own_requirements(uow: "UnitOfWork", own_framework_id: int) -> list[OwnRequirement]:
    """Every requirement of an own framework in its order, withdrawn ones included."""
    return uow.all(
        OwnRequirement,
        col(OwnRequirement.own_framework_id) == own_framework_id,
        order_by=col(OwnRequirement.place),
    )


def own_requirement(uow: "UnitOfWork", own_framework_id: int, number: str) -> OwnRequirement | None:
    """The requirement of that number, also when it was withdrawn."""
    return next(iter(uow.matching(OwnRequirement, own_framework_id=own_framework_id, number=number)), None)


def applicability(uow: "UnitOfWork", reference: str) -> Applicability | None:
    """What was decided about a requirement, if anything was."""
    return next(iter(uow.matching(Applicability, reference=reference)), None)


def applicabilities(uow: "UnitOfWork") -> dict[str, Applicability]:
    """What was decided, by reference."""
    return {each.reference: each for each in uow.matching(Applicability)}


def latest_statement(uow: "UnitOfWork", edition: str) -> StatementOfApplicability | None:
    """The statement approved last for an edition."""
    return uow.first(
        StatementOfApplicability,
        col(StatementOfApplicability.edition) == edition,
        order_by=col(StatementOfApplicability.number).desc(),
    )


def gap_rating(uow: "UnitOfWork", reference: str) -> GapRating | None:
    """How a requirement was rated, if it was."""
    return next(iter(uow.matching(GapRating, reference=reference)), None)


def gaps_to_nudge(uow: "UnitOfWork", today: date) -> list[GapRating]:
    """The gaps whose owner's next reminder has come."""
    return uow.all(GapRating, col(GapRating.nudge_on) <= today, order_by=col(GapRating.due_on))


def gap_ratings(uow: "UnitOfWork") -> dict[str, GapRating]:
    """Every rating, by reference."""
    return {each.reference: each for each in uow.matching(GapRating)}
