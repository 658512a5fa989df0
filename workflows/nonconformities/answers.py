"""What an answer has to hold: everything that is asked, days within the limits, and causes that go deep enough."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries
from storage.nonconformities.tables import Action, Cause, Nonconformity
from storage.people import queries as people_queries
from storage.people.tables import Role
from workflows.deed import Deed
from workflows.nonconformities import cases, drafts, gates
from workflows.nonconformities.lifecycle import State
from workflows.nonconformities.limits import latest_day
from workflows.nonconformities.moving import clock
from workflows.nonconformities.questions import graded
from workflows.nonconformities.rules import WISHES
from workflows.nonconformities.shapes import Plan
from workflows.people import questions as people_questions
from workflows.refusals import InputWanted, must_be_none, together, want_all
from workflows.wishes import Wish

MANAGEMENT = Role.MANAGEMENT
TOLD_TO_MANAGEMENT = 3
"""How often a plan goes back in one round before management hears of it."""


def must_be_complete(deed: Deed, finding: Nonconformity, plan: Plan) -> None:
    """Raise `InputWanted` for every gap, day out of bounds, and question back that isn't answered."""
    together(
        lambda: must_be_whole(deed, finding, plan),
        lambda: must_be_none(
            InputWanted(each.field, gates.ASKS[each.gate]) for each in asked_back(deed, finding, plan)
        ),
    )


def asked_back(deed: Deed, finding: Nonconformity, plan: Plan) -> list[gates.Asked]:
    """The questions back that aren't answered: those that stop, and others without a reason why the answer stands."""
    grade = graded(finding)
    asked = gates.asked_back(_as_asked(deed.uow, finding, plan), grade)
    return [each for each in asked if each.stops(grade) or not plan.stands_because.strip()]


def asks_for_a_reason(deed: Deed, *, nonconformity_id: int, plan: Plan) -> list[Wish]:
    """What is asked back where nothing else is in the way but a reason why the answer stands as it is."""
    finding = deed.uow.get(Nonconformity, nonconformity_id)
    try:
        must_be_whole(deed, finding, plan)
    except InputWanted:
        return []
    asked = asked_back(deed, finding, plan)
    is_only_that = not any(each.stops(graded(finding)) for each in asked)
    return [gates.ASKS[each.gate] for each in asked] if is_only_that else []


def must_be_whole(deed: Deed, finding: Nonconformity, plan: Plan) -> None:
    """Raise `InputWanted` for every gap, and for a person or a day that can't be."""
    together(
        lambda: want_all(plan, WISHES),
        lambda: must_be_an_insider(deed.uow, plan.assignee_id or deed.by, "assignee_id"),
        lambda: must_be_in_time(deed, finding, plan.action_due_on, "action_due_on"),
        lambda: _must_be_checked_later(plan),
    )


def _must_be_checked_later(plan: Plan) -> None:
    if plan.check_effect_on <= plan.action_due_on:
        raise InputWanted("check_effect_on", Wish.CHOOSE_DATE_AFTER_ACTION)


def must_be_in_time(deed: Deed, finding: Nonconformity, day: date, field: str) -> None:
    """Raise `InputWanted` unless a day lies between today and the last one on which the work may be done."""
    latest = latest_day(State.IMPLEMENTING, replace(clock(deed, finding), planned=None))
    if not deed.today <= day <= latest:
        raise InputWanted(field, Wish.CHOOSE_DATE_UNTIL, {"latest": latest})


def must_be_an_insider(uow: UnitOfWork, person_id: str, field: str) -> None:
    """Raise `InputWanted` for somebody who can't be reached here, or is a guest without a role."""
    if not people_questions.reachable(uow, person_id):
        raise InputWanted(field, Wish.CHOOSE_REACHABLE_PERSON)
    if people_questions.actor(uow, person_id).is_outsider:
        raise InputWanted(field, Wish.CHOOSE_INSIDER)


def _as_asked(uow: UnitOfWork, finding: Nonconformity, plan: Plan) -> gates.Answer:
    causes, actions = further_causes(uow, finding), further_actions(uow, finding)
    return gates.Answer(
        statement=finding.statement,
        correction=plan.correction,
        causes=[
            gates.Why(plan.causes, plan.how_unnoticed),
            *(gates.Why(each.steps, each.how_unnoticed) for each in causes),
        ],
        actions=[
            gates.Remedy(plan.corrective_action, _removed_by_first(uow, finding)),
            *(gates.Remedy(each.text, each.causes) for each in actions),
        ],
        target=plan.effect_target,
        texts=_texts(plan),
        names=names(uow),
        tried=tried(uow, finding),
    )


def _removed_by_first(uow: UnitOfWork, finding: Nonconformity) -> Sequence[int]:
    """The causes of the action that stands in the answer itself: of the first, unless it was kept with others."""
    kept = drafts.of_place(drafts.actions(uow, finding), 1)
    return (1,) if kept is None else kept.causes


def _texts(plan: Plan) -> dict[str, str]:
    """What is to be understood by somebody who was not there."""
    steps = {f"causes_{number}": step for number, step in enumerate(plan.causes, 1)}
    said = {name: getattr(plan, name) for name in ("correction", "consequences", "extent", "corrective_action")}
    rest = {"effect_criterion": plan.effect_criterion, "stands_because": plan.stands_because}
    return {**said, **steps, **rest}


def names(uow: UnitOfWork) -> frozenset[str]:
    """First names of people here, as they are written."""
    return frozenset(
        first
        for each in people_queries.directory(uow)
        if len(first := each.name.partition(" ")[0]) > 2 and not each.is_bot
    )


def tried(uow: UnitOfWork, finding: Nonconformity) -> Sequence[str]:
    """What was done in rounds before and did not work."""
    present = cases.present_round(uow, finding)
    return [
        each.corrective_action
        for each in queries.responses(uow, finding.id)
        if present and each.of_round is not None and each.of_round < present.number
    ]


def further_causes(uow: UnitOfWork, finding: Nonconformity) -> list[Cause]:
    """Causes that are kept for the answer that is being written, beside the one that stands in it."""
    return [each for each in drafts.causes(uow, finding) if each.place > 1]


def further_actions(uow: UnitOfWork, finding: Nonconformity) -> list[Action]:
    """The same of actions."""
    return [each for each in drafts.actions(uow, finding) if each.place > 1]


def times_returned(uow: UnitOfWork, finding: Nonconformity) -> int:
    """How often an answer of the present round was returned."""
    present = cases.present_round(uow, finding)
    return sum(
        1
        for each in queries.responses(uow, finding.id)
        if each.review_comment and present and each.of_round == present.number
    )
