"""Responses: what the words need to know of a conversation, looked up in rows."""

from collections.abc import Sequence
from datetime import date, datetime

from messages.responses.asking import ReadBack, SaidAction, SaidCause, Turn
from messages.responses.payloads import TurnRef
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities import queries as case_queries
from storage.nonconformities.tables import Asking, Nonconformity, ResponseDraft, Seat
from storage.record.outbox import OutboxRow
from workflows.deed import Deed
from workflows.nonconformities import cases, drafts
from workflows.nonconformities.gates import Gate
from workflows.nonconformities.questions import graded, latest_response
from workflows.responses import questions, rules, suggestions
from workflows.responses.suggestions import ALL_OF_THEM

FEW = 2
"""Up to so many reviewers are named; more are whoever comes to it first."""


def turn(deed: Deed, draft: ResponseDraft, row: OutboxRow) -> Turn:
    """A question as a message asks it; with its buttons while it is the one that is asked."""
    number, asking, asked_back, place, steps, *_ = row.values["what"]
    finding = deed.uow.get(Nonconformity, draft.nonconformity_id)
    cause = drafts.of_place(drafts.causes(deed.uow, finding), int(place))
    kept = cause.steps if cause else []
    is_asked = questions.is_asked(draft, row)
    return Turn(
        ref=TurnRef(draft.id, int(number)),
        number=finding.number,
        asking=asking,
        asked_back=asked_back,
        statement=finding.statement,
        about=kept[int(steps) - 1] if 0 < int(steps) <= len(kept) else "",
        place=int(place),
        examples=examples(finding, asking, is_first=steps == "0") if is_asked else (),
        days=_days(deed, finding, asking) if is_asked else (),
        latest=questions.latest_for_action(deed, finding) if asking == Asking.ACTION_DUE else None,
        target=_target(finding),
        may_stand=asked_back in set(Gate) and asking != Asking.STANDS and _may_stand(finding, asked_back),
        is_asked=is_asked,
    )


def examples(finding: Nonconformity, asking: str, *, is_first: bool = True) -> Sequence[str]:
    """Examples for a question; of whys only for the first, since what is behind it nobody else knows."""
    found = suggestions.for_requirement(finding.requirement)
    if found is None:
        return ()
    shown = {
        Asking.WHY: found.causes if is_first else (),
        Asking.ACTION: found.actions,
        Asking.MEASURE: (found.measure.measure,),
        Asking.SOURCE: (found.measure.source,),
        Asking.PERIOD: (found.measure.period,),
    }
    return shown.get(Asking(asking), ())


def _days(deed: Deed, finding: Nonconformity, asking: str) -> Sequence[date]:
    if asking == Asking.ACTION_DUE:
        return questions.proposed(deed, finding)
    return [questions.proposed_check(deed.uow, finding, deed.today)] if asking == Asking.CHECK else ()


def _target(finding: Nonconformity) -> str:
    proposed = suggestions.target_of(finding.requirement)
    return "" if proposed == ALL_OF_THEM else proposed


def _may_stand(finding: Nonconformity, gate: str) -> bool:
    return finding.grade is not None and rules.may_stand(Gate(gate), graded(finding))


def read_back(uow: UnitOfWork, draft: ResponseDraft, row: OutboxRow) -> ReadBack:
    """The whole answer as it stands now, or as it was sent."""
    finding, is_asked = uow.get(Nonconformity, draft.nonconformity_id), questions.is_asked(draft, row)
    written = drafts.written(uow, finding)
    sent = None if is_asked or written else latest_response(uow, finding)
    if sent is not None:
        written = vars(sent)
    causes = case_queries.causes_of(uow, sent) if sent else drafts.causes(uow, finding)
    actions = case_queries.actions_of(uow, sent) if sent else drafts.actions(uow, finding)
    return ReadBack(
        ref=TurnRef(draft.id, questions.number_of(row)),
        number=finding.number,
        said={name: str(written.get(name) or "") for name in rules.FIELDS.values()},
        causes=[SaidCause(each.place, each.steps, each.how_unnoticed) for each in causes],
        actions=[
            SaidAction(each.text, each.causes, each.assignee_id, each.due_on, each.expected_proof) for each in actions
        ],
        check_on=written.get("check_effect_on"),
        sent_to=_reviewers(uow, finding),
        is_asked=is_asked,
        is_sent=sent is not None,
    )


def _reviewers(uow: UnitOfWork, finding: Nonconformity) -> Sequence[str]:
    found = cases.filling(uow, finding, Seat.REVIEWER).people
    return found if len(found) <= FEW else ()


def now(uow: UnitOfWork, at: datetime) -> Deed:
    """A deed that only looks."""
    return Deed.of_the_bot(uow, at)
