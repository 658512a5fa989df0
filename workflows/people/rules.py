"""People: the rules, as plain functions of values."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage.people.tables import Person, Role
from workflows.people.permissions import MAY, Permission, who_may
from workflows.refusals import NotAllowed

THE_BOT = "deskaudit"
"""The name under which the trail records what the bot did by the clock."""


NOT_ALWAYS_TOLD = ("locale", "email", "started_on")
"""What Slack leaves out of events, or without a scope: not being told is no change."""


@dataclass(frozen=True)
class Actor:
    """The person a command is carried out for, as the directory and the grants say at that moment."""

    person_id: str
    name: str
    zone: str
    roles: frozenset[Role]
    is_admin: bool
    locale: str = ""
    is_guest: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether one of the actor's roles allows it; default deny."""
        return bool(self.roles & MAY.get(permission, frozenset()))

    @classmethod
    def by_name_alone(cls, name: str) -> "Actor":
        """Somebody of whom the trail needs no more than their id, or the bot: without any role."""
        return cls(name, name="", zone="UTC", roles=frozenset(), is_admin=False)

    @property
    def is_outsider(self) -> bool:
        """A guest of the workspace without any role."""
        return self.is_guest and not self.roles

    def must(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the actor may."""
        if not self.may(permission):
            raise NotAllowed(permission, who_may(permission))


@dataclass(frozen=True)
class DirectoryEntry:
    """Somebody as Slack's directory describes them. `zone` is an IANA name."""

    slack_id: str
    name: str
    title: str
    zone: str
    is_admin: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_deactivated: bool = False
    locale: str = ""
    email: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_until: datetime | None = None
    started_on: date | None = None


@dataclass(frozen=True)
class GroupEntry:
    """A user group as Slack describes it; `members` are Slack ids."""

    slack_id: str
    handle: str
    name: str
    members: list[str]


@dataclass(frozen=True)
class Synced:
    """What a look into Slack's directory has changed: how many rows, and whose account has been closed since."""

    changed: int
    left: tuple[Person, ...]


def known_zone(name: str) -> str:
    """The zone if this machine knows it, else UTC: Slack leaves it empty for some accounts."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
