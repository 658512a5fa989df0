"""Desk audits: who sees what of an audit, and who works at its desk.

The team reads the answers, leads and auditors outside it see how far it is and what was found, and whoever answers for
something that was found sees that once it was shown to them. Nobody who owns or manages what is audited reads what
others said about it, in whichever role.
"""

from enum import StrEnum

from storage.audit_reports import queries as report_queries
from storage.audit_reports.tables import ReportState
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditState, DeskAudit, Part
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.people import queries as people_queries
from storage.people.tables import Role
from workflows.deed import Deed
from workflows.desk_audits import counting
from workflows.desk_audits.refusals import DeskClosed, OwnArea
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import NotAllowed, Tried, WhoMay

AUDITING = (Part.LEAD, Part.AUDITOR)
"""Experts advise and observers look on; they audit nothing (ISO 19011, 3.16 and 3.17)."""


class Sight(StrEnum):
    """How much of an audit somebody sees: everything, progress and findings, or what was found in their own work."""

    DESK = "desk"
    OVERVIEW = "overview"
    OWN = "own"


def sight(deed: Deed, audit: DeskAudit) -> Sight:
    """What the actor sees of an audit. Raises `OwnArea` or `NotAllowed`."""
    if deed.by in team(deed.uow, audit):
        _must_be_independent(deed, audit)
        return Sight.DESK
    if deed.may(Permission.SEE_DESK_AUDITS):
        return Sight.OVERVIEW
    if deed.by in owners(deed.uow, audit):
        return Sight.OWN
    raise NotAllowed(Tried.SEE_THIS_AUDIT, WhoMay.AUDIT_TEAM_OR_LEAD, audit.auditor_id)


def must_audit(deed: Deed, audit_id: int, tried: Tried) -> DeskAudit:
    """The audit at whose desk the actor works. Raises `NotAllowed` for anybody outside its team, or `OwnArea`."""
    audit = deed.uow.get(DeskAudit, audit_id)
    if deed.by not in team(deed.uow, audit):
        raise NotAllowed(tried, WhoMay.AUDITOR, audit.auditor_id)
    _must_be_independent(deed, audit)
    return audit


def must_work(deed: Deed, audit_id: int, tried: Tried) -> DeskAudit:
    """The same, to add or change something there. Raises as `must_audit` does, or `DeskClosed`."""
    audit = must_audit(deed, audit_id, tried)
    must_be_open(deed.uow, audit)
    return audit


def must_be_open(uow: UnitOfWork, audit: DeskAudit) -> None:
    """Raise `DeskClosed` where nothing can be added to an audit any more."""
    if state := closed(uow, audit):
        raise DeskClosed(audit=audit.id, state=state, lead=audit.auditor_id)


def closed(uow: UnitOfWork, audit: DeskAudit) -> AuditState | None:
    """Why nothing is added to an audit: it was withdrawn, or its report is signed and isn't being corrected."""
    plan, report = desk_audit_queries.plan_of(uow, audit.id), report_queries.latest(uow, audit.id)
    if plan is not None and plan.state is AuditState.WITHDRAWN:
        return AuditState.WITHDRAWN
    return AuditState.REPORTED if report is not None and report.state is ReportState.SIGNED else None


def _must_be_independent(deed: Deed, audit: DeskAudit) -> None:
    if deed.by in in_charge(deed.uow, audit):
        raise OwnArea(audit=audit.id, can_go_on=can_go_on(deed.uow, audit))


def team(uow: UnitOfWork, audit: DeskAudit) -> list[str]:
    """Who leads an audit, and then who audits with them."""
    members = desk_audit_queries.members(uow, audit.id)
    return list(dict.fromkeys([audit.auditor_id, *(each.person_id for each in members if each.part in AUDITING)]))


def readers(uow: UnitOfWork, audit: DeskAudit) -> list[str]:
    """Who reads what people say in an audit: of its team, whoever neither owns nor manages what is audited."""
    barred = in_charge(uow, audit)
    return [each for each in team(uow, audit) if each not in barred]


def in_charge(uow: UnitOfWork, audit: DeskAudit) -> frozenset[str]:
    """Whoever answers for what is audited, everybody above them, the managers of those who are asked, and whoever
    answers for a finding that stands.
    """
    plan = desk_audit_queries.plan_of(uow, audit.id)
    asked = [each.person_id for each in interview_queries.interviews_of(uow, audit.id)]
    managers = {each.manager_id for each in people_queries.among(uow, asked) if each.manager_id}
    above = people_questions.above(uow, plan.auditee_id if plan else None)
    return frozenset({*above, *managers, *answer_for_findings(uow, audit)})


def answer_for_findings(uow: UnitOfWork, audit: DeskAudit) -> frozenset[str]:
    """Whoever has something to put right by what an audit found: they neither judge nor withdraw it (cl. 9.2.2)."""
    found = desk_audit_queries.findings_of(uow, audit.id)
    return frozenset(each.owner_id for each in found if counting.speaks_against(each))


def owners(uow: UnitOfWork, audit: DeskAudit) -> frozenset[str]:
    """Whoever answers for what is audited, or for something that was found and shown to them."""
    plan = desk_audit_queries.plan_of(uow, audit.id)
    shown = [each for each in desk_audit_queries.findings_of(uow, audit.id) if each.shown_at]
    return frozenset({*(each.owner_id for each in shown), *([plan.auditee_id] if plan else [])})


def can_go_on(uow: UnitOfWork, audit: DeskAudit) -> tuple[str, ...]:
    """Who may go on with an audit: the rest of its team, or else the leads, who can name somebody."""
    barred = in_charge(uow, audit)
    rest = (team(uow, audit), people_questions.holders(uow, Role.LEAD))
    fit = ([each for each in some if each not in barred and people_questions.reachable(uow, each)] for some in rest)
    return tuple(next((each for each in fit if each), []))


def could_lead(uow: UnitOfWork, audit: DeskAudit) -> tuple[str, ...]:
    """Who holds a role that leads audits, can be reached, and has no part in what this one looks at."""
    asked = {each.person_id for each in interview_queries.interviews_of(uow, audit.id)}
    barred = {audit.auditor_id, *in_charge(uow, audit), *asked}
    return tuple(each for each in people_questions.allowed(uow, Permission.OPEN_DESK_AUDIT) if each not in barred)
