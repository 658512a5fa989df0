"""Interviews: what is done, each as one unit of work.

The product calls an interview a desk audit, as its users do. It is recorded as remote and asynchronous.
"""

import hashlib
import json
from collections.abc import Sequence

from storage.desk_audits.tables import DeskAudit
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview, InterviewState
from workflows.deed import Deed
from workflows.desk_audits.question_sets import Question, QuestionSet
from workflows.interviews.questions import own_interview, step_at
from workflows.interviews.rules import LONGEST_ANSWER, Step
from workflows.refusals import AlreadyDecided, InputWanted, Thing
from workflows.wishes import Wish


def digest_of(answers: Sequence[Answer]) -> str:
    """SHA-256 over questions and answers as the person confirmed them, so that later changes would show."""
    said = [[answer.question_id, answer.prompt, answer.text] for answer in answers]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def invite(deed: Deed, audit: DeskAudit, questions: QuestionSet, person_id: str) -> None:
    """Ask somebody to take part in an audit."""
    interview = deed.uow.add(
        Interview(
            desk_audit_id=audit.id,
            person_id=person_id,
            question_ids=[question.id for question in questions.questions],
            invited_at=deed.at,
        )
    )
    # A conversation of its own: one agrees or declines here, and the card goes along with every answer given.
    deed.message([person_id], interview, "interview.invitation", what=("invited",))


def answer(deed: Deed, *, interview_id: int, question_id: str, text: str, does_not_know: bool) -> Step:
    """Save one answer; giving it again before confirming replaces it. Returns where the interview stands then.

    Not knowing is an answer too; it is kept as an empty text. Raises `NotAllowed`, `AlreadyDecided` once confirmed
    or declined, or `InputWanted` for an empty answer or one that is too long.
    """
    interview = own_interview(deed, interview_id)
    if not (text.strip() or does_not_know):
        raise InputWanted("answer", Wish.WRITE_ANSWER)
    if len(text) > LONGEST_ANSWER:
        raise InputWanted("answer", Wish.WRITE_ANSWER_UP_TO, {"most": LONGEST_ANSWER})
    _, question = step_at(deed.uow, interview).asked(question_id)
    _save(deed, interview, question, text.strip())
    step = step_at(deed.uow, interview)
    state = InterviewState.ANSWERING if step.question else InterviewState.CONFIRMING
    changed = deed.uow.change(interview, state=state, started_at=interview.started_at or deed.at)
    deed.record(
        "interview.answer", interview, question=question_id, sha256=hashlib.sha256(text.strip().encode()).hexdigest()
    )
    deed.redraw(changed)
    if state is InterviewState.CONFIRMING:
        deed.message([deed.by], interview, "interview.summary", what=("summary",), at_once=True)
    return step_at(deed.uow, changed)


def _save(deed: Deed, interview: Interview, question: Question, text: str) -> None:
    given = {each.question_id: each for each in interview_queries.answers_of(deed.uow, interview.id)}
    if question.id in given:
        deed.uow.change(given[question.id], text=text, answered_at=deed.at)
        return
    deed.uow.add(
        Answer(
            interview_id=interview.id,
            question_id=question.id,
            requirements=list(question.requirements),
            prompt=question.prompt,
            text=text,
            answered_at=deed.at,
        )
    )


def confirm(deed: Deed, *, interview_id: int) -> Interview:
    """The person confirms the summary; the answers are frozen and the auditor is told.

    Raises `NotAllowed`, or `AlreadyDecided` unless every question is answered and nothing is confirmed yet.
    """
    interview = own_interview(deed, interview_id)
    if interview.state is not InterviewState.CONFIRMING:
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=None)
    digest = digest_of(interview_queries.answers_of(deed.uow, interview.id))
    return _end(deed, interview, InterviewState.CONFIRMED, confirmed_at=deed.at, digest=digest)


def decline(deed: Deed, *, interview_id: int) -> Interview:
    """The person does not take part; the auditor is told. Raises `NotAllowed` or `AlreadyDecided`."""
    return _end(deed, own_interview(deed, interview_id), InterviewState.DECLINED)


def _end(deed: Deed, interview: Interview, state: InterviewState, **values: object) -> Interview:
    ended = deed.uow.change(interview, state=state, **values)
    deed.record(f"interview.{state.value}", interview, digest=ended.digest)
    deed.redraw(ended)
    audit = deed.uow.get(DeskAudit, interview.desk_audit_id)
    deed.daily([audit.auditor_id], interview, state.value, what="ended")
    return ended
