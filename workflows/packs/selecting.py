"""What a pack holds: everything in its scope, as the values its index is made of, and the files to be copied."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from storage import desk_audits as stored_audits
from storage import frameworks as stored_frameworks
from storage import nonconformities as stored_findings
from storage import packs as stored
from storage import people as stored_people
from storage import requests as stored_requests
from storage import trail
from storage.canonical import utc_text
from storage.desk_audits import Answer, DeskAudit, Interview
from storage.evidence import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.nonconformities import Nonconformity
from storage.requests import AuditRequest, RequestState
from storage.tasks import Task
from storage.unit_of_work import UnitOfWork
from workflows import frameworks
from workflows.nudges import local_day
from workflows.packs import indexing, rules
from workflows.packs.indexing import HeldFile, Index, Use, told
from workflows.packs.rules import Matter, Scope

FORMAT = "deskaudit-pack/1"

Subject = tuple[str, str]
"""What an entry of the trail is about: a kind and an id."""


@dataclass(frozen=True)
class Selection:
    """Everything that a pack is made of. `told` are the subjects whose entries of the trail go in, up to `head`.

    `disposed` are the pieces whose bytes are gone, with the entry of the trail that is their certificate.
    """

    workspace_id: str
    index: Index
    files: tuple[HeldFile, ...]
    disposed: tuple[Index, ...]
    told: frozenset[Subject]
    head_sequence: int
    head_hash: str


def select(uow: UnitOfWork, scope: Scope, *, asked_by: str, at: datetime) -> Selection:
    """What a pack of this scope holds, as it stands in this moment; `at` is when it was asked for."""
    return _Selecting(uow, scope).all_of(asked_by, at)


class _Selecting:
    """One scope against one state of the database."""

    def __init__(self, uow: UnitOfWork, scope: Scope) -> None:
        self._uow, self._scope = uow, scope
        self._zone = uow.workspace().zone
        self._served: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._themes = {
            each.reference: each.theme
            for edition in sorted(scope.editions)
            for each in frameworks.catalogue_of(uow, edition).requirements.values()
        }

    def all_of(self, asked_by: str, at: datetime) -> Selection:
        uow, head = self._uow, trail.head(self._uow)
        groups = indexing.by_evidence(self._uses)
        held = [indexing.held(uses) for uses in groups]
        index: Index = {
            "format": FORMAT,
            "organisation": uow.workspace().name,
            "zone": self._zone,
            "asked_by": asked_by,
            "asked_at": utc_text(at),
            "scope": self._scope_in_words(),
            "files": [indexing.file(uses) for uses, found in zip(groups, held, strict=True) if found],
            "not_included": [indexing.left_out(uses) for uses, found in zip(groups, held, strict=True) if not found],
            "tasks": [told(each, indexing.TASK) for each in self._tasks],
            "nonconformities": [self._finding(each) for each in self._findings],
            "desk_audits": [self._audit(each) for each in self._audits],
            "requests": [told(each, indexing.REQUEST) for each in self._requests],
            "statements": [each for edition in sorted(self._scope.editions) for each in self._statement(edition)],
            "folders": dict(rules.titles_of_folders()),
            "heads": [
                {"week_of": each.week_of.isoformat(), "sequence": each.trail_sequence, "hash": each.trail_hash}
                for each in stored.published_heads(uow, head.sequence)
            ],
        }
        names = {each.slack_id: each.name for each in stored_people.directory(uow)}
        return Selection(
            workspace_id=uow.workspace_id,
            index=indexing.naming_only(index, names),
            files=tuple(each for each in held if each),
            disposed=tuple(self._certificate(uses[0].evidence) for uses in groups if _is_gone(uses[0].evidence)),
            told=frozenset(self._spoken_of(groups)),
            head_sequence=head.sequence,
            head_hash=head.hash,
        )

    def _certificate(self, gone: Evidence) -> Index:
        entry = trail.latest(self._uow, "evidence", gone.id, ("evidence.dispose",))
        sequence = entry.sequence if entry else None
        return {"id": gone.id, "sha256": gone.sha256, "size": gone.size, "certificate": sequence}

    # --- what is in the scope ---

    @cached_property
    def _tasks(self) -> list[Task]:
        due = stored.tasks_due(self._uow, self._scope.first, self._scope.last)
        used = sorted(self._shown_by.keys() - {each.id for each in due})
        dated = [each for each in due if self._is_within(each.requirements, each.owner_id, each.due_on, each.due_on)]
        shown = [each for each in stored.tasks_among(self._uow, used) if self._is_shown(each)]
        return sorted([*dated, *shown], key=lambda task: (task.due_on, task.id))

    def _is_shown(self, task: Task) -> bool:
        """A task that was due at another time, but whose evidence speaks of this one."""
        return any(self._speaks(each, task) for each in self._shown_by[task.id])

    @cached_property
    def _shown_by(self) -> dict[int, list[Evidence]]:
        shown: dict[int, list[Evidence]] = {}
        for use in self._stored_uses:
            if use.task_id is not None:
                shown.setdefault(use.task_id, []).append(self._evidence[use.evidence_id])
        return shown

    def _speaks(self, evidence: Evidence, task: Task) -> bool:
        return self._is_within(task.requirements, task.owner_id, *_period(evidence))

    @cached_property
    def _evidence(self) -> dict[int, Evidence]:
        return {each.id: each for each in stored.evidence_about(self._uow, self._scope.first, self._scope.last)}

    @cached_property
    def _stored_uses(self) -> list[EvidenceUse]:
        return stored.uses_of(self._uow, list(self._evidence))

    @cached_property
    def _uses(self) -> list[Use]:
        tasks = {each.id: each for each in self._tasks}
        findings = {each.id: each for each in self._findings}
        served = [
            *(self._for_task(use, tasks[use.task_id]) for use in self._stored_uses if use.task_id in tasks),
            *(
                self._for_finding(use, findings[use.nonconformity_id])
                for use in self._stored_uses
                if use.nonconformity_id in findings
            ),
        ]
        return [*(each for each in served if each), *self._for_requests()]

    def _for_task(self, use: EvidenceUse, task: Task) -> Use | None:
        evidence = self._evidence[use.evidence_id]
        if not self._speaks(evidence, task):
            return None
        reference = self._reference(task.requirements)
        folder = f"{rules.folder_of(reference)}/T{task.id}-{task.due_on.isoformat()}-{rules.short_name(task.title)}"
        return indexing.use_of(evidence, use, serves=f"T{task.id}", folder=folder, reference=reference)

    def _for_finding(self, use: EvidenceUse, finding: Nonconformity) -> Use:
        name, reference = f"NC-{finding.number}", self._reference([finding.requirement])
        folder = f"{rules.folder('nonconformities')}/{name}"
        return indexing.use_of(self._evidence[use.evidence_id], use, serves=name, folder=folder, reference=reference)

    def _for_requests(self) -> Iterator[Use]:
        for request in self._requests:
            name, is_accepted = f"R-{request.number}", request.state is RequestState.ACCEPTED
            given = [
                self._uow.get(Evidence, each.evidence_id) for each in stored_requests.evidence_of(self._uow, request.id)
            ]
            for each in given:
                if each.sha256 is None:  # it never came, or was not kept
                    continue
                yield Use(
                    evidence=each,
                    serves=name,
                    folder=f"{rules.folder('requests')}/{name}",
                    reference=request.requirement,
                    verdict=(Verdict.ACCEPTED if is_accepted else Verdict.WAITING).value,
                    judged_by=request.settled_by,
                    judged_at=request.settled_at,
                    answers=True,
                )

    @cached_property
    def _findings(self) -> list[Nonconformity]:
        return [
            each
            for each in stored.findings(self._uow)
            if self._is_within([each.requirement], each.owner_id, self._day(each.raised_at), self._day(each.closed_at))
        ]

    @cached_property
    def _audits(self) -> list[tuple[DeskAudit, list[tuple[Interview, list[Answer]]]]]:
        found = []
        for audit in self._uow.all(DeskAudit):
            interviews = [
                (each, stored_audits.answers_of(self._uow, each.id))
                for each in stored_audits.interviews_of(self._uow, audit.id)
            ]
            if self._has(audit, interviews):
                found.append((audit, interviews))
        return found

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
            self._served[given] = frameworks.serves(given, self._scope.editions)
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
            "standards": {each: frameworks.catalogue_of(self._uow, each).standard for each in sorted(scope.editions)},
            "first": scope.first.isoformat(),
            "last": scope.last.isoformat(),
            "themes": sorted(scope.themes),
            "owners": sorted(scope.owners),
            "requirements": sorted(scope.requirements),
        }

    def _finding(self, finding: Nonconformity) -> Index:
        responses = [told(each, indexing.RESPONSE) for each in stored_findings.responses(self._uow, finding.id)]
        return {**told(finding, indexing.FINDING), "responses": responses}

    def _audit(self, audited: tuple[DeskAudit, Sequence[tuple[Interview, Sequence[Answer]]]]) -> Index:
        audit, interviews = audited
        answered = [
            {**told(each, indexing.INTERVIEW), "answers": [told(answer, indexing.ANSWER) for answer in answers]}
            for each, answers in interviews
        ]
        return {**told(audit, indexing.AUDIT), "interviews": answered}

    def _statement(self, edition: str) -> Iterator[Index]:
        version = stored_frameworks.latest_statement(self._uow, edition)
        if version is None:
            return
        known = frameworks.catalogue_of(self._uow, edition).requirements
        decisions = [
            {
                "number": number,
                "title": frameworks.title(self._uow, known[number]) if number in known else "",
                **decided,
            }
            for number, decided in version.decisions.items()
        ]
        yield {**told(version, indexing.STATEMENT), "decisions": decisions}

    def _spoken_of(self, groups: Sequence[Sequence[Use]]) -> Iterator[Subject]:
        """Everything that the index speaks of."""
        yield from (("evidence", str(uses[0].evidence.id)) for uses in groups)
        yield from (("task", str(each.id)) for each in self._tasks)
        yield from (("nonconformity", str(each.id)) for each in self._findings)
        yield from (("audit_request", str(each.id)) for each in self._requests)
        yield from (("statement", edition) for edition in self._scope.editions)
        for audit, interviews in self._audits:
            yield "desk_audit", str(audit.id)
            yield from (("interview", str(each.id)) for each, _ in interviews)
            yield from (("answer", str(answer.id)) for _, answers in interviews for answer in answers)
        for reference, decided in stored_frameworks.applicabilities(self._uow).items():
            if reference.partition(":")[0] in self._scope.editions:
                yield "applicability", str(decided.id)


def _period(evidence: Evidence) -> tuple[date, date]:
    return evidence.period_begins or evidence.collected_on, evidence.period_ends or evidence.collected_on


def _is_gone(evidence: Evidence) -> bool:
    return evidence.state is EvidenceState.DISPOSED
