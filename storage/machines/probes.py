"""Questions about runs of probes."""

from datetime import date
from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.machines.tables import ProbeRun, RunState


def run_on(uow: "UnitOfWork", name: str, due_on: date) -> ProbeRun | None:
    """The run of a probe on a day."""
    return next(iter(uow.matching(ProbeRun, name=name, due_on=due_on)), None)


def last_settled(uow: "UnitOfWork", name: str, before: date) -> ProbeRun | None:
    """What a probe found the last time before a day."""
    found = uow.all(
        ProbeRun,
        col(ProbeRun.name) == name,
        col(ProbeRun.due_on) < before,
        col(ProbeRun.state) != RunState.RUNNING,
        order_by=col(ProbeRun.due_on).desc(),
        limit=1,
    )
    return found[0] if found else None


def tasks_of(uow: "UnitOfWork", name: str) -> set[int]:
    """The tasks that a probe's failures opened."""
    failed = uow.all(ProbeRun, col(ProbeRun.name) == name, col(ProbeRun.task_id).is_not(None))
    return {each.task_id for each in failed if each.task_id}
