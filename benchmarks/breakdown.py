"""What a press costs in the database alone: the statements of its unit of work, and the commit."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median

from benchmarks import company
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.tasks import commands as task_commands


@dataclass(frozen=True)
class Share:
    """Milliseconds of each press."""

    unit_of_work: float
    commit: float


def in_the_database(database: Database, together: int, commits: int) -> Share:
    """The share of a press when so many are committed together; the median of so many commits."""
    with database.unit_of_work(company.TEAM) as uow:
        waiting = company.open_tasks(uow, commits * together)
    shares = [_commit(database, waiting[start : start + together]) for start in range(0, len(waiting), together)]
    return Share(median(each.unit_of_work for each in shares), median(each.commit for each in shares))


def _commit(database: Database, pressed: Sequence[Task]) -> Share:
    began = time.perf_counter()
    with database.unit_of_work(company.TEAM) as uow:
        for task in pressed:
            _complete(uow, task, datetime.now(UTC))
        written = time.perf_counter()
    committed = time.perf_counter()
    return Share(1000 * (written - began) / len(pressed), 1000 * (committed - written) / len(pressed))


def _complete(uow: UnitOfWork, task: Task, at: datetime) -> None:
    # What `bot/slack/calls.py` makes of the press.
    assert uow.first_time(f"press:{task.id}", at)
    task_commands.done(Deed.of(uow, company.OWNER, at), task_id=task.id)
