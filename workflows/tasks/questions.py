"""Tasks: what can be asked; nothing is written."""

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Given
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import verdicts
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted, NotAllowed, Tried, WhoMay
from workflows.wishes import Wish


def kept(uow: UnitOfWork, task: Task) -> list[Given]:
    """The evidence of a task whose bytes are in the store and which was not returned."""
    return verdicts.standing_for(uow, task)


def is_independent(uow: UnitOfWork, task: Task, person_id: str) -> bool:
    """Whether somebody had no part in a task: neither owner, nor submitter, nor giver of its evidence."""
    return person_id not in with_a_part(uow, task)


def with_a_part(uow: UnitOfWork, task: Task) -> set[str | None]:
    """Whose own work a task is: owner, absent owner, submitter, givers of its evidence."""
    return {task.owner_id, task.stands_in_for, task.submitted_by} | verdicts.givers(kept(uow, task))


def own(deed: Deed, task_id: int, tried: Tried) -> Task:
    """The task, for its owner only. Raises `NotAllowed`."""
    task = deed.uow.get(Task, task_id)
    if deed.by != task.owner_id:
        raise NotAllowed(tried, WhoMay.OWNER, task.owner_id)
    return task


def to_see(deed: Deed, *, task_id: int) -> Task:
    """The task, for those it concerns and those who see everyone's. Raises `NotAllowed`."""
    task = deed.uow.get(Task, task_id)
    if deed.by not in (task.owner_id, task.stands_in_for):
        deed.must(Permission.SEE_EVERYONES_TASKS)
    return task


def wanted(text: str, wish: Wish, *, field: str = "reason") -> str:
    """What somebody wrote, without white space around it. Raises `InputWanted` when there is nothing."""
    if not text.strip():
        raise InputWanted(field, wish)
    return text.strip()
