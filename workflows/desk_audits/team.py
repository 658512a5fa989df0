"""Whether somebody may be in an audit's team: independence (ISO 19011, 4 e; cl. 9.2.2) and competence (ISO 19011, 7).

A check that fails blocks nobody: it takes a written exception, which stands wherever the audit is shown.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditFinding, AuditMember, AuditPlan, AuditSlice, Mode, Part
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.programme import queries as programme_queries
from storage.tasks.tables import Task, TaskState
from workflows.desk_audits.counting import speaks_against
from workflows.people import questions as people_questions

MOST_NAMED = 5
"""So many pieces of own work or findings are named with a check; they are examples, and one is enough."""


class Check(StrEnum):
    """What is looked at when somebody is named."""

    AUDITED_SELF = "audited_self"
    OWN_WORK = "own_work"
    OWN_TEAM = "own_team"
    OWN_FINDINGS = "own_findings"
    COMPETENCE = "competence"


@dataclass(frozen=True)
class Ground:
    """What somebody is checked against: the plan's criteria and days, and everybody who is asked or audited."""

    criteria: Collection[str]
    editions: Collection[str]
    auditee_id: str
    asked: Collection[str]
    ends_on: date


def ground_of(uow: UnitOfWork, plan: AuditPlan) -> Ground:
    """The plan as its team is checked against it."""
    asked = {person for each in slices_of(uow, plan) for person in each.people}
    editions = dict.fromkeys(each.partition(":")[0] for each in plan.requirements)
    return Ground(tuple(plan.requirements), tuple(editions), plan.auditee_id, asked, plan.ends_on)


def slices_of(uow: UnitOfWork, plan: AuditPlan) -> list[AuditSlice]:
    """Who is asked what; nobody where interviews are none of the methods, whoever was drawn before."""
    return desk_audit_queries.slices(uow, plan.desk_audit_id) if Mode.INTERVIEW in plan.modes else []


def overlap(references: Iterable[str], criteria: Iterable[str]) -> bool:
    """Whether one of the references is among the criteria, or is part of one, or has one as its part."""
    wanted = list(criteria)
    return any(_same_or_part(each, other) for each in references for other in wanted)


def _same_or_part(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


# --- the checks: each gives what speaks against somebody, by the words of the rows; nothing where nothing does ---


def _audited_self(_: UnitOfWork, person_id: str, ground: Ground) -> list[str]:
    return [person_id] if person_id == ground.auditee_id or person_id in ground.asked else []


def _own_work(uow: UnitOfWork, person_id: str, ground: Ground) -> list[str]:
    """Obligations and tasks in the criteria that are theirs, or that they stand in for."""
    promised = [each for each in programme_queries.living(uow) if overlap(each.requirements, ground.criteria)]
    own = [each.title for each in promised if person_id in (*people_questions.owners_of(uow, each), each.deputy_id)]
    done = [each.title for each in uow.matching(Task, owner_id=person_id) if _counts(each, ground)]
    return [*own, *done]


def _counts(task: Task, ground: Ground) -> bool:
    return task.state is not TaskState.WAIVED and overlap(task.requirements, ground.criteria)


def _own_team(uow: UnitOfWork, person_id: str, ground: Ground) -> list[str]:
    """Whoever they lead or report to among the audited, the manager's manager included."""
    above = set(people_questions.above(uow, person_id)) - {person_id}
    audited = {ground.auditee_id, *ground.asked} - {person_id}
    return sorted(each for each in audited if each in above or person_id in people_questions.above(uow, each))


def _own_findings(uow: UnitOfWork, person_id: str, ground: Ground) -> list[str]:
    """Nonconformities in the criteria that were theirs to correct, and what else audits found against their work."""
    cases = uow.matching(Nonconformity, owner_id=person_id)
    raised = [each for each in cases if each.state is not NonconformityState.VOID]
    others = [each for each in uow.matching(AuditFinding, owner_id=person_id) if _has_no_case(each)]
    return [
        *(f"NC-{each.number}" for each in raised if overlap([each.requirement], ground.criteria)),
        *(each.statement for each in others if overlap([each.requirement], ground.criteria)),
    ]


def _has_no_case(finding: AuditFinding) -> bool:
    return speaks_against(finding) and finding.nonconformity_id is None


def _competence(uow: UnitOfWork, person_id: str, ground: Ground) -> list[str]:
    """The editions for which nothing on record is good until the last day."""
    known = desk_audit_queries.competences(uow, person_id)
    good = {each.edition for each in known if each.valid_until is None or each.valid_until >= ground.ends_on}
    return [each for each in ground.editions if each not in good]


CHECKS: Mapping[Check, Callable[[UnitOfWork, str, Ground], list[str]]] = MappingProxyType(
    {
        Check.AUDITED_SELF: _audited_self,
        Check.OWN_WORK: _own_work,
        Check.OWN_TEAM: _own_team,
        Check.OWN_FINDINGS: _own_findings,
        Check.COMPETENCE: _competence,
    }
)

LOOK_ON = (Part.OBSERVER,)
"""Whoever only looks on judges nothing, and is checked for nothing."""


def checks_of(uow: UnitOfWork, person_id: str, part: Part, ground: Ground) -> list[dict[str, Any]]:
    """Each check with its result, as a row of the team keeps it."""
    if part in LOOK_ON:
        return []
    found = {check: list(dict.fromkeys(look(uow, person_id, ground))) for check, look in CHECKS.items()}
    return [{"check": check.value, "passed": not about, "about": about[:MOST_NAMED]} for check, about in found.items()]


def failed(member: AuditMember) -> list[dict[str, Any]]:
    """The checks that somebody of a team didn't pass."""
    return [each for each in member.checks if not each["passed"]]


def needs_exception(member: AuditMember) -> bool:
    """Whether somebody must be excepted in writing before the plan can go out."""
    return bool(failed(member)) and not member.exception.strip()


def check_again(uow: UnitOfWork, plan: AuditPlan) -> list[AuditMember]:
    """Every check anew, since people change teams and work changes hands; gives back whom it speaks against now.

    An exception that was written for other reasons stands no longer.
    """
    ground = ground_of(uow, plan)
    return [
        changed
        for member in desk_audit_queries.members(uow, plan.desk_audit_id)
        if (changed := _checked(uow, member, ground)) and needs_exception(changed)
    ]


def _checked(uow: UnitOfWork, member: AuditMember, ground: Ground) -> AuditMember:
    checks = checks_of(uow, member.person_id, member.part, ground)
    if checks == member.checks:
        return member
    same = {each["check"] for each in checks if not each["passed"]} <= {each["check"] for each in failed(member)}
    return uow.change(member, checks=checks, exception=member.exception if same else "")
