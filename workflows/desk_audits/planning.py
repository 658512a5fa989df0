"""Planning an audit in three steps, each kept: the basics, what is agreed, and whom to ask (ISO 19011, 6.3.2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import Approach as WhatItLooksAt
from storage.desk_audits.tables import AuditMember, AuditPlan, AuditState, DeskAudit, Mode, Part, Party
from storage.engine.unit_of_work import UnitOfWork
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.desk_audits import team
from workflows.desk_audits.plan_templates import plan_templates, references
from workflows.desk_audits.plans import Planned, planned, to_change
from workflows.desk_audits.refusals import LeadIsAudited
from workflows.desk_audits.shapes import LANGUAGES, Agreed, Basics
from workflows.desk_audits.slices import LONGEST_TEXT, propose_people
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.programme import obligations
from workflows.question_bank.freezing import ENGLISH, in_language
from workflows.question_bank.shapes import PlanTemplate
from workflows.refusals import EndBeforeStart, InputWanted, want_all
from workflows.wishes import Wish

LONGEST_TITLE = 200


@dataclass(frozen=True)
class Beginning:
    """What a plan can begin from: the templates, the task it fulfils, if any, and the actor's own drafts."""

    templates: Sequence[PlanTemplate]
    drafts: Sequence[DeskAudit]
    task: Task | None


def to_begin(deed: Deed, *, task_id: int | None = None) -> Beginning:
    """What the actor may plan from. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.OPEN_DESK_AUDIT)
    people_questions.programme_must_run(deed.uow)
    task = None if task_id is None else deed.uow.get(Task, task_id)
    plans = desk_audit_queries.plans(deed.uow, [AuditState.PLANNED])
    audits = [deed.uow.get(DeskAudit, each.desk_audit_id) for each in plans]
    templates = plan_templates(deed.uow.workspace().standards)
    return Beginning(list(templates.values()), [each for each in audits if each.auditor_id == deed.by], task)


# --- the first step: who, when, from what ---


def begin(deed: Deed, *, basics: Basics, task_id: int | None = None) -> Planned:
    """Begin a plan from a template; nobody hears of it yet.

    Raises `NotAllowed`, `NoProgrammeYet`, `InputWanted`, `EndBeforeStart`, `LeadIsAudited`.
    """
    to_begin(deed, task_id=task_id)
    template = plan_templates(deed.uow.workspace().standards).get(basics.template)
    if template is None:
        raise InputWanted("template", Wish.CHOOSE_OPTION_FROM_LIST)
    _must_make_sense(deed, basics)
    audit = _audit(deed, basics, template)
    return _settled(deed, _plan(deed, audit, basics, template, task_id), basics, "audit_plan.begin")


def _audit(deed: Deed, basics: Basics, template: PlanTemplate) -> DeskAudit:
    edition = references(template, deed.uow.workspace().standards)[0].partition(":")[0]
    return deed.uow.add(
        DeskAudit(
            title=basics.title.strip() or in_language(template.name, ENGLISH)[:LONGEST_TITLE],
            edition=edition,
            question_set=f"{edition}:{template.id}",
            auditor_id=basics.lead_id,
            opened_at=deed.at,
        )
    )


def _plan(deed: Deed, audit: DeskAudit, basics: Basics, template: PlanTemplate, task_id: int | None) -> AuditPlan:
    return deed.uow.add(
        AuditPlan(
            desk_audit_id=audit.id,
            objective=in_language(template.objective, ENGLISH),
            scope=in_language(template.scope, ENGLISH),
            requirements=references(template, deed.uow.workspace().standards),
            modes=[Mode.INTERVIEW.value, Mode.DOCUMENT_REVIEW.value],
            begins_on=basics.begins_on,
            ends_on=basics.ends_on,
            language=basics.language,
            auditee_id=basics.auditee_id,
            task_id=task_id,
        )
    )


def change_basics(deed: Deed, *, audit_id: int, version: int, basics: Basics) -> Planned:
    """Other people or other days; the template stays. Raises as `begin` and `to_change` do."""
    known = to_change(deed, audit_id=audit_id, version=version, states=[AuditState.PLANNED])
    _must_make_sense(deed, basics)
    title = basics.title.strip() or known.audit.title
    deed.uow.change(known.audit, title=title, auditor_id=basics.lead_id)
    agreed = {"begins_on": basics.begins_on, "ends_on": basics.ends_on, "language": basics.language}
    plan = deed.uow.change(known.plan, auditee_id=basics.auditee_id, **agreed)
    return _settled(deed, plan, basics, "audit_plan.change")


def _settled(deed: Deed, plan: AuditPlan, basics: Basics, verb: str) -> Planned:
    name_team(deed, plan, _parts(basics))
    propose_people(deed, plan)
    team.check_again(deed.uow, plan)
    deed.record(verb, plan, auditee=plan.auditee_id, lead=basics.lead_id, begins_on=plan.begins_on.isoformat())
    deed.redraw(plan)
    return planned(deed.uow, plan)


def _must_make_sense(deed: Deed, basics: Basics) -> None:
    if len(basics.title.strip()) > LONGEST_TITLE:
        raise InputWanted("title", Wish.ENTER_TITLE_UP_TO, {"most": LONGEST_TITLE})
    _must_be_reachable(deed.uow, "auditee_id", [basics.auditee_id])
    _must_be_no_guest(deed.uow, "auditee_id", basics.auditee_id)
    _must_be_reachable(deed.uow, "auditors", basics.auditors)
    _must_be_reachable(deed.uow, "observers", basics.observers)
    must_be_able_to_lead(deed.uow, basics.lead_id, basics.auditee_id)
    must_be_days(basics.begins_on, basics.ends_on, deed.today)
    if basics.language not in LANGUAGES:
        raise InputWanted("language", Wish.CHOOSE_ONE_OPTION)


def _must_be_reachable(uow: UnitOfWork, name: str, people: Iterable[str]) -> None:
    if not all(people_questions.reachable(uow, each) for each in people):
        raise InputWanted(name, Wish.CHOOSE_REACHABLE_PERSON)


def _must_be_no_guest(uow: UnitOfWork, name: str, person_id: str) -> None:
    """Guests look on from outside; work of the organisation is answered for by its own people."""
    if people_questions.actor(uow, person_id).is_guest:
        raise InputWanted(name, Wish.CHOOSE_INSIDER)


def must_be_able_to_lead(uow: UnitOfWork, lead_id: str, auditee_id: str) -> None:
    """Raise `InputWanted` for somebody without the role, `LeadIsAudited` for whoever is audited themselves."""
    lead = people_questions.reader(uow, lead_id)
    if lead is None or not lead.may(Permission.OPEN_DESK_AUDIT):
        raise InputWanted("lead_id", Wish.CHOOSE_LEAD_AUDITOR)
    if lead_id == auditee_id:
        raise LeadIsAudited(field_name="lead_id")


def must_be_days(begins_on: date, ends_on: date, today: date, *, before: str = "") -> None:
    """Raise `InputWanted` for a beginning in the past, `EndBeforeStart` for an end before it.

    `before` stands before the names of the two fields.
    """
    if begins_on < today:
        raise InputWanted(f"{before}begins_on", Wish.CHOOSE_TODAY_OR_LATER)
    if ends_on < begins_on:
        raise EndBeforeStart(starts_on=begins_on, ends_on=ends_on, field_name=f"{before}ends_on")


def _parts(basics: Basics) -> dict[str, Part]:
    """What each person does; who is named twice does the greater part."""
    observers = dict.fromkeys(basics.observers, Part.OBSERVER)
    return {**observers, **dict.fromkeys(basics.auditors, Part.AUDITOR), basics.lead_id: Part.LEAD}


def name_team(deed: Deed, plan: AuditPlan, parts: Mapping[str, Part]) -> None:
    """Let exactly these people be the team."""
    for member in desk_audit_queries.members(deed.uow, plan.desk_audit_id):
        if member.person_id not in parts:
            deed.uow.change(member, left_at=deed.at)
    for person_id, part in parts.items():
        known = desk_audit_queries.member(deed.uow, plan.desk_audit_id, person_id)
        values: dict[str, Any] = {"part": part, "named_by": deed.by, "named_at": deed.at}
        if known is None:
            deed.uow.add(AuditMember(desk_audit_id=plan.desk_audit_id, person_id=person_id, **values))
        elif known.left_at is not None or known.part is not part:
            deed.uow.change(known, left_at=None, **values)


# --- the second: what is agreed ---


def agree(deed: Deed, *, audit_id: int, version: int, agreed: Agreed) -> Planned:
    """Keep what the audit is for and against what. Raises as `to_change` does, and `InputWanted`."""
    known = to_change(deed, audit_id=audit_id, version=version, states=[AuditState.PLANNED])
    plan = deed.uow.change(known.plan, **_values(deed.uow, agreed))
    propose_people(deed, plan)
    team.check_again(deed.uow, plan)
    deed.record("audit_plan.agree", plan, requirements=plan.requirements, modes=plan.modes)
    deed.redraw(plan)
    return planned(deed.uow, plan)


def _values(uow: UnitOfWork, agreed: Agreed) -> dict[str, Any]:
    """The columns that it comes to."""
    want_all(agreed)
    for name in ("objective", "scope", "requirements", "other_criteria", "places", "processes"):
        if len(getattr(agreed, name)) > LONGEST_TEXT:
            raise InputWanted(name, Wish.WRITE_ANSWER_UP_TO, {"most": LONGEST_TEXT})
    if not (agreed.requirements.strip() or agreed.other_criteria.strip()):
        raise InputWanted("requirements", Wish.NAME_ANY_CRITERION)
    return {
        "objective": agreed.objective.strip(),
        "scope": agreed.scope.strip(),
        "requirements": obligations.references(uow, agreed.requirements),
        "other_criteria": agreed.other_criteria.strip(),
        "places": _lines(agreed.places),
        "processes": _lines(agreed.processes),
        "modes": [each.value for each in Mode if each.value in agreed.modes],
        "party": _one_of(Party, "party", agreed.party),
        "approach": _one_of(WhatItLooksAt, "approach", agreed.approach),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _one_of(words: Any, name: str, chosen: str) -> Any:
    if chosen not in set(words):
        raise InputWanted(name, Wish.CHOOSE_ONE_OPTION)
    return words(chosen)
