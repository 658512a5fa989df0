"""What becomes of a case with another owner or grade: it goes back to the first step whose signature is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

from storage.nonconformities.tables import Grade, NonconformityState, Signs
from workflows.nonconformities.lifecycle import GIVEN_IN, State, first_missing, later_than, required


@dataclass(frozen=True)
class Settled:
    """The state a case settles in, and the signatures that lapse on the way."""

    state: NonconformityState
    lapsed: frozenset[Signs] = frozenset()


def settle(
    state: State, signed: Mapping[Signs, str], *, owner: str, grade: Grade | None, is_correction_only: bool
) -> Settled:
    """Where a case stands once somebody who signed owns it, or it has become a major.

    What the new owner signed lapses, since nobody judges own work; the grade's waits for somebody to sign it anew.
    """
    if grade is None:
        return Settled(state)
    own = frozenset(signs for signs, person in signed.items() if person == owner)
    if is_correction_only and grade is Grade.MAJOR:
        return Settled(State.RESPONDING, own | {Signs.REVIEW, Signs.IMPLEMENTATION})
    left = frozenset(signed) - own
    missing = first_missing(state, left, required(grade, is_correction_only=is_correction_only))
    if missing is None:
        return Settled(state, own)
    return Settled(GIVEN_IN[missing], own | (left & frozenset(later_than(missing))))
