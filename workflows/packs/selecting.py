"""What a pack holds: everything in its scope, row by row, so that however much there is little of it is held."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from functools import cached_property

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import Answer, DeskAudit, Interview
from storage.engine.canonical import utc_text
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.files.spool import Spool
from storage.frameworks import queries as framework_queries
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Nonconformity
from storage.packs import queries as pack_queries
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditRequest, RequestState
from storage.people import queries as people_queries
from storage.record import trail
from storage.tasks.tables import Task
from workflows.frameworks import overlap
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.nudges.rules import local_day
from workflows.packs import indexing, rules
from workflows.packs.indexing import Index, Use, told
from workflows.packs.rules import Matter, Scope
from workflows.packs.selection import FORMAT, Selection


def select(uow: UnitOfWork, scope: Scope, *, asked_by: str, at: datetime) -> Selection:
    """What a pack of this scope holds, as it stands in this moment; `at` is when it was asked for."""
    with ExitStack() as unless_it_succeeds:
        spool = unless_it_succeeds.enter_context(Spool())
        selection = _Selecting(uow, scope, spool).all_of(asked_by, at)
        unless_it_succeeds.pop_all()
    return selection


class _Selecting:
    """One scope against one state of the database."""

    def __init__(self, uow: UnitOfWork, scope: Scope, spool: Spool) -> None:
        self._uow, self._scope, self._spool = uow, scope, spool
        self._zone = uow.workspace().zone
        self._served: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._themes = {
            each.reference: each.theme
            for edition in sorted(scope.editions)
            for each in framework_questions.catalogue_of(uow, edition).requirements.values()
        }
        self._names = {each.slack_id: each.name for each in people_queries.directory(uow)}
        self._named = set[str]()
        self._titles = spool.part("titles")

    def all_of(self, asked_by: str, at: datetime) -> Selection:
        uow, head = self._uow, trail.head(self._uow)
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
            "folders": dict(rules.titles_of_folders()),
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

    def _tell_of(self, subject: str, subject_id: int | str, serves: str = "", title: str = "") -> None:
        """The trail tells of this in full; where files serve it, they say so by its title."""
        self._spool.put("told", f"{subject} {subject_id}", None)
        if serves:
            self._spool.put("titles", serves, title)

    def _put_tasks(self) -> None:
        """Tasks that were due in the period; others come with the evidence that was given for them."""
        for page in pack_queries.tasks_due(self._uow, self._scope.first, self._scope.last):
            for each in page:
                if self._is_within(each.requirements, each.owner_id, each.due_on, each.due_on):
                    self._put_task(each)

    def _put_task(self, task: Task) -> None:
        """A task, once, however many files were given for it."""
        name = f"T{task.id}"
        if name not in self._titles:
            self._put("tasks", f"{task.due_on.isoformat()} {task.id:019}", told(task, indexing.TASK))
            self._tell_of("task", task.id, name, task.title)

    def _put_evidence(self) -> None:
        scope = self._scope
        for page in pack_queries.evidence_about(self._uow, scope.first, scope.last, besides=self._answering.keys()):
            for uses in self._uses_of(page):
                self._put_piece(uses[0].evidence, uses)

    def _put_piece(self, evidence: Evidence, uses: Sequence[Use]) -> None:
        self._tell_of("evidence", evidence.id)
        if given := next((use for use in uses if use.is_given), None):
            file = indexing.file(uses)
            self._put("files", evidence.id, file)
            self._spool.put(f"files in {given.folder.partition('/')[0]}", evidence.id, file)
        else:
            self._put("not_included", evidence.id, indexing.left_out(uses))
        if evidence.state is EvidenceState.DISPOSED:
            self._spool.put("disposed", evidence.id, self._certificate(evidence))

    def _certificate(self, gone: Evidence) -> Index:
        entry = trail.latest(self._uow, "evidence", gone.id, ("evidence.dispose",))
        sequence = entry.sequence if entry else None
        return {"id": gone.id, "sha256": gone.sha256, "size": gone.size, "certificate": sequence}

    def _put_findings(self) -> None:
        for each in self._findings.values():
            responses = [
                told(given, indexing.RESPONSE) for given in nonconformity_queries.responses(self._uow, each.id)
            ]
            self._put("nonconformities", each.number, {**told(each, indexing.FINDING), "responses": responses})
            self._tell_of("nonconformity", each.id, f"NC-{each.number}", each.statement)

    def _put_audits(self) -> None:
        for audit in self._uow.all(DeskAudit):
            interviews = [
                (each, desk_audit_queries.answers_of(self._uow, each.id))
                for each in desk_audit_queries.interviews_of(self._uow, audit.id)
            ]
            if self._has(audit, interviews):
                self._put_audit(audit, interviews)

    def _put_audit(self, audit: DeskAudit, interviews: Sequence[tuple[Interview, Sequence[Answer]]]) -> None:
        answered: list[Index] = []
        self._tell_of("desk_audit", audit.id)
        for interview, answers in interviews:
            said = [told(answer, indexing.ANSWER) for answer in answers]
            answered.append({**told(interview, indexing.INTERVIEW), "answers": said})
            self._tell_of("interview", interview.id)
            for answer in answers:
                self._tell_of("answer", answer.id)
        self._put("desk_audits", audit.id, {**told(audit, indexing.AUDIT), "interviews": answered})

    def _put_requests(self) -> None:
        for each in self._requests:
            self._put("requests", each.number, told(each, indexing.REQUEST))
            self._tell_of("audit_request", each.id, f"R-{each.number}", each.what)

    def _put_statements(self) -> None:
        for edition in sorted(self._scope.editions):
            self._tell_of("statement", edition)
            for each in self._statement(edition):
                self._put("statements", edition, each)
        for reference, decided in framework_queries.applicabilities(self._uow).items():
            if reference.partition(":")[0] in self._scope.editions:
                self._tell_of("applicability", decided.id)

    # --- what is in the scope ---

    def _uses_of(self, page: Sequence[Evidence]) -> Iterator[list[Use]]:
        """For each piece of evidence that serves something in the scope, what it serves there."""
        uses: dict[int, list[EvidenceUse]] = {}
        for each in pack_queries.uses_of(self._uow, [each.id for each in page if self._speaks(each)]):
            uses.setdefault(each.evidence_id, []).append(each)
        tasks = self._tasks_of([each for given in uses.values() for each in given])
        for evidence in page:
            given = uses.get(evidence.id, [])
            found = [
                *self._for_tasks(evidence, given, tasks),
                *self._for_findings(evidence, given),
                *self._for_requests(evidence),
            ]
            if found:
                yield found

    def _tasks_of(self, uses: Iterable[EvidenceUse]) -> dict[int, Task]:
        wanted = {each.task_id for each in uses if each.task_id is not None}
        return {each.id: each for each in pack_queries.tasks_among(self._uow, wanted)}

    def _for_tasks(self, evidence: Evidence, uses: Iterable[EvidenceUse], tasks: Mapping[int, Task]) -> Iterator[Use]:
        for use in uses:
            task = tasks.get(use.task_id or 0)
            if task is None or not self._is_within(task.requirements, task.owner_id, *_period(evidence)):
                continue
            self._put_task(task)
            reference = self._reference(task.requirements)
            folder = f"{rules.folder_of(reference)}/T{task.id}-{task.due_on.isoformat()}-{rules.short_name(task.title)}"
            yield indexing.use_of(evidence, use, serves=f"T{task.id}", folder=folder, reference=reference)

    def _for_findings(self, evidence: Evidence, uses: Iterable[EvidenceUse]) -> Iterator[Use]:
        for use in uses:
            if finding := self._findings.get(use.nonconformity_id or 0):
                name, reference = f"NC-{finding.number}", self._reference([finding.requirement])
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
        return {
            each.id: each
            for each in pack_queries.findings(self._uow)
            if self._is_within([each.requirement], each.owner_id, self._day(each.raised_at), self._day(each.closed_at))
        }

    def _has(self, audit: DeskAudit, interviews: Sequence[tuple[Interview, Sequence[Answer]]]) -> bool:
        references = {reference for _, answers in interviews for each in answers for reference in each.requirements}
        confirmed = [self._day(each.confirmed_at) for each, _ in interviews if each.confirmed_at]
        begins = self._day(audit.opened_at)
        about = references or {f"{audit.edition}:"}
        return self._is_within(about, audit.auditor_id, begins, max([begins, *confirmed]))

    @cached_property
    def _requests(self) -> list[AuditRequest]:
        return [each for each in stored_requests.every(self._uow) if self._asks_within(each)]

    def _asks_within(self, request: AuditRequest) -> bool:
        """A request that names no requirement is about all of them."""
        about = [request.requirement] if request.requirement else list(self._themes)
        begins, ends = self._day(request.asked_at), self._day(request.settled_at)
        return self._is_within(about, request.owner_id or "", begins, ends)

    def _is_within(self, references: Iterable[str], owner_id: str, begins: date, ends: date) -> bool:
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
        yield {**told(version, indexing.STATEMENT), "decisions": decisions}


def _period(evidence: Evidence) -> tuple[date, date]:
    return evidence.period_begins or evidence.collected_on, evidence.period_ends or evidence.collected_on
