"""Tasks: what its buttons and forms carry back to us."""

from dataclasses import dataclass

from messages.words.payloads import Payload


@dataclass(frozen=True)
class TaskRef(Payload):
    """A task as the reader saw it; `version` tells a click on an old card from one on the present state."""

    task: int
    version: int


@dataclass(frozen=True)
class TaskDeed(Payload):
    """What was chosen in the menu on a task's card."""

    deed: str
    task: int
    version: int


@dataclass(frozen=True)
class HandoverRef(Payload):
    """Somebody's wish that a task change hands."""

    handover: int


@dataclass(frozen=True)
class ListRef(Payload):
    """A page of a list of tasks, and what it was narrowed down to."""

    whose: str
    state: str
    overdue: bool
    edition: str
    page: int


@dataclass(frozen=True)
class LoadRef(Payload):
    """Everything one person looks after, in the numbers its reader saw, and who is to have it."""

    from_id: str
    to_id: str
    numbers: str
