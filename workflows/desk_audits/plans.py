"""An audit's plan: everything that was settled about it, and who may change it."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditMember, AuditPlan, AuditSlice, AuditState, DeskAudit, Mode
from storage.engine.unit_of_work import UnitOfWork
from workflows.deed import Deed
from workflows.desk_audits import team
from workflows.people.permissions import Permission
from workflows.refusals import AlreadyDecided, NotAllowed, Stale, Thing, Tried, WhoMay


@dataclass(frozen=True)
class Planned:
    """An audit with everything that was settled about it."""

    audit: DeskAudit
    plan: AuditPlan
    team: tuple[AuditMember, ...]
    slices: tuple[AuditSlice, ...]

    @property
    def asked(self) -> list[str]:
        """Everybody who is asked, each once."""
        return list(dict.fromkeys(person for each in self.slices for person in each.people))

    @property
    def everybody(self) -> list[str]:
        """Everybody who hears of the audit: the auditee, the team and those who are asked."""
        return list(dict.fromkeys([self.plan.auditee_id, *(each.person_id for each in self.team), *self.asked]))

    @property
    def asks_people(self) -> bool:
        """Whether interviews are among the methods."""
        return Mode.INTERVIEW in self.plan.modes


def planned(uow: UnitOfWork, plan: AuditPlan) -> Planned:
    """Everything that was settled about an audit."""
    number = plan.desk_audit_id
    return Planned(
        uow.get(DeskAudit, number),
        plan,
        tuple(desk_audit_queries.members(uow, number)),
        tuple(team.slices_of(uow, plan)),
    )


def may_change(deed: Deed, audit: DeskAudit) -> bool:
    """Whether the actor plans this audit: who leads it, and whoever looks after the programme."""
    is_lead = deed.by == audit.auditor_id and deed.may(Permission.OPEN_DESK_AUDIT)
    return is_lead or deed.may(Permission.MANAGE_AUDIT_PROGRAMME)


def to_change(deed: Deed, *, audit_id: int, version: int | None, states: Sequence[AuditState]) -> Planned:
    """The plan that the actor is about to change, as they saw it. Raises `NotAllowed`, `AlreadyDecided` or `Stale`."""
    audit, plan = deed.uow.get(DeskAudit, audit_id), desk_audit_queries.plan_of(deed.uow, audit_id)
    if plan is None or not may_change(deed, audit):
        raise NotAllowed(Tried.CHANGE_PLAN, WhoMay.LEAD_AUDITOR_OR_LEAD, audit.auditor_id)
    if plan.state not in states:
        raise AlreadyDecided(what=Thing.THIS_PLAN, state=f"plan_{plan.state.value}", by=None)
    if version is not None and version != plan.version:
        raise Stale(Thing.THIS_PLAN)
    return planned(deed.uow, plan)


def is_settled(known: Planned) -> bool:
    """Whether all three steps are done, so that the plan can go out."""
    return not (lacks_people(known) or any(team.needs_exception(each) for each in known.team))


def lacks_people(known: Planned) -> bool:
    """Whether people are to be asked, and whom isn't settled."""
    return known.asks_people and not (known.asked and all(each.confirmed_at for each in known.slices))
