"""What is in the scope of a pack, and for what of it a piece of evidence was given."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cached_property

from storage.audit_reports import queries as report_queries
from storage.audit_reports.tables import AuditReport
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceUse, Verdict
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.packs import queries as pack_queries
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditRequest, RequestState
from storage.tasks.tables import Task
from workflows.audit_reports.filing import KINDS as PAPERS
from workflows.audit_reports.filing import source_of
from workflows.frameworks import overlap
from workflows.frameworks import questions as framework_questions
from workflows.nudges.rules import local_day
from workflows.packs import indexing, rules
from workflows.packs.indexing import Use
from workflows.packs.rules import Matter, Scope


def holds(uow: UnitOfWork, scope: Scope, evidence_id: int) -> bool:
    """Whether a pack of this scope would hold a file; nothing is looked at but that file and what it serves."""
    evidence = uow.get(Evidence, evidence_id)
    found = OneFile(uow, scope, evidence).uses_of([evidence])
    return any(use.is_given for uses, _ in found for use in uses)


Interviews = Sequence[tuple[Interview, Sequence[Answer]]]


class Scoped:
    """One scope against one state of the database."""

    def __init__(self, uow: UnitOfWork, scope: Scope) -> None:
        self._uow, self._scope = uow, scope
        self._zone = uow.workspace().zone
        self._served: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._themes = {
            each.reference: each.theme
            for edition in sorted(scope.editions)
            for each in framework_questions.catalogue_of(uow, edition).requirements.values()
        }

    def uses_of(self, page: Sequence[Evidence]) -> Iterator[tuple[list[Use], list[Task]]]:
        """For each piece of evidence that serves something in the scope, what it serves there, and the tasks for it."""
        uses: dict[int, list[EvidenceUse]] = {}
        for each in pack_queries.uses_of(self._uow, [each.id for each in page if self._speaks(each)]):
            uses.setdefault(each.evidence_id, []).append(each)
        tasks = self._tasks_of([each for given in uses.values() for each in given])
        for evidence in page:
            given = uses.get(evidence.id, [])
            served = [(use, tasks[use.task_id]) for use in given if use.task_id in tasks]
            within = [each for each in served if self._is_about(evidence, each[1])]
            found = [
                *(self._for_task(evidence, use, task) for use, task in within),
                *self._for_findings(evidence, given),
                *self._for_requests(evidence),
                *self._for_reports(evidence),
            ]
            if found:
                yield found, [task for _, task in within]

    def _tasks_of(self, uses: Iterable[EvidenceUse]) -> dict[int, Task]:
        wanted = {each.task_id for each in uses if each.task_id is not None}
        return {each.id: each for each in pack_queries.tasks_among(self._uow, wanted)}

    def _is_about(self, evidence: Evidence, task: Task) -> bool:
        return self.is_within(task.requirements, task.owner_id, *_period(evidence))

    def _for_task(self, evidence: Evidence, use: EvidenceUse, task: Task) -> Use:
        reference = self._reference(task.requirements)
        folder = f"{rules.folder_of(reference)}/T{task.id}-{task.due_on.isoformat()}-{rules.short_name(task.title)}"
        return indexing.use_of(evidence, use, serves=f"T{task.id}", folder=folder, reference=reference)

    def _for_findings(self, evidence: Evidence, uses: Iterable[EvidenceUse]) -> Iterator[Use]:
        for use in uses:
            if finding := self._findings.get(use.nonconformity_id or 0):
                about = [finding.requirement] if finding.requirement else []
                name, reference = f"NC-{finding.number}", self._reference(about)
                folder = f"{rules.folder('nonconformities')}/{name}"
                yield indexing.use_of(evidence, use, serves=name, folder=folder, reference=reference)

    def _for_requests(self, evidence: Evidence) -> Iterator[Use]:
        if evidence.sha256 is None:  # it never came, or was not kept
            return
        for request in self._answering.get(evidence.id, []):
            name, is_accepted = f"R-{request.number}", request.state is RequestState.ACCEPTED
            yield Use(
                evidence=evidence,
                serves=name,
                folder=f"{rules.folder('requests')}/{name}",
                reference=request.requirement,
                verdict=(Verdict.ACCEPTED if is_accepted else Verdict.WAITING).value,
                judged_by=request.settled_by,
                judged_at=request.settled_at,
                answers=True,
            )

    def _for_reports(self, evidence: Evidence) -> Iterator[Use]:
        """A paper of a signed report is given with it: nobody has to accept what its lead auditor signed."""
        report = self._papers.get(evidence.source_key or "")
        if report is not None:
            yield Use(
                evidence=evidence,
                serves=f"A-{report.desk_audit_id}",
                folder=f"{rules.folder('audits')}/A-{report.desk_audit_id}",
                reference="",
                verdict="",
                judged_by=None,
                judged_at=None,
                answers=True,
            )

    @cached_property
    def _papers(self) -> dict[str, AuditReport]:
        """The signed reports of audits in the scope, by the names under which their papers are evidence."""
        audits = [each for each in self._uow.all(DeskAudit) if self._has(each, interviews_of(self._uow, each))]
        signed = [report for each in audits for report in self._reports_of(each)]
        return {source_of(each, kind): each for each in signed for kind in PAPERS}

    def _reports_of(self, audit: DeskAudit) -> list[AuditReport]:
        return report_queries.signed(self._uow, audit.id)

    def _has(self, audit: DeskAudit, interviews: Interviews) -> bool:
        references = {reference for _, answers in interviews for each in answers for reference in each.requirements}
        ended = [self._day(each.confirmed_at) for each, _ in interviews if each.confirmed_at]
        signed = [self._day(each.signed_at) for each in self._reports_of(audit)]
        begins = self._day(audit.opened_at)
        about = references or {f"{audit.edition}:"}
        return self.is_within(about, audit.auditor_id, begins, max([begins, *ended, *signed]))

    @property
    def _besides(self) -> set[int]:
        """Evidence that is in the scope whatever days it speaks of."""
        papers = [evidence_queries.of_source(self._uow, each) for each in self._papers]
        return {*self._answering, *(each.id for each in papers if each is not None)}

    def _speaks(self, evidence: Evidence) -> bool:
        """Whether evidence is about the period, and not only an answer to a request."""
        begins, ends = _period(evidence)
        return evidence.state in pack_queries.KEPT_OR_GONE and begins <= self._scope.last and self._scope.first <= ends

    @cached_property
    def _answering(self) -> dict[int, list[AuditRequest]]:
        """The requests that a piece of evidence answers."""
        answering: dict[int, list[AuditRequest]] = {}
        for request in self._requests:
            for each in stored_requests.evidence_of(self._uow, request.id):
                answering.setdefault(each.evidence_id, []).append(request)
        return answering

    @cached_property
    def _findings(self) -> dict[int, Nonconformity]:
        return {each.id: each for each in pack_queries.findings(self._uow) if self._finding_within(each)}

    def _finding_within(self, each: Nonconformity) -> bool:
        """One against a document, a law or a contract is about all of them."""
        about = [each.requirement] if each.requirement else list(self._themes)
        return self.is_within(about, each.owner_id, self._day(each.raised_at), self._day(each.closed_at))

    @cached_property
    def _requests(self) -> list[AuditRequest]:
        return [each for each in stored_requests.every(self._uow) if self._asks_within(each)]

    def _asks_within(self, request: AuditRequest) -> bool:
        """A request that names no requirement is about all of them."""
        about = [request.requirement] if request.requirement else list(self._themes)
        begins, ends = self._day(request.asked_at), self._day(request.settled_at)
        return self.is_within(about, request.owner_id or "", begins, ends)

    def is_within(self, references: Iterable[str], owner_id: str, begins: date, ends: date) -> bool:
        """Whether a matter of this owner and period, both days included, that serves these is in the scope."""
        served = self._serves(references)
        themes = {self._themes[each] for each in served if each in self._themes}
        return rules.is_within(self._scope, Matter(served, themes, owner_id, begins, ends))

    def _serves(self, references: Iterable[str]) -> tuple[str, ...]:
        """What is met of the scope's editions, through harmonised clauses too."""
        given = tuple(references)
        if given not in self._served:
            self._served[given] = overlap.serves(given, self._scope.editions)
        return self._served[given]

    def _reference(self, references: Iterable[str]) -> str:
        return next(iter(self._serves(references)), "")

    def _day(self, at: datetime | None) -> date:
        """The day of a moment; what has not come yet lasts to the end of the period."""
        return local_day(self._zone, at) if at else self._scope.last


class OneFile(Scoped):
    """The same, as far as it is about one file."""

    def __init__(self, uow: UnitOfWork, scope: Scope, evidence: Evidence) -> None:
        super().__init__(uow, scope)
        self._evidence = evidence

    @cached_property
    def _requests(self) -> list[AuditRequest]:
        return [each for each in stored_requests.answered_by(self._uow, self._evidence.id) if self._asks_within(each)]

    @cached_property
    def _answering(self) -> dict[int, list[AuditRequest]]:
        return {self._evidence.id: self._requests}

    @cached_property
    def _findings(self) -> dict[int, Nonconformity]:
        uses = evidence_queries.uses_of(self._uow, self._evidence.id)
        served = [self._uow.get(Nonconformity, each.nonconformity_id) for each in uses if each.nonconformity_id]
        issued = (each for each in served if each.state is not NonconformityState.DRAFT)
        return {each.id: each for each in issued if self._finding_within(each)}


def interviews_of(uow: UnitOfWork, audit: DeskAudit) -> Interviews:
    """The interviews of an audit, each with its answers."""
    interviews = interview_queries.interviews_of(uow, audit.id)
    return [(each, interview_queries.answers_of(uow, each.id)) for each in interviews]


def _period(evidence: Evidence) -> tuple[date, date]:
    return evidence.period_begins or evidence.collected_on, evidence.period_ends or evidence.collected_on
