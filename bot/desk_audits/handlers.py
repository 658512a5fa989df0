"""Desk audits room at the edge: opening an audit, and the auditor's ratings."""

from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.desk_audits import cards as words
from messages.desk_audits.payloads import AnswerRef
from messages.interviews.payloads import InterviewRef
from messages.words.payloads import Nothing
from storage.interviews.tables import InterviewState
from workflows.desk_audits import commands as desk_audit_commands
from workflows.desk_audits import questions as desk_audit_questions
from workflows.desk_audits import scales
from workflows.desk_audits.questions import AuditInBrief
from workflows.desk_audits.shapes import Assessed, Launch

MOST_LISTED = 20


async def audit(call: Command) -> Reply:
    """`/iso audit` opens a desk audit; `/iso audit list` shows how far the latest are."""
    if call.text.strip().lower() == "list":
        found = await call.ask(desk_audit_questions.latest, limit=MOST_LISTED)
        return Tell(words.audit_list(items=[_in_brief(each) for each in found], total=len(found)))
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
    press(words.READ, InterviewRef, read),
    press(words.RATE, AnswerRef, rate),
    form(words.RATE_FORM, AnswerRef, rated_by_auditor),
)
