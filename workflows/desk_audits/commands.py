"""Desk audits: what is done, each as one unit of work.

The product calls an interview a desk audit, as its users do. It is recorded as remote and asynchronous.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import Answer, DeskAudit, Interview, InterviewState
from storage.engine.unit_of_work import UnitOfWork
from workflows.desk_audits.question_sets import Question, QuestionSet, question_sets
from workflows.desk_audits.questions import own_interview, step_at
from workflows.desk_audits.refusals import OwnAudit
from workflows.desk_audits.rules import LONGEST_ANSWER, Step
from workflows.desk_audits.scales import CORROBORATIONS, RATINGS, Suggestion, suggestion
from workflows.nudges import commands as nudge_commands
from workflows.people import questions as people_questions
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale


def digest_of(answers: Sequence[Answer]) -> str:
    """SHA-256 over questions and answers as the person confirmed them, so that later changes would show."""
    said = [[answer.question_id, answer.prompt, answer.text] for answer in answers]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def open_audit(
    uow: UnitOfWork, actor: Actor, *, title: str, question_set: str, persons: Sequence[str], at: datetime
) -> DeskAudit:
    """Open a desk audit and invite people to it. Raises `NotAllowed`, `OwnAudit` or `InputWanted`."""
    may_open(uow, actor, at=at)
    questions = question_sets().get(question_set)
    if questions is None:
        raise InputWanted("question_set", "choose a question set from the list")
    if not persons or not all(people_questions.reachable(uow, person_id) for person_id in persons):
        raise InputWanted("people", "choose people who can read messages here, not bots or closed accounts")
    if actor.person_id in persons:
        raise OwnAudit
    audit = uow.add(
        DeskAudit(
            title=title.strip()[:200] or questions.title,
            edition=questions.edition,
            question_set=questions.key,
            auditor_id=actor.person_id,
            opened_at=at,
        )
    )
    uow.record(
        actor=actor.person_id,
        verb="desk_audit.open",
        subject="desk_audit",
        subject_id=audit.id,
        at=at,
        details={"question_set": questions.key, "people": list(persons)},
    )
    for person_id in dict.fromkeys(persons):
        _invite(uow, audit, questions, person_id, at)
    return audit


def may_open(uow: UnitOfWork, actor: Actor, *, at: datetime) -> list[QuestionSet]:
    """The question sets the actor may choose from. Raises `NotAllowed` or `NoProgrammeYet`."""
    actor.must("open a desk audit")
    people_questions.programme_must_run(uow)
    editions = uow.workspace().standards
    return [each for each in question_sets().values() if each.edition in editions]


def _invite(uow: UnitOfWork, audit: DeskAudit, questions: QuestionSet, person_id: str, at: datetime) -> None:
    interview = uow.add(
        Interview(
            desk_audit_id=audit.id,
            person_id=person_id,
            question_ids=[question.id for question in questions.questions],
            invited_at=at,
        )
    )
    # A conversation of its own: one agrees or declines here, and the card goes along with every answer given.
    nudge_commands.tell(
        uow,
        [person_id],
        kind="interview.invitation",
        subject="interview",
        subject_id=interview.id,
        at=at,
        what=("invited",),
    )


def answer(
    uow: UnitOfWork,
    actor: Actor,
    *,
    interview_id: int,
    question_id: str,
    text: str,
    does_not_know: bool,
    at: datetime,
) -> Step:
    """Save one answer; giving it again before confirming replaces it. Returns where the interview stands then.

    Not knowing is an answer too; it is kept as an empty text. Raises `NotAllowed`, `AlreadyDecided` once confirmed
    or declined, or `InputWanted` for an empty answer.
    """
    interview = own_interview(uow, actor, interview_id)
    if len(text) > LONGEST_ANSWER or not (text.strip() or does_not_know):
        raise InputWanted("answer", f"write up to {LONGEST_ANSWER:,} characters, or tick that you don't know")
    _, question = step_at(uow, interview).asked(question_id)
    _save(uow, interview, question, text.strip(), at)
    step = step_at(uow, interview)
    state = InterviewState.ANSWERING if step.question else InterviewState.CONFIRMING
    changed = uow.change(interview, state=state, started_at=interview.started_at or at)
    uow.record(
        actor=actor.person_id,
        verb="interview.answer",
        subject="interview",
        subject_id=interview.id,
        at=at,
        details={"question": question_id, "sha256": hashlib.sha256(text.strip().encode()).hexdigest()},
    )
    nudge_commands.refresh(uow, subject="interview", subject_id=interview.id, version=changed.version, at=at)
    if state is InterviewState.CONFIRMING:
        nudge_commands.tell(
            uow,
            [actor.person_id],
            kind="interview.summary",
            subject="interview",
            subject_id=interview.id,
            at=at,
            what=("summary",),
            at_once=True,
        )
    return step_at(uow, changed)


def _save(uow: UnitOfWork, interview: Interview, question: Question, text: str, at: datetime) -> None:
    given = {each.question_id: each for each in desk_audit_queries.answers_of(uow, interview.id)}
    if question.id in given:
        uow.change(given[question.id], text=text, answered_at=at)
        return
    uow.add(
        Answer(
            interview_id=interview.id,
            question_id=question.id,
            requirements=list(question.requirements),
            prompt=question.prompt,
            text=text,
            answered_at=at,
        )
    )


def confirm(uow: UnitOfWork, actor: Actor, *, interview_id: int, at: datetime) -> Interview:
    """The person confirms the summary; the answers are frozen and the auditor is told.

    Raises `NotAllowed`, or `AlreadyDecided` unless every question is answered and nothing is confirmed yet.
    """
    interview = own_interview(uow, actor, interview_id)
    if interview.state is not InterviewState.CONFIRMING:
        raise AlreadyDecided(what="This interview", state=interview.state.value, by=None)
    digest = digest_of(desk_audit_queries.answers_of(uow, interview.id))
    return _end(uow, actor, interview, InterviewState.CONFIRMED, at, confirmed_at=at, digest=digest)


def decline(uow: UnitOfWork, actor: Actor, *, interview_id: int, at: datetime) -> Interview:
    """The person does not take part; the auditor is told. Raises `NotAllowed` or `AlreadyDecided`."""
    return _end(uow, actor, own_interview(uow, actor, interview_id), InterviewState.DECLINED, at)


def _end(
    uow: UnitOfWork, actor: Actor, interview: Interview, state: InterviewState, at: datetime, **values: object
) -> Interview:
    ended = uow.change(interview, state=state, **values)
    uow.record(
        actor=actor.person_id,
        verb=f"interview.{state.value}",
        subject="interview",
        subject_id=interview.id,
        at=at,
        details={"digest": ended.digest},
    )
    nudge_commands.refresh(uow, subject="interview", subject_id=interview.id, version=ended.version, at=at)
    audit = uow.get(DeskAudit, interview.desk_audit_id)
    nudge_commands.owe(
        uow,
        [audit.auditor_id],
        subject="interview",
        subject_id=interview.id,
        rung=state.value,
        what="ended",
        at=at,
    )
    return ended


def read(uow: UnitOfWork, actor: Actor, *, interview_id: int, at: datetime) -> None:
    """The auditor wants to read the answers and to rate them: they get the card on which they do, at once.

    Raises `NotAllowed`, or `AlreadyDecided` unless the answers are confirmed.
    """
    interview = uow.get(Interview, interview_id)
    audit = uow.get(DeskAudit, interview.desk_audit_id)
    if actor.person_id != audit.auditor_id:
        raise NotAllowed(deed="rate these answers", who_may=f"the auditor, <@{audit.auditor_id}>")
    if interview.state is not InterviewState.CONFIRMED:
        raise AlreadyDecided(what="This interview", state=interview.state.value, by=None)
    nudge_commands.tell(
        uow,
        [actor.person_id],
        kind="interview.answers",
        subject="interview",
        subject_id=interview.id,
        at=at,
        what=("read", at.isoformat()),
        at_once=True,
    )


def rate(
    uow: UnitOfWork,
    actor: Actor,
    *,
    answer_id: int,
    version: int,
    rating: int,
    corroboration: int,
    note: str,
    at: datetime,
) -> Suggestion:
    """The auditor rates an answer on both scales; returns what these suggest.

    Raises `NotAllowed` for anybody but the audit's auditor, `Stale`, or `InputWanted` for a rating off the scale.
    """
    given = uow.get(Answer, answer_id)
    interview = uow.get(Interview, given.interview_id)
    audit = uow.get(DeskAudit, interview.desk_audit_id)
    if actor.person_id != audit.auditor_id:
        raise NotAllowed(deed="rate this answer", who_may=f"the auditor, <@{audit.auditor_id}>")
    if interview.state is not InterviewState.CONFIRMED:
        raise AlreadyDecided(what="This interview", state=interview.state.value, by=None)
    if rating not in RATINGS or corroboration not in CORROBORATIONS:
        raise InputWanted("rating", "choose an option from the list")
    if given.version != version:
        raise Stale(what="This answer")
    uow.change(
        given,
        rating=rating,
        corroboration=corroboration,
        rating_note=note.strip(),
        rated_by=actor.person_id,
        rated_at=at,
    )
    uow.record(
        actor=actor.person_id,
        verb="answer.rate",
        subject="answer",
        subject_id=given.id,
        at=at,
        details={"rating": rating, "corroboration": corroboration},
    )
    rated = uow.change(interview)
    nudge_commands.refresh(uow, subject="interview", subject_id=interview.id, version=rated.version, at=at)
    return suggestion(rating, corroboration)
