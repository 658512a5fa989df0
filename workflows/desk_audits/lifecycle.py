"""A planned audit on its way: sent, confirmed, begun, withdrawn. Each is one unit of work."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditMember, AuditPlan, AuditSlice, AuditState, Part
from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.people.tables import Role
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.desk_audits import access, choosing_people, team
from workflows.desk_audits.choosing_people import LeftOut
from workflows.desk_audits.planning import must_be_able_to_lead, must_be_days, name_team
from workflows.desk_audits.plans import Planned, lacks_people, planned, to_change
from workflows.desk_audits.refusals import LeadIsAudited, LeadOwnsFinding, Missing, PlanNotReady
from workflows.desk_audits.shapes import NewLead, OtherDays
from workflows.desk_audits.slices import LONGEST_TEXT, NEVER_ASKED
from workflows.interviews import commands as interview_commands
from workflows.nudges import notices
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.question_bank import questions as bank_questions
from workflows.question_bank.freezing import frozen
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Refusal, Stale, Thing, Tried, WhoMay, want_all
from workflows.shapes import values_of
from workflows.wishes import Wish

CALENDAR_FILE = "audit_plan.calendar_file"
"""The errand that lays the days of an audit under somebody's message, for their own calendar."""

A_LITTLE_LATER = timedelta(seconds=30)
"""The file lies under the message, which goes first."""

LIVING = (AuditState.PLANNED, AuditState.ANNOUNCED, AuditState.RUNNING)

# --- sending it ---


def announce(deed: Deed, *, audit_id: int, version: int) -> AuditPlan:
    """Send the plan to the auditee, the team and those who are asked, each with the days for their calendar.

    Raises as `to_change` does, `LeadIsAudited`, or `PlanNotReady`.
    """
    known = to_change(deed, audit_id=audit_id, version=version, states=[AuditState.PLANNED])
    _must_be_ready(deed, known, deed.today)
    plan = deed.uow.change(known.plan, state=AuditState.ANNOUNCED, announced_at=deed.at, **_UNCONFIRMED)
    deed.record("audit_plan.announce", plan, people=known.everybody)
    _send(deed, plan, known)
    return plan


_UNCONFIRMED = {
    "opening_confirmed_by": None,
    "opening_confirmed_at": None,
    "proposed_begins_on": None,
    "proposed_ends_on": None,
    "proposal": "",
}


def _send(deed: Deed, plan: AuditPlan, known: Planned) -> None:
    others = [each for each in known.everybody if each != known.audit.auditor_id]
    deed.message([known.audit.auditor_id], plan, "audit_plan.card", what=("planned",), at_once=True)
    deed.message(others, plan, "audit_plan.sent", what=("sent", plan.version))
    _promise_calendar_files(deed, plan, known.everybody)
    deed.redraw(plan)


def _promise_calendar_files(deed: Deed, plan: AuditPlan, people: Iterable[str]) -> None:
    for person_id in people:
        if people_questions.reachable(deed.uow, person_id):
            after_the_message = notices.good_hour(deed.uow, person_id, deed.at) + A_LITTLE_LATER
            values: dict[str, JSON] = {"plan": plan.id, "person": person_id}
            deed.in_name_of(person_id).errand(CALENDAR_FILE, values=values, not_before=after_the_message)


def _must_be_ready(deed: Deed, known: Planned, on: date) -> None:
    """Raise for what still has to be settled; the team is checked once more, since much may have changed."""
    if known.audit.auditor_id == known.plan.auditee_id:
        raise LeadIsAudited()
    if missing := missing_of(deed.uow, known, on):
        raise PlanNotReady(missing)


def missing_of(uow: UnitOfWork, known: Planned, on: date) -> list[Missing]:
    """What others can't be told of the audit without, on a day; the checks as they come out now."""
    ground = team.ground_of(uow, known.plan)
    lead = people_questions.reader(uow, known.audit.auditor_id)
    found = {
        Missing.PEOPLE: lacks_people(known),
        Missing.EXCEPTIONS: any(not _is_excepted(uow, each, ground) for each in known.team),
        Missing.DAYS: known.plan.begins_on < on,
        Missing.LEAD: lead is None or not lead.may(Permission.OPEN_DESK_AUDIT),
    }
    return [each for each, is_missing in found.items() if is_missing]


def _is_excepted(uow: UnitOfWork, member: AuditMember, ground: team.Ground) -> bool:
    """Whether all that speaks against somebody now was known when the exception was written."""
    checks = team.checks_of(uow, member.person_id, member.part, ground)
    against = {each["check"] for each in checks if not each["passed"]}
    return not against or (bool(member.exception) and against <= {each["check"] for each in team.failed(member)})


def reopen(deed: Deed, *, audit_id: int, version: int, change: str) -> AuditPlan:
    """Take a plan that was sent back to be changed; those who got it see why. Raises as `to_change`, `InputWanted`."""
    known = to_change(deed, audit_id=audit_id, version=version, states=[AuditState.ANNOUNCED])
    said = _reason("change", change)
    plan = deed.uow.change(known.plan, state=AuditState.PLANNED, change=said, **_UNCONFIRMED)
    deed.record("audit_plan.reopen", plan, change=said)
    deed.redraw(plan)
    return plan


def _reason(name: str, text: str) -> str:
    if not text.strip():
        raise InputWanted(name, Wish.WRITE_SENTENCE)
    if len(text) > LONGEST_TEXT:
        raise InputWanted(name, Wish.WRITE_ANSWER_UP_TO, {"most": LONGEST_TEXT})
    return text.strip()


# --- the opening ---


def _to_open(deed: Deed, audit_id: int, version: int) -> Planned:
    """The plan whose opening the auditee settles. Raises `NotAllowed`, `AlreadyDecided` or `Stale`."""
    plan = desk_audit_queries.plan_of(deed.uow, audit_id)
    if plan is None or deed.by != plan.auditee_id:
        raise NotAllowed(Tried.CONFIRM_OPENING, WhoMay.PERSON, plan.auditee_id if plan else None)
    if plan.state is not AuditState.ANNOUNCED or plan.opening_confirmed_at:
        state = "confirmed" if plan.state is AuditState.ANNOUNCED else plan.state.value
        raise AlreadyDecided(what=Thing.THIS_PLAN, state=f"plan_{state}", by=plan.opening_confirmed_by)
    if version != plan.version:
        raise Stale(Thing.THIS_PLAN)
    return planned(deed.uow, plan)


def confirm_opening(deed: Deed, *, audit_id: int, version: int) -> AuditPlan:
    """The auditee agrees to plan and days; on the first day the audit begins at once. Raises as `_to_open` does."""
    known = _to_open(deed, audit_id, version)
    plan = _confirmed(deed, known.plan, deed.by)
    deed.record("audit_plan.confirm_opening", plan)
    deed.daily([known.audit.auditor_id], plan, "opening_confirmed")
    deed.redraw(plan)
    return plan


def _confirmed(deed: Deed, plan: AuditPlan, by: str, **days: Any) -> AuditPlan:
    values = {**_UNCONFIRMED, **days, "opening_confirmed_by": by, "opening_confirmed_at": deed.at}
    return deed.uow.change(plan, **values)


def to_propose(deed: Deed, *, audit_id: int, version: int) -> Planned:
    """The plan for which the auditee is about to propose other days. Raises as `confirm_opening` does."""
    return _to_open(deed, audit_id, version)


def propose_days(deed: Deed, *, audit_id: int, version: int, other: OtherDays) -> AuditPlan:
    """The auditee would rather have other days, and says why. Raises as `confirm_opening`, `InputWanted` too."""
    known = _to_open(deed, audit_id, version)
    want_all(other)
    days = (other.proposed_begins_on, other.proposed_ends_on)
    must_be_days(*days, deed.today, before="proposed_")
    _reason("proposal", other.proposal)
    plan = deed.uow.change(known.plan, **values_of(other))
    deed.record("audit_plan.propose_days", plan, begins_on=days[0].isoformat(), ends_on=days[1].isoformat())
    deed.daily([known.audit.auditor_id], plan, "other_days")
    deed.redraw(plan)
    return plan


def take_days(deed: Deed, *, audit_id: int, version: int) -> AuditPlan:
    """Take the days that the auditee proposed, who thereby has confirmed them. Raises as `to_change` does."""
    known = _with_proposal(deed, audit_id, version)
    begins_on, ends_on = known.plan.proposed_begins_on, known.plan.proposed_ends_on
    plan = _confirmed(deed, known.plan, known.plan.auditee_id, begins_on=begins_on, ends_on=ends_on)
    plan = deed.uow.change(plan, change=known.plan.proposal)
    deed.record("audit_plan.take_days", plan, begins_on=plan.begins_on.isoformat(), ends_on=plan.ends_on.isoformat())
    _send(deed, plan, known)
    return plan


def keep_days(deed: Deed, *, audit_id: int, version: int) -> AuditPlan:
    """Stay with the days of the plan; the auditee is asked to confirm them. Raises as `to_change` does."""
    known = _with_proposal(deed, audit_id, version)
    plan = deed.uow.change(known.plan, **_UNCONFIRMED)
    deed.record("audit_plan.keep_days", plan)
    deed.daily([plan.auditee_id], plan, "days_kept")
    deed.redraw(plan)
    return plan


def _with_proposal(deed: Deed, audit_id: int, version: int) -> Planned:
    known = to_change(deed, audit_id=audit_id, version=version, states=[AuditState.ANNOUNCED])
    if known.plan.proposed_begins_on is None:
        raise AlreadyDecided(what=Thing.THIS_PLAN, state="plan_no_other_days", by=None)
    return known


# --- beginning ---


def start(deed: Deed, *, audit_id: int, version: int) -> AuditPlan:
    """Begin to ask people. Raises as `to_change` does, `LeadIsAudited`, or `PlanNotReady`."""
    known = to_change(deed, audit_id=audit_id, version=version, states=[AuditState.ANNOUNCED])
    _must_be_ready(deed, known, known.plan.begins_on)
    return _begun(deed, known)


def _begun(deed: Deed, known: Planned) -> AuditPlan:
    team.check_again(deed.uow, known.plan)
    for each in known.slices:
        _ask(deed, known, each)
    plan = deed.uow.change(known.plan, state=AuditState.RUNNING, started_at=deed.at)
    deed.record("audit_plan.start", plan, people=planned(deed.uow, plan).asked)
    deed.redraw(plan)
    return plan


def _ask(deed: Deed, known: Planned, of: AuditSlice) -> None:
    """Invite the people of a slice; whoever has left or joined the team meanwhile is left out, and it says so."""
    gone = [{"person": each, "why": why.value} for each in of.people if (why := _why_never(deed, known, each))]
    asked = [person for person in of.people if person not in {each["person"] for each in gone}]
    if gone:
        deed.uow.change(of, people=asked, left_out=[*of.left_out, *gone])
    questions = _frozen(deed.uow, known.plan, of.question_ids)
    for person_id in asked:
        interview_commands.invite(
            deed, known.audit, person_id=person_id, questions=questions, due_on=known.plan.ends_on
        )


def _frozen(uow: UnitOfWork, plan: AuditPlan, question_ids: Sequence[str]) -> list[dict[str, Any]]:
    """The questions as they are now; what was retired since the plan was made is asked no more."""
    in_use = bank_questions.in_use(uow)
    editions = list(dict.fromkeys(each.partition(":")[0] for each in plan.requirements))
    return [frozen(in_use[each], plan.language, editions) for each in question_ids if each in in_use]


def _why_never(deed: Deed, known: Planned, person_id: str) -> LeftOut | None:
    members, on = {each.person_id for each in known.team}, known.plan.ends_on
    why = choosing_people.why_not(deed.uow, person_id, team=members, elsewhere=(), on=on)
    return why if why in NEVER_ASKED else None


def tick(deed: Deed) -> None:
    """Begin what was confirmed on its first day; where it can't, or nobody has confirmed, say so once a day."""
    for plan in desk_audit_queries.plans(deed.uow, LIVING):
        known = planned(deed.uow, plan)
        if not people_questions.reachable(deed.uow, known.audit.auditor_id):
            leads = people_questions.holders(deed.uow, Role.LEAD)
            deed.daily(leads, plan, "lead_gone", what=known.audit.auditor_id)
        elif plan.state is AuditState.ANNOUNCED and plan.begins_on <= deed.today:
            _on_its_day(deed, known)


def _on_its_day(deed: Deed, known: Planned) -> None:
    if known.plan.opening_confirmed_at is None:
        waiting = [known.audit.auditor_id, known.plan.auditee_id]
        deed.daily(waiting, known.plan, "opening_waiting", what=deed.today)
        return
    try:
        _must_be_ready(deed, known, known.plan.begins_on)
    except Refusal:
        deed.daily([known.audit.auditor_id], known.plan, "cannot_begin", what=deed.today)
        return
    _begun(deed, known)


# --- what may come between ---


def withdraw(deed: Deed, *, audit_id: int, version: int, reason: str) -> AuditPlan:
    """Call an audit off; everybody who heard of it hears why, and its interviews end.

    Raises as `to_change` does, or `InputWanted`.
    """
    known = to_change(deed, audit_id=audit_id, version=version, states=LIVING)
    said = _reason("reason", reason)
    plan = deed.uow.change(known.plan, state=AuditState.WITHDRAWN, reason=said)
    interview_commands.call_off(deed, known.audit, reason=said)
    deed.record("audit_plan.withdraw", plan, reason=said)
    if plan.announced_at:
        others = [each for each in known.everybody if each != deed.by]
        deed.message(others, plan, "audit_plan.withdrawn", what=("withdrawn",))
    deed.redraw(plan)
    return plan


def name_lead(deed: Deed, *, audit_id: int, version: int, named: NewLead) -> AuditPlan:
    """Have somebody else lead, at any time; who led before is no longer in the team.

    Raises as `to_change` does, `InputWanted`, `LeadIsAudited`, or `LeadOwnsFinding`.
    """
    known = to_change(deed, audit_id=audit_id, version=version, states=LIVING)
    want_all(named)
    must_be_able_to_lead(deed.uow, named.lead_id, known.plan.auditee_id)
    if named.lead_id in known.asked:
        raise LeadIsAudited(field_name="lead_id")
    if named.lead_id in access.answer_for_findings(deed.uow, known.audit):
        raise LeadOwnsFinding(access.could_lead(deed.uow, known.audit))
    _replace_lead(deed, known, named)
    plan = deed.uow.change(known.plan, change=_reason("change", named.change))
    deed.record("audit_plan.name_lead", plan, lead=named.lead_id, before=known.audit.auditor_id)
    deed.message([named.lead_id], plan, "audit_plan.card", what=("lead", plan.version))
    deed.redraw(plan)
    return plan


def _replace_lead(deed: Deed, known: Planned, named: NewLead) -> None:
    from_now = {each.person_id: each.part for each in known.team if each.part is not Part.LEAD}
    planning_team = {**from_now, named.lead_id: Part.LEAD}
    deed.uow.change(known.audit, auditor_id=named.lead_id)
    name_team(deed, known.plan, planning_team)
    team.check_again(deed.uow, known.plan)
    lead = desk_audit_queries.member(deed.uow, known.audit.id, named.lead_id)
    if lead is not None and team.failed(lead):
        deed.uow.change(lead, exception=_reason("exception", named.exception))


def task_of(uow: UnitOfWork, desk_audit_id: int) -> Task | None:
    """The task of the calendar that an audit fulfils, to be handed in with its report."""
    plan = desk_audit_queries.plan_of(uow, desk_audit_id)
    return None if plan is None or plan.task_id is None else uow.get(Task, plan.task_id)
