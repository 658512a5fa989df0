"""Corrective actions: what the words need to know of one, looked up in rows."""

from datetime import datetime

from bot.evidence.facts import file_line
from messages.corrective_actions.cards import ActionCard
from messages.corrective_actions.payloads import ActionRef
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Action, ActionState, Nonconformity
from workflows.corrective_actions import questions
from workflows.corrective_actions.rules import TO_DO
from workflows.nudges.rules import local_day
from workflows.people.rules import Actor


def card(uow: UnitOfWork, action: Action, reader: Actor | None, at: datetime) -> ActionCard:
    """Everything an action's card shows now; the buttons are those that its reader may press."""
    case = uow.get(Nonconformity, action.nonconformity_id)
    is_over = action.state in TO_DO and not questions.is_under_way(uow, action)
    return ActionCard(
        ref=ActionRef(action.id, action.version),
        number=case.number,
        text=action.text,
        statement=case.statement,
        owner_id=case.owner_id,
        assignee_id=action.assignee_id,
        due_on=action.due_on,
        expected_proof=action.expected_proof,
        state="over" if is_over else action.state.value,
        today=local_day(uow.workspace().zone, at),
        moves=frozenset(each.value for each in questions.moves_for(uow, action, reader)),
        proof=action.proof or "",
        remark=action.remark,
        returned=case.reason if action.state is ActionState.RETURNED else "",
        files=[file_line(each) for each in questions.files(uow, action)],
    )
