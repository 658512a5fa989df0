"""Desk audits room at the edge: opening an audit, the interview question by question, the auditor's ratings."""

from bot.audit_reports import handlers as report_handlers
from bot.desk_audits.facts import question_modal, summary_of
from bot.slack.calls import Command, Form, Next, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.desk_audits import cards as words
from messages.desk_audits.payloads import AnswerRef, InterviewRef, QuestionRef
from messages.words.payloads import Nothing
from storage.interviews.tables import InterviewState
from workflows.desk_audits import commands as desk_audit_commands
from workflows.desk_audits import questions as desk_audit_questions
from workflows.desk_audits import scales
from workflows.desk_audits.questions import AuditInBrief
from workflows.desk_audits.shapes import Assessed, Launch

MOST_LISTED = 20
LONGEST_NUMBER = 10
"""Digits: no database gives an id of more."""


async def audit(call: Command) -> Reply:
    """`/iso audit` opens a desk audit; `list` shows how far the latest are, `7 report` the report of one."""
    match call.text.lower().split():
        case ["list"]:
            return await listed(call)
        case [number, "report"] if number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER:
            return await report_handlers.report(call, int(number))
    return await launch(call)


async def listed(call: Command) -> Reply:
    """The latest desk audits."""
    found = await call.ask(desk_audit_questions.latest, limit=MOST_LISTED)
    return Tell(words.audit_list(items=[_in_brief(each) for each in found], total=len(found)))


async def launch(call: Command) -> Reply:
    """The form that opens a desk audit."""
    sets = await call.ask(desk_audit_commands.may_open)
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
    await call.act(desk_audit_commands.open_audit, launch=filled(call, Launch))
    return None


async def begin_or_continue(call: Press[InterviewRef]) -> Reply:
    """The next open question."""
    step = await call.ask(desk_audit_questions.step, interview_id=call.payload.interview)
    if step.question is None:
        return Tell(summary_of(step))
    return Open(question_modal(step, step.question, number=step.number))


async def answered(call: Form[QuestionRef]) -> Reply:
    """Save the answer and show the next question in the same modal; after the last one it closes."""
    step = await call.act(
        desk_audit_commands.answer,
        interview_id=call.payload.interview,
        question_id=call.payload.question,
        text=call.text(words.ANSWER_FIELD),
        does_not_know=bool(call.choices(words.DOES_NOT_KNOW)),
    )
    return Next(question_modal(step, step.question, number=step.number)) if step.question else None


async def change(call: Press[QuestionRef]) -> Reply:
    """One answer once more, as it was given, before the summary is confirmed."""
    step = await call.ask(desk_audit_questions.step, interview_id=call.payload.interview)
    number, question = step.asked(call.payload.question)
    return Open(question_modal(step, question, number=number, given=step.text_of(question)))


async def confirm(call: Press[InterviewRef]) -> Reply:
    """The person says that the summary is right."""
    await call.act(desk_audit_commands.confirm, interview_id=call.payload.interview)
    return None


async def decline(call: Press[InterviewRef]) -> Reply:
    """The person does not take part."""
    await call.act(desk_audit_commands.decline, interview_id=call.payload.interview)
    return None


async def read(call: Press[InterviewRef]) -> Reply:
    """The auditor wants to read an interview of which the message of the day says only that it is confirmed."""
    await call.act(desk_audit_commands.read, interview_id=call.payload.interview)
    return None


async def rate(call: Press[AnswerRef]) -> Reply:
    """The auditor reads the whole answer and is asked for the two scales."""
    answer = await call.ask(desk_audit_questions.to_rate, answer_id=call.payload.answer)
    return Open(
        words.rate_modal(
            ref=AnswerRef(answer.id, answer.version),
            prompt=answer.prompt,
            text=answer.text,
            ratings=scales.RATINGS,
            corroborations=scales.CORROBORATIONS,
        )
    )


async def rated_by_auditor(call: Form[AnswerRef]) -> Reply:
    """The auditor rated an answer."""
    ref, said = call.payload, filled(call, Assessed)
    await call.act(desk_audit_commands.rate, answer_id=ref.answer, version=ref.version, said=said)
    return None


ROUTES = (
    verb("audit", handler=audit),
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
