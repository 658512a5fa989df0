"""What people write down of a nonconformity, in the order in which they are asked (cl. 10.2, at times 10.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from workflows.shapes import Choice, Choices, Line, Person, Steps


@dataclass(frozen=True)
class Finding:
    """The parts of a finding: no evidence, no finding, and the requirement with its edition."""

    requirement: Choice
    evidence: str
    statement: str
    place: Line
    sample: Line
    owner_id: Person


@dataclass(frozen=True, kw_only=True)
class Grading:
    """The grade that somebody signs: which tests apply, major or minor, and why."""

    tests: Choices = ()
    grade: Choice
    rationale: str


@dataclass(frozen=True)
class Plan:
    """The owner's response: correction, consequences, extent, causes, corrective action, and how effect is judged.

    `causes` are the steps of asking why, the last being the root cause; the second may go to the root already.
    """

    correction: str
    consequences: str
    extent: str
    causes: Annotated[tuple[str, ...], Steps(least=2, most=3)]
    corrective_action: str
    action_due_on: date
    effect_criterion: str
    check_effect_on: date
    risk_decision: str
    system_decision: str


@dataclass(frozen=True)
class Verification:
    """How it was checked that the actions were carried out, and on what sample."""

    method_and_sample: str


@dataclass(frozen=True)
class Effect:
    """What was measured against the criterion that the owner set."""

    result: str


@dataclass(frozen=True)
class Reason:
    """Why something goes back or is dropped."""

    reason: str
