"""Nonconformities: what the words need to know, looked up in rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.evidence.facts import file_line
from bot.requirements import requirement
from messages.evidence.cards import GivenFile
from messages.nonconformities import cards as words
from messages.nonconformities.payloads import NonconformityRef
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Given
from storage.nonconformities.queries import ENDED
from storage.nonconformities.tables import Action, Nonconformity, NonconformityState
from workflows.corrective_actions import questions as action_questions
from workflows.nonconformities import cases, exceptions, independence, limits, questions
from workflows.nonconformities.lifecycle import PHASES
from workflows.nonconformities.shapes import Finding, Plan
from workflows.nudges import rules as nudge_rules
from workflows.people.rules import Actor
from workflows.shapes import of_row


def card(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None, at: datetime) -> words.NonconformityCard:
    """Everything a finding's card shows now; the buttons are those its reader may press."""
    response = questions.latest_response(uow, finding)
    return words.NonconformityCard(
        ref=NonconformityRef(finding.id, finding.version),
        number=finding.number,
        state=finding.state.value,
        grade=finding.grade.value if finding.grade else None,
        finding=of_row(Finding, finding),
        requirement=requirement(uow, finding.requirement),
        raised_by=finding.raised_by,
        today=_today(uow, at),
        actions=actions(uow, finding, reader),
        next_people=independence.actors_next(uow, finding),
        next_by=finding.due_on,
        too_late_for=_too_late_for(uow, finding, at),
        phase=PHASES.get(finding.state, finding.state).value,
        round=_number_of_round(uow, finding),
        marks=[mark.value for mark in exceptions.of_case(uow, finding, _today(uow, at))],
        response=of_row(Plan, response) if response else None,
        planned=[_planned(uow, each) for each in action_questions.of_plan(uow, finding)],
        files=lines_of(uow, finding, evidence_queries.for_nonconformity(uow, finding.id)),
        remark=_remark(finding.reason_by, finding.reason_at, finding.reason),
        verification=_remark(finding.verified_by, finding.verified_at, finding.verification),
        effect=_remark(finding.effect_confirmed_by, finding.effect_confirmed_at, finding.effect),
        closed_by=finding.closed_by,
        closed_at=finding.closed_at,
    )


def lines_of(uow: UnitOfWork, finding: Nonconformity, given: Sequence[Given]) -> list[GivenFile]:
    """Files as lines, with what the days of each tell: older than the finding, or written down late."""
    return [
        replace(
            file_line(each), is_older=exceptions.is_older(uow, finding, each), is_late=exceptions.is_late(uow, each)
        )
        for each in given
    ]


def _planned(uow: UnitOfWork, action: Action) -> words.PlannedAction:
    files = len(action_questions.files(uow, action))
    return words.PlannedAction(
        action.text, action.assignee_id, action.due_on, action.state.value, action.proof or "", files
    )


def _today(uow: UnitOfWork, at: datetime) -> date:
    return nudge_rules.local_day(uow.workspace().zone, at)


def _too_late_for(uow: UnitOfWork, finding: Nonconformity, at: datetime) -> date | None:
    """The day of the next audit from outside where the case can't be closed before it any more."""
    if finding.state in ENDED or finding.is_correction_only:
        return None
    today = _today(uow, at)
    audit = cases.next_audit(uow, finding, today)
    closing = limits.earliest_closing(finding.state, today, finding.check_effect_on)
    return audit if audit is not None and closing > audit else None


def actions(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None) -> frozenset[str]:
    """The ids of the buttons this reader may press now; reading all of it is always among them."""
    if reader is None:
        return frozenset({words.READ})
    moves = {f"nc.{move}" for move in independence.moves_for(uow, finding, reader)} & words.BUTTONS
    gives = {words.ADD_EVIDENCE} if words.CLAIM_DONE in moves else set()
    writes = {words.FIND_OUT_WHY, words.ADD_CAUSE, words.ADD_ACTION} if words.RESPOND in moves else set()
    more = {words.MORE} if rarer(uow, finding, reader) else set()
    return frozenset({words.READ, *moves, *gives, *writes, *more} - _without_a_button(finding))


def rarer(uow: UnitOfWork, finding: Nonconformity, reader: Actor) -> list[str]:
    """What this reader may do beside, behind *More*."""
    moves = independence.moves_for(uow, finding, reader)
    return [each for each in words.RARER if each in moves]


def _without_a_button(finding: Nonconformity) -> set[str]:
    """A case is withdrawn by a button only while it is contested; else that is asked for by whoever has a reason to."""
    return set() if finding.state is NonconformityState.CONTESTED else {words.WITHDRAW}


def _number_of_round(uow: UnitOfWork, finding: Nonconformity) -> int:
    present = cases.present_round(uow, finding)
    return present.number if present else 0


def _remark(by: str | None, at: datetime | None, text: str) -> words.Remark | None:
    return words.Remark(by, at, text) if by and at and text else None


def item(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None, today: date) -> words.FindingItem:
    """A finding as a line in a list, with the buttons its reader may press."""
    return words.FindingItem(
        ref=NonconformityRef(finding.id, finding.version),
        number=finding.number,
        state=finding.state.value,
        grade=finding.grade.value if finding.grade else None,
        requirement=requirement(uow, finding.requirement),
        statement=finding.statement,
        owner_id=finding.owner_id,
        next_people=independence.actors_next(uow, finding),
        next_by=finding.due_on,
        actions=actions(uow, finding, reader),
        marks=[mark.value for mark in exceptions.of_case(uow, finding, today)],
    )
