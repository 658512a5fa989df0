"""Nonconformities: what the words need to know, looked up in rows."""

from datetime import datetime

from bot.evidence.facts import file_line
from bot.requirements import requirement
from messages.nonconformities import cards as words
from messages.nonconformities.payloads import NonconformityRef
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.nonconformities.tables import Nonconformity
from workflows.nonconformities import independence, questions
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
        today=nudge_rules.local_day(uow.workspace().zone, at),
        actions=actions(uow, finding, reader),
        next_people=independence.actors_next(uow, finding),
        next_by=finding.due_on,
        round=finding.round,
        response=of_row(Plan, response) if response else None,
        files=[file_line(each) for each in evidence_queries.for_nonconformity(uow, finding.id)],
        remark=_remark(finding.reason_by, finding.reason_at, finding.reason),
        verification=_remark(finding.verified_by, finding.verified_at, finding.verification),
        effect=_remark(finding.effect_confirmed_by, finding.effect_confirmed_at, finding.effect),
        closed_by=finding.closed_by,
        closed_at=finding.closed_at,
    )


def actions(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None) -> frozenset[str]:
    """The ids of the buttons this reader may press now; reading all of it is always among them."""
    if reader is None:
        return frozenset({words.READ})
    moves = {f"nc.{move}" for move in independence.moves_for(uow, finding, reader)}
    gives = words.CLAIM_DONE in moves
    return frozenset({words.READ, *moves, *({words.ADD_EVIDENCE} if gives else ())})


def _remark(by: str | None, at: datetime | None, text: str) -> words.Remark | None:
    return words.Remark(by, at, text) if by and at and text else None


def item(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None) -> words.FindingItem:
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
    )
