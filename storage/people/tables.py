"""People: its tables."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of


class Role(StrEnum):
    """What somebody may do beyond own work. Ownership is no role: it stands on the task or finding itself."""

    LEAD = "lead"
    AUDITOR = "auditor"
    MANAGEMENT = "management"
    READER = "reader"


class Person(Row, table=True):
    """Somebody in the Slack directory. Slack's user id is how every other row refers to a person.

    `locale` is Slack's (such as `de-DE`), `country` an ISO 3166 code where it differs from the zone's.
    `working_weekdays` are counted from Monday, which is 0; none where they work as the organisation does. `absent_from`
    and `absent_until` are both included; `is_away` while their work is in the hands of a deputy because of it.
    `status_text` is what their Slack status says while it says that they are away, first seen at `status_since` and
    good until `status_until`: a hint only. `home_tab` and `home_page` are what they last chose to see on their Home
    tab. `started_on` is when they joined, where their Slack profile says so; `first_seen_at` when the directory showed
    them for the first time, if that was after it had been read once.
    """

    __tablename__ = "person"
    remembered: ClassVar[bool] = True
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
    started_on: date | None = None
    first_seen_at: datetime | None = moment()
    synced_at: datetime = moment(optional=False)


class UserGroup(Row, table=True):
    """A Slack user group as last synced: a group looks after something, and its `members` take turns."""

    __tablename__ = "user_group"
    remembered: ClassVar[bool] = True
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
    remembered: ClassVar[bool] = True
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
