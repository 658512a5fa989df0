"""What people write down of an action that they carry out."""

from dataclasses import dataclass

from workflows.shapes import Person


@dataclass(frozen=True)
class Proof:
    """What shows that an action was done, beside the files that were given."""

    proof: str = ""


@dataclass(frozen=True)
class HandedBack:
    """Why somebody can't carry an action out."""

    reason: str


@dataclass(frozen=True)
class NewAssignee:
    """Who carries an action out instead."""

    assignee_id: Person
