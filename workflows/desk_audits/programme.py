"""The audit programme (ISO 19011, 5): what was audited in the cycle, when, with which result; what is due, risk first.

A cycle goes from the decision on the certificate to its last day; without one, three years from the programme's start.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain

from dateutil.relativedelta import relativedelta

from storage.audit_reports import queries as report_queries
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import Approach, AuditFinding, AuditPlan, AuditState, DeskAudit, FindingKind, Party
from storage.engine.unit_of_work import UnitOfWork
from storage.frameworks import queries as framework_queries
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Grade
from storage.programme import queries as programme_queries
from storage.programme.tables import Kind, Obligation
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.desk_audits.team import overlap
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.rules import Requirement
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.programme.certification import YEARS_OF_A_CERTIFICATE
from workflows.refusals import InputWanted
from workflows.wishes import Wish

THEIR_AUDITS = (
    "stage_1",
    "stage_2",
    "surveillance_1",
    "surveillance_2",
    "recertification",
    "transition_audit",
    "external_audit",
)
"""The milestones of a certificate that are audits of the certification body."""

OUR_AUDITS = ("pre_stage_2_internal_audit",)
"""Those that are audits of our own."""

APPROVAL = "audit_programme"

DONE = (AuditState.REPORTED,)


class Due(StrEnum):
    """Why something should be audited next; the order is that of the risk."""

    OPEN_MAJOR = "open_major"
    OPEN_FINDING = "open_finding"
    NEVER = "never"
    LONGEST_AGO = "longest_ago"


@dataclass(frozen=True)
class Span:
    """From one day to another, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether a day lies within it."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Entry:
    """An audit of the programme: planned, or a task of the calendar that is still to be planned (`task_id`)."""

    title: str
    due_on: date
    begins_on: date
    party: Party
    approach: Approach | None
    state: str
    lead_id: str
    audit_id: int | None = None
    task_id: int | None = None
    findings: Mapping[FindingKind, int] | None = None


@dataclass(frozen=True)
class Coverage:
    """What the cycle has seen of one requirement, process or place; `audit_id` and `on` are those of the last audit."""

    name: str
    requirement: Requirement | None = None
    audit_id: int | None = None
    on: date | None = None
    lead_id: str = ""
    worst: FindingKind | None = None
    open_findings: int = 0
    due: Due | None = None


@dataclass(frozen=True)
class Programme:
    """A year of the programme, and the whole cycle, of one standard or of all."""

    editions: Sequence[str]
    year: Span
    cycle: Span
    entries: Sequence[Entry]
    requirements: Sequence[Coverage]
    processes: Sequence[Coverage]
    places: Sequence[Coverage]
    may_plan: bool

    @property
    def audited(self) -> int:
        """How many requirements the cycle has seen audited."""
        return sum(each.on is not None for each in self.requirements)

    @property
    def due(self) -> list[Coverage]:
        """What should be audited next, risk first; what was audited longest ago comes last."""
        waiting = [each for each in self.requirements if each.due]
        return sorted(waiting, key=lambda each: (list(Due).index(each.due or Due.NEVER), each.on or date.min))


def programme(deed: Deed, *, edition: str = "", year: int = 0) -> Programme:
    """The programme as the actor may see it. Raises `NotAllowed`, `NoProgrammeYet`, or `InputWanted`."""
    deed.must(Permission.SEE_DESK_AUDITS)
    people_questions.programme_must_run(deed.uow)
    followed = deed.uow.workspace().standards
    if edition and edition not in followed:
        raise InputWanted("edition", Wish.CHOOSE_STANDARD_YOU_FOLLOW)
    editions = [edition] if edition else list(followed)
    cycle = cycle_of(deed.uow, editions, deed.today)
    audits = _audits(deed.uow)
    shown = Span(date(year or deed.today.year, 1, 1), date(year or deed.today.year, 12, 31))
    return Programme(
        editions=editions,
        year=shown,
        cycle=cycle,
        entries=[each for each in _entries(deed.uow, audits, editions) if shown.holds(each.due_on)],
        requirements=_requirements(deed.uow, audits, editions, cycle),
        processes=_by_name(audits, cycle, lambda each: each.plan.processes),
        places=_by_name(audits, cycle, lambda each: each.plan.places),
        may_plan=deed.may(Permission.OPEN_DESK_AUDIT),
    )


def cycle_of(uow: UnitOfWork, editions: Sequence[str], today: date) -> Span:
    """The cycle in which a day lies: of the certificate that was decided on first, else from the start on."""
    known = [found for each in editions if (found := programme_queries.certificate_of(uow, each)) and found.decided_on]
    if known:
        first = min(known, key=lambda each: each.decided_on or today)
        decided_on = first.decided_on or today
        return Span(decided_on, first.expires_on or decided_on + YEARS_OF_A_CERTIFICATE)
    started_on = people_questions.programme_must_run(uow)
    while started_on + YEARS_OF_A_CERTIFICATE <= today:
        started_on += YEARS_OF_A_CERTIFICATE
    return Span(started_on, started_on + YEARS_OF_A_CERTIFICATE - relativedelta(days=1))


# --- the audits there were, and are to be ---


@dataclass(frozen=True)
class _Audit:
    """An audit with its plan; `covered` are the requirements of which its signed report says something."""

    audit: DeskAudit
    plan: AuditPlan
    findings: Sequence[AuditFinding]
    covered: Sequence[str]
    zone: str

    @property
    def began_on(self) -> date:
        """The day on which it began; before that, the day on which it is to begin."""
        return local_day(self.zone, self.plan.started_at) if self.plan.started_at else self.plan.begins_on

    @property
    def ended_on(self) -> date:
        """The day on which its report was signed; before that, the day on which it is to end."""
        return local_day(self.zone, self.plan.reported_at) if self.plan.reported_at else self.plan.ends_on


def _audits(uow: UnitOfWork) -> list[_Audit]:
    """Every audit with a plan, but those withdrawn, the first to begin first."""
    found: defaultdict[int, list[AuditFinding]] = defaultdict(list)
    for each in uow.matching(AuditFinding, withdrawn_at=None):
        found[each.desk_audit_id].append(each)
    plans = [each for each in desk_audit_queries.plans(uow) if each.state is not AuditState.WITHDRAWN]
    covered = {each.desk_audit_id: each.facts["covered"] for each in report_queries.signed(uow)}
    zone = uow.workspace().zone
    return [
        _Audit(uow.get(DeskAudit, of), each, found[of], covered.get(of, ()), zone)
        for each in plans
        if (of := each.desk_audit_id)
    ]


def _entries(uow: UnitOfWork, audits: Sequence[_Audit], editions: Sequence[str]) -> list[Entry]:
    planned_for = {each.plan.task_id for each in audits}
    planned = [_entry(each) for each in audits if _is_of(each.plan.requirements, editions)]
    tasks = [each for each in _audit_tasks(uow) if each[0].id not in planned_for]
    waiting = [_waiting(task, obligation) for task, obligation in tasks if _is_meant(task, obligation, editions, uow)]
    return sorted([*planned, *waiting], key=lambda each: (each.due_on, each.title))


def _is_of(references: Iterable[str], editions: Sequence[str]) -> bool:
    """Whether it is about one of the editions; what names no requirement is about all."""
    about = {each.partition(":")[0] for each in references}
    return not about or bool(about & set(editions))


def _entry(of: _Audit) -> Entry:
    kinds = [each.kind for each in of.findings]
    return Entry(
        title=of.audit.title,
        due_on=of.ended_on,
        begins_on=of.began_on,
        party=of.plan.party,
        approach=of.plan.approach,
        state=of.plan.state.value,
        lead_id=of.audit.auditor_id,
        audit_id=of.audit.id,
        task_id=of.plan.task_id,
        findings={kind: kinds.count(kind) for kind in FindingKind if kind in kinds},
    )


def _audit_tasks(uow: UnitOfWork) -> list[tuple[Task, Obligation]]:
    """The tasks of the calendar that are audits: our own, and those of the certification body."""
    kept = [each for each in programme_queries.living(uow) if _is_ours(each) or _milestone(each)]
    states = [each for each in TaskState if each is not TaskState.WAIVED]
    return [(task, each) for each in kept for task in task_queries.of_obligation(uow, each.id, states)]


def _is_ours(obligation: Obligation) -> bool:
    """Whether it is an audit of our own. To approve the programme is about audits, and isn't one."""
    return obligation.kind is Kind.AUDIT and obligation.key != APPROVAL


def _milestone(obligation: Obligation) -> str:
    """The key of the audit among the milestones of a certificate that it is; "" where it is none."""
    key = obligation.key.rpartition(":")[2]
    is_one = obligation.kind is Kind.CERTIFICATION and key in (*THEIR_AUDITS, *OUR_AUDITS)
    return key if is_one else ""


def _is_meant(task: Task, obligation: Obligation, editions: Sequence[str], uow: UnitOfWork) -> bool:
    if obligation.kind is Kind.AUDIT:
        return _is_of(task.requirements, editions)
    certificates = {f"certificate:{each.id}": each.edition for each in programme_queries.certificates(uow)}
    return certificates.get(obligation.key.rpartition(":")[0]) in editions


def _waiting(task: Task, obligation: Obligation) -> Entry:
    party = Party.THIRD if _milestone(obligation) in THEIR_AUDITS else Party.FIRST
    return Entry(
        title=task.title,
        due_on=task.due_on,
        begins_on=task.opens_on,
        party=party,
        approach=None,
        state=f"task_{task.state.value}",
        lead_id=task.owner_id,
        task_id=task.id if party is Party.FIRST and task.state in task_queries.NOT_DECIDED else None,
    )


# --- what the cycle has seen ---


def _requirements(uow: UnitOfWork, audits: Sequence[_Audit], editions: Sequence[str], cycle: Span) -> list[Coverage]:
    decided = framework_queries.applicabilities(uow)
    wanted = [
        each
        for edition in editions
        for each in framework_questions.catalogue_of(uow, edition).requirements.values()
        if not (each.reference in decided and decided[each.reference].applies is False)
    ]
    return [_requirement(uow, each, audits, cycle) for each in wanted]


def _requirement(uow: UnitOfWork, of: Requirement, audits: Sequence[_Audit], cycle: Span) -> Coverage:
    those = [each for each in audits if overlap([of.reference], each.covered)]
    seen = _seen(of.name, those, cycle, lambda each: each.requirement == of.reference)
    living = [each for each in nonconformity_queries.living(uow) if each.requirement == of.reference]
    found = replace(seen, requirement=of, open_findings=len(living))
    return replace(found, due=_due(found, any(each.grade is Grade.MAJOR for each in living)))


def _due(of: Coverage, is_major: bool) -> Due | None:
    """Why it should be audited next; what was audited within the year and has nothing open can wait."""
    if of.open_findings:
        return Due.OPEN_MAJOR if is_major else Due.OPEN_FINDING
    return Due.NEVER if of.on is None else Due.LONGEST_AGO


def _by_name(audits: Sequence[_Audit], cycle: Span, names: Callable[[_Audit], Sequence[str]]) -> list[Coverage]:
    """Each process or place that a plan names, with its last audit."""
    known = sorted(set(chain.from_iterable(names(each) for each in audits)), key=str.casefold)
    return [_seen(each, [one for one in audits if each in names(one)], cycle, lambda _: True) for each in known]


def _seen(name: str, audits: Sequence[_Audit], cycle: Span, is_about: Callable[[AuditFinding], bool]) -> Coverage:
    """The last audit within the cycle that saw it, and the worst that was found."""
    seen = [each for each in audits if each.plan.state in DONE and cycle.holds(each.ended_on)]
    if not seen:
        return Coverage(name)
    last = max(seen, key=lambda each: each.ended_on)
    kinds = {each.kind for each in last.findings if is_about(each)}
    worst = next((each for each in reversed(FindingKind) if each in kinds), None)
    return Coverage(name, None, last.audit.id, last.ended_on, last.audit.auditor_id, worst)
