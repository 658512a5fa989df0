"""Desk audits: what is done, each as one unit of work.

The product calls an interview a desk audit, as its users do. It is recorded as remote and asynchronous.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence

from storage.desk_audits.tables import DeskAudit
from storage.interviews import queries as interview_queries
from storage.interviews.tables import Answer, Interview, InterviewState
from workflows.deed import Deed
from workflows.desk_audits.question_sets import Question, QuestionSet, question_sets
from workflows.desk_audits.questions import own_interview, step_at
from workflows.desk_audits.refusals import OwnAudit
from workflows.desk_audits.rules import LONGEST_ANSWER, Step
from workflows.desk_audits.scales import CORROBORATIONS, RATINGS, Suggestion, suggestion
from workflows.desk_audits.shapes import Assessed, Launch
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale, Thing, Tried, WhoMay
from workflows.shapes import values_of
from workflows.wishes import Wish


def digest_of(answers: Sequence[Answer]) -> str:
    """SHA-256 over questions and answers as the person confirmed them, so that later changes would show."""
    said = [[answer.question_id, answer.prompt, answer.text] for answer in answers]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def open_audit(deed: Deed, *, launch: Launch) -> DeskAudit:
    """Open a desk audit and invite people to it. Raises `NotAllowed`, `OwnAudit` or `InputWanted`."""
    may_open(deed)
    questions = question_sets().get(launch.question_set)
    if questions is None:
        raise InputWanted("question_set", Wish.CHOOSE_QUESTION_SET)
    invited = launch.persons
    if not invited:
        raise InputWanted("persons", Wish.CHOOSE_ANY_PERSON)
    if not all(people_questions.reachable(deed.uow, person_id) for person_id in invited):
        raise InputWanted("persons", Wish.CHOOSE_REACHABLE_PEOPLE)
    if deed.by in invited:
        raise OwnAudit
    audit = deed.uow.add(
        DeskAudit(
            title=launch.title.strip()[:200] or questions.title,
            edition=questions.edition,
            question_set=questions.key,
            auditor_id=deed.by,
            opened_at=deed.at,
        )
    )
    deed.record("desk_audit.open", audit, question_set=questions.key, people=list(invited))
    for person_id in dict.fromkeys(invited):
        invite(deed, audit, person_id=person_id, question_ids=_of_first_part(questions))
    return audit


def _of_first_part(questions: QuestionSet) -> list[str]:
    return [each.id for each in questions.questions if each.id in questions.first or not questions.first]


def may_open(deed: Deed) -> list[QuestionSet]:
    """The question sets the actor may choose from: each plan once, for the first standard of it that is followed.

    Raises `NotAllowed` or `NoProgrammeYet`.
    """
    deed.must(Permission.OPEN_DESK_AUDIT)
    people_questions.programme_must_run(deed.uow)
    editions = deed.uow.workspace().standards
    followed = [each for each in question_sets().values() if each.plan and each.edition in editions]
    first = {each.plan: each for each in reversed(followed)}
    return [each for each in followed if first[each.plan] is each]


def invite(deed: Deed, audit: DeskAudit, *, person_id: str, question_ids: Sequence[str]) -> Interview:
    """Ask somebody for an interview of an audit."""
    interview = deed.uow.add(
        Interview(
            desk_audit_id=audit.id,
            person_id=person_id,
            question_ids=list(question_ids),
            invited_at=deed.at,
        )
    )
    # A conversation of its own: one agrees or declines here, and the card goes along with every answer given.
    deed.message([person_id], interview, "interview.invitation", what=("invited",))
    return interview


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


def read(deed: Deed, *, interview_id: int) -> None:
    """The auditor wants to read the answers and to rate them: they get the card on which they do, at once.

    Raises `NotAllowed`, or `AlreadyDecided` unless the answers are confirmed.
    """
    interview = deed.uow.get(Interview, interview_id)
    audit = deed.uow.get(DeskAudit, interview.desk_audit_id)
    if deed.by != audit.auditor_id:
        raise NotAllowed(Tried.RATE_ANSWERS, WhoMay.AUDITOR, audit.auditor_id)
    if interview.state is not InterviewState.CONFIRMED:
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=None)
    deed.message([deed.by], interview, "interview.answers", what=("read", deed.at.isoformat()), at_once=True)


def rate(deed: Deed, *, answer_id: int, version: int, said: Assessed) -> Suggestion:
    """The auditor rates an answer on both scales; returns what these suggest.

    Raises `NotAllowed` for anybody but the audit's auditor, `Stale`, or `InputWanted` for a rating off the scale.
    """
    given = deed.uow.get(Answer, answer_id)
    assert given.interview_id is not None  # what is rated here was said in an interview
    interview = deed.uow.get(Interview, given.interview_id)
    audit = deed.uow.get(DeskAudit, interview.desk_audit_id)
    if deed.by != audit.auditor_id:
        raise NotAllowed(Tried.RATE_ANSWER, WhoMay.AUDITOR, audit.auditor_id)
    if interview.state is not InterviewState.CONFIRMED:
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=None)
    rating = _on(RATINGS, "rating", said.rating)
    corroboration = _on(CORROBORATIONS, "corroboration", said.corroboration)
    if given.version != version:
        raise Stale(Thing.THIS_ANSWER)
    deed.uow.change(
        given,
        **{**values_of(said), "rating": rating, "corroboration": corroboration},
        rated_by=deed.by,
        rated_at=deed.at,
    )
    deed.record("answer.rate", given, rating=rating, corroboration=corroboration)
    deed.redraw(deed.uow.change(interview))
    return suggestion(rating, corroboration)


def _on(scale: Iterable[int], name: str, chosen: str) -> int:
    if chosen not in {str(each) for each in scale}:
        raise InputWanted(name, Wish.CHOOSE_OPTION_FROM_LIST)
    return int(chosen)
