"""People room: who somebody is, and what roles they hold. What these allow stands in `workflows/permissions.py`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from storage import people as stored
from storage import tasks as stored_tasks
from storage.calendar import Obligation, OwnerKind
from storage.people import Person, Role, RoleGrant, UserGroup
from storage.unit_of_work import UnitOfWork
from workflows import statuses
from workflows.errors import CannotTakeOver, LastLead, LeadExists, NoProgrammeYet, NotAllowed, NotInDirectory
from workflows.permissions import MAY, who_may

# --- rules ---

THE_BOT = "deskaudit"
"""The name under which the trail records what the bot did by the clock."""

NOT_ALWAYS_TOLD = ("locale", "email")
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

    def may(self, deed: str) -> bool:
        """Whether one of the actor's roles allows the deed; default deny."""
        return bool(self.roles & MAY.get(deed, frozenset()))

    @property
    def is_outsider(self) -> bool:
        """A guest of the workspace without any role."""
        return self.is_guest and not self.roles

    def must(self, deed: str) -> None:
        """Raise `NotAllowed` unless the actor may."""
        if not self.may(deed):
            raise NotAllowed(deed=deed, who_may=who_may(deed))


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


# --- commands ---


def sync(uow: UnitOfWork, entries: Sequence[DirectoryEntry], *, at: datetime) -> Synced:
    """Bring these entries of the directory up to what Slack says. Use `leaving.follow_directory` to act upon it too."""
    known = {person.slack_id: person for person in stored.among(uow, [entry.slack_id for entry in entries])}
    changed = [entry for entry in entries if _put(uow, known.get(entry.slack_id), entry, at)]
    before = (known.get(entry.slack_id) for entry in changed if entry.is_deactivated)
    return Synced(len(changed), tuple(person for person in before if person and not person.is_deactivated))


def _put(uow: UnitOfWork, known: Person | None, entry: DirectoryEntry, at: datetime) -> bool:
    values = {**vars(entry), "zone": known_zone(entry.zone), **statuses.columns(known, entry, at)}
    del values["status_emoji"]
    if known is None:
        return uow.add_once(Person(**values, synced_at=at)) is not None
    kept = {name: value or getattr(known, name) for name, value in values.items() if name in NOT_ALWAYS_TOLD}
    values |= kept
    if all(getattr(known, name) == value for name, value in values.items()):
        return False
    uow.change(known, **values, synced_at=at)
    return True


def sync_groups(uow: UnitOfWork, entries: Iterable[GroupEntry], *, at: datetime) -> None:
    """Bring the user groups up to what Slack says; one that Slack no longer names has no members any more."""
    told = {entry.slack_id: entry for entry in entries}
    for known in stored.user_groups(uow):
        entry = told.pop(known.slack_id, None)
        now = vars(entry) | {"is_disabled": False} if entry else {"members": [], "is_disabled": True}
        if any(getattr(known, name) != value for name, value in now.items()):
            uow.change(known, **now, synced_at=at)
    for entry in told.values():
        uow.add(UserGroup(**vars(entry), synced_at=at))


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


def set_roles(uow: UnitOfWork, actor: Actor, *, person_id: str, roles: Iterable[Role], at: datetime) -> None:
    """Let somebody hold exactly these roles. Raises `NotAllowed`, `CannotTakeOver` or `LastLead`."""
    actor.must("change roles")
    wanted, held = set(roles), {each.role for each in stored.open_grants(uow, person_id)}
    if wanted - held:
        must_be_there(uow, person_id)
    for role in sorted(wanted - held):
        grant(uow, person_id, role, by=actor.person_id, at=at)
    for role in sorted(held - wanted):
        end_role(uow, actor, person_id, role, at=at)


def end_role(uow: UnitOfWork, actor: Actor, person_id: str, role: Role, *, at: datetime) -> None:
    """Take a role back. The last lead who can be reached keeps it: `LastLead`."""
    actor.must("change roles")
    if role is Role.LEAD and set(holders(uow, Role.LEAD)) <= {person_id}:
        raise LastLead(person=person_id)
    for held in stored.open_grants(uow, person_id):
        if held.role is role:
            uow.change(held, ended_by=actor.person_id, ended_at=at)
            uow.record(
                actor=actor.person_id,
                verb="role.end",
                subject="person",
                subject_id=person_id,
                at=at,
                details={"role": role.value},
            )


def name_manager_and_deputy(
    uow: UnitOfWork, actor: Actor, *, person_id: str, manager_id: str | None, deputy_id: str | None, at: datetime
) -> None:
    """Say who somebody reports to and who stands in for them: oneself, or a lead for others.

    Raises `NotAllowed`, or `CannotTakeOver` for somebody who could be neither.
    """
    person = looked_after(uow, actor, person_id)
    for named, field in ((manager_id, "manager"), (deputy_id, "deputy")):
        if named == person_id:
            raise CannotTakeOver(person=named, because="same", field_name=field)
        if named:
            must_be_there(uow, named, field=field)
    if person_id in above(uow, manager_id):
        raise CannotTakeOver(person=manager_id or "", because="below", field_name="manager")
    uow.change(person, manager_id=manager_id, deputy_id=deputy_id)
    uow.record(
        actor=actor.person_id,
        verb="person.name",
        subject="person",
        subject_id=person_id,
        at=at,
        details={"manager": manager_id, "deputy": deputy_id},
    )


def turn_home(uow: UnitOfWork, actor: Actor, *, tab: str, page: int, at: datetime) -> None:
    """Remember what somebody wants to see on their Home tab. It concerns nobody else, so the trail is silent."""
    person = stored.person(uow, actor.person_id)
    if person is not None:
        uow.change(person, home_tab=tab, home_page=page)


# --- questions ---


def actor(uow: UnitOfWork, person_id: str) -> Actor:
    """Who is acting. Raises `NotInDirectory` for strangers, bots and deactivated people."""
    person = stored.person(uow, person_id)
    if person is None or person.is_bot or person.is_deactivated:
        raise NotInDirectory(person=person_id)
    roles = frozenset(held.role for held in stored.open_grants(uow, person_id))
    return Actor(person.slack_id, person.name, person.zone, roles, person.is_admin, person.locale, person.is_guest)


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


def must_be_there(uow: UnitOfWork, person_id: str, *, field: str = "") -> Person:
    """Somebody who can be given a part. Raises `CannotTakeOver` for strangers, bots and those who have left."""
    person = stored.person(uow, person_id)
    if person is None:
        raise CannotTakeOver(person=person_id, because="unknown", field_name=field)
    if person.is_bot or person.is_deactivated:
        raise CannotTakeOver(person=person_id, because="bot" if person.is_bot else "left", field_name=field)
    return person


def must_be_able_to_take_over(uow: UnitOfWork, person_id: str, *, on: date, field: str = "") -> Person:
    """Somebody who can be given work on a day. Raises `CannotTakeOver`, also for those who are away then."""
    person = must_be_there(uow, person_id, field=field)
    if is_absent(person, on):
        raise CannotTakeOver(person=person_id, because="away", until=person.absent_until, field_name=field)
    return person


def is_absent(person: Person, on: date) -> bool:
    """Whether somebody is away on a day."""
    if person.absent_from is None or person.absent_until is None:
        return False
    return person.absent_from <= on <= person.absent_until


def is_present(uow: UnitOfWork, person_id: str, *, on: date) -> bool:
    """Whether somebody can act on a day: a living account of a human being who is not away."""
    person = stored.person(uow, person_id)
    return person is not None and not (person.is_bot or person.is_deactivated or is_absent(person, on))


def first_present(uow: UnitOfWork, candidates: Iterable[str | None], *, on: date) -> str | None:
    """The first of several people who can act on a day; None when none of them can."""
    return next((each for each in candidates if each and is_present(uow, each, on=on)), None)


def owners_of(uow: UnitOfWork, obligation: Obligation) -> list[str]:
    """Whom the owner of an obligation stands for, in the order in which they are asked.

    Of a role that is whoever has held it longest; the members of a Slack user group take turns: first whoever has the
    fewest of its tasks ahead.
    """
    match obligation.owner_kind:
        case OwnerKind.PERSON:
            return [obligation.owner_id]
        case OwnerKind.ROLE:
            return stored.holders(uow, Role(obligation.owner_id))
        case OwnerKind.GROUP:
            group = stored.user_group(uow, obligation.owner_id)
            tasks = stored_tasks.of_obligation(uow, obligation.id, stored_tasks.NOT_DECIDED)
            ahead = Counter(task.owner_id for task in tasks)
            return sorted(group.members if group else (), key=lambda each: ahead[each])


def responsible(uow: UnitOfWork, obligation: Obligation, *, on: date) -> str | None:
    """Who answers for an obligation on a day: its owner, else the deputy named for it, else the owner's own."""
    owner = stored.person(uow, obligation.owner_id)
    deputies = [obligation.deputy_id, owner.deputy_id if owner else None]
    return first_present(uow, [*owners_of(uow, obligation), *deputies], on=on)


def looked_after(uow: UnitOfWork, actor: Actor, person_id: str) -> Person:
    """Somebody whose affairs the actor may settle: one's own, or anybody's for a lead. Raises `NotAllowed`."""
    if person_id != actor.person_id:
        actor.must("look after people")
    return must_be_there(uow, person_id)


def may_look_after(actor: Actor, person: Person) -> bool:
    """Whether the actor may settle somebody's affairs who is still here."""
    is_here = not (person.is_bot or person.is_deactivated)
    return is_here and (person.slack_id == actor.person_id or actor.may("look after people"))


def to_see(uow: UnitOfWork, actor: Actor, person_id: str) -> Person:
    """Somebody as the directory knows them: oneself, or anybody for those who see what others look after.

    Raises `NotAllowed`, or `CannotTakeOver` for strangers.
    """
    if person_id != actor.person_id:
        actor.must("see what others look after")
    person = stored.person(uow, person_id)
    if person is None:
        raise CannotTakeOver(person=person_id, because="unknown")
    return person


def above(uow: UnitOfWork, person_id: str | None) -> list[str]:
    """Somebody, their manager, the manager's manager and so on, each once."""
    found: list[str] = []
    while person_id and person_id not in found:
        found.append(person_id)
        person = stored.person(uow, person_id)
        person_id = person.manager_id if person else None
    return found


def programme_must_run(uow: UnitOfWork) -> date:
    """The day the programme was started. Raises `NoProgrammeYet`."""
    started_on = uow.workspace().programme_started_on
    if started_on is None:
        raise NoProgrammeYet
    return started_on
