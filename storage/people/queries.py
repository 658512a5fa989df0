"""People: questions put to its tables."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.people.tables import Person, Role, RoleGrant, UserGroup


def person(uow: "UnitOfWork", slack_id: str) -> Person | None:
    """The directory's row of somebody, if Slack ever told us of them."""
    return next(iter(uow.matching(Person, slack_id=slack_id)), None)


def directory(uow: "UnitOfWork") -> list[Person]:
    """Everybody the directory knows, bots and deactivated people included."""
    return uow.all(Person, order_by=col(Person.slack_id))


def among(uow: "UnitOfWork", slack_ids: Collection[str]) -> list[Person]:
    """Those of these people whom the directory knows."""
    return uow.all(Person, col(Person.slack_id).in_(slack_ids), order_by=col(Person.slack_id))


def open_grants(uow: "UnitOfWork", person_id: str) -> list[RoleGrant]:
    """The roles somebody holds now."""
    return uow.matching(RoleGrant, person_id=person_id, ended_at=None)


def holders(uow: "UnitOfWork", role: Role) -> list[str]:
    """Who holds a role now, in the order in which they got it."""
    return [grant.person_id for grant in uow.matching(RoleGrant, role=role, ended_at=None)]


def user_group(uow: "UnitOfWork", slack_id: str) -> UserGroup | None:
    """A Slack user group, if Slack ever told us of it."""
    return next(iter(uow.matching(UserGroup, slack_id=slack_id)), None)


def user_groups(uow: "UnitOfWork") -> list[UserGroup]:
    """Every user group Slack ever told us of, by handle."""
    return uow.all(UserGroup, order_by=col(UserGroup.handle))


def team_of(uow: "UnitOfWork", manager_id: str) -> list[Person]:
    """Who reports to somebody."""
    return uow.matching(Person, manager_id=manager_id)


def gone(uow: "UnitOfWork") -> list[Person]:
    """Everybody whose account is closed."""
    return uow.all(Person, col(Person.is_deactivated).is_(True), order_by=col(Person.slack_id))


def going_away(uow: "UnitOfWork", today: date) -> list[Person]:
    """Those whose absence has begun, and whose work still lies with them."""
    return uow.all(
        Person,
        col(Person.is_away).is_(False),
        col(Person.absent_until) >= today,
        col(Person.absent_from) <= today,
        order_by=col(Person.id),
    )


def coming_back(uow: "UnitOfWork", today: date) -> list[Person]:
    """Those whose absence is over, and whose work still lies with a deputy."""
    return uow.all(Person, col(Person.is_away).is_(True), col(Person.absent_until) < today, order_by=col(Person.id))
