"""Interviews: a colleague is asked in somebody's place, and what they decline comes back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from storage.desk_audits.tables import AuditMember, DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.queries import INVITATION
from storage.interviews.tables import AnswerKind, Interview, WayGiven
from workflows.deed import Deed
from workflows.interviews import sampling
from workflows.interviews.asking import ask, pause, put_down, write_over
from workflows.interviews.questions import is_sealed, must_not_be_sealed, own_interview, step_at, step_of
from workflows.interviews.refusals import AskedAlready, AuditsItself
from workflows.interviews.rules import OPEN_STATES, Ack, Pause, Step, draw_of, followed_by, is_complete, is_open
from workflows.interviews.widening import put_in, renamed
from workflows.people import questions as people_questions
from workflows.question_bank.plain import plain
from workflows.question_bank.shapes import AskedQuestion
from workflows.refusals import InputWanted
from workflows.wishes import Wish

ASKED_BY = "handed_on_by"
"""In a frozen question, who handed it on."""

FOLLOWS = "follows"
"""In a frozen question that follows another, what that asked: a colleague gets it alone, without what was answered."""

CAME_BACK = "came_back_of"
"""In a frozen question that is asked anew, the id of the one that was handed on."""


def invite(
    deed: Deed, audit: DeskAudit, *, person_id: str, questions: Sequence[Mapping[str, Any]], due_on: date | None
) -> Interview:
    """Ask somebody to take part; they get a conversation of their own."""
    interview = deed.uow.add(
        Interview(
            desk_audit_id=audit.id,
            person_id=person_id,
            questions=[dict(each) for each in questions],
            question_ids=[each["id"] for each in questions],
            invited_at=deed.at,
            due_on=due_on,
        )
    )
    # One begins or declines here, and the conversation stands in its thread.
    deed.message([person_id], interview, INVITATION, what=("invited",))
    return interview


def hand_on(deed: Deed, *, interview_id: int, question_id: str, person_id: str) -> Step:
    """Ask a colleague this question instead, and nothing else of theirs; a row goes with the other open rows drawn.

    Raises `NotAllowed`, `AlreadyDecided`, `AuditsItself`, `AskedAlready`, or `InputWanted` for somebody who can't be
    asked.
    """
    interview = own_interview(deed, interview_id)
    step = step_at(deed.uow, interview)
    question = step.find(question_id)
    must_not_be_sealed(deed.uow, step, question_id)
    _must_be_askable(deed, step, person_id)
    handed = sampling.handed_together(step, question)
    for each in handed:
        _ask_colleague(deed, step, each, person_id)
        _put_down(deed, step, each, person_id)
    if is_complete(question_id):
        sampling.show_rows(deed, question_id, "")
    deed.record("interview.hand_on", interview, questions=[each.id for each in handed], to=person_id)
    interview = deed.uow.get(Interview, interview_id)
    if interview.asking in (*(each.id for each in handed), None):
        rows = len(handed) if draw_of(question_id) else 0
        pause(deed, deed.uow.change(interview, asking=None), Pause.HANDED_ON, person_id, rows)
    else:
        deed.redraw(deed.uow.change(interview))
    return step_of(deed.uow, interview.id)


def ask_in_place_of(deed: Deed, ended: Interview, questions: Sequence[Mapping[str, Any]], person_id: str) -> Interview:
    """Ask somebody what somebody else didn't answer. Raises `InputWanted`, `AuditsItself` or `AskedAlready`."""
    step = step_at(deed.uow, ended)
    _must_be_askable(deed, step, person_id)
    if _interview_of(deed.uow, step.audit.id, person_id) is not None:
        raise AskedAlready(person_id)
    return invite(deed, step.audit, person_id=person_id, questions=questions, due_on=ended.due_on)


def give_back(deed: Deed, ended: Interview) -> None:
    """What colleagues had handed on to somebody who declines is theirs to answer again, unless they have confirmed."""
    for question in ended.questions or ():
        asker = _interview_of(deed.uow, ended.desk_audit_id, question.get(ASKED_BY, ""))
        if asker is not None and asker.state in OPEN_STATES:
            _come_back(deed, asker, question["id"], ended.person_id)


# --- the parts of them ---


def _must_be_askable(deed: Deed, step: Step, person_id: str) -> None:
    if person_id == deed.by:
        raise InputWanted("person", Wish.CHOOSE_SOMEBODY_ELSE)
    if not people_questions.reachable(deed.uow, person_id):
        raise InputWanted("person", Wish.CHOOSE_REACHABLE_PERSON)
    team = {each.person_id for each in deed.uow.matching(AuditMember, desk_audit_id=step.audit.id)}
    if person_id in {*team, step.audit.auditor_id}:
        raise AuditsItself(person_id)


def _ask_colleague(deed: Deed, step: Step, question: AskedQuestion, person_id: str) -> None:
    handed = {**_frozen(step, question), ASKED_BY: deed.by, **_followed(step, question)}
    theirs = _interview_of(deed.uow, step.audit.id, person_id)
    if theirs is None:
        invite(deed.by_itself, step.audit, person_id=person_id, questions=[handed], due_on=step.interview.due_on)
    elif theirs.state not in OPEN_STATES:
        raise AskedAlready(person_id)
    elif question.id not in {each.id for each in step_at(deed.uow, theirs).asked}:
        deed.redraw(put_in(deed, theirs, [handed]))
    elif not _come_back(deed, theirs, question.id, deed.by):
        raise AskedAlready(person_id)


def _frozen(step: Step, question: AskedQuestion) -> Mapping[str, Any]:
    kept = next((each for each in step.interview.questions or () if each["id"] == question.id), None)
    return kept or plain(question)


def _followed(step: Step, question: AskedQuestion) -> Mapping[str, str]:
    """What the question before asked, where one can't be understood alone; rows name their list by themselves."""
    if draw_of(question.id) is not None:
        return {}
    answers = {each.id: each for each in step.given.values()}
    before = answers.get(followed_by(question.id) or 0)
    return {FOLLOWS: before.prompt} if before else {}


def _put_down(deed: Deed, step: Step, question: AskedQuestion, person_id: str) -> None:
    way = {} if question.id in step.given else {"way": WayGiven.TAP}
    put_down(deed, step, question, kind=AnswerKind.HANDED_ON, handed_to=person_id, **way)


def _come_back(deed: Deed, asker: Interview, question_id: str, from_whom: str) -> bool:
    """Open a question again for whoever had handed it on; says whether that was so.

    Where they confirmed that they had, it stays so, and the question is asked anew in the round that goes on.
    """
    step = step_at(deed.uow, asker)
    answer = step.given.get(question_id)
    if answer is None or answer.kind is not AnswerKind.HANDED_ON or is_open(answer) or _is_back(asker, question_id):
        return False
    if is_sealed(deed.uow, answer):
        again = _again(step, question_id)
        asker = put_in(deed, asker, [again])
    else:
        write_over(deed, answer, handed_to=None)
        again = {"id": question_id}
    deed.record("interview.come_back", asker, question=question_id, from_=from_whom)
    if asker.asking is None:
        ask(deed.by_itself, asker, again["id"], Ack.CAME_BACK, from_whom)
    else:
        deed.redraw(deed.uow.change(asker))  # it is asked when its turn comes
    return True


def _again(step: Step, question_id: str) -> Mapping[str, Any]:
    frozen = {**_frozen(step, step.find(question_id)), CAME_BACK: question_id}
    return renamed(frozen, {each.id for each in step.asked})


def _is_back(asker: Interview, question_id: str) -> bool:
    return any(each.get(CAME_BACK) == question_id for each in asker.questions or ())


def _interview_of(uow: UnitOfWork, desk_audit_id: int, person_id: str) -> Interview | None:
    found = interview_queries.interviews_of(uow, desk_audit_id)
    return next((each for each in found if each.person_id == person_id), None)
