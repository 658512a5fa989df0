"""Desk audits room: interviews in small steps, and what the auditor makes of the answers.

The product calls an interview a desk audit, as its users do. It is recorded as remote and asynchronous.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage import desk_audits as stored
from storage.desk_audits import Answer, DeskAudit, Interview, InterviewState
from storage.unit_of_work import UnitOfWork
from workflows import nudges, people
from workflows.errors import AlreadyDecided, InputWanted, NotAllowed, OwnAudit, Stale
from workflows.people import Actor
from workflows.question_sets import Question, QuestionSet, question_sets
from workflows.scales import CORROBORATIONS, RATINGS, Suggestion, suggestion

# --- rules ---

LONGEST_ANSWER = 3000
"""Characters; what one text field of Slack takes."""


def digest_of(answers: Sequence[Answer]) -> str:
    """SHA-256 over questions and answers as the person confirmed them, so that later changes would show."""
    said = [[answer.question_id, answer.prompt, answer.text] for answer in answers]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True)
class Step:
    """Where an interview stands: the next question, or none when all are answered. `number` counts from 1."""

    interview: Interview
    audit: DeskAudit
    questions: QuestionSet
    answers: tuple[Answer, ...]
    question: Question | None
    number: int

    @property
    def total(self) -> int:
        """How many questions the interview has."""
        return len(self.interview.question_ids)

    def asked(self, question_id: str) -> tuple[int, Question]:
        """A question of this interview with its number, counted from 1. Raises `InputWanted` if it is none of it."""
        for number, question in enumerate(self.questions.questions, 1):
            if question.id == question_id and question_id in self.interview.question_ids:
                return number, question
        raise InputWanted("answer", "an answer to one of this interview's questions")

    def text_of(self, question: Question) -> str:
        """What was answered so far; empty when nothing was, or when the person does not know."""
        return next((each.text for each in self.answers if each.question_id == question.id), "")


# --- commands ---


def open_audit(
    uow: UnitOfWork, actor: Actor, *, title: str, question_set: str, persons: Sequence[str], at: datetime
) -> DeskAudit:
    """Open a desk audit and invite people to it. Raises `NotAllowed`, `OwnAudit` or `InputWanted`."""
    may_open(uow, actor, at=at)
    questions = question_sets().get(question_set)
    if questions is None:
        raise InputWanted("question_set", "one of the question sets on the list")
    if not persons or not all(people.reachable(uow, person_id) for person_id in persons):
        raise InputWanted("people", "people who read messages here, not bots or closed accounts")
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
    people.programme_must_run(uow)
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
    nudges.tell(
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
    interview = _own_interview(uow, actor, interview_id)
    if len(text) > LONGEST_ANSWER or not (text.strip() or does_not_know):
        raise InputWanted("answer", f"a few words, up to {LONGEST_ANSWER:,} characters, or a tick that you don't know")
    _, question = _step(uow, interview).asked(question_id)
    _save(uow, interview, question, text.strip(), at)
    step = _step(uow, interview)
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
    nudges.refresh(uow, subject="interview", subject_id=interview.id, version=changed.version, at=at)
    if state is InterviewState.CONFIRMING:
        nudges.tell(
            uow,
            [actor.person_id],
            kind="interview.summary",
            subject="interview",
            subject_id=interview.id,
            at=at,
            what=("summary",),
            at_once=True,
        )
    return _step(uow, changed)


def _save(uow: UnitOfWork, interview: Interview, question: Question, text: str, at: datetime) -> None:
    given = {each.question_id: each for each in stored.answers_of(uow, interview.id)}
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
    interview = _own_interview(uow, actor, interview_id)
    if interview.state is not InterviewState.CONFIRMING:
        raise AlreadyDecided(what="This interview", state=interview.state.value, by=None)
    digest = digest_of(stored.answers_of(uow, interview.id))
    return _end(uow, actor, interview, InterviewState.CONFIRMED, at, confirmed_at=at, digest=digest)


def decline(uow: UnitOfWork, actor: Actor, *, interview_id: int, at: datetime) -> Interview:
    """The person does not take part; the auditor is told. Raises `NotAllowed` or `AlreadyDecided`."""
    return _end(uow, actor, _own_interview(uow, actor, interview_id), InterviewState.DECLINED, at)


def _own_interview(uow: UnitOfWork, actor: Actor, interview_id: int) -> Interview:
    interview = uow.get(Interview, interview_id)
    if interview.person_id != actor.person_id:
        raise NotAllowed(deed="answer here", who_may=f"<@{interview.person_id}>, who was asked")
    if interview.state in (InterviewState.CONFIRMED, InterviewState.DECLINED):
        raise AlreadyDecided(what="This interview", state=interview.state.value, by=interview.person_id)
    return interview


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
    nudges.refresh(uow, subject="interview", subject_id=interview.id, version=ended.version, at=at)
    audit = uow.get(DeskAudit, interview.desk_audit_id)
    nudges.owe(
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
    nudges.tell(
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
        raise InputWanted("rating", "one of the choices on the list")
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
    nudges.refresh(uow, subject="interview", subject_id=interview.id, version=rated.version, at=at)
    return suggestion(rating, corroboration)


# --- questions ---


def step(uow: UnitOfWork, actor: Actor, *, interview_id: int, at: datetime) -> Step:
    """Where the actor's own interview stands. Raises `NotAllowed` or `AlreadyDecided`."""
    return _step(uow, _own_interview(uow, actor, interview_id))


def step_of(uow: UnitOfWork, interview_id: int) -> Step:
    """Where an interview stands, for the cards that show it."""
    return _step(uow, uow.get(Interview, interview_id))


def _step(uow: UnitOfWork, interview: Interview) -> Step:
    audit = uow.get(DeskAudit, interview.desk_audit_id)
    questions = question_sets()[audit.question_set]
    answers = {each.question_id: each for each in stored.answers_of(uow, interview.id)}
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


def to_rate(uow: UnitOfWork, actor: Actor, *, answer_id: int, at: datetime) -> Answer:
    """The answer the auditor is about to rate. Raises `NotAllowed`."""
    given = uow.get(Answer, answer_id)
    audit = uow.get(DeskAudit, uow.get(Interview, given.interview_id).desk_audit_id)
    if actor.person_id != audit.auditor_id:
        raise NotAllowed(deed="rate this answer", who_may=f"the auditor, <@{audit.auditor_id}>")
    return given


@dataclass(frozen=True)
class AuditInBrief:
    """A desk audit with its interviews, for lists."""

    audit: DeskAudit
    interviews: tuple[Interview, ...]
    unrated: int


def latest(uow: UnitOfWork, actor: Actor, *, limit: int, at: datetime) -> list[AuditInBrief]:
    """The newest desk audits. Raises `NotAllowed`."""
    actor.must("open a desk audit")
    return [_in_brief(uow, audit) for audit in stored.latest(uow, limit)]


def _in_brief(uow: UnitOfWork, audit: DeskAudit) -> AuditInBrief:
    interviews = stored.interviews_of(uow, audit.id)
    confirmed = [each for each in interviews if each.state is InterviewState.CONFIRMED]
    return AuditInBrief(audit, tuple(interviews), sum(stored.unrated(uow, each.id) for each in confirmed))
