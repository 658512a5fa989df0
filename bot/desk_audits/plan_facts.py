"""Desk audits: what the words need to know of a plan, looked up in rows."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.requirements import requirements
from messages.desk_audits import plan_forms as forms
from messages.desk_audits import plans as words
from messages.desk_audits.payloads import PlanRef
from messages.words.kit import Modal
from storage.desk_audits.tables import Approach, AuditMember, AuditSlice, Mode, Part, Party
from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.desk_audits import lifecycle, team
from workflows.desk_audits.plan_templates import audiences
from workflows.desk_audits.plans import Planned
from workflows.frameworks import questions as framework_questions
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.programme import obligations
from workflows.question_bank.freezing import ENGLISH, in_language


def ref(known: Planned) -> PlanRef:
    """The plan as it stands now."""
    return PlanRef(known.audit.id, known.plan.version)


def card(uow: UnitOfWork, known: Planned, today: date) -> words.PlanCard:
    """Everything the card of a plan shows, as it stands on a day."""
    plan = known.plan
    return words.PlanCard(
        ref=ref(known),
        title=known.audit.title,
        state=plan.state.value,
        party=plan.party.value,
        approach=plan.approach.value,
        objective=plan.objective,
        scope=plan.scope,
        criteria=requirements(uow, plan.requirements),
        other_criteria=plan.other_criteria,
        places=plan.places,
        processes=plan.processes,
        modes=plan.modes,
        begins_on=plan.begins_on,
        ends_on=plan.ends_on,
        lead_id=known.audit.auditor_id,
        auditee_id=plan.auditee_id,
        team=[_member(uow, each) for each in known.team],
        asked=[asked(each) for each in known.slices],
        is_confirmed=plan.opening_confirmed_at is not None,
        proposed=_proposed(known),
        proposal=plan.proposal,
        change=plan.change,
        reason=plan.reason,
        missing=[each.value for each in lifecycle.missing_of(uow, known, today)],
        task="" if plan.task_id is None else uow.get(Task, plan.task_id).title,
    )


def _proposed(known: Planned) -> tuple[date, date] | None:
    first, last = known.plan.proposed_begins_on, known.plan.proposed_ends_on
    return (first, last) if first and last else None


def _member(uow: UnitOfWork, member: AuditMember) -> words.Member:
    return words.Member(member.person_id, member.part.value, _failed(uow, member), exception=member.exception)


def _failed(uow: UnitOfWork, member: AuditMember) -> list[words.Failed]:
    return [words.Failed(each["check"], _called(uow, each)) for each in team.failed(member)]


def _called(uow: UnitOfWork, check: Mapping[str, Any]) -> list[str]:
    """What speaks against somebody as people call it: of competence, the standards for which it isn't on record."""
    if check["check"] != team.Check.COMPETENCE:
        return list(check["about"])
    return [framework_questions.catalogue_of(uow, each).standard for each in check["about"]]


def asked(of: AuditSlice) -> words.Asked:
    """Who is asked the same questions, and how they were chosen."""
    return words.Asked(
        audience=in_language(audiences()[of.audience].label, ENGLISH),
        questions=len(of.question_ids),
        population=len(of.population),
        left_out=dict(Counter(each["why"] for each in of.left_out)),
        wanted=of.wanted,
        seed=of.seed,
        people=of.people,
        reason=of.reason,
        confirmed=of.confirmed_at is not None,
    )


def reader_of(uow: UnitOfWork, known: Planned, person_id: str) -> words.Reader:
    """As what somebody reads the card. Who plans the audit may be asked to do more than any other."""
    if person_id == known.audit.auditor_id:
        return "planner"
    if person_id == known.plan.auditee_id:
        return "auditee"
    if person_id in known.asked:
        return "asked"
    reader = people_questions.reader(uow, person_id)
    looks_after_it = reader is not None and reader.may(Permission.MANAGE_AUDIT_PROGRAMME)
    return "planner" if looks_after_it else "member"


# --- forms ---


def basics_given(known: Planned) -> dict[str, Any]:
    """The first step as it was saved."""
    parts = {part: tuple(each.person_id for each in known.team if each.part is part) for part in Part}
    return {
        "title": known.audit.title,
        "auditee_id": known.plan.auditee_id,
        "lead_id": known.audit.auditor_id,
        "auditors": parts[Part.AUDITOR],
        "observers": parts[Part.OBSERVER],
        "begins_on": known.plan.begins_on,
        "ends_on": known.plan.ends_on,
        "language": known.plan.language,
    }


def agreed_modal(deed: Deed, known: Planned) -> Modal:
    """The second step, as the template or the auditor has filled it in."""
    plan = known.plan
    given = {
        "objective": plan.objective,
        "scope": plan.scope,
        "requirements": obligations.in_words(deed.uow, plan.requirements),
        "other_criteria": plan.other_criteria,
        "places": "\n".join(plan.places),
        "processes": "\n".join(plan.processes),
        "modes": plan.modes,
        "party": plan.party.value,
        "approach": plan.approach.value,
    }
    lists = {"modes": tuple(Mode), "parties": tuple(Party), "approaches": tuple(Approach)}
    return forms.agreed_modal(ref(known), given=given, **lists)


def people_modal(deed: Deed, known: Planned) -> Modal:
    """The third step, with whom the seed drew and what speaks against whom."""
    return forms.people_modal(
        ref(known),
        asked=[forms.AskedForm(each.id, asked(each)) for each in known.slices],
        excepted=[_excepted(deed.uow, each) for each in known.team if team.failed(each)],
    )


def _excepted(uow: UnitOfWork, member: AuditMember) -> forms.Excepted:
    person = people_queries.person(uow, member.person_id)
    name = person.name if person else member.person_id
    return forms.Excepted(member.person_id, name, _failed(uow, member), exception=member.exception)
