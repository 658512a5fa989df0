"""A sample programme in a real database, for everything the rules say about it."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col

from storage.nudges import Nudge
from storage.people import Role
from storage.unit_of_work import UnitOfWork
from workflows import people
from workflows.people import Actor, DirectoryEntry
from workflows.starting import commands, proposals
from workflows.starting.answers import Answers

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""Nine o'clock in Berlin, on a working day."""

PEOPLE = {
    "UMIRA": ("Mira", "Europe/Berlin"),
    "UINES": ("Ines", "Europe/Berlin"),
    "UJONAS": ("Jonas", "Europe/Berlin"),
    "UPRIYA": ("Priya", "Asia/Singapore"),
    "UTOM": ("Tom", "America/New_York"),
    "ULIAM": ("Liam", "Europe/Berlin"),
    "UDAVID": ("David", "America/New_York"),
}


@pytest.fixture
def directory(uow: UnitOfWork) -> UnitOfWork:
    """Everybody in the directory, nobody with a role; Otto has left and a bot is there too."""
    entries = [DirectoryEntry(each, name, "", zone) for each, (name, zone) in PEOPLE.items()]
    entries.append(DirectoryEntry("UOTTO", "Otto", "", "Europe/Berlin", is_deactivated=True))
    entries.append(DirectoryEntry("UBOT", "A bot", "", "UTC", is_bot=True))
    people.sync(uow, entries, at=MONDAY)
    return uow


@pytest.fixture
def programme(directory: UnitOfWork) -> UnitOfWork:
    """A programme that Mira has started: Jonas owns IT, Mira and Ines lead, Liam audits, David is management."""
    for lead in ("UMIRA", "UINES"):
        people.grant(directory, lead, Role.LEAD, by="UMIRA", at=MONDAY)
    owners = dict.fromkeys((group.key for group in proposals.owner_groups()), "UJONAS")
    answers = Answers(
        standards=("iso27001-2022", "iso9001-2015"),
        owners={**owners, "people": "UPRIYA"},
        auditors=("ULIAM",),
        management=("UDAVID",),
        digest_channel="C0MGMT",
    )
    commands.start_programme(directory, actor(directory, "UMIRA"), answers, at=MONDAY)
    return directory


def actor(uow: UnitOfWork, person_id: str) -> Actor:
    """Somebody as they act now."""
    return people.actor(uow, person_id)


def owed(uow: UnitOfWork, subject: str, rung: str, subject_id: int | None = None) -> set[str]:
    """Who is to be told of a rung in their message of the day; of one subject, or of any."""
    found = uow.all(Nudge, col(Nudge.subject) == subject, col(Nudge.rung) == rung)
    return {each.person_id for each in found if subject_id in (None, each.subject_id)}
