"""Interviews: what the bot says by itself, composed at the moment of sending."""

from datetime import datetime

from bot.desk_audits import facts as desk_audit_facts
from bot.interviews.facts import card, summary_of
from bot.sending.day import Subject
from bot.slack.calls import Post, Redraw, Skip
from messages.desk_audits import cards as desk_audit_words
from messages.interviews import cards as words
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import InterviewState
from storage.nudges.posted import Place
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.interviews import questions as interview_questions
from workflows.interviews.rules import Step
from workflows.nudges import questions as nudge_questions
from workflows.nudges.reasons import Moved, moved_on


def invitation(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The invitation, unless the interview is already over."""
    step = interview_questions.step_of(uow, row.subject_id)
    if step.interview.state is not InterviewState.INVITED:
        return Skip(moved_on(Moved.INTERVIEW, step.interview.state.value))
    return Post(words.invitation(card(step)))


def summary(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """Every answer read back, unless it has already been confirmed."""
    step = interview_questions.step_of(uow, row.subject_id)
    if step.interview.state is not InterviewState.CONFIRMING:
        return Skip(moved_on(Moved.INTERVIEW, step.interview.state.value))
    return Post(summary_of(step))


def answers(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The confirmed answers, for the auditor who asked to read them; in the thread of the day if there is one."""
    message = desk_audit_words.answers(
        desk_audit_facts.confirmed(uow, interview_questions.step_of(uow, row.subject_id))
    )
    return Post(message, nudge_questions.thread_of_today(uow, row.recipient, at))


def _answers(uow: UnitOfWork, step: Step) -> Message:
    return desk_audit_words.answers(desk_audit_facts.confirmed(uow, step))


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """An interview that has come to its end, for the auditor."""
    step = interview_questions.step_of(uow, nudge.subject_id)
    if step.interview.state is InterviewState.CONFIRMED:
        return desk_audit_words.day_item(desk_audit_facts.confirmed(uow, step))
    return desk_audit_words.declined(card(step))


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Invitation, summary and the auditor's card, as the interview stands now."""
    step = interview_questions.step_of(uow, row.subject_id)
    return Redraw(lambda place: _at(uow, place, step))


def _at(uow: UnitOfWork, place: Place, step: Step) -> Message:
    if place.kind == "interview.invitation":
        return words.invitation(card(step))
    if place.kind == "interview.answers":
        return _answers(uow, step)
    if step.interview.state is InterviewState.CONFIRMED:
        return words.thanks(
            audit_title=step.audit.title, auditor_id=step.audit.auditor_id, digest=step.interview.digest or ""
        )
    return summary_of(step)


COMPOSERS = {
    "interview.invitation": invitation,
    "interview.summary": summary,
    "interview.answers": answers,
    "interview.redraw": redraw,
}


SUBJECTS = {"interview": Subject(day_item)}
