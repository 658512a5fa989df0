"""The company that uses the workspace: its people and channels, read from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SAMPLE = Path(__file__).with_name("sample_company.yaml")
SECOND = Path(__file__).with_name("second_company.yaml")


@dataclass(frozen=True)
class Employee:
    """One account. `zone` is an IANA time zone name.

    `guest` is "multi" or "single" (channels). `status` holds Slack's `status_text`, `status_emoji` and
    `status_expiration` (Unix seconds, 0: until changed). `quiet` are the local times between which the person is not
    to be disturbed, e.g. ("20:00", "07:30").
    """

    id: str
    name: str
    title: str = ""
    zone: str = "Etc/UTC"
    admin: bool = False
    owner: bool = False
    deactivated: bool = False
    guest: str = ""
    locale: str = "en-GB"
    status: Mapping[str, Any] | None = None
    quiet: tuple[str, str] | None = None


@dataclass(frozen=True)
class OtherBot:
    """The bot user of another app."""

    id: str
    name: str
    bot_id: str
    app_id: str


@dataclass(frozen=True)
class UserGroup:
    id: str
    handle: str
    name: str
    description: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Channel:
    id: str
    name: str
    topic: str = ""
    members: tuple[str, ...] = ()
    app: bool = False
    private: bool = False
    archived: bool = False


@dataclass(frozen=True)
class Company:
    """`app_installed` says whether the app is there from the beginning or has to be installed by somebody."""

    team_id: str
    name: str
    domain: str
    people: tuple[Employee, ...]
    channels: tuple[Channel, ...]
    app_installed: bool = True
    bots: tuple[OtherBot, ...] = ()
    groups: tuple[UserGroup, ...] = ()

    @classmethod
    def load(cls, path: Path = SAMPLE) -> Company:
        """Read a company file; members may be the word `everybody`: who is neither deactivated nor a guest."""
        return cls.from_document(yaml.safe_load(path.read_text(encoding="utf-8")))

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Company:
        people = tuple(_employee(entry) for entry in document["people"])
        everybody = tuple(person.id for person in people if not person.deactivated and not person.guest)
        return cls(
            team_id=document["team"]["id"],
            name=document["team"]["name"],
            domain=document["team"]["domain"],
            people=people,
            channels=tuple(_channel(entry, everybody) for entry in document["channels"]),
            app_installed=document.get("app_installed", True),
            bots=tuple(OtherBot(**entry) for entry in document.get("bots", ())),
            groups=tuple(
                UserGroup(**{**entry, "members": tuple(entry["members"])}) for entry in document.get("groups", ())
            ),
        )


def _employee(entry: dict[str, Any]) -> Employee:
    quiet = entry.get("quiet")
    return Employee(**{**entry, "quiet": tuple(quiet) if quiet else None})


def _channel(entry: dict[str, Any], everybody: tuple[str, ...]) -> Channel:
    members = entry.get("members", ())
    return Channel(**{**entry, "members": everybody if members == "everybody" else tuple(members)})
