"""Interviews: evidence that is kept already is offered before anybody is asked for it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence
from storage.interviews.tables import Interview
from workflows.deed import Deed
from workflows.interviews.questions import own_interview, step_at, step_of
from workflows.interviews.refusals import OfferedNoLonger
from workflows.interviews.rules import Step
from workflows.question_bank.kept_evidence import kept_evidence_for
from workflows.question_bank.shapes import AnswerKind, AskedQuestion

GIVES_ANOTHER = "gives_another"
"""In a frozen question: its person said that what is kept doesn't show this."""


def offered(uow: UnitOfWork, step: Step, question: AskedQuestion, at: datetime) -> Evidence | None:
    """The newest kept evidence that may show what the person is asked for; none once there is some with their answer,
    or they want to give another. Of a list rows are drawn as it is given, so none is offered.
    """
    asked_for = [each.id for each in question.wanted_evidence if each.ask]
    if question.kind is AnswerKind.SAMPLE or not asked_for:
        return None
    answer = step.given.get(question.id)
    if _frozen(step.interview, question.id).get(GIVES_ANOTHER) or (
        answer is not None and evidence_queries.for_answer(uow, answer.id)
    ):
        return None
    kept = kept_evidence_for(uow, question, step.interview.person_id, at)
    return next((kept[each][0] for each in asked_for if each in kept), None)


def still_offered(deed: Deed, step: Step, question: AskedQuestion, evidence_id: int) -> Evidence:
    """What the person says yes to, if it is offered to this day. Raises `OfferedNoLonger`."""
    found = offered(deed.uow, step, question, deed.at)
    if found is None or found.id != evidence_id:
        raise OfferedNoLonger
    return found


def give_another(deed: Deed, *, interview_id: int, question_id: str) -> Step:
    """They say that what is kept doesn't show this. Raises `NotAllowed`, `AlreadyDecided` or `InputWanted`."""
    interview = own_interview(deed, interview_id)
    step_at(deed.uow, interview).find(question_id)
    asked = [{**each, GIVES_ANOTHER: True} if each["id"] == question_id else each for each in interview.questions or ()]
    passed = deed.uow.change(interview, questions=asked)
    deed.record("interview.give_another", passed, question=question_id)
    deed.redraw(passed)
    return step_of(deed.uow, passed.id)


def _frozen(interview: Interview, question_id: str) -> Mapping[str, Any]:
    return next((each for each in interview.questions or () if each["id"] == question_id), {})
