"""Interviews: what can be asked; nothing is written."""

import json
from functools import lru_cache

from sqlmodel import col

from storage.desk_audits.tables import DeskAudit
from storage.engine.canonical import canonical_json
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews import queries as interview_queries
from storage.interviews.queries import INVITATION
from storage.interviews.tables import Answer, Interview, InterviewState
from storage.nudges import posted
from storage.record.outbox import OutboxRow, OutboxState
from workflows.deed import Deed
from workflows.desk_audits import access
from workflows.desk_audits.question_sets import question_sets
from workflows.interviews.rules import OPEN_STATES, Step
from workflows.question_bank.freezing import thawed
from workflows.question_bank.shapes import AskedQuestion
from workflows.refusals import AlreadyDecided, NotAllowed, Thing, Tried, WhoMay

QUESTION = "interview.question"
"""The message that asks a question; the first of its `what` is the question's id."""

SUMMARY = "interview.summary"
PAUSED = "interview.paused"


def step(deed: Deed, *, interview_id: int) -> Step:
    """Where the actor's own interview stands. Raises `NotAllowed` or `AlreadyDecided`."""
    return step_at(deed.uow, own_interview(deed, interview_id))


def step_of(uow: UnitOfWork, interview_id: int) -> Step:
    """Where an interview stands, for the cards that show it."""
    return step_at(uow, uow.get(Interview, interview_id))


def step_at(uow: UnitOfWork, interview: Interview) -> Step:
    """The same, of a row that was read already."""
    audit = uow.get(DeskAudit, interview.desk_audit_id)
    given = {each.question_id: each for each in interview_queries.answers_of(uow, interview.id)}
    return Step(interview, audit, _asked(interview, audit), given)


def _asked(interview: Interview, audit: DeskAudit) -> tuple[AskedQuestion, ...]:
    if interview.questions is not None:
        return tuple(_thawed(canonical_json(each)) for each in interview.questions)
    # Before questions were frozen they were named only, and stood in the set of their audit.
    asked = question_sets()[audit.question_set].asked
    return tuple(each for each in asked if each.id in interview.question_ids)


@lru_cache(maxsize=2_000)
def _thawed(frozen: str) -> AskedQuestion:
    """The same words make the same question; of those that are being asked, many people are asked each."""
    return thawed(json.loads(frozen))


def own_interview(deed: Deed, interview_id: int) -> Interview:
    """The actor's own interview in which something can still be said. Raises `NotAllowed` or `AlreadyDecided`."""
    interview = deed.uow.get(Interview, interview_id)
    if interview.person_id != deed.by:
        raise NotAllowed(Tried.ANSWER_HERE, WhoMay.WHO_WAS_ASKED, interview.person_id)
    if interview.state not in OPEN_STATES:
        by = interview.ended_by or interview.person_id
        raise AlreadyDecided(what=Thing.THIS_INTERVIEW, state=interview.state.value, by=by)
    return interview


def is_sealed(uow: UnitOfWork, answer: Answer) -> bool:
    """Whether the round of an answer was confirmed; what was, stays as it is."""
    if answer.interview_id is None:
        return False
    rounds = interview_queries.sealed_rounds(uow, answer.interview_id)
    if not rounds:  # earlier versions sealed an interview as a whole
        return uow.get(Interview, answer.interview_id).digest is not None and (answer.round or 1) == 1
    return (answer.round or 1) in rounds


def must_not_be_sealed(uow: UnitOfWork, step: Step, question_id: str) -> None:
    """Raise `AlreadyDecided` if the answer to a question was confirmed in a round before this one."""
    given = step.given.get(question_id)
    if given is not None:
        must_be_unsealed(uow, given)


def must_be_unsealed(uow: UnitOfWork, given: Answer) -> None:
    """Raise `AlreadyDecided` if an answer was confirmed: nothing is ever written into it again."""
    if is_sealed(uow, given):
        by = uow.get(Interview, given.interview_id or 0).person_id
        raise AlreadyDecided(what=Thing.THIS_ANSWER, state=InterviewState.CONFIRMED.value, by=by)


def must_be_of_the_team(deed: Deed, interview_id: int) -> tuple[Interview, DeskAudit]:
    """An interview with its audit, for an auditor of the team. Raises `NotAllowed` or `OwnArea`."""
    interview = deed.uow.get(Interview, interview_id)
    return interview, access.must_audit(deed, interview.desk_audit_id, Tried.ASK_IN_AUDIT)


def interviews_with(uow: UnitOfWork, person_id: str) -> list[Interview]:
    """The interviews in which somebody is being asked a question now."""
    return [each for each in interview_queries.waiting_for(uow, person_id) if each.asking is not None]


def audits_waiting_for(uow: UnitOfWork, person_id: str) -> list[DeskAudit]:
    """The audits in which somebody still has something to say."""
    return [uow.get(DeskAudit, each.desk_audit_id) for each in interview_queries.waiting_for(uow, person_id)]


# --- which question words are the answer to ---


def shown_in(uow: UnitOfWork, channel_id: str, thread_ts: str) -> Interview | None:
    """The interview whose conversation stands in a thread, if there is one."""
    rows = [row for row in posted.in_thread(uow, channel_id, thread_ts) if row.subject == "interview"]
    mine = [row for row in rows if row.kind in (INVITATION, QUESTION, SUMMARY, PAUSED)]
    return uow.get(Interview, mine[0].subject_id) if mine else None


def is_plain(uow: UnitOfWork, interview: Interview) -> bool:
    """Whether the question that is asked is the last thing they were told: no message of the day came after it."""
    asked, day = last_said(uow, interview), posted.last_day(uow, interview.person_id)
    return asked is not None and (day is None or day.ts < asked.ts)


def last_said(uow: UnitOfWork, interview: Interview, before_ts: str = "") -> OutboxRow | None:
    """What we said last in the conversation, before something that they wrote if `before_ts` is given.

    It is a question, or that nothing is asked for now.
    """
    rows = _said(uow, interview.id)
    return next((row for row in rows if not before_ts or row.ts < before_ts), None)


def is_on_its_way(uow: UnitOfWork, interview: Interview) -> bool:
    """Whether a question is being sent: it may stand in Slack before we have written down that it does."""
    planned = uow.matching(OutboxRow, subject="interview", subject_id=interview.id, kind=QUESTION)
    return any(each.state in (OutboxState.PENDING, OutboxState.SENDING) for each in planned)


def _said(uow: UnitOfWork, interview_id: int) -> list[OutboxRow]:
    """The newest first."""
    return uow.all(
        OutboxRow,
        col(OutboxRow.subject) == "interview",
        col(OutboxRow.subject_id) == interview_id,
        col(OutboxRow.kind).in_([QUESTION, PAUSED]),
        col(OutboxRow.state) == OutboxState.SENT,
        order_by=col(OutboxRow.ts).desc(),
    )


def asked_by(row: OutboxRow) -> str:
    """The id of the question that a message asks."""
    return str(row.values["what"][0])
