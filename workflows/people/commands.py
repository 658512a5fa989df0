"""People: what is done, each as one unit of work."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role, RoleGrant, UserGroup
from workflows.people import statuses
from workflows.people.questions import above, holders, looked_after, must_be_there
from workflows.people.refusals import CannotTakeOver, LastLead, LeadExists
from workflows.people.rules import NOT_ALWAYS_TOLD, THE_BOT, Actor, DirectoryEntry, GroupEntry, Synced, known_zone
from workflows.refusals import NotAllowed


def sync(uow: UnitOfWork, entries: Sequence[DirectoryEntry], *, at: datetime) -> Synced:
    """Bring these entries of the directory up to what Slack says. Use `leaving.follow_directory` to act upon it too."""
    known = {person.slack_id: person for person in people_queries.among(uow, [entry.slack_id for entry in entries])}
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
    for known in people_queries.user_groups(uow):
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
        raise NotAllowed(deed="take the lead role", who_may="a Slack workspace admin")
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
    wanted, held = set(roles), {each.role for each in people_queries.open_grants(uow, person_id)}
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
    for held in people_queries.open_grants(uow, person_id):
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
    person = people_queries.person(uow, actor.person_id)
    if person is not None:
        uow.change(person, home_tab=tab, home_page=page)
