"""Interviews: what the bot says by itself, composed at the moment of sending."""

from dataclasses import replace
from datetime import datetime

from bot.desk_audits import facts as desk_audit_facts
from bot.interviews import facts
from bot.sending.day import Subject
from bot.slack.calls import Post, Redraw, Skip
from messages.desk_audits import cards as desk_audit_words
from messages.interviews import asking
from messages.interviews import cards as words
from messages.interviews import later as later_words
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.queries import INVITATION
from storage.interviews.tables import Answer, HeldBack, InterviewState
from storage.nudges import posted
from storage.nudges.posted import Place
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from workflows.desk_audits import access
from workflows.interviews import questions as interview_questions
from workflows.interviews.held_back import HELD_BACK
from workflows.interviews.later import LATER
from workflows.interviews.questions import PAUSED, QUESTION, SUMMARY
from workflows.interviews.reminding import GOES_ON
from workflows.interviews.rules import OPEN_STATES, Ack, Pause, Step
from workflows.nudges import ladders
from workflows.nudges import questions as nudge_questions
from workflows.nudges.reasons import Moved, moved_on
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions

ANSWERS = "interview.answers"
TOLD = ("confirmed", "talk_wanted", "left")
"""What an auditor is told of an interview in a line; that it is confirmed, where they may not read what was said."""


def invitation(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The invitation, unless the interview was begun elsewhere or is over."""
    step = interview_questions.step_of(uow, row.subject_id)
    if step.interview.state is not InterviewState.INVITED:
        return _moved_on(step)
    return Post(words.invitation(facts.card(uow, step)))


def question(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """A question in the thread of the invitation, unless another is asked by now."""
    step = interview_questions.step_of(uow, row.subject_id)
    if step.interview.asking != interview_questions.asked_by(row):
        return _moved_on(step)
    return Post(_question(uow, step, row, at, is_asked=True), step.interview.thread_ts)


def paused(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """That nothing is asked for now, unless they went on already."""
    step = interview_questions.step_of(uow, row.subject_id)
    if step.interview.state is not InterviewState.ANSWERING:
        return _moved_on(step)
    return Post(_paused(step, row), step.interview.thread_ts)


def summary(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """Every answer read back, unless it has already been confirmed."""
    step = interview_questions.step_of(uow, row.subject_id)
    if step.interview.state is not InterviewState.CONFIRMING:
        return _moved_on(step)
    return Post(facts.summary_of(uow, step), step.interview.thread_ts)


def held_back(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """What to do about words that look like a secret, unless that is settled."""
    held = uow.get(HeldBack, row.subject_id)
    if held.settled_as is not None:
        return Skip(moved_on(Moved.INTERVIEW, held.settled_as.value))
    return Post(later_words.held_back(facts.held_back(held)), held.thread_ts or held.message_ts)


def redraw_held_back(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The same with what came of it."""
    message = later_words.held_back(facts.held_back(uow.get(HeldBack, row.subject_id)))
    return Redraw(lambda _: message)


def edited_or_deleted(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """What a later edit or deletion of a message means for the answer."""
    return Post(_later(uow, row), interview_questions.step_of(uow, row.subject_id).interview.thread_ts)


def answers(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The confirmed answers, for the auditor who asked to read them; in the thread of the day if there is one."""
    message = _answers(uow, interview_questions.step_of(uow, row.subject_id))
    return Post(message, nudge_questions.thread_of_today(uow, row.recipient, at))


def _moved_on(step: Step) -> Skip:
    return Skip(moved_on(Moved.INTERVIEW, step.interview.state.value))


def _question(uow: UnitOfWork, step: Step, row: OutboxRow, at: datetime, *, is_asked: bool) -> Message:
    key, ack, about, *_ = row.values["what"]
    question = step.find(key)
    shown = facts.asked(uow, step, question, Ack(ack), about, is_asked=is_asked)
    return asking.question(replace(shown, kept=facts.kept(uow, step, question, at) if is_asked else None))


def _paused(step: Step, row: OutboxRow) -> Message:
    why, about, rows, *_ = row.values["what"]
    return asking.paused(facts.paused(step, Pause(why), about, int(rows)))


def _later(uow: UnitOfWork, row: OutboxRow) -> Message:
    answer_id, what, *_ = row.values["what"]
    return later_words.later(facts.later_edit(uow, uow.get(Answer, answer_id), what))


def _answers(uow: UnitOfWork, step: Step) -> Message:
    return desk_audit_words.answers(desk_audit_facts.confirmed(uow, step))


# --- the message of the day ---


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """What is to be told of an interview: to whoever is asked that it waits, to the auditor how it ended."""
    step = interview_questions.step_of(uow, nudge.subject_id)
    if nudge.person_id == step.interview.person_id:
        return _of_their_own(uow, step, nudge, at)
    if nudge.rung == "manages":
        return words.told(facts.card(uow, step), "manages", about=nudge.what)
    if nudge.rung == "confirmed" and nudge.person_id in access.readers(uow, step.audit):
        return desk_audit_words.day_item(desk_audit_facts.confirmed(uow, step))
    if nudge.rung == "declined":
        return desk_audit_words.declined(facts.card(uow, step))
    return words.told(facts.card(uow, step), nudge.rung if nudge.rung in TOLD else "late")


def _of_their_own(uow: UnitOfWork, step: Step, nudge: Nudge, at: datetime) -> DayItem:
    card = facts.card(uow, step)
    if nudge.rung == "withdrawn":
        return words.told(card, "withdrawn")
    if nudge.rung == "redacted":
        answer = uow.get(Answer, int(nudge.what.partition(".")[0]))
        return words.told(card, "redacted", about=answer.redacted_by or "")
    person = people_questions.reader(uow, nudge.person_id)
    return words.reminder(card, local_day(person.zone if person else uow.workspace().zone, at))


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why nobody need be reminded any more, or nothing."""
    is_reminder = nudge.rung == GOES_ON or nudge.rung.partition(".")[0] in set(ladders.Step)
    interview = interview_questions.step_of(uow, nudge.subject_id).interview
    is_hidden = interview.state is InterviewState.WITHDRAWN and nudge.person_id != interview.person_id
    is_over = is_hidden or (is_reminder and interview.state not in OPEN_STATES)
    return moved_on(Moved.INTERVIEW, interview.state.value) if is_over else ""


# --- as it stands now ---


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """Invitation, conversation and the auditor's card, as the interview stands now."""
    step = interview_questions.step_of(uow, row.subject_id)
    conversation = [each for each in posted.where_posted(uow, "interview", row.subject_id) if each.kind in _DRAWN]
    newest = {kind: [each.message_id for each in conversation if each.kind == kind] for kind in _DRAWN}
    return Redraw(lambda place: _at(uow, place, step, newest.get(place.kind, []), at))


_DRAWN = (QUESTION, PAUSED, SUMMARY)


def _at(uow: UnitOfWork, place: Place, step: Step, newest: list[int], at: datetime) -> Message | None:
    """How a message looks by now; those further up than the last two of their kind stand as they were left."""
    if place.kind == INVITATION:
        return words.invitation(facts.card(uow, step))
    if place.kind == ANSWERS:
        return _answers(uow, step)
    if place.kind == LATER:
        return _later(uow, uow.get(OutboxRow, place.message_id))
    if place.message_id not in newest[:2]:
        return None
    row, is_newest = uow.get(OutboxRow, place.message_id), place.message_id == newest[0]
    if place.kind == QUESTION:
        is_asked = is_newest and step.interview.asking == interview_questions.asked_by(row)
        return _question(uow, step, row, at, is_asked=is_asked)
    if place.kind == PAUSED:
        return _paused(step, row)
    return _read_back(uow, step, is_newest=is_newest)


def _read_back(uow: UnitOfWork, step: Step, *, is_newest: bool) -> Message:
    if step.interview.state is InterviewState.CONFIRMED and is_newest:
        return facts.sealed_copy(uow, step)
    if step.interview.state is InterviewState.CONFIRMING and is_newest:
        return facts.summary_of(uow, step)
    return words.replaced_summary(step.audit.title)


COMPOSERS = {
    INVITATION: invitation,
    QUESTION: question,
    PAUSED: paused,
    SUMMARY: summary,
    ANSWERS: answers,
    LATER: edited_or_deleted,
    HELD_BACK: held_back,
    "held_back.redraw": redraw_held_back,
    "interview.redraw": redraw,
}

SUBJECTS = {"interview": Subject(day_item, why_not)}
