"""Evidence room: the verdict on what was given, for whoever judges the task or nonconformity that it serves."""

from collections.abc import Iterable
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Given, Verdict
from storage.nonconformities.tables import Nonconformity
from storage.tasks.tables import Task
from workflows.deed import Deed


def judge(
    deed: Deed, given: Iterable[Given], verdict: Verdict, *, reason: str = "", runs_out_on: date | None = None
) -> list[Given]:
    """Give what still waits for it a verdict; says which that was. The verdict is of this use, not of the file.

    Accepted evidence of a task counts until `runs_out_on`.
    """
    waiting = [each for each in given if each.stands and each.use.verdict is Verdict.WAITING]
    for each in waiting:
        judged = {"judged_by": deed.by, "judged_at": deed.at, "reason": reason, "runs_out_on": runs_out_on}
        deed.uow.change(each.use, verdict=verdict, **judged)
        deed.redraw(each.evidence, version=f"use{each.use.id}")
    return waiting


def standing_for(uow: UnitOfWork, subject: Task | Nonconformity) -> list[Given]:
    """What was given for a task or a nonconformity and counts: kept, neither returned nor taken back."""
    of_task = isinstance(subject, Task)
    given = (
        evidence_queries.for_task(uow, subject.id) if of_task else evidence_queries.for_nonconformity(uow, subject.id)
    )
    return [each for each in given if each.stands]


def givers(given: Iterable[Given]) -> set[str]:
    """Everybody who had a part in giving it: none of them judges it."""
    return {person for each in given for person in (each.evidence.provided_by, each.use.added_by)}
