"""What Slack tells us of people, groups, channels and files, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Self


def moment(seconds: float) -> datetime:
    """Slack's seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True)
class Identity:
    """Who the bot is, in which workspace, what it may do, and what time it was for Slack when it said so."""

    team_id: str
    team: str
    bot_id: str
    bot_user_id: str
    scopes: frozenset[str]
    slack_time: datetime | None = None


@dataclass(frozen=True)
class Posted:
    """Where a message stands."""

    channel: str
    ts: str


@dataclass(frozen=True)
class SlackPerson:
    """Somebody in `users.list`. `zone` is an IANA name; UTC where Slack does not say.

    `email` comes only where the app was given the scope `users:read.email`, for which it does not ask.
    """

    slack_id: str
    name: str
    title: str
    zone: str
    is_admin: bool
    is_bot: bool
    is_guest: bool
    is_deactivated: bool
    locale: str = ""
    email: str = ""
    status_text: str = ""
    status_emoji: str = ""
    status_until: datetime | None = None
    started_on: date | None = None

    @classmethod
    def of(cls, user: Mapping[str, Any]) -> Self:
        """From Slack's user object. Slackbot is a bot, though its object does not say so."""
        profile = user.get("profile") or {}
        return cls(
            slack_id=user["id"],
            name=profile.get("real_name") or user.get("real_name") or user.get("name", ""),
            title=profile.get("title", ""),
            zone=user.get("tz") or "UTC",
            is_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
            is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
            is_deactivated=bool(user.get("deleted")),
            locale=user.get("locale") or "",
            email=profile.get("email") or "",
            status_text=profile.get("status_text") or "",
            status_emoji=profile.get("status_emoji") or "",
            status_until=moment(profile["status_expiration"]) if profile.get("status_expiration") else None,
            started_on=_day(profile.get("start_date")),
        )


def _day(written: object) -> date | None:
    """A day such as `2026-11-30`; none for what is no such day, since people may write what they like there."""
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


@dataclass(frozen=True)
class QuietWindow:
    """The hours of a day in which somebody does not want to be disturbed: those that last, or come next."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class SlackGroup:
    """A user group and who belongs to it, by Slack ids."""

    slack_id: str
    handle: str
    name: str
    members: list[str]


@dataclass(frozen=True)
class PeoplePage:
    """A page of the directory, and where the next one begins; empty after the last."""

    people: list[SlackPerson]
    next_cursor: str


@dataclass(frozen=True)
class SlackChannel:
    """A channel, and whether the app is in it."""

    id: str
    is_member: bool
    is_archived: bool = False
    is_private: bool = False


@dataclass(frozen=True)
class SlackFile:
    """A file as Slack announces it; `size` in bytes.

    In a shared channel Slack may announce no more than an id; `file_info` tells the rest.
    """

    id: str
    name: str
    size: int
    mimetype: str
    url_download: str
    permalink: str
    user: str

    @classmethod
    def of(cls, file: Mapping[str, Any]) -> Self:
        """From Slack's file object."""
        return cls(
            id=file["id"],
            name=(file.get("name") or file.get("title") or file["id"]).replace("\0", ""),
            size=file.get("size", 0),
            mimetype=file.get("mimetype", ""),
            url_download=file.get("url_private_download") or file.get("url_private", ""),
            permalink=file.get("permalink", ""),
            user=file.get("user", ""),
        )
