"""Responses: what is asked, in which order, what comes after what, and what is asked back about an answer.

The order is that of the lifecycle of nonconformities (cl. 10.2): put right, find out why, do it, show it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from storage.nonconformities.tables import Asking, Grade
from workflows.nonconformities.gates import (
    FEWEST_STEPS,
    STOPS,
    Gate,
    Remedy,
    Why,
    alike,
    is_filler,
    is_measured,
    is_only_training,
    names_a_person,
)

LONGEST_ANSWER = 3_000
"""What an answer may hold at most, in characters: as much as a field of the form (Slack reference: "Text input")."""


class Tap(StrEnum):
    """An answer given by a button."""

    NOT_YET = "not_yet"
    IS_CAUSE = "is_cause"
    DEEPER = "deeper"
    BRANCH = "branch"
    STANDS = "stands"
    MYSELF = "myself"
    THAT_IS_ALL = "that_is_all"
    ALL_OF_THEM = "all_of_them"
    TARGET = "target"
    OTHER = "other"


FIELDS: Mapping[Asking, str] = MappingProxyType(
    {
        Asking.PUT_RIGHT: "correction",
        Asking.CONTAINED: "contained",
        Asking.CORRECTION: "correction",
        Asking.CONSEQUENCES: "consequences",
        Asking.EXTENT: "extent",
        Asking.MEASURE: "effect_criterion",
        Asking.TARGET: "effect_target",
        Asking.SOURCE: "effect_source",
        Asking.PERIOD: "effect_period",
        Asking.RISKS: "risk_decision",
        Asking.SYSTEM: "system_decision",
        Asking.STANDS: "stands_because",
    }
)
"""The field of the plan that an answer fills as it was written."""

FOLLOWS: Mapping[Asking, Asking] = MappingProxyType(
    {
        Asking.PUT_RIGHT: Asking.CONSEQUENCES,
        Asking.CONTAINED: Asking.CORRECTION,
        Asking.CORRECTION: Asking.CONSEQUENCES,
        Asking.CONSEQUENCES: Asking.EXTENT,
        Asking.EXTENT: Asking.WHY,
        Asking.WHY: Asking.CAUSE,
        Asking.CAUSE: Asking.CAUSE,
        Asking.UNNOTICED: Asking.ACTION,
        Asking.ACTION: Asking.ASSIGNEE,
        Asking.ASSIGNEE: Asking.ACTION_DUE,
        Asking.ACTION_DUE: Asking.PROOF,
        Asking.PROOF: Asking.MORE,
        Asking.MORE: Asking.ASSIGNEE,
        Asking.MEASURE: Asking.TARGET,
        Asking.TARGET: Asking.SOURCE,
        Asking.SOURCE: Asking.PERIOD,
        Asking.PERIOD: Asking.CHECK,
        Asking.CHECK: Asking.RISKS,
        Asking.RISKS: Asking.SYSTEM,
        Asking.SYSTEM: Asking.READ_BACK,
        Asking.STANDS: Asking.READ_BACK,
    }
)
"""What is asked after an answer in words, where nothing of what was said before leads elsewhere."""

ON_THE_WAY = frozenset({Asking.WHY, Asking.CAUSE, Asking.ACTION, Asking.ASSIGNEE, Asking.ACTION_DUE, Asking.MORE})
"""Questions that lead on to others before an answer is whole, whatever was read back already."""

AGAIN: Mapping[str, Asking] = MappingProxyType(
    {
        **{name: asking for asking, name in FIELDS.items() if asking is not Asking.CORRECTION},
        "causes": Asking.WHY,
        "how_unnoticed": Asking.UNNOTICED,
        "corrective_action": Asking.ACTION,
        "assignee_id": Asking.ACTION,
        "action_due_on": Asking.ACTION,
        "due_on": Asking.ACTION,
        "expected_proof": Asking.ACTION,
        "check_effect_on": Asking.CHECK,
    }
)
"""The question that is asked again where a field of the plan isn't as it has to be."""


@dataclass(frozen=True)
class SoFar:
    """What was said so far, as far as what is asked next depends on it.

    `goes_on` is set where a cause was kept and another branch is wanted; `was_read_back` once everything was read back,
    after which only what is changed is asked.
    """

    statement: str = ""
    correction: str = ""
    causes: Sequence[Why] = ()
    actions: Sequence[Remedy] = ()
    tried: Sequence[str] = ()
    names: frozenset[str] = field(default_factory=frozenset)
    branches: bool = False
    was_read_back: bool = False

    @property
    def uncovered(self) -> int | None:
        """The place of the first cause that no action removes yet."""
        covered = {place for each in self.actions for place in each.causes}
        return next((place for place in range(1, len(self.causes) + 1) if place not in covered), None)


def following(asking: Asking, so_far: SoFar) -> Asking:
    """What is asked after an answer."""
    if asking is Asking.UNNOTICED and so_far.branches:
        return Asking.WHY
    if asking in (Asking.UNNOTICED, Asking.PROOF) and so_far.uncovered is not None:
        return Asking.ACTION
    if so_far.was_read_back and asking not in ON_THE_WAY:
        return Asking.READ_BACK
    return FOLLOWS[asking]


Check = Callable[[str, SoFar], bool]

_FILLER: tuple[Gate, Check] = (Gate.FILLER, lambda text, _: is_filler(text))
_OF_A_WHY: tuple[tuple[Gate, Check], ...] = (
    _FILLER,
    (Gate.REPEATS_FINDING, lambda text, so_far: any(alike(text, each) for each in _said_before(so_far))),
    (Gate.ENDS_WITH_PERSON, lambda text, so_far: names_a_person(text, so_far.names)),
)
_OF_AN_ACTION: tuple[tuple[Gate, Check], ...] = (
    _FILLER,
    (Gate.CORRECTION_AGAIN, lambda text, so_far: alike(text, so_far.correction)),
    (Gate.SAME_AS_BEFORE, lambda text, so_far: any(alike(text, each) for each in so_far.tried)),
    (Gate.ONLY_TRAINING, lambda text, so_far: is_only_training(text)),
)
CHECKS: Mapping[Asking, tuple[tuple[Gate, Check], ...]] = MappingProxyType(
    {
        **{
            each: (_FILLER,)
            for each in FIELDS
            if each not in (Asking.TARGET, Asking.SOURCE, Asking.PERIOD, Asking.CONTAINED)
        },
        Asking.WHY: _OF_A_WHY,
        Asking.CAUSE: _OF_A_WHY,
        Asking.UNNOTICED: (_FILLER, (Gate.ENDS_WITH_PERSON, lambda text, so_far: names_a_person(text, so_far.names))),
        Asking.ACTION: _OF_AN_ACTION,
        Asking.MORE: _OF_AN_ACTION,
        Asking.TARGET: ((Gate.NO_NUMBER, lambda text, _: not is_measured(text)),),
    }
)
"""What an answer is asked back about, in this order; the sense of it the reviewer judges."""


def asked_back(asking: Asking, text: str, so_far: SoFar) -> Gate | None:
    """Why an answer is asked back, if it is: so_far is what was said before it."""
    return next((gate for gate, holds in CHECKS.get(asking, ()) if holds(text, so_far)), None)


def _said_before(so_far: SoFar) -> Sequence[str]:
    return (so_far.statement, *(step for each in so_far.causes[-1:] for step in each.steps))


def is_kept(gate: Gate | None) -> bool:
    """Whether an answer stays though something is asked back: a step on the way may be what somebody did."""
    return gate in (None, Gate.ENDS_WITH_PERSON, Gate.ONLY_TRAINING)


def may_stand(gate: Gate | None, grade: Grade) -> bool:
    """Whether the answer may stand for a reason, which the reviewer reads."""
    return gate is not None and grade not in STOPS[gate]


def can_end(steps: Sequence[str], grade: Grade) -> bool:
    """Whether so many steps may lead to a cause already."""
    return len(steps) >= FEWEST_STEPS[grade]
