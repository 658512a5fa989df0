"""What a pack holds: everything in its scope, row by row, so that however much there is little of it is held."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import partial

from storage.audit_reports.tables import AuditReport
from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditFinding, DeskAudit
from storage.engine.canonical import utc_text
from storage.engine.rows import Row
from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState
from storage.files.spool import Spool
from storage.frameworks import queries as framework_queries
from storage.interviews.tables import Answer, SealedRound
from storage.nonconformities import queries as nonconformity_queries
from storage.packs import queries as pack_queries
from storage.people import queries as people_queries
from storage.record import trail
from storage.tasks.tables import Task
from workflows.case_records import facts as case_records
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.interviews import sealing
from workflows.nonconformities import exceptions
from workflows.nudges.rules import local_day
from workflows.packs import indexing, rules
from workflows.packs.indexing import Index, Salts, Use, told
from workflows.packs.rules import Scope
from workflows.packs.scoping import Interviews, Scoped, interviews_of
from workflows.packs.selection import FORMAT, Selection


def select(uow: UnitOfWork, scope: Scope, *, asked_by: str, at: datetime) -> Selection:
    """What a pack of this scope holds, as it stands in this moment; `at` is when it was asked for."""
    with ExitStack() as unless_it_succeeds:
        spool = unless_it_succeeds.enter_context(Spool())
        selection = _Selecting(uow, scope, spool).all_of(asked_by, at)
        unless_it_succeeds.pop_all()
    return selection


class _Selecting(Scoped):
    """Puts aside what is in a scope."""

    def __init__(self, uow: UnitOfWork, scope: Scope, spool: Spool) -> None:
        super().__init__(uow, scope)
        self._spool = spool
        self._names = {each.slack_id: each.name for each in people_queries.directory(uow)}
        self._named = set[str]()
        self._titles = spool.part("titles")
        self._salts = Salts(uow.workspace_id, trail.head(uow).salt)

    def all_of(self, asked_by: str, at: datetime) -> Selection:
        uow, head = self._uow, trail.head(self._uow)
        self._at, self._today = at, local_day(uow.workspace().zone, at)
        self._put_tasks()
        self._put_evidence()
        self._put_findings()
        self._put_audits()
        self._put_requests()
        self._put_statements()
        about: Index = {
            "format": FORMAT,
            "organisation": uow.workspace().name,
            "zone": self._zone,
            "asked_by": asked_by,
            "asked_at": utc_text(at),
            "scope": self._scope_in_words(),
            "folders": [*rules.folders()],
            "columns": dict(indexing.COLUMNS),
            "heads": [
                {"week_of": each.week_of.isoformat(), "sequence": each.trail_sequence, "hash": each.trail_hash}
                for each in pack_queries.published_heads(uow, head.sequence)
            ],
        }
        self._name_those_in(about)
        people = {person_id: name for person_id, name in self._names.items() if person_id in self._named}
        return Selection(uow.workspace_id, {**about, "people": people}, self._spool, head.sequence, head.hash)

    # --- what is put aside ---

    def _put(self, name: str, key: int | str, value: Index) -> None:
        self._spool.put(name, key, value)
        self._name_those_in(value)

    def _name_those_in(self, value: Index) -> None:
        """The index names those whom it speaks of, and nobody else."""
        self._named.update(self._names.keys() & indexing.texts(value))

    def _told(self, row: Row, columns: str) -> Index:
        """Some columns of a row; the trail tells in full what sealed them."""
        self._tell_of(str(row.__tablename__), row.id)
        return told(row, columns, self._salts)

    def _tell_of(self, subject: str, subject_id: int | str, serves: str = "", title: str = "") -> None:
        """The trail tells of this in full; where files serve it, they say so by its title."""
        self._spool.put("told", f"{subject} {subject_id}", None)
        if serves:
            self._spool.put("titles", serves, title)

    def _put_tasks(self) -> None:
        """Tasks that were due in the period; others come with the evidence that was given for them."""
        for page in pack_queries.tasks_due(self._uow, self._scope.first, self._scope.last):
            for each in page:
                if self.is_within(each.requirements, each.owner_id, each.due_on, each.due_on):
                    self._put_task(each)

    def _put_task(self, task: Task) -> None:
        """A task, once, however many files were given for it."""
        name = f"T{task.id}"
        if name not in self._titles:
            self._put("tasks", f"{task.due_on.isoformat()} {task.id:019}", self._told(task, indexing.TASK))
            self._tell_of("task", task.id, name, task.title)

    def _put_evidence(self) -> None:
        scope = self._scope
        for page in pack_queries.evidence_about(self._uow, scope.first, scope.last, besides=self._besides):
            for uses, tasks in self.uses_of(page):
                for task in tasks:
                    self._put_task(task)
                self._put_piece(uses[0].evidence, uses)

    def _put_piece(self, evidence: Evidence, uses: Sequence[Use]) -> None:
        self._tell_of("evidence", evidence.id)
        for use in uses:
            if use.row:
                self._tell_of("evidence_use", use.row.id)
        if given := next((use for use in uses if use.is_given), None):
            file = indexing.file(uses, self._salts)
            self._put("files", evidence.id, file)
            self._spool.put(f"files in {given.folder.partition('/')[0]}", evidence.id, file)
        else:
            self._put("not_included", evidence.id, indexing.left_out(uses, self._salts))
        if evidence.state is EvidenceState.DISPOSED:
            self._spool.put("disposed", evidence.id, self._certificate(evidence))

    def _certificate(self, gone: Evidence) -> Index:
        entry = trail.latest(self._uow, "evidence", gone.id, ("evidence.dispose",))
        sequence = entry.sequence if entry else None
        return {"id": gone.id, "sha256": gone.sha256, "size": gone.size, "certificate": sequence}

    def _put_findings(self) -> None:
        for each in self._findings.values():
            marks = [mark.value for mark in exceptions.of_case(self._uow, each, self._today)]
            told = {"marks": marks, "paper": rules.paper_of_case(each.number)}
            of_case = {**self._told(each, indexing.FINDING), **self._case(each.id)}
            self._put("nonconformities", each.number, {**told, **of_case})
            self._spool.put("cases", each.number, case_records.facts_of(self._uow, each, self._at))
            self._tell_of("nonconformity", each.id, f"NC-{each.number}", each.statement)

    def _case(self, nonconformity_id: int) -> Index:
        """Everything that belongs to a case, round by round; drafts of causes and actions stay with their owner."""
        queries, rows = nonconformity_queries, partial(self._rows, nonconformity_id)
        return {
            "rounds": rows(queries.rounds, indexing.ROUND),
            "responses": rows(queries.responses, indexing.RESPONSE),
            "found_causes": rows(queries.sent_causes, indexing.CAUSE),
            "actions": rows(queries.sent_actions, indexing.ACTION),
            "signatures": rows(queries.signatures, indexing.SIGNATURE),
            "effect_checks": rows(queries.effect_checks, indexing.EFFECT_CHECK),
            "contests": rows(queries.contests, indexing.CONTEST),
            "body_findings": rows(queries.every_of_the_body, indexing.OF_THE_BODY),
            "accesses": rows(queries.accesses, indexing.ACCESS),
            "named_seats": rows(queries.named_seats, indexing.NAMED),
        }

    def _rows(self, of: int, rows: Callable[[UnitOfWork, int], Sequence[Row]], columns: str) -> list[JSON]:
        return [self._told(each, columns) for each in rows(self._uow, of)]

    def _put_audits(self) -> None:
        for audit in self._uow.all(DeskAudit):
            interviews = interviews_of(self._uow, audit)
            if self._has(audit, interviews):
                self._put_audit(audit, interviews)

    def _put_audit(self, audit: DeskAudit, interviews: Interviews) -> None:
        self._tell_of("desk_audit", audit.id)
        told = {
            "reports": [self._report(each) for each in self._reports_of(audit)],
            "found": [self._finding(each) for each in desk_audit_queries.findings_of(self._uow, audit.id)],
            "interviews": self._answered(interviews) if self._scope.answers_because else [],
        }
        self._put("desk_audits", audit.id, {**self._told(audit, indexing.AUDIT), **told})

    def _report(self, report: AuditReport) -> Index:
        self._tell_of("audit_report", report.id)
        return self._told(report, indexing.REPORT)

    def _finding(self, finding: AuditFinding) -> Index:
        self._tell_of("audit_finding", finding.id)
        return self._told(finding, indexing.FOUND)

    def _answered(self, interviews: Interviews) -> list[Index]:
        """What people said, which goes into a pack by choice only."""
        answered: list[Index] = []
        for interview, answers in interviews:
            rounds = self._uow.matching(SealedRound, interview_id=interview.id)
            said = [self._told_answer(answer, rounds) for answer in answers]
            sealed = [self._told(each, indexing.SEALED_ROUND) for each in rounds]
            told = self._told(interview, indexing.INTERVIEW)
            answered.append({**told, "answers": said, "sealed_rounds": sealed})
            self._tell_of("interview", interview.id)
            for each in rounds:
                self._tell_of("sealed_round", each.id)
            for answer in answers:
                self._tell_of("answer", answer.id)
        return answered

    def _told_answer(self, answer: Answer, rounds: Sequence[SealedRound]) -> Index:
        """An answer, with what else its fingerprint covers: the hashes of its files by then, and what was drawn."""
        sealed_at = next((each.confirmed_at for each in rounds if each.round == (answer.round or 1)), None)
        copy = sealing.copy_of(self._uow, answer, sealed_at or answer.answered_at)
        return {**self._told(answer, indexing.ANSWER), "evidence": copy["evidence"], "draws": copy["draws"]}

    def _put_requests(self) -> None:
        for each in self._requests:
            self._put("requests", each.number, self._told(each, indexing.REQUEST))
            self._tell_of("audit_request", each.id, f"R-{each.number}", each.what)

    def _put_statements(self) -> None:
        for edition in sorted(self._scope.editions):
            self._tell_of("statement", edition)
            for each in self._statement(edition):
                self._put("statements", edition, each)
        for reference, decided in framework_queries.applicabilities(self._uow).items():
            if reference.partition(":")[0] in self._scope.editions:
                self._tell_of("applicability", decided.id)

    # --- how the index says it ---

    def _scope_in_words(self) -> Index:
        scope = self._scope
        return {
            "standards": {
                each: framework_questions.catalogue_of(self._uow, each).standard for each in sorted(scope.editions)
            },
            "first": scope.first.isoformat(),
            "last": scope.last.isoformat(),
            "themes": sorted(scope.themes),
            "owners": sorted(scope.owners),
            "requirements": sorted(scope.requirements),
            "answers_because": scope.answers_because,
        }

    def _statement(self, edition: str) -> Iterator[Index]:
        version = framework_queries.latest_statement(self._uow, edition)
        if version is None:
            return
        known = framework_questions.catalogue_of(self._uow, edition).requirements
        decisions = [
            {
                "number": number,
                "title": framework_rules.title(self._uow, known[number]) if number in known else "",
                **decided,
            }
            for number, decided in version.decisions.items()
        ]
        yield {**self._told(version, indexing.STATEMENT), "decisions": decisions}
