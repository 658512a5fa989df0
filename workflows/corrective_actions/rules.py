"""Corrective actions: who does what with an action of a plan, in which of its states."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from storage.nonconformities.tables import ActionState

State = ActionState


class Move(StrEnum):
    """What can be done with one action; the verifier judges all of them with the case."""

    START = "start"
    CLAIM = "claim"
    HAND_BACK = "hand_back"
    GIVE_TO = "give_to"


class Who(StrEnum):
    """Who makes a move."""

    ASSIGNEE = "assignee"
    OWNER = "owner"


@dataclass(frozen=True)
class Step:
    """From which states a move begins, and where it leads; None: nowhere else."""

    begins: frozenset[State]
    ends: State | None
    by: Who


TO_DO = frozenset({State.PLANNED, State.STARTED, State.RETURNED})
STEPS: Mapping[Move, Step] = MappingProxyType(
    {
        Move.START: Step(frozenset({State.PLANNED}), State.STARTED, Who.ASSIGNEE),
        Move.CLAIM: Step(TO_DO, State.CLAIMED, Who.ASSIGNEE),
        Move.HAND_BACK: Step(TO_DO, State.PLANNED, Who.ASSIGNEE),
        Move.GIVE_TO: Step(TO_DO, State.PLANNED, Who.OWNER),
    }
)
"""Every move by its name, which is the verb on the trail: `nonconformity_action.<name>`."""


def moves_for(state: State, *, is_assignee: bool, is_owner: bool) -> frozenset[Move]:
    """What somebody can do with an action now. Whoever owns the case as well has nobody to hand it back to."""
    who = {Who.ASSIGNEE: is_assignee, Who.OWNER: is_owner}
    able = {move for move, step in STEPS.items() if state in step.begins and who[step.by]}
    return frozenset(able - {Move.HAND_BACK} if is_owner else able)
