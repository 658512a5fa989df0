"""Desk audits room at the edge: opening an audit, and the auditor's ratings."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bot.desk_audits import competence, planning, programme
from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import Routes, form, press, retired, verb
from messages.desk_audits import cards as words
from messages.desk_audits.payloads import AnswerRef
from messages.interviews.payloads import InterviewRef
from storage.interviews.tables import InterviewState
from workflows.desk_audits import commands as desk_audit_commands
from workflows.desk_audits import questions as desk_audit_questions
from workflows.desk_audits import scales
from workflows.desk_audits.questions import AuditInBrief
from workflows.desk_audits.shapes import Assessed

MOST_LISTED = 20


async def audit(call: Command) -> Reply:
    """`/iso audit` plans an audit; the word behind it says what else somebody wants."""
    word = call.text.strip().lower().partition(" ")[0]
    return await AUDIT_WORDS.get(word, planning.begin)(call)


async def listing(call: Command) -> Reply:
    """`/iso audit list`: how far the latest are."""
    found = await call.ask(desk_audit_questions.latest, limit=MOST_LISTED)
    return Tell(words.audit_list(items=[_in_brief(each) for each in found], total=len(found)))


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


AUDIT_WORDS: Mapping[str, Callable[[Command], Awaitable[Reply]]] = MappingProxyType(
    {
        "list": listing,
        "programme": programme.show,
        "competence": competence.show,
    }
)
"""What may stand behind `/iso audit`; the same in every language."""

ROUTES: Routes = (
    verb("audit", handler=audit),
    *planning.ROUTES,
    *programme.ROUTES,
    *competence.ROUTES,
    retired(words.LAUNCH_FORM, "audit_launch"),
    press(words.READ, InterviewRef, read),
    press(words.RATE, AnswerRef, rate),
    form(words.RATE_FORM, AnswerRef, rated_by_auditor),
)
