"""What people write down of a nonconformity, in the order in which they are asked (cl. 10.2, at times 10.1)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from workflows.shapes import Choice, Choices, Line, Person, Steps


@dataclass(frozen=True)
class Finding:
    """The parts of a finding: no evidence, no finding, and the requirement with its edition.

    What is against a document, law or contract has that as `criterion`, and no requirement.
    """

    requirement: Choice
    evidence: str
    statement: str
    place: Line
    sample: Line
    owner_id: Person
    process: Line = ""
    criterion: Line = ""


@dataclass(frozen=True, kw_only=True)
class Raised:
    """A finding as it is written down: `place` and `process` are chosen among those named before, or new ones typed.

    It is against a requirement of a standard, or against what `criterion` names. Where it comes from is asked unless
    that is known.
    """

    against: Choice
    requirement: Choice = ""
    criterion: Line = ""
    evidence: str
    statement: str
    place: Choice = ""
    new_place: Line = ""
    process: Choice = ""
    new_process: Line = ""
    sample: Line
    owner_id: Person
    source: Choice = ""


@dataclass(frozen=True, kw_only=True)
class Grading:
    """The grade that somebody signs: which tests apply, major or minor, and why."""

    tests: Choices = ()
    grade: Choice
    rationale: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The owner's response: what was put right, how far it goes, a cause, the action that removes it, and the proof.

    `causes` are the steps of asking why, the last being the root cause. Further causes and actions are rows of their
    own. `assignee_id` carries the action out; nobody chosen means the owner. `stands_because` is said where something
    was asked back and the answer is to stand as it is.
    """

    contained: str = ""
    correction: str
    consequences: str
    extent: str
    causes: Annotated[tuple[str, ...], Steps(least=2, most=5)]
    how_unnoticed: str = ""
    corrective_action: str
    assignee_id: Person | None = None
    action_due_on: date
    expected_proof: Line
    effect_criterion: str
    effect_target: Line
    effect_source: Line
    effect_period: Line
    check_effect_on: date
    risk_decision: str
    system_decision: str
    stands_because: str = ""


@dataclass(frozen=True)
class FurtherCause:
    """Another cause, found by asking why."""

    causes: Annotated[tuple[str, ...], Steps(least=2, most=5)]
    how_unnoticed: str = ""


@dataclass(frozen=True, kw_only=True)
class FurtherAction:
    """Another action: what, for which causes, who, until when, and what will show it."""

    text: str
    for_causes: Choices
    assignee_id: Person
    due_on: date
    expected_proof: Line


@dataclass(frozen=True)
class Verification:
    """How it was checked that the actions were carried out, and on what sample."""

    method_and_sample: str


@dataclass(frozen=True)
class Effect:
    """What was measured against the target that the owner set: the value, and how it was found."""

    value: Line
    result: str


@dataclass(frozen=True)
class Extension:
    """More time, until a day, for a reason."""

    until: date
    reason: str


@dataclass(frozen=True)
class Decision:
    """A decision about a dispute: what the owner said, what whoever graded it did, and why it was decided so."""

    heard: str
    other_side: str
    reason: str


@dataclass(frozen=True)
class NewOwner:
    """Who goes on with a case, and why."""

    owner_id: Person
    reason: str


@dataclass(frozen=True)
class NewJudge:
    """Who is asked first to judge, and why."""

    person_id: Person
    reason: str


@dataclass(frozen=True)
class Outsider:
    """Somebody from outside who may see a case, judge and sign: why they are free to, and why they can."""

    person_id: Person
    independence: str
    competence: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, kw_only=True)
class BodyLetter:
    """A finding as a certification body wrote it: its number, its own words, and the days it sets."""

    body: Line
    body_number: Line
    body_text: str
    audit: Line
    letter: str
    reply_by: date | None = None
    plan_by: date | None = None
    corrected_by: date | None = None


@dataclass(frozen=True)
class Merge:
    """The open case that goes on in the place of a duplicate."""

    survivor: Choice


@dataclass(frozen=True)
class Letter:
    """What a certification body wrote: its letter or mail, in which it can be found again."""

    letter: str


@dataclass(frozen=True)
class BodyNews:
    """How a finding stands at the certification body by its letter, and another day, if it set one."""

    track: Choice
    letter: str
    corrected_by: date | None = None


@dataclass(frozen=True)
class BodyGrade:
    """Another grade of the certification body, by its letter."""

    grade: Choice
    letter: str


@dataclass(frozen=True)
class DisputeAtBody:
    """Why a finding is disputed at the certification body, or appealed, and by when the body decides."""

    until: date
    reason: str


@dataclass(frozen=True)
class ChosenDeed:
    """Which of the rarer deeds somebody has chosen."""

    deed: Choice


@dataclass(frozen=True)
class Reason:
    """Why something goes back or is dropped."""

    reason: str
