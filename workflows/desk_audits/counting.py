"""Desk audits: what counts as said, rated and confirmed; alike on the desk, in lists, figures and reports."""

from storage.desk_audits.tables import AuditFinding, FindingKind
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState

NO_ANSWER = (AnswerKind.UNKNOWN, AnswerKind.SKIPPED, AnswerKind.HANDED_ON)
"""What somebody did with a question that tells nothing of what was asked."""


GOOD = (FindingKind.CONFORMITY, FindingKind.GOOD_PRACTICE)
"""What speaks well of the work, and bars nobody who answers for it."""


def is_an_answer(answer: Answer) -> bool:
    """Whether it tells something of what was asked; a note does. Earlier versions left what wasn't known empty."""
    return bool(answer.text) if answer.kind is None else answer.kind not in NO_ANSWER


def wants_rating(answer: Answer) -> bool:
    """Whether it still waits for the auditor's rating: on the desk, in lists, in figures, and in the report."""
    return is_an_answer(answer) and not is_rated(answer)


def is_rated(answer: Answer) -> bool:
    """Whether the auditor has rated it; that no requirement applies is a rating too."""
    return answer.rating is not None or bool(answer.not_applicable)


def has_confirmed(interview: Interview) -> bool:
    """Whether its person has confirmed what they said; whoever is asked further afterwards still has."""
    return interview.digest is not None


def state_of(interview: Interview) -> InterviewState:
    """How an interview counts: as confirmed from the first confirmation on."""
    return InterviewState.CONFIRMED if has_confirmed(interview) else interview.state


def readable(uow: UnitOfWork, interview: Interview) -> list[Answer]:
    """What its person has confirmed: all of it, or the rounds before the one that is going on."""
    answers = interview_queries.answers_of(uow, interview.id)
    if interview.state is InterviewState.CONFIRMED:
        return answers
    sealed = interview_queries.sealed_rounds(uow, interview.id)
    return [each for each in answers if (each.round or 1) in sealed]


def unrated_in(uow: UnitOfWork, audit_id: int) -> int:
    """How many answers and notes of an audit wait for their rating."""
    said = sum(unrated(uow, each) for each in interview_queries.interviews_of(uow, audit_id))
    return said + sum(wants_rating(each) for each in interview_queries.notes_of(uow, audit_id))


def unrated(uow: UnitOfWork, interview: Interview) -> int:
    """How many answers of an interview wait for their rating."""
    return sum(wants_rating(each) for each in readable(uow, interview))


def speaks_against(finding: AuditFinding) -> bool:
    """Whether a finding stands and is something that its owner would rather not have had."""
    return finding.withdrawn_at is None and finding.kind not in GOOD
