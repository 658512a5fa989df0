"""People room: the workspace, its directory as last synced from Slack, and who holds which role."""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel, col

from storage.rows import Row, choice, moment, one_of, prose

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class Role(StrEnum):
    """What somebody may do beyond own work. Ownership is no role: it stands on the task or finding itself."""

    LEAD = "lead"
    AUDITOR = "auditor"
    MANAGEMENT = "management"
    READER = "reader"


class Workspace(SQLModel, table=True):
    """One Slack workspace and the programme it runs. `zone` is the organisation's own (IANA name).

    `shows_titles` is false where requirements of standards are named by their numbers only.
    `owners` and `deputies` say who looks after which owner group, by its key.
    `working_weekdays` are counted from Monday, which is 0; `country` and `region` (ISO 3166) say whose holidays count.
    `directory_cursor` is Slack's mark of the page at which reading the directory goes on; empty when it is read.
    `ladders` is the text of the administrator's own file of reminders; empty where there is none.
    """

    __tablename__ = "workspace"

    id: str = Field(primary_key=True, max_length=32)
    name: str = ""
    zone: str = "UTC"
    bot_user_id: str = ""
    standards: list[str] = Field(default_factory=list, sa_type=JSON)
    owners: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    deputies: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    shows_titles: bool = True
    digest_channel_id: str | None = None
    programme_started_on: date | None = None
    working_weekdays: list[int] = Field(default_factory=lambda: list(range(5)), sa_type=JSON)
    country: str | None = Field(default=None, max_length=2)
    region: str | None = Field(default=None, max_length=20)
    directory_cursor: str = ""
    ladders: str = prose()
    version: int = 1


class Person(Row, table=True):
    """Somebody in the Slack directory. Slack's user id is how every other row refers to a person.

    `locale` is Slack's (such as `de-DE`), `country` an ISO 3166 code where it differs from the zone's.
    `working_weekdays` are counted from Monday, which is 0; none where they work as the organisation does. `absent_from`
    and `absent_until` are both included; `is_away` while their work is in the hands of a deputy because of it.
    `status_text` is what their Slack status says while it says that they are away, first seen at `status_since` and
    good until `status_until`: a hint only. `home_tab` and `home_page` are what they last chose to see on their Home
    tab.
    """

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slack_id", name="one_row_per_person"),
        Index("people_by_absence", "workspace_id", "is_away", "absent_until"),
        Index("people_by_manager", "workspace_id", "manager_id"),
    )

    slack_id: str = Field(max_length=32)
    name: str = ""
    title: str = ""
    zone: str = "UTC"
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_deactivated: bool = False
    locale: str = ""
    email: str = ""
    country: str | None = Field(default=None, max_length=2)
    working_weekdays: list[int] = Field(default_factory=list, sa_type=JSON)
    manager_id: str | None = Field(default=None, max_length=32)
    deputy_id: str | None = Field(default=None, max_length=32)
    absent_from: date | None = None
    absent_until: date | None = None
    is_away: bool = False
    status_text: str = Field(default="", max_length=120)
    status_since: datetime | None = moment()
    status_until: datetime | None = moment()
    home_tab: str = Field(default="mine", max_length=10)
    home_page: int = 0
    synced_at: datetime = moment(optional=False)


class UserGroup(Row, table=True):
    """A Slack user group as last synced: a group looks after something, and its `members` take turns."""

    __tablename__ = "user_group"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_id", name="one_row_per_user_group"),)

    slack_id: str = Field(max_length=32)
    handle: str = ""
    name: str = ""
    members: list[str] = Field(default_factory=list, sa_type=JSON)
    is_disabled: bool = False
    synced_at: datetime = moment(optional=False)


class RoleGrant(Row, table=True):
    """A role held by a person from a moment on; ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", Role),
        Index(
            "one_open_grant_per_role",
            "workspace_id",
            "person_id",
            "role",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    person_id: str = Field(max_length=32)
    role: Role = choice(Role, Role.READER)
    granted_by: str = Field(max_length=32)
    granted_at: datetime = moment(optional=False)
    ended_by: str | None = Field(default=None, max_length=32)
    ended_at: datetime | None = moment()


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
