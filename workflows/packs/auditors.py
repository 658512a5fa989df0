"""Evidence room: somebody from outside who may look, from one day to another, at what is within a scope.

Access is no role: it allows nothing but to look, at nothing but what the rule of an audit pack would put into a pack of
that scope; and it ends by itself. Every look is on the trail.
"""

from datetime import date, datetime, timedelta

from storage.engine.canonical import JSON
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditorAccess, AuditRequest
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.frameworks import questions as framework_questions
from workflows.nudges.rules import local_day
from workflows.packs.rules import Scope
from workflows.packs.scoping import holds
from workflows.packs.selecting import select
from workflows.packs.selection import Selection
from workflows.packs.shapes import Admission
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import EndBeforeStart, InputWanted, NotAllowed, Tried, WhoMay
from workflows.shapes import values_of
from workflows.wishes import Wish

# --- rules ---

LONGEST_ACCESS = timedelta(days=92)
"""How long access may last; who needs more is let in once more."""


def scope_of(access: AuditorAccess) -> Scope:
    """What somebody may look at."""
    return Scope(frozenset(access.editions), access.first, access.last)


def is_open(access: AuditorAccess, today: date) -> bool:
    """Whether it is a day on which they may; both days are included."""
    return access.revoked_at is None and access.starts_on <= today <= access.ends_on


# --- commands ---


def let_in(deed: Deed, *, admission: Admission) -> AuditorAccess:
    """A lead lets somebody look; letting them in twice changes nothing.

    Raises `NotAllowed`, `InputWanted`, `EndBeforeStart` or `CannotTakeOver`.
    """
    deed.must(Permission.GIVE_AUDITOR_ACCESS)
    people_questions.programme_must_run(deed.uow)
    person_id = admission.person_id
    people_questions.must_be_there(deed.uow, person_id, field="person_id")
    if people_questions.actor(deed.uow, person_id).may(Permission.SEE_EVERYONES_EVIDENCE):
        raise InputWanted("person_id", Wish.CHOOSE_SOMEONE_EXTERNAL)
    _must_make_sense(deed.uow, admission, deed.today)
    kept = {**values_of(admission), "editions": sorted(admission.editions)}
    wanted = AuditorAccess(**kept, granted_by=deed.by, granted_at=deed.at)
    standing = (
        each for each in stored_requests.accesses_of(deed.uow, person_id) if _in_words(each) == _in_words(wanted)
    )
    if same := next(standing, None):
        return same
    given = deed.uow.add(wanted)
    deed.record("auditor_access.let_in", given, person=person_id, **_in_words(given))
    deed.daily([person_id], given, "let_in", what=given.id)
    return given


def _must_make_sense(uow: UnitOfWork, admission: Admission, today: date) -> None:
    if not admission.editions or not set(admission.editions) <= set(framework_questions.scope(uow)):
        raise InputWanted("editions", Wish.CHOOSE_STANDARD_OF_PROGRAMME)
    if admission.last < admission.first:
        raise EndBeforeStart(admission.first, admission.last, field_name="last")
    if admission.ends_on < admission.starts_on:
        raise EndBeforeStart(admission.starts_on, admission.ends_on, field_name="ends_on")
    if admission.ends_on < today:
        raise InputWanted("ends_on", Wish.CHOOSE_LAST_DAY)
    if admission.ends_on - admission.starts_on > LONGEST_ACCESS:
        raise InputWanted("ends_on", Wish.CHOOSE_DATE_WITHIN, {"days": LONGEST_ACCESS.days})


def _in_words(access: AuditorAccess) -> dict[str, JSON]:
    days = {name: getattr(access, name).isoformat() for name in ("first", "last", "starts_on", "ends_on")}
    return {"editions": list(access.editions), **days}


def end(deed: Deed, *, access_id: int) -> AuditorAccess:
    """A lead ends access at once; ending it twice changes nothing. Raises `NotAllowed`."""
    deed.must(Permission.GIVE_AUDITOR_ACCESS)
    access = deed.uow.get(AuditorAccess, access_id)
    if access.revoked_at is not None:
        return access
    ended = deed.uow.change(access, revoked_by=deed.by, revoked_at=deed.at)
    deed.record("auditor_access.end", ended, person=ended.person_id)
    deed.redraw(ended)
    return ended


def look(deed: Deed) -> list[Selection]:
    """What the actor may look at now, a selection for each access; that they looked is on the trail.

    Raises `NotAllowed` where there is none.
    """
    found = open_accesses(deed.uow, deed.by, deed.at)
    if not found:
        raise _not_now()
    for each in found:
        deed.record("auditor_access.look", each)
    return [select(deed.uow, scope_of(each), asked_by=deed.by, at=deed.at) for each in found]


def _not_now() -> NotAllowed:
    return NotAllowed(Tried.LOOK_AT_AUDIT, WhoMay.AUDITOR_GIVEN_ACCESS)


def look_at(deed: Deed, *, evidence_id: int) -> Evidence:
    """One file in the actor's scope, else one that the actor may see anyhow; the look is on the trail. `NotAllowed`."""
    if not may_see(deed.uow, deed.by, evidence_id, deed.at):
        return evidence_commands.look(deed, evidence_id=evidence_id)
    deed.record("evidence.look", ("evidence", evidence_id))
    return deed.uow.get(Evidence, evidence_id)


# --- questions ---


def open_accesses(uow: UnitOfWork, person_id: str, at: datetime) -> list[AuditorAccess]:
    """What somebody may look at on this day; nothing is what most people get."""
    today = local_day(uow.workspace().zone, at)
    return [each for each in stored_requests.accesses_of(uow, person_id) if is_open(each, today)]


def accesses_to_come(uow: UnitOfWork, person_id: str, at: datetime) -> list[AuditorAccess]:
    """What somebody may look at on this day or later."""
    return [each for each in stored_requests.accesses_of(uow, person_id) if not is_over(uow, each, at)]


def is_over(uow: UnitOfWork, access: AuditorAccess, at: datetime) -> bool:
    """Whether nobody may look by this access any more."""
    return access.revoked_at is not None or access.ends_on < local_day(uow.workspace().zone, at)


def scopes_of(uow: UnitOfWork, person_id: str, at: datetime) -> list[Scope]:
    """The same as scopes."""
    return [scope_of(each) for each in open_accesses(uow, person_id, at)]


def may_see(uow: UnitOfWork, person_id: str, evidence_id: int, at: datetime) -> bool:
    """Whether a file is in somebody's scope now."""
    return any(holds(uow, scope, evidence_id) for scope in scopes_of(uow, person_id, at))


def may_judge(uow: UnitOfWork, person_id: str, request: AuditRequest, at: datetime) -> bool:
    """Whether a request is one of somebody's scope: it names a requirement of it, or none at all."""
    edition = request.requirement.partition(":")[0]
    return any(not edition or edition in scope.editions for scope in scopes_of(uow, person_id, at))


def standing(deed: Deed) -> list[AuditorAccess]:
    """Everybody who may look now or later. Raises `NotAllowed` as `look` does: others ask for what they may see."""
    if not deed.may(Permission.GIVE_AUDITOR_ACCESS):
        raise _not_now()
    return stored_requests.standing_accesses(deed.uow, deed.today)
