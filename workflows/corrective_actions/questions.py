"""Corrective actions: what can be asked about one; nothing is written."""

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Given
from storage.nonconformities import queries
from storage.nonconformities.tables import Action, Nonconformity, NonconformityState
from workflows.corrective_actions import rules
from workflows.corrective_actions.rules import Move
from workflows.people.rules import Actor


def is_under_way(uow: UnitOfWork, action: Action) -> bool:
    """Whether an action is of the plan that is being carried out."""
    case = uow.get(Nonconformity, action.nonconformity_id)
    plan = queries.response(uow, case.id, case.round)
    return case.state is NonconformityState.IMPLEMENTING and plan is not None and action.response_id == plan.id


def files(uow: UnitOfWork, action: Action) -> list[Given]:
    """The files that were given for an action and count, or are still being fetched."""
    given = evidence_queries.for_nonconformity(uow, action.nonconformity_id)
    return [each for each in given if each.use.action_id == action.id]


def moves_for(uow: UnitOfWork, action: Action, reader: Actor | None) -> frozenset[Move]:
    """What this reader can do with an action now: exactly these have buttons on its card."""
    if reader is None or not is_under_way(uow, action):
        return frozenset()
    case = uow.get(Nonconformity, action.nonconformity_id)
    is_assignee, is_owner = reader.person_id == action.assignee_id, reader.person_id == case.owner_id
    return rules.moves_for(action.state, is_assignee=is_assignee, is_owner=is_owner)


def of_plan(uow: UnitOfWork, case: Nonconformity) -> list[Action]:
    """The actions of the plan that counts now, in their order."""
    return queries.actions_of(uow, queries.response(uow, case.id, case.round))
