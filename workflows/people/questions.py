"""People: what can be asked; nothing is written."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.programme.tables import Obligation, OwnerKind
from storage.tasks import queries as task_queries
from workflows.people.permissions import Permission, who_may
from workflows.people.refusals import CannotTakeOver, NotInDirectory
from workflows.people.rules import Actor
from workflows.programme.refusals import NoProgrammeYet
from workflows.refusals import InputWanted
from workflows.wishes import Wish


def actor(uow: UnitOfWork, person_id: str) -> Actor:
    """Who is acting. Raises `NotInDirectory` for strangers, bots and deactivated people."""
    person = people_queries.person(uow, person_id)
    if person is None or person.is_bot or person.is_deactivated:
        raise NotInDirectory(person=person_id)
    roles = frozenset(held.role for held in people_queries.open_grants(uow, person_id))
    return Actor(person.slack_id, person.name, person.zone, roles, person.is_admin, person.locale, person.is_guest)


def reader(uow: UnitOfWork, person_id: str) -> Actor | None:
    """Whoever reads a card, as they would act on it; None for those who can't any more."""
    try:
        return actor(uow, person_id)
    except NotInDirectory:
        return None


def holders(uow: UnitOfWork, role: Role) -> list[str]:
    """Who holds a role and can still be reached, in the order in which they got it."""
    return [person_id for person_id in people_queries.holders(uow, role) if reachable(uow, person_id)]


def allowed(uow: UnitOfWork, permission: Permission) -> list[str]:
    """Who may do something by a role and can still be reached, each once."""
    return list(dict.fromkeys(each for role in who_may(permission) for each in holders(uow, role)))


def reachable(uow: UnitOfWork, person_id: str) -> bool:
    """Whether somebody would read a direct message to this person: a living account of a human being."""
    person = people_queries.person(uow, person_id)
    return person is not None and not person.is_deactivated and not person.is_bot


def must_be_an_owner(uow: UnitOfWork, person_id: str | None) -> str:
    """Who was chosen as the owner in a form. Raises `InputWanted` for nobody, and for those nobody could reach."""
    if not person_id:
        raise InputWanted("owner_id", Wish.CHOOSE_OWNER)
    if not reachable(uow, person_id):
        raise InputWanted("owner_id", Wish.CHOOSE_REACHABLE_PERSON)
    return person_id


def must_be_there(uow: UnitOfWork, person_id: str, *, field: str = "") -> Person:
    """Somebody who can be given a part. Raises `CannotTakeOver` for strangers, bots and those who have left."""
    person = people_queries.person(uow, person_id)
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
    person = people_queries.person(uow, person_id)
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
            return people_queries.holders(uow, Role(obligation.owner_id))
        case OwnerKind.GROUP:
            group = people_queries.user_group(uow, obligation.owner_id)
            tasks = task_queries.of_obligation(uow, obligation.id, task_queries.NOT_DECIDED)
            ahead = Counter(task.owner_id for task in tasks)
            return sorted(group.members if group else (), key=lambda each: ahead[each])


def responsible(uow: UnitOfWork, obligation: Obligation, *, on: date) -> str | None:
    """Who answers for an obligation on a day: its owner, else the deputy named for it, else the owner's own."""
    owner = people_queries.person(uow, obligation.owner_id)
    deputies = [obligation.deputy_id, owner.deputy_id if owner else None]
    return first_present(uow, [*owners_of(uow, obligation), *deputies], on=on)


def looked_after(uow: UnitOfWork, actor: Actor, person_id: str) -> Person:
    """Somebody whose affairs the actor may settle: one's own, or anybody's for a lead. Raises `NotAllowed`."""
    if person_id != actor.person_id:
        actor.must(Permission.MANAGE_PEOPLE)
    return must_be_there(uow, person_id)


def may_look_after(actor: Actor, person: Person) -> bool:
    """Whether the actor may settle somebody's affairs who is still here."""
    is_here = not (person.is_bot or person.is_deactivated)
    return is_here and (person.slack_id == actor.person_id or actor.may(Permission.MANAGE_PEOPLE))


def to_see(uow: UnitOfWork, actor: Actor, person_id: str) -> Person:
    """Somebody as the directory knows them: oneself, or anybody for those who see what others look after.

    Raises `NotAllowed`, or `CannotTakeOver` for strangers.
    """
    if person_id != actor.person_id:
        actor.must(Permission.SEE_WHAT_OTHERS_OWN)
    person = people_queries.person(uow, person_id)
    if person is None:
        raise CannotTakeOver(person=person_id, because="unknown")
    return person


def above(uow: UnitOfWork, person_id: str | None) -> list[str]:
    """Somebody, their manager, the manager's manager and so on, each once."""
    found: list[str] = []
    while person_id and person_id not in found:
        found.append(person_id)
        person = people_queries.person(uow, person_id)
        person_id = person.manager_id if person else None
    return found


def programme_must_run(uow: UnitOfWork) -> date:
    """The day the programme was started. Raises `NoProgrammeYet`."""
    started_on = uow.workspace().programme_started_on
    if started_on is None:
        raise NoProgrammeYet
    return started_on
