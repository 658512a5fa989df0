"""Audit reports: the rows of an audit that its report speaks of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.audit_reports import queries as stored
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditFinding, AuditMember, AuditPlan, AuditSlice, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview, SampleDraw
from storage.nonconformities.tables import Nonconformity
from storage.people import queries as people_queries
from workflows.desk_audits.counting import readable
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.question_bank.bank import audiences
from workflows.question_bank.freezing import ENGLISH, in_language


@dataclass(frozen=True)
class Requirement:
    """A requirement as a report names it; without a title where the workspace shows numbers only."""

    standard: str
    number: str
    title: str


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """Everything that is on record of one audit. What a reference, an edition, the id of a person or the key of an
    audience is called stands in `requirements`, `standards`, `people` and `audiences`. `zone` is the organisation's;
    `unreached` are the interviews whose invitation never got to the person.
    """

    audit: DeskAudit
    organisation: str
    zone: str
    plan: AuditPlan | None = None
    members: Sequence[AuditMember] = ()
    slices: Sequence[AuditSlice] = ()
    interviews: Sequence[Interview] = ()
    unreached: frozenset[int] = frozenset()
    answers: Sequence[Answer] = ()
    notes: Sequence[Answer] = ()
    evidence: Sequence[Evidence] = ()
    draws: Sequence[SampleDraw] = ()
    findings: Sequence[AuditFinding] = ()
    cases: Mapping[int, Nonconformity]
    requirements: Mapping[str, Requirement]
    standards: Mapping[str, str]
    people: Mapping[str, str]
    audiences: Mapping[str, str]


def gather(uow: UnitOfWork, audit: DeskAudit) -> Gathered:
    """The rows of an audit, as they stand."""
    interviews = interview_queries.interviews_of(uow, audit.id)
    answers = [answer for each in interviews for answer in readable(uow, each)]
    notes, findings = interview_queries.notes_of(uow, audit.id), desk_audit_queries.findings_of(uow, audit.id)
    plan, said = desk_audit_queries.plan_of(uow, audit.id), [each.id for each in (*answers, *notes)]
    references = {
        *(plan.requirements if plan else ()),
        *(each for answer in (*answers, *notes) for each in answer.requirements),
        *(each.requirement for each in findings if each.requirement),
    }
    return Gathered(
        audit=audit,
        organisation=uow.workspace().name,
        zone=uow.workspace().zone,
        plan=plan,
        members=stored.members_of(uow, audit.id),
        slices=desk_audit_queries.slices(uow, audit.id),
        interviews=interviews,
        unreached=interview_queries.unreached(uow, [each.id for each in interviews]),
        answers=answers,
        notes=notes,
        evidence=stored.evidence_for(uow, said),
        draws=stored.draws_for(uow, said),
        findings=findings,
        cases=_cases(uow, findings),
        requirements={each: _requirement(uow, each) for each in sorted(references)},
        standards={each: _standard(uow, each) for each in _editions(audit, references)},
        people={each.slack_id: each.name for each in people_queries.directory(uow)},
        audiences={key: in_language(each.label, ENGLISH) for key, each in audiences().items()},
    )


def _cases(uow: UnitOfWork, findings: Sequence[AuditFinding]) -> dict[int, Nonconformity]:
    wanted = {each.nonconformity_id for each in findings if each.nonconformity_id is not None}
    return {each: uow.get(Nonconformity, each) for each in sorted(wanted)}


def _editions(audit: DeskAudit, references: set[str]) -> list[str]:
    """The edition that it is about first of all, then the others."""
    return list(dict.fromkeys([audit.edition, *sorted(each.partition(":")[0] for each in references)]))


def _standard(uow: UnitOfWork, edition: str) -> str:
    try:
        return framework_questions.catalogue_of(uow, edition).standard
    except KeyError:
        return edition


def _requirement(uow: UnitOfWork, reference: str) -> Requirement:
    """What a reference points at; a criterion of nobody's catalogue keeps the name it was given."""
    try:
        found = framework_questions.find(uow, reference)
    except KeyError:
        edition, _, number = reference.rpartition(":")
        return Requirement(edition, number, "")
    return Requirement(found.standard, found.number, framework_rules.title(uow, found))
