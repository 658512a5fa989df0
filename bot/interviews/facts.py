"""Interviews: what the words need to know, looked up in rows."""

from messages.interviews import cards as words
from messages.interviews.payloads import InterviewRef, QuestionRef
from messages.words.kit import Message, Modal
from workflows.desk_audits.question_sets import Question
from workflows.interviews.rules import Step


def card(step: Step) -> words.InterviewCard:
    """Everything the interviewee's card shows, as it stands now."""
    return words.InterviewCard(
        ref=InterviewRef(step.interview.id),
        audit_title=step.audit.title,
        person_id=step.interview.person_id,
        auditor_id=step.audit.auditor_id,
        minutes=step.questions.minutes,
        answered=len(step.answers),
        total=step.total,
        state=step.interview.state.value,
        confirmed_at=step.interview.confirmed_at,
    )


def item(step: Step) -> words.InterviewItem:
    """An interview as a line in a list."""
    return words.InterviewItem(
        ref=InterviewRef(step.interview.id),
        audit_title=step.audit.title,
        auditor_id=step.audit.auditor_id,
        answered=len(step.answers),
        total=step.total,
        state=step.interview.state.value,
    )


def summary_of(step: Step) -> Message:
    answers = [
        words.GivenAnswer(QuestionRef(step.interview.id, each.question_id), each.prompt, each.text)
        for each in step.answers
    ]
    return words.summary(ref=InterviewRef(step.interview.id), audit_title=step.audit.title, answers=answers)


def question_modal(step: Step, question: Question, *, number: int, given: str = "") -> Modal:
    return words.question_modal(
        ref=QuestionRef(step.interview.id, question.id),
        number=number,
        total=step.total,
        prompt=question.prompt,
        audit_title=step.audit.title,
        given=given,
    )
