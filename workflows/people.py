"""People room: who somebody is, what roles they hold, and what these roles allow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage import people as stored
from storage.people import Person, Role, RoleGrant
from storage.unit_of_work import UnitOfWork
from workflows.errors import LeadExists, NoProgrammeYet, NotAllowed, NotInDirectory

# --- rules ---

THE_BOT = "deskaudit"
"""The name under which the trail records what the bot did by the clock."""

IN_WORDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.LEAD: "a compliance lead",
        Role.AUDITOR: "an auditor",
        Role.MANAGEMENT: "management",
        Role.READER: "a reader",
    }
)

MAY: Mapping[str, frozenset[Role]] = MappingProxyType(
    {
        "start the programme": frozenset({Role.LEAD}),
        "see the obligations": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "change the obligations": frozenset({Role.LEAD}),
        "see the certificates": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "set the dates of certification": frozenset({Role.LEAD}),
        "see everybody's calendar": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "accept a task": frozenset({Role.LEAD}),
        "return a task": frozenset({Role.LEAD}),
        "see everybody's tasks": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "see everybody's evidence": frozenset({Role.LEAD, Role.AUDITOR}),
        "see the nonconformities": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "see the digest": frozenset({Role.LEAD, Role.MANAGEMENT}),
        "see the frameworks": frozenset({Role.LEAD, Role.AUDITOR, Role.MANAGEMENT, Role.READER}),
        "switch the titles": frozenset({Role.LEAD}),
        "bring own controls": frozenset({Role.LEAD}),
        "decide what applies": frozenset({Role.LEAD}),
        "approve the Statement of Applicability": frozenset({Role.LEAD}),
        "rate a gap": frozenset({Role.LEAD}),
        "open a desk audit": frozenset({Role.LEAD, Role.AUDITOR}),
        "issue a nonconformity": frozenset({Role.LEAD, Role.AUDITOR}),
        "review a response": frozenset({Role.LEAD, Role.AUDITOR}),
        "consent to a major": frozenset({Role.MANAGEMENT}),
        "verify a correction": frozenset({Role.LEAD, Role.AUDITOR}),
        "co-sign a major": frozenset({Role.LEAD, Role.MANAGEMENT}),
    }
)
"""Which roles a deed takes. What is not listed here is allowed to nobody by role."""


@dataclass(frozen=True)
class Actor:
    """The person a command is carried out for, as the directory and the grants say at that moment."""

    person_id: str
    name: str
    zone: str
    roles: frozenset[Role]
    is_admin: bool

    def may(self, deed: str) -> bool:
        """Whether one of the actor's roles allows the deed; default deny."""
        return bool(self.roles & MAY.get(deed, frozenset()))

    def must(self, deed: str) -> None:
        """Raise `NotAllowed` unless the actor may."""
        if not self.may(deed):
            raise NotAllowed(deed=deed, who_may=who_may(deed))


def who_may(deed: str) -> str:
    """The roles that allow a deed, in words: "a compliance lead or an auditor"."""
    return " or ".join(IN_WORDS[role] for role in Role if role in MAY.get(deed, frozenset()))


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


def known_zone(name: str) -> str:
    """The zone if this machine knows it, else UTC: Slack leaves it empty for some accounts."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"


# --- commands ---


def sync(uow: UnitOfWork, entries: Iterable[DirectoryEntry], *, at: datetime) -> int:
    """Bring the directory up to what Slack says; returns how many rows are new or changed."""
    known = {person.slack_id: person for person in stored.directory(uow)}
    return sum(_put(uow, known.get(entry.slack_id), entry, at) for entry in entries)


def _put(uow: UnitOfWork, known: Person | None, entry: DirectoryEntry, at: datetime) -> bool:
    values = {**vars(entry), "zone": known_zone(entry.zone)}
    if known is None:
        return uow.add_once(Person(**values, synced_at=at)) is not None
    if all(getattr(known, name) == value for name, value in values.items()):
        return False
    uow.change(known, **values, synced_at=at)
    return True


def claim_lead(uow: UnitOfWork, actor: Actor, *, at: datetime) -> None:
    """Make a workspace admin the first compliance lead, as long as there is none.

    Raises `LeadExists` when somebody holds the role, `NotAllowed` when the person is no admin.
    """
    if leads := holders(uow, Role.LEAD):
        raise LeadExists(leads=tuple(leads))
    if not actor.is_admin:
        raise NotAllowed(deed="claim the lead's role", who_may="an admin of this Slack workspace")
    grant(uow, actor.person_id, Role.LEAD, by=actor.person_id, at=at)


def appoint_first_leads(uow: UnitOfWork, person_ids: Iterable[str], *, at: datetime) -> None:
    """Give the lead's role to those named in the settings, while nobody holds it yet."""
    if not holders(uow, Role.LEAD):
        for person_id in person_ids:
            grant(uow, person_id, Role.LEAD, by=THE_BOT, at=at)


def grant(uow: UnitOfWork, person_id: str, role: Role, *, by: str, at: datetime) -> None:
    """Give a role; giving it twice changes nothing."""
    given = uow.add_once(RoleGrant(person_id=person_id, role=role, granted_by=by, granted_at=at))
    if given:
        uow.record(
            actor=by,
            verb="role.grant",
            subject="person",
            subject_id=person_id,
            at=at,
            details={"role": role.value},
        )


# --- questions ---


def actor(uow: UnitOfWork, person_id: str) -> Actor:
    """Who is acting. Raises `NotInDirectory` for strangers, bots and deactivated people."""
    person = stored.person(uow, person_id)
    if person is None or person.is_bot or person.is_deactivated:
        raise NotInDirectory(person=person_id)
    roles = frozenset(held.role for held in stored.open_grants(uow, person_id))
    return Actor(person.slack_id, person.name, person.zone, roles, person.is_admin)


def holders(uow: UnitOfWork, role: Role) -> list[str]:
    """Who holds a role and can still be reached, in the order in which they got it."""
    return [person_id for person_id in stored.holders(uow, role) if reachable(uow, person_id)]


def reachable(uow: UnitOfWork, person_id: str) -> bool:
    """Whether somebody would read a direct message to this person: a living account of a human being."""
    return zone_if_reachable(uow, person_id) is not None


def zone_if_reachable(uow: UnitOfWork, person_id: str) -> str | None:
    """The time zone (IANA name) of a person who would read a direct message; None for everybody else."""
    person = stored.person(uow, person_id)
    return None if person is None or person.is_deactivated or person.is_bot else person.zone


def programme_must_run(uow: UnitOfWork) -> date:
    """The day the programme was started. Raises `NoProgrammeYet`."""
    started_on = uow.workspace().programme_started_on
    if started_on is None:
        raise NoProgrammeYet
    return started_on
