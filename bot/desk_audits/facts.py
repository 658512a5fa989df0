"""Desk audits: what the words need to know, looked up in rows."""

from dataclasses import replace

from bot.requirements import requirements
from messages.desk_audits import cards as words
from messages.desk_audits.payloads import AnswerRef
from messages.interviews.payloads import InterviewRef
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer
from workflows.desk_audits import scales
from workflows.interviews.rules import Step
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import Actor


def rated(uow: UnitOfWork, answer: Answer, auditor: Actor | None) -> words.RatedAnswer:
    """An answer as the auditor reads it, who may raise what it suggests while they may issue."""
    shown = words.RatedAnswer(
        AnswerRef(answer.id, answer.version), answer.prompt, answer.text, requirements(uow, answer.requirements)
    )
    if answer.rating is None or answer.corroboration is None:
        return shown
    suggestion = scales.suggestion(answer.rating, answer.corroboration)
    return replace(
        shown,
        rating=f"rating_{answer.rating}",
        corroboration=f"corroboration_{answer.corroboration}",
        suggestion=suggestion.value,
        may_raise=suggestion is scales.Suggestion.NONCONFORMITY and _may_issue(auditor),
    )


def _may_issue(auditor: Actor | None) -> bool:
    return auditor is not None and auditor.may(Permission.ISSUE_NONCONFORMITY)


def confirmed(uow: UnitOfWork, step: Step) -> words.AnswersCard:
    interview, auditor = step.interview, people_questions.reader(uow, step.audit.auditor_id)
    assert interview.confirmed_at is not None  # both are set by confirming, which nothing takes back
    assert interview.digest is not None
    return words.AnswersCard(
        ref=InterviewRef(interview.id),
        audit_title=step.audit.title,
        person_id=interview.person_id,
        confirmed_at=interview.confirmed_at,
        digest=interview.digest,
        answers=[rated(uow, each, auditor) for each in step.answers],
    )
