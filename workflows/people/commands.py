"""People: what is done, each as one unit of work."""

from collections.abc import Iterable, Sequence

from storage.people import queries as people_queries
from storage.people.tables import Person, Role, RoleGrant, UserGroup
from workflows.dates import workweek
from workflows.deed import Deed
from workflows.people import statuses, working_days
from workflows.people.permissions import Permission
from workflows.people.questions import above, holders, looked_after, must_be_there
from workflows.people.refusals import CannotTakeOver, LastLead, LeadExists
from workflows.people.rules import NOT_ALWAYS_TOLD, DirectoryEntry, GroupEntry, Synced, known_zone
from workflows.refusals import NotAllowed, Tried, WhoMay


def sync(deed: Deed, entries: Sequence[DirectoryEntry]) -> Synced:
    """Bring these entries of the directory up to what Slack says. Use `leaving.follow_directory` to act upon it too."""
    known = {
        person.slack_id: person for person in people_queries.among(deed.uow, [entry.slack_id for entry in entries])
    }
    changed = [entry for entry in entries if _put(deed, known.get(entry.slack_id), entry)]
    before = (known.get(entry.slack_id) for entry in changed if entry.is_deactivated)
    return Synced(len(changed), tuple(person for person in before if person and not person.is_deactivated))


def _put(deed: Deed, known: Person | None, entry: DirectoryEntry) -> bool:
    values = {**vars(entry), "zone": known_zone(entry.zone), **statuses.columns(known, entry, deed.at)}
    del values["status_emoji"]
    if known is None:
        is_newcomer = deed.uow.workspace().directory_read_at is not None
        seen_at = deed.at if is_newcomer else None
        return deed.uow.add_once(Person(**values, first_seen_at=seen_at, synced_at=deed.at)) is not None
    kept = {name: value or getattr(known, name) for name, value in values.items() if name in NOT_ALWAYS_TOLD}
    values |= kept
    if all(getattr(known, name) == value for name, value in values.items()):
        return False
    deed.uow.change(known, **values, synced_at=deed.at)
    return True


def sync_groups(deed: Deed, entries: Iterable[GroupEntry]) -> None:
    """Bring the user groups up to what Slack says; one that Slack no longer names has no members any more."""
    told = {entry.slack_id: entry for entry in entries}
    for known in people_queries.user_groups(deed.uow):
        entry = told.pop(known.slack_id, None)
        now = vars(entry) | {"is_disabled": False} if entry else {"members": [], "is_disabled": True}
        if any(getattr(known, name) != value for name, value in now.items()):
            deed.uow.change(known, **now, synced_at=deed.at)
    for entry in told.values():
        deed.uow.add(UserGroup(**vars(entry), synced_at=deed.at))


def claim_lead(deed: Deed) -> None:
    """Make a workspace admin the first compliance lead, as long as there is none.

    Raises `LeadExists` when somebody holds the role, `NotAllowed` when the person is no admin.
    """
    if leads := holders(deed.uow, Role.LEAD):
        raise LeadExists(leads=tuple(leads))
    if not deed.actor.is_admin:
        raise NotAllowed(Tried.TAKE_LEAD_ROLE, WhoMay.WORKSPACE_ADMIN)
    grant(deed, deed.by, Role.LEAD)


def appoint_first_leads(deed: Deed, person_ids: Iterable[str]) -> None:
    """Give the lead's role to those named in the settings, while nobody holds it yet."""
    if not holders(deed.uow, Role.LEAD):
        for person_id in person_ids:
            grant(deed, person_id, Role.LEAD)


def grant(deed: Deed, person_id: str, role: Role) -> None:
    """Give a role; giving it twice changes nothing."""
    given = deed.uow.add_once(RoleGrant(person_id=person_id, role=role, granted_by=deed.by, granted_at=deed.at))
    if given:
        deed.record("role.grant", ("person", person_id), role=role.value)


def set_roles(deed: Deed, *, person_id: str, roles: Iterable[Role]) -> None:
    """Let somebody hold exactly these roles. Raises `NotAllowed`, `CannotTakeOver` or `LastLead`."""
    deed.must(Permission.CHANGE_ROLES)
    wanted, held = set(roles), {each.role for each in people_queries.open_grants(deed.uow, person_id)}
    if wanted - held:
        must_be_there(deed.uow, person_id)
    for role in sorted(wanted - held):
        grant(deed, person_id, role)
    for role in sorted(held - wanted):
        end_role(deed, person_id, role)


def end_role(deed: Deed, person_id: str, role: Role) -> None:
    """Take a role back. The last lead who can be reached keeps it: `LastLead`."""
    deed.must(Permission.CHANGE_ROLES)
    if role is Role.LEAD and set(holders(deed.uow, Role.LEAD)) <= {person_id}:
        raise LastLead(person=person_id)
    for held in people_queries.open_grants(deed.uow, person_id):
        if held.role is role:
            deed.uow.change(held, ended_by=deed.by, ended_at=deed.at)
            deed.record("role.end", ("person", person_id), role=role.value)


def name_manager_and_deputy(deed: Deed, *, person_id: str, manager_id: str | None, deputy_id: str | None) -> None:
    """Say who somebody reports to and who stands in for them: oneself, or a lead for others.

    Raises `NotAllowed`, or `CannotTakeOver` for somebody who could be neither.
    """
    person = looked_after(deed.uow, deed.actor, person_id)
    for named, field in ((manager_id, "manager"), (deputy_id, "deputy")):
        if named == person_id:
            raise CannotTakeOver(person=named, because="same", field_name=field)
        if named:
            must_be_there(deed.uow, named, field=field)
    if person_id in above(deed.uow, manager_id):
        raise CannotTakeOver(person=manager_id or "", because="below", field_name="manager")
    deed.uow.change(person, manager_id=manager_id, deputy_id=deputy_id)
    deed.record("person.name", ("person", person_id), manager=manager_id, deputy=deputy_id)


def set_working_days(deed: Deed, *, person_id: str, weekdays: Sequence[int], country: str | None) -> None:
    """Say on which days somebody works and whose holidays they have: oneself, or a lead for others.

    The organisation's own days are not written down, so that whoever works as it does goes on doing so; without a
    country their zone tells it. Raises `NotAllowed` or `InputWanted`.
    """
    person = looked_after(deed.uow, deed.actor, person_id)
    workweek.check(weekdays, country, None)
    days = sorted(weekdays)
    own = [] if frozenset(days) == working_days.of_organisation(deed.uow).weekdays else days
    deed.uow.change(person, working_weekdays=own, country=country)
    deed.record("person.working_days", ("person", person_id), weekdays=days, country=country)


def turn_home(deed: Deed, *, tab: str, page: int) -> None:
    """Remember what somebody wants to see on their Home tab. It concerns nobody else, so the trail is silent."""
    person = people_queries.person(deed.uow, deed.by)
    if person is not None:
        deed.uow.change(person, home_tab=tab, home_page=page)
