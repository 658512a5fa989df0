"""Evidence room: one file for more than one thing: the same as last time, and what else it serves."""

from collections.abc import Sequence
from datetime import datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.evidence import commands as evidence_commands
from workflows.evidence import questions as evidence_questions
from workflows.evidence import retention
from workflows.evidence.commands import owners_of
from workflows.evidence.refusals import NoOtherTask
from workflows.frameworks import overlap
from workflows.frameworks import questions as framework_questions
from workflows.nudges import commands as nudge_commands
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, NotAllowed
from workflows.tasks.refusals import NothingKept

# --- rules ---

WRONG_FILE = "wrong file"

# --- commands ---


def still_right(uow: UnitOfWork, actor: Actor, *, evidence_id: int, at: datetime) -> Evidence:
    """The giver says that the same bytes as before are right this time too: only now they are handed in.

    Raises `NotAllowed`, or `AlreadyDecided` when that was answered before or the task takes nothing any more.
    """
    same, use = asked_about(uow, actor, evidence_id=evidence_id)
    _still_takes_files(uow, actor, use, at)
    uow.record(actor=actor.person_id, verb="evidence.confirm", subject="evidence", subject_id=same.id, at=at)
    evidence_commands.hand_over(uow, use, at)
    _answered(uow, uow.change(same), at)
    evidence_commands.answer(uow, same, "evidence.receipt", at)
    return same


def wrong_file(uow: UnitOfWork, actor: Actor, *, evidence_id: int, at: datetime) -> Evidence:
    """The giver takes it back: it was the wrong file. It stays on record, and the task stays open."""
    same, use = asked_about(uow, actor, evidence_id=evidence_id)
    uow.change(use, verdict=Verdict.WITHDRAWN, reason=WRONG_FILE)
    uow.record(
        actor=actor.person_id,
        verb="evidence.withdraw",
        subject="evidence",
        subject_id=same.id,
        at=at,
        details={"reason": WRONG_FILE},
    )
    _answered(uow, uow.change(same), at)
    return same


def _still_takes_files(uow: UnitOfWork, actor: Actor, use: EvidenceUse, at: datetime) -> None:
    if use.task_id is not None:
        evidence_questions.task_taking(uow, actor, task_id=use.task_id, at=at)
    else:
        evidence_questions.nonconformity_taking(uow, actor, nonconformity_id=use.nonconformity_id or 0, at=at)


def _answered(uow: UnitOfWork, evidence: Evidence, at: datetime) -> None:
    nudge_commands.refresh(uow, subject="evidence", subject_id=evidence.id, version=evidence.version, at=at)


def serve_also(
    uow: UnitOfWork, actor: Actor, *, evidence_id: int, task_ids: Sequence[int], at: datetime
) -> list[EvidenceUse]:
    """Say which further tasks a file serves; each of them is handed in with it. What it served before stays.

    Raises `NotAllowed`, `NothingKept`, or `AlreadyDecided` for a task that takes nothing any more.
    """
    evidence = to_extend(uow, actor, evidence_id=evidence_id)
    offered = {task.id for task in further_tasks(uow, actor, evidence_id=evidence_id, at=at)}
    if not offered.issuperset(task_ids):
        raise NoOtherTask(file=evidence.name)
    return [_serve(uow, actor, evidence, task_id, at) for task_id in task_ids]


def _serve(uow: UnitOfWork, actor: Actor, evidence: Evidence, task_id: int, at: datetime) -> EvidenceUse:
    use = uow.add(EvidenceUse(evidence_id=evidence.id, task_id=task_id, added_by=actor.person_id, added_at=at))
    uow.record(
        actor=actor.person_id,
        verb="evidence.serve",
        subject="evidence",
        subject_id=evidence.id,
        at=at,
        details={"task": task_id, "sha256": evidence.sha256},
    )
    retention.plan(uow, uow.get(Evidence, evidence.id))
    evidence_commands.hand_over(uow, use, at)
    return use


# --- questions ---


def asked_about(uow: UnitOfWork, actor: Actor, *, evidence_id: int) -> tuple[Evidence, EvidenceUse]:
    """The file its giver is asked about, and what it is for. Raises `NotAllowed` or `AlreadyDecided`."""
    same = uow.get(Evidence, evidence_id)
    use = evidence_queries.uses_of(uow, same.id)[0]
    if actor.person_id != same.provided_by:
        raise NotAllowed(
            deed="say whether this file is still right", who_may=f"whoever provided it, <@{same.provided_by}>"
        )
    if use.verdict is not None or same.state is not EvidenceState.KEPT:
        raise AlreadyDecided(what=same.name, state=f"file_{use.verdict or same.state}", by=None)
    return same, use


def to_extend(uow: UnitOfWork, actor: Actor, *, evidence_id: int) -> Evidence:
    """A kept file of which its giver, the owner of what it is for, or a lead may say more.

    Raises `NotAllowed` or `NothingKept`.
    """
    evidence = uow.get(Evidence, evidence_id)
    if actor.person_id not in {evidence.provided_by, *owners_of(uow, evidence)} and not actor.may("accept a task"):
        raise NotAllowed(deed="change the details of this file", who_may="whoever provided it, its owner, or a lead")
    if evidence.state is not EvidenceState.KEPT:
        raise NothingKept(file=evidence.name, state=evidence.state.value)
    return evidence


def further_tasks(uow: UnitOfWork, actor: Actor, *, evidence_id: int, at: datetime) -> list[Task]:
    """Open tasks of its giver that a file could serve too: first those it shows by the same or harmonised clauses.

    Raises `NotAllowed` or `NothingKept`.
    """
    evidence = to_extend(uow, actor, evidence_id=evidence_id)
    served = {use.task_id for use in evidence_queries.uses_of(uow, evidence.id)}
    waiting = task_queries.waiting_for_any(uow, [evidence.provided_by])
    shown = frozenset(overlap.serves(_requirements(uow, served), framework_questions.scope(uow)))
    return sorted(
        (task for task in waiting if task.id not in served), key=lambda task: shown.isdisjoint(task.requirements)
    )


def _requirements(uow: UnitOfWork, task_ids: set[int | None]) -> list[str]:
    return [reference for each in task_ids if each is not None for reference in uow.get(Task, each).requirements]
