"""Nonconformities: what the words need to know, looked up in rows."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from bot.evidence.facts import file_line
from bot.requirements import requirement
from messages.evidence.cards import GivenFile
from messages.nonconformities import cards as words
from messages.nonconformities import history as history_words
from messages.nonconformities.payloads import NonconformityRef
from messages.words.requirements import Requirement
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Given
from storage.nonconformities.queries import ENDED
from storage.nonconformities.tables import Action, Nonconformity, NonconformityState, Signature
from workflows.corrective_actions import questions as action_questions
from workflows.nonconformities import cases, disputes, exceptions, independence, limits, questions, repeats
from workflows.nonconformities.history import Happened, History
from workflows.nonconformities.lifecycle import PHASES
from workflows.nonconformities.shapes import Finding, Plan
from workflows.nudges import rules as nudge_rules
from workflows.people.rules import Actor
from workflows.shapes import of_row


def card(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None, at: datetime) -> words.NonconformityCard:
    """Everything a finding's card shows now; the buttons are those its reader may press."""
    response, alike = questions.latest_response(uow, finding), repeats.like(uow, finding)
    return words.NonconformityCard(
        ref=NonconformityRef(finding.id, finding.version),
        number=finding.number,
        state=finding.state.value,
        grade=finding.grade.value if finding.grade else None,
        finding=of_row(Finding, finding, process=finding.process or "", criterion=finding.criterion or ""),
        requirement=criterion(uow, finding),
        source=finding.source.value if finding.source else "",
        against=finding.against.value if finding.against else "",
        repeats=[each.number for each in alike.repeats],
        cluster=[each.number for each in alike.cluster],
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


def criterion(uow: UnitOfWork, finding: Nonconformity) -> Requirement:
    """What was not met: a requirement of a standard, or a document, a law or a contract."""
    if finding.criterion:
        return Requirement(finding.criterion, "")
    return requirement(uow, finding.requirement)


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
        return frozenset({words.READ, words.HISTORY})
    moves = {f"nc.{move}" for move in independence.moves_for(uow, finding, reader)} & words.BUTTONS
    gives = {words.ADD_EVIDENCE} if words.CLAIM_DONE in moves else set()
    writes = {words.FIND_OUT_WHY, words.ADD_CAUSE, words.ADD_ACTION} if words.RESPOND in moves else set()
    more = {words.MORE} if rarer(uow, finding, reader) else set()
    return frozenset({words.READ, words.HISTORY, *moves, *gives, *writes, *more} - _without_a_button(finding))


def rarer(uow: UnitOfWork, finding: Nonconformity, reader: Actor) -> list[str]:
    """What this reader may do beside, behind *More*."""
    moves = independence.moves_for(uow, finding, reader)
    nowhere_to_go = {"merge"} if "merge" in moves and not disputes.may_go_on_instead(uow, finding) else set()
    has_a_button = {"withdraw"} if finding.state is NonconformityState.CONTESTED else set()
    return [each for each in words.RARER if each in moves - nowhere_to_go - has_a_button]


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
        requirement=criterion(uow, finding),
        statement=finding.statement,
        owner_id=finding.owner_id,
        next_people=independence.actors_next(uow, finding),
        next_by=finding.due_on,
        actions=actions(uow, finding, reader) - {words.HISTORY},
        marks=[mark.value for mark in exceptions.of_case(uow, finding, today)],
        days=_days(uow, finding, today),
        look_at_grade=_is_asked_to_look_at_grade(uow, finding, reader, today),
    )


def _is_asked_to_look_at_grade(uow: UnitOfWork, finding: Nonconformity, reader: Actor | None, today: date) -> bool:
    if reader is None or not repeats.is_overdue_minor(finding, today):
        return False
    return "regrade" in independence.moves_for(uow, finding, reader)


def _days(uow: UnitOfWork, finding: Nonconformity, today: date) -> int:
    """For how many days it has been there, until today or until it ended."""
    zone = uow.workspace().zone
    ended = nudge_rules.local_day(zone, finding.moved_at) if finding.state in ENDED else today
    return (ended - nudge_rules.local_day(zone, finding.raised_at)).days


def case_history(history: History, at: datetime) -> history_words.CaseHistory:
    """Everything that happened to a case, and every signature."""
    case = history.case
    return history_words.CaseHistory(
        number=case.number,
        state=case.state.value,
        grade=case.grade.value if case.grade else None,
        days=((case.moved_at if case.state in ENDED else at) - case.raised_at).days,
        events=[_event(each) for each in history.events],
        signatures=[_signed(each) for each in history.signatures],
    )


def _event(happened: Happened) -> history_words.Event:
    details = happened.details
    reason = details.get("reason") or details.get("letter") or ""
    return history_words.Event(
        happened.at, happened.by, happened.event, details.get("grade", ""), reason, details.get("mark", "")
    )


def _signed(signature: Signature) -> history_words.Signed:
    return history_words.Signed(
        signs=signature.signs.value,
        by=signature.person_id,
        at=signature.signed_at,
        mark=signature.mark.value if signature.mark else "",
        lapsed_at=signature.lapsed_at,
        lapsed_by=signature.lapsed_by,
    )
