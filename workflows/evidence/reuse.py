"""Evidence room: one file for more than one thing: the same as last time, and what else it serves."""

from collections.abc import Sequence

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import commands as evidence_commands
from workflows.evidence import questions as evidence_questions
from workflows.evidence import retention
from workflows.evidence.commands import must_be_open, owners_of
from workflows.evidence.refusals import NoOtherTask
from workflows.frameworks import overlap
from workflows.frameworks import questions as framework_questions
from workflows.people.permissions import Permission
from workflows.refusals import AlreadyDecided, NotAllowed, Thing, Tried, WhoMay
from workflows.tasks.refusals import NothingKept

# --- rules ---

WRONG_FILE = "wrong file"

# --- commands ---


def still_right(deed: Deed, *, evidence_id: int) -> Evidence:
    """The giver says that the same bytes as before are right this time too: only now they are handed in.

    Raises `NotAllowed`, or `AlreadyDecided` when that was answered before or the task takes nothing any more.
    """
    same, use = asked_about(deed, evidence_id=evidence_id)
    _still_takes_files(deed, use)
    deed.record("evidence.confirm", same)
    evidence_commands.hand_over(deed, use)
    _answered(deed, deed.uow.change(same))
    evidence_commands.answer(deed, same, "evidence.receipt")
    return same


def wrong_file(deed: Deed, *, evidence_id: int) -> Evidence:
    """The giver takes it back: it was the wrong file. It stays on record, and the task stays open."""
    same, use = asked_about(deed, evidence_id=evidence_id)
    deed.uow.change(use, verdict=Verdict.WITHDRAWN, reason=WRONG_FILE)
    deed.record("evidence.withdraw", same, reason=WRONG_FILE)
    _answered(deed, deed.uow.change(same))
    return same


def _still_takes_files(deed: Deed, use: EvidenceUse) -> None:
    if use.task_id is not None:
        evidence_questions.task_taking(deed, task_id=use.task_id)
    else:
        evidence_questions.nonconformity_taking(deed, nonconformity_id=use.nonconformity_id or 0)


def _answered(deed: Deed, evidence: Evidence) -> None:
    deed.redraw(evidence)


def serve_also(deed: Deed, *, evidence_id: int, task_ids: Sequence[int]) -> list[EvidenceUse]:
    """Say which further tasks a file serves; each of them is handed in with it. What it served before stays.

    Raises `NotAllowed`, `NothingKept`, or `AlreadyDecided` for a task that takes nothing any more.
    """
    evidence = to_extend(deed, evidence_id=evidence_id)
    offered = {task.id for task in further_tasks(deed, evidence_id=evidence_id)}
    if not offered.issuperset(task_ids):
        raise NoOtherTask(file=evidence.name)
    return [_serve(deed, evidence, task_id) for task_id in task_ids]


def _serve(deed: Deed, evidence: Evidence, task_id: int) -> EvidenceUse:
    use = deed.uow.add(EvidenceUse(evidence_id=evidence.id, task_id=task_id, added_by=deed.by, added_at=deed.at))
    deed.record("evidence.serve", evidence, task=task_id, sha256=evidence.sha256)
    retention.plan(deed.uow, deed.uow.get(Evidence, evidence.id))
    evidence_commands.hand_over(deed, use)
    return use


# --- questions ---


def asked_about(deed: Deed, *, evidence_id: int) -> tuple[Evidence, EvidenceUse]:
    """The file its giver is asked about, and what it is for. Raises `NotAllowed` or `AlreadyDecided`."""
    same = deed.uow.get(Evidence, evidence_id)
    use = evidence_queries.uses_of(deed.uow, same.id)[0]
    if deed.by != same.provided_by:
        raise NotAllowed(Tried.SAY_STILL_RIGHT, WhoMay.GIVER, same.provided_by)
    if use.verdict is not None or same.state is not EvidenceState.KEPT:
        raise AlreadyDecided(what=Thing.NAMED, called=same.name, state=f"file_{use.verdict or same.state}", by=None)
    return same, use


def to_extend(deed: Deed, *, evidence_id: int) -> Evidence:
    """A kept file of which its giver, the owner of what it is for, or a lead may say more.

    Raises `NotAllowed` or `NothingKept`.
    """
    evidence = deed.uow.get(Evidence, evidence_id)
    must_be_open(deed, evidence)
    if deed.by not in {evidence.provided_by, *owners_of(deed.uow, evidence)} and not deed.may(Permission.ACCEPT_TASK):
        raise NotAllowed(Tried.CHANGE_DETAILS, WhoMay.GIVER_OWNER_OR_LEAD)
    if evidence.state is not EvidenceState.KEPT:
        raise NothingKept(file=evidence.name, state=evidence.state.value)
    return evidence


def further_tasks(deed: Deed, *, evidence_id: int) -> list[Task]:
    """Open tasks of its giver that a file could serve too: first those it shows by the same or harmonised clauses.

    Raises `NotAllowed` or `NothingKept`.
    """
    evidence = to_extend(deed, evidence_id=evidence_id)
    served = {use.task_id for use in evidence_queries.uses_of(deed.uow, evidence.id)}
    waiting = task_queries.waiting_for_any(deed.uow, [evidence.provided_by])
    shown = frozenset(overlap.serves(_requirements(deed.uow, served), framework_questions.scope(deed.uow)))
    return sorted(
        (task for task in waiting if task.id not in served), key=lambda task: shown.isdisjoint(task.requirements)
    )


def _requirements(uow: UnitOfWork, task_ids: set[int | None]) -> list[str]:
    return [reference for each in task_ids if each is not None for reference in uow.get(Task, each).requirements]
