"""Interviews: what can be asked; nothing is written."""

from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Interview, InterviewState
from workflows.deed import Deed
from workflows.desk_audits.question_sets import question_sets
from workflows.interviews.rules import Step
from workflows.refusals import AlreadyDecided, NotAllowed, Thing, Tried, WhoMay


def step(deed: Deed, *, interview_id: int) -> Step:
    """Where the actor's own interview stands. Raises `NotAllowed` or `AlreadyDecided`."""
    return step_at(deed.uow, own_interview(deed, interview_id))


def step_of(uow: UnitOfWork, interview_id: int) -> Step:
    """Where an interview stands, for the cards that show it."""
    return step_at(uow, uow.get(Interview, interview_id))


def step_at(uow: UnitOfWork, interview: Interview) -> Step:
    audit = uow.get(DeskAudit, interview.desk_audit_id)
    questions = question_sets()[audit.question_set]
    answers = {each.question_id: each for each in interview_queries.answers_of(uow, interview.id)}
    asked = [question for question in questions.questions if question.id in interview.question_ids]
    open_ones = [question for question in asked if question.id not in answers]
    return Step(
        interview=interview,
        audit=audit,
        questions=questions,
        answers=tuple(answers[question.id] for question in asked if question.id in answers),
        question=open_ones[0] if open_ones else None,
        number=min(len(answers) + 1, len(asked)),
    )


def own_interview(deed: Deed, interview_id: int) -> Interview:
    interview = deed.uow.get(Interview, interview_id)
    if interview.person_id != deed.by:
        raise NotAllowed(Tried.ANSWER_HERE, WhoMay.WHO_WAS_ASKED, interview.person_id)
    if interview.state in (InterviewState.CONFIRMED, InterviewState.DECLINED):
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=interview.person_id)
    return interview
