"""Interviews: questions put to its tables."""

from typing import TYPE_CHECKING

from sqlmodel import col

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.engine import statements
from storage.interviews.tables import Answer, AnswerRating, Interview, InterviewState, SampleDraw, SealedRound
from storage.record.outbox import OutboxRow, OutboxState

INVITATION = "interview.invitation"
"""The message by which somebody is asked to take part."""

ENDED = (InterviewState.CONFIRMED, InterviewState.DECLINED, InterviewState.WITHDRAWN, InterviewState.LEFT)
"""The states in which nothing more is expected of whoever was asked."""


def interviews_of(uow: "UnitOfWork", desk_audit_id: int) -> list[Interview]:
    """The interviews an audit consists of."""
    return uow.all(Interview, col(Interview.desk_audit_id) == desk_audit_id, order_by=col(Interview.id))


def changes(uow: "UnitOfWork", desk_audit_id: int) -> int:
    """How often the interviews of an audit have changed: a number that only grows."""
    return sum(each.version for each in interviews_of(uow, desk_audit_id))


def waiting_for(uow: "UnitOfWork", person_id: str) -> list[Interview]:
    """Interviews somebody was invited to and has neither confirmed nor declined."""
    return uow.all(
        Interview,
        col(Interview.person_id) == person_id,
        col(Interview.state).in_([InterviewState.INVITED, InterviewState.ANSWERING, InterviewState.CONFIRMING]),
        order_by=col(Interview.id),
    )


def answers_of(uow: "UnitOfWork", interview_id: int) -> list[Answer]:
    """The answers given so far, in the order they were first given."""
    return uow.matching(Answer, interview_id=interview_id)


def in_state(uow: "UnitOfWork", *states: InterviewState) -> int:
    """How many interviews stand in one of the states."""
    return uow.count(Interview, col(Interview.state).in_(states))


def confirmed(uow: "UnitOfWork") -> list[Interview]:
    """Interviews whose answers the person has confirmed, also where they were asked further since."""
    return uow.all(Interview, col(Interview.digest).is_not(None), order_by=col(Interview.id))


def notes_of(uow: "UnitOfWork", desk_audit_id: int) -> list[Answer]:
    """What an audit's team noted of documents and observations, in the order of their writing."""
    return uow.all(Answer, col(Answer.desk_audit_id) == desk_audit_id, order_by=col(Answer.id))


def sealed_rounds(uow: "UnitOfWork", interview_id: int) -> set[int]:
    """The rounds of an interview that its person has confirmed."""
    return {each.round for each in uow.matching(SealedRound, interview_id=interview_id)}


def earlier_ratings(uow: "UnitOfWork", answer_id: int) -> list[AnswerRating]:
    """How an answer was rated before, the first rating first."""
    return uow.all(AnswerRating, col(AnswerRating.answer_id) == answer_id, order_by=col(AnswerRating.id))


def draws_for(uow: "UnitOfWork", answer_id: int) -> list[SampleDraw]:
    """What was drawn by chance from the lists given with an answer."""
    return uow.matching(SampleDraw, answer_id=answer_id)


def unreached(uow: "UnitOfWork", interview_ids: list[int]) -> frozenset[int]:
    """The interviews to which people were to be invited by a message that was never sent."""
    subject = statements.among(col(OutboxRow.subject_id), interview_ids)
    planned = uow.all(OutboxRow, col(OutboxRow.kind) == INVITATION, subject)
    sent = {each.subject_id for each in planned if each.state is OutboxState.SENT}
    return frozenset({each.subject_id for each in planned} - sent)
