"""Programme: what the words need to know, looked up in rows."""

from datetime import date

from messages.programme import months as words
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.programme import months

MOST_COMING_UP = 10


def entry(task: Task) -> words.Entry:
    """A task as a line of the calendar."""
    return words.Entry(task.title, task.due_on, task.owner_id, task.state.value, task.external)


def coming_up(deed: Deed, today: date) -> tuple[list[words.Entry], int]:
    """What App Home shows of the next weeks, and how many there are in all."""
    found = months.coming_up(deed, today=today)
    return [entry(each) for each in found[:MOST_COMING_UP]], len(found)
