"""Desk audits room at the edge: opening an audit, the interview question by question, the auditor's ratings."""

from dataclasses import replace
from datetime import datetime

from bot.calls import Command, Form, Next, Open, Post, Press, Refresh, Reply, Skip, Tell
from bot.frameworks import requirements
from bot.nudges import Subject
from bot.routes import form, press, verb
from messages import desk_audits as words
from messages.kit import Message, Modal
from messages.nudges import DayItem
from messages.payloads import AnswerRef, InterviewRef, Nothing, QuestionRef
from storage.desk_audits import Answer, InterviewState
from storage.nudges import Nudge
from storage.outbox import OutboxRow
from storage.posted import Place
from storage.unit_of_work import UnitOfWork
from workflows import desk_audits, nudges, scales
from workflows.desk_audits import AuditInBrief, Step
from workflows.question_sets import Question

MOST_LISTED = 20

# --- what the words need to know ---


def card(step: Step) -> words.InterviewCard:
    """Everything the interviewee's card shows, as it stands now."""
    return words.InterviewCard(
        ref=InterviewRef(step.interview.id),
        audit_title=step.audit.title,
        person_id=step.interview.person_id,
        auditor_id=step.audit.auditor_id,
        minutes=step.questions.minutes,
        answered=len(step.answers),
        total=step.total,
        state=step.interview.state.value,
        confirmed_at=step.interview.confirmed_at,
    )


def item(step: Step) -> words.InterviewItem:
    """An interview as a line in a list."""
    return words.InterviewItem(
        ref=InterviewRef(step.interview.id),
        audit_title=step.audit.title,
        auditor_id=step.audit.auditor_id,
        answered=len(step.answers),
        total=step.total,
        state=step.interview.state.value,
    )


def rated(uow: UnitOfWork, answer: Answer) -> words.RatedAnswer:
    """An answer as the auditor reads it."""
    shown = words.RatedAnswer(
        AnswerRef(answer.id, answer.version), answer.prompt, answer.text, requirements(uow, answer.requirements)
    )
    if answer.rating is None or answer.corroboration is None:
        return shown
    suggestion = scales.suggestion(answer.rating, answer.corroboration)
    return replace(
        shown,
        rating=scales.RATINGS[answer.rating],
        corroboration=scales.CORROBORATIONS[answer.corroboration],
        suggestion=suggestion.value,
        may_raise=suggestion is scales.Suggestion.NONCONFORMITY,
    )


def _summary(step: Step) -> Message:
    answers = [
        words.GivenAnswer(QuestionRef(step.interview.id, each.question_id), each.prompt, each.text)
        for each in step.answers
    ]
    return words.summary(ref=InterviewRef(step.interview.id), audit_title=step.audit.title, answers=answers)


def _confirmed(uow: UnitOfWork, step: Step) -> words.AnswersCard:
    interview = step.interview
    assert interview.confirmed_at is not None  # both are set by confirming, which nothing takes back
    assert interview.digest is not None
    return words.AnswersCard(
        ref=InterviewRef(interview.id),
        audit_title=step.audit.title,
        person_id=interview.person_id,
        confirmed_at=interview.confirmed_at,
        digest=interview.digest,
        answers=[rated(uow, each) for each in step.answers],
    )


def _question_modal(step: Step, question: Question, *, number: int, given: str = "") -> Modal:
    return words.question_modal(
        ref=QuestionRef(step.interview.id, question.id),
        number=number,
        total=step.total,
        prompt=question.prompt,
        audit_title=step.audit.title,
        given=given,
    )


# --- what people do ---


async def audit(call: Command) -> Reply:
    """`/iso audit` opens a desk audit; `/iso audit list` shows how far the latest are."""
    if call.text.strip().lower() == "list":
        found = await call.ask(desk_audits.latest, limit=MOST_LISTED)
        return Tell(words.audit_list(items=[_in_brief(each) for each in found], total=len(found)))
    sets = await call.ask(desk_audits.may_open)
    return Open(
        words.launch_modal(
            sets=[words.QuestionSet(each.key, each.title, each.minutes, len(each.questions)) for each in sets]
        )
    )


def _in_brief(found: AuditInBrief) -> words.AuditItem:
    states = [interview.state for interview in found.interviews]
    return words.AuditItem(
        title=found.audit.title,
        auditor_id=found.audit.auditor_id,
        invited=len(states),
        confirmed=states.count(InterviewState.CONFIRMED),
        declined=states.count(InterviewState.DECLINED),
        unrated=found.unrated,
    )


async def launched(call: Form[Nothing]) -> Reply:
    """Invite the people chosen."""
    await call.act(
        desk_audits.open_audit,
        title=call.text(words.TITLE),
        question_set=call.choice(words.QUESTION_SET) or "",
        persons=call.people(words.PEOPLE),
    )
    return None


async def begin_or_continue(call: Press[InterviewRef]) -> Reply:
    """The next open question."""
    step = await call.ask(desk_audits.step, interview_id=call.payload.interview)
    if step.question is None:
        return Tell(_summary(step))
    return Open(_question_modal(step, step.question, number=step.number))


async def answered(call: Form[QuestionRef]) -> Reply:
    """Save the answer and show the next question in the same modal; after the last one it closes."""
    step = await call.act(
        desk_audits.answer,
        interview_id=call.payload.interview,
        question_id=call.payload.question,
        text=call.text(words.ANSWER_FIELD),
        does_not_know=bool(call.choices(words.DOES_NOT_KNOW)),
    )
    return Next(_question_modal(step, step.question, number=step.number)) if step.question else None


async def change(call: Press[QuestionRef]) -> Reply:
    """One answer once more, as it was given, before the summary is confirmed."""
    step = await call.ask(desk_audits.step, interview_id=call.payload.interview)
    number, question = step.asked(call.payload.question)
    return Open(_question_modal(step, question, number=number, given=step.text_of(question)))


async def confirm(call: Press[InterviewRef]) -> Reply:
    """The person says that the summary is right."""
    await call.act(desk_audits.confirm, interview_id=call.payload.interview)
    return None


async def decline(call: Press[InterviewRef]) -> Reply:
    """The person does not take part."""
    await call.act(desk_audits.decline, interview_id=call.payload.interview)
    return None


async def read(call: Press[InterviewRef]) -> Reply:
    """The auditor wants to read an interview of which the message of the day says only that it is confirmed."""
    await call.act(desk_audits.read, interview_id=call.payload.interview)
    return None


async def rate(call: Press[AnswerRef]) -> Reply:
    """The auditor reads the whole answer and is asked for the two scales."""
    answer = await call.ask(desk_audits.to_rate, answer_id=call.payload.answer)
    return Open(
        words.rate_modal(
            ref=AnswerRef(answer.id, answer.version),
            prompt=answer.prompt,
            text=answer.text,
            ratings=[(str(value), sentence) for value, sentence in scales.RATINGS.items()],
            corroborations=[(str(value), sentence) for value, sentence in scales.CORROBORATIONS.items()],
        )
    )


async def rated_by_auditor(call: Form[AnswerRef]) -> Reply:
    """The auditor rated an answer."""
    await call.act(
        desk_audits.rate,
        answer_id=call.payload.answer,
        version=call.payload.version,
        rating=int(call.choice(words.RATING) or -1),
        corroboration=int(call.choice(words.CORROBORATION) or -1),
        note=call.text(words.NOTE),
    )
    return None


ROUTES = (
    verb("audit", usage="[list]", sentence="opens a desk audit, or lists the latest", handler=audit),
    form(words.LAUNCH_FORM, Nothing, launched),
    press(words.ANSWER, InterviewRef, begin_or_continue),
    form(words.QUESTION_FORM, QuestionRef, answered),
    press(words.CHANGE, QuestionRef, change),
    press(words.CONFIRM, InterviewRef, confirm),
    press(words.DECLINE, InterviewRef, decline),
    press(words.READ, InterviewRef, read),
    press(words.RATE, AnswerRef, rate),
    form(words.RATE_FORM, AnswerRef, rated_by_auditor),
)

# --- what the bot says by itself ---


def invitation(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """The invitation, unless the interview is over by now."""
    step = desk_audits.step_of(uow, row.subject_id)
    if step.interview.state is not InterviewState.INVITED:
        return Skip(f"the interview is {step.interview.state.value} by now")
    return Post(words.invitation(card(step)))


def summary(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post | Skip:
    """Every answer read back, unless it was confirmed by now."""
    step = desk_audits.step_of(uow, row.subject_id)
    if step.interview.state is not InterviewState.CONFIRMING:
        return Skip(f"the interview is {step.interview.state.value} by now")
    return Post(_summary(step))


def answers(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The confirmed answers, for the auditor who asked to read them; in the thread of the day if there is one."""
    message = words.answers(_confirmed(uow, desk_audits.step_of(uow, row.subject_id)))
    return Post(message, nudges.thread_of_today(uow, row.recipient, at))


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """An interview that has come to its end, for the auditor."""
    step = desk_audits.step_of(uow, nudge.subject_id)
    if step.interview.state is InterviewState.CONFIRMED:
        return words.day_item(_confirmed(uow, step))
    return words.declined(card(step))


def refresh(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """Invitation, summary and the auditor's card, as the interview stands now."""
    step = desk_audits.step_of(uow, row.subject_id)
    return Refresh(lambda place: _at(uow, place, step))


def _at(uow: UnitOfWork, place: Place, step: Step) -> Message:
    if place.kind == "interview.invitation":
        return words.invitation(card(step))
    if place.kind == "interview.answers":
        return words.answers(_confirmed(uow, step))
    if step.interview.state is InterviewState.CONFIRMED:
        return words.thanks(
            audit_title=step.audit.title, auditor_id=step.audit.auditor_id, digest=step.interview.digest or ""
        )
    return _summary(step)


COMPOSERS = {
    "interview.invitation": invitation,
    "interview.summary": summary,
    "interview.answers": answers,
    "interview.refresh": refresh,
}
SUBJECTS = {"interview": Subject(day_item)}
