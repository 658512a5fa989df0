"""Where a nonconformity is raised from: what is known already there, and the draft that is made of it.

Evidence that was returned, a task that was missed and a probe that failed are rows; the rest is said in the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceUse, Verdict
from storage.machines.tables import ProbeRun, RunState
from storage.nonconformities.origins import Against, Source
from storage.nonconformities.tables import Nonconformity
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.nonconformities import commands
from workflows.nonconformities.origins import Origin
from workflows.nonconformities.shapes import Finding, Raised
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted, Stale, Thing
from workflows.wishes import Wish

WENT_WRONG_IN = (TaskState.OPEN, TaskState.RETURNED, TaskState.MISSED)


@dataclass(frozen=True)
class Known:
    """What a row tells of a nonconformity: what was seen, with files; what that is against, and whose work it is."""

    seen: str
    requirement: str
    owner_id: str
    files: tuple[Evidence, ...] = ()


def _of_evidence(uow: UnitOfWork, row_id: int) -> Known:
    use = uow.get(EvidenceUse, row_id)
    task = uow.get(Task, use.task_id or 0)
    return Known(use.reason, _first(task), task.owner_id, (uow.get(Evidence, use.evidence_id),))


def _of_task(uow: UnitOfWork, row_id: int) -> Known:
    task = uow.get(Task, row_id)
    said = "\n".join(each for each in (task.title, task.reason) if each)
    return Known(said, _first(task), task.owner_id)


def _of_probe(uow: UnitOfWork, row_id: int) -> Known:
    run = uow.get(ProbeRun, row_id)
    task = uow.get(Task, run.task_id or 0)
    files = [each.evidence for each in evidence_queries.for_task(uow, task.id)]
    return Known(run.seen, _first(task), task.owner_id, tuple(each for each in files if each.sha256 == run.sha256))


def _first(task: Task) -> str:
    return next(iter(task.requirements), "")


ROWS: Mapping[Source, Callable[[UnitOfWork, int], Known]] = MappingProxyType(
    {
        Source.REJECTED_EVIDENCE: _of_evidence,
        Source.MISSED_OBLIGATION: _of_task,
        Source.FAILED_PROBE: _of_probe,
    }
)
"""What each kind of row tells."""


def known_of(uow: UnitOfWork, source: Source, row_id: int) -> Known:
    """What is known already of what somebody wants to raise a nonconformity of."""
    return ROWS[source](uow, row_id)


def what_went_wrong(deed: Deed, *, task_id: int) -> tuple[Source, int]:
    """Where a nonconformity of a task comes from, and the row that says so, for whoever decides on the task.

    Raises `NotAllowed` or `Stale`.
    """
    deed.must(Permission.ACCEPT_TASK)
    task = deed.uow.get(Task, task_id)
    found = of_task(deed.uow, task, deed.today)
    if found is None:
        raise Stale(Thing.NAMED, task.title)
    return found


def of_task(uow: UnitOfWork, task: Task, today: date) -> tuple[Source, int] | None:
    """The same, or None where nothing went wrong: a failed probe says more than a return, and that more than a day."""
    if task.state not in WENT_WRONG_IN:
        return None
    if failed := uow.matching(ProbeRun, task_id=task.id, state=RunState.FAILED):
        return Source.FAILED_PROBE, failed[-1].id
    if returned := uow.matching(EvidenceUse, task_id=task.id, verdict=Verdict.RETURNED):
        return Source.REJECTED_EVIDENCE, returned[-1].id
    is_late = task.state is TaskState.MISSED or task.due_on < today
    return (Source.MISSED_OBLIGATION, task.id) if is_late else None


def finding_of(uow: UnitOfWork, said: Raised) -> Finding:
    """The finding that was written down: a new place or process counts before one that was chosen.

    What was chosen is the id of a nonconformity that names it.
    """
    is_against_a_standard = said.against == Against.STANDARD
    return Finding(
        requirement=said.requirement if is_against_a_standard else "",
        criterion="" if is_against_a_standard else said.criterion,
        evidence=said.evidence,
        statement=said.statement,
        place=said.new_place.strip() or (_chosen(uow, said.place).place if said.place else ""),
        process=said.new_process.strip() or (_chosen(uow, said.process).process or "" if said.process else ""),
        sample=said.sample,
        owner_id=said.owner_id,
    )


def _chosen(uow: UnitOfWork, chosen: str) -> Nonconformity:
    return uow.get(Nonconformity, int(chosen))


def raise_from(deed: Deed, *, said: Raised, source: str, row_id: int = 0) -> Nonconformity:
    """Raise a draft from where somebody says it comes from; of a row it is `row_id`. Raises as `raise_draft` does."""
    finding, known = finding_of(deed.uow, said), origin(said.against, source, row_id, deed.uow)
    if not finding.place.strip():  # the menu of those named before is not always there
        raise InputWanted("new_place", Wish.NAME_PLACE)
    return commands.raise_draft(deed, finding=finding, origin=known)


def origin(against: str, source: str, row_id: int, uow: UnitOfWork) -> Origin:
    """What is kept of where it comes from. Raises `InputWanted` for words that aren't on the lists."""
    if against not in tuple(Against):
        raise InputWanted("against", Wish.CHOOSE_ONE_OPTION)
    if source not in tuple(Source):
        raise InputWanted("source", Wish.CHOOSE_SOURCE)
    return Origin(Source(source), Against(against), **_row(source, row_id, uow))


def _row(source: str, row_id: int, uow: UnitOfWork) -> dict[str, int | None]:
    match source:
        case Source.REJECTED_EVIDENCE:
            use = uow.get(EvidenceUse, row_id)
            return {"evidence_id": use.evidence_id, "task_id": use.task_id}
        case Source.MISSED_OBLIGATION:
            return {"task_id": row_id}
        case Source.FAILED_PROBE:
            return {"probe_run_id": row_id, "task_id": uow.get(ProbeRun, row_id).task_id}
    return {}
