"""What an event needs of the case itself. A form's own needs are looked at by the command that takes it."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.tables import ActionState, Grade, Nonconformity, Seat, Signs
from storage.people.tables import Role
from workflows.evidence import verdicts
from workflows.nonconformities import cases, repeats
from workflows.nonconformities.lifecycle import EVENTS, Need
from workflows.nudges.rules import local_day

STILL_TO_BE_DONE = (ActionState.PLANNED, ActionState.STARTED, ActionState.RETURNED)


def unmet(uow: UnitOfWork, finding: Nonconformity, verb: str) -> Need | None:
    """The first thing that an event needs of the case and that isn't so; None when it can happen."""
    return next((need for need in EVENTS[verb].needs if not HOLDS[need](uow, finding)), None)


def was_decided_since_grading(uow: UnitOfWork, finding: Nonconformity) -> bool:
    """Whether somebody has decided about the grade as it is signed now."""
    grade = cases.standing(uow, finding).get(Signs.GRADE)
    return any(
        each.is_upheld is not None and (grade is None or each.contested_at >= grade.signed_at)
        for each in queries.contests(uow, finding.id)
    )


def has_proof_of_this_round(uow: UnitOfWork, finding: Nonconformity) -> bool:
    """Whether something was given since the round began; what was shown in one that did not work shows nothing new."""
    present = cases.present_round(uow, finding)
    began = present.began_on if present else date.min
    zone = uow.workspace().zone
    return any(local_day(zone, each.use.added_at) >= began for each in verdicts.standing_for(uow, finding))


def _was_extended(uow: UnitOfWork, finding: Nonconformity) -> bool:
    present = cases.present_round(uow, finding)
    return present is not None and present.extended_to is not None


def _others_have_finished(uow: UnitOfWork, finding: Nonconformity) -> bool:
    """Whether nobody but the owner has an action of the present plan still to do."""
    of_plan = queries.actions_of(uow, queries.response(uow, finding.id, finding.round))
    return not any(each.assignee_id != finding.owner_id and each.state in STILL_TO_BE_DONE for each in of_plan)


HOLDS: Mapping[Need, Callable[[UnitOfWork, Nonconformity], bool]] = MappingProxyType(
    {
        Need.INTERNAL: lambda uow, finding: queries.of_the_body(uow, finding.id) is None,
        Need.OF_THE_BODY: lambda uow, finding: queries.of_the_body(uow, finding.id) is not None,
        Need.BODY_OPEN: lambda uow, finding: cases.body_is_open(queries.of_the_body(uow, finding.id)),
        Need.MINOR: lambda _, finding: finding.grade is Grade.MINOR,
        Need.MAJOR: lambda _, finding: finding.grade is Grade.MAJOR,
        Need.NO_REPEAT: lambda uow, finding: not repeats.is_repeat(uow, finding),
        Need.GRADE_SIGNED: lambda uow, finding: Signs.GRADE in cases.standing(uow, finding),
        Need.WITH_ACTIONS: lambda _, finding: not finding.is_correction_only,
        Need.CORRECTION_ONLY: lambda _, finding: bool(finding.is_correction_only),
        Need.ONCE_A_GRADE: lambda uow, finding: not was_decided_since_grading(uow, finding),
        Need.ONCE_A_ROUND: lambda uow, finding: not _was_extended(uow, finding),
        Need.NO_MANAGER_THERE: lambda uow, finding: not cases.house(uow, finding).holding(Role.MANAGEMENT),
        Need.PROOF_OF_THIS_ROUND: has_proof_of_this_round,
        Need.ACTIONS_FINISHED: _others_have_finished,
        Need.NO_CONSENTER_THERE: lambda uow, finding: not cases.filling(uow, finding, Seat.CONSENTER).people,
    }
)
"""How each need is looked at."""
