"""Desk audits: what can be asked; nothing is written."""

from dataclasses import dataclass

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview, InterviewState
from workflows.deed import Deed
from workflows.desk_audits.question_sets import question_sets
from workflows.desk_audits.rules import Step
from workflows.people.permissions import Permission
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


def to_rate(deed: Deed, *, answer_id: int) -> Answer:
    """The answer the auditor is about to rate. Raises `NotAllowed`."""
    given = deed.uow.get(Answer, answer_id)
    audit = audit_of(deed.uow, given)
    if deed.by != audit.auditor_id:
        raise NotAllowed(Tried.RATE_ANSWER, WhoMay.AUDITOR, audit.auditor_id)
    return given


def audit_of(uow: UnitOfWork, answer: Answer) -> DeskAudit:
    """The audit that an answer, or a note of the auditor's own, belongs to."""
    if answer.interview_id is None:
        assert answer.desk_audit_id is not None  # one of the two is set: a check of the database
        return uow.get(DeskAudit, answer.desk_audit_id)
    return uow.get(DeskAudit, uow.get(Interview, answer.interview_id).desk_audit_id)


@dataclass(frozen=True)
class AuditInBrief:
    """A desk audit with its interviews, for lists."""

    audit: DeskAudit
    interviews: tuple[Interview, ...]
    unrated: int


def latest(deed: Deed, *, limit: int) -> list[AuditInBrief]:
    """The newest desk audits. Raises `NotAllowed`."""
    deed.must(Permission.SEE_DESK_AUDITS)
    return [_in_brief(deed.uow, audit) for audit in desk_audit_queries.latest(deed.uow, limit)]


def _in_brief(uow: UnitOfWork, audit: DeskAudit) -> AuditInBrief:
    interviews = interview_queries.interviews_of(uow, audit.id)
    confirmed = [each for each in interviews if each.state is InterviewState.CONFIRMED]
    return AuditInBrief(audit, tuple(interviews), sum(interview_queries.unrated(uow, each.id) for each in confirmed))


def own_interview(deed: Deed, interview_id: int) -> Interview:
    interview = deed.uow.get(Interview, interview_id)
    if interview.person_id != deed.by:
        raise NotAllowed(Tried.ANSWER_HERE, WhoMay.WHO_WAS_ASKED, interview.person_id)
    if interview.state in (InterviewState.CONFIRMED, InterviewState.DECLINED):
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=interview.person_id)
    return interview
