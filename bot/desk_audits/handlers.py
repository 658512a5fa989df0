"""Desk audits at the edge: the words after `/iso audit`."""

import re
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from bot.audit_reports import handlers as report_handlers
from bot.desk_audits import competence, desk, findings, planning, programme
from bot.slack.calls import Command, Press, Reply, Tell
from bot.slack.routes import Routes, press, retired, verb
from messages.desk_audits import cards as words
from messages.desk_audits import desk as desk_words
from messages.desk_audits.payloads import AuditRef
from storage.interviews.tables import InterviewState
from workflows.desk_audits import questions as desk_audit_questions
from workflows.desk_audits.counting import state_of
from workflows.desk_audits.questions import AuditInBrief

A_NUMBER = re.compile(r"\d{1,9}")
MOST_LISTED = 20


async def audit(call: Command) -> Reply:
    """`/iso audit` plans an audit; what another word leads to stands in `WORDS`, and a number to its desk or report."""
    word, _, rest = call.text.strip().lower().partition(" ")
    if A_NUMBER.fullmatch(word) and rest.strip() in OF_ONE:
        return await OF_ONE[rest.strip()](call, int(word))
    return await WORDS.get(word, unknown)(call)


async def unknown(call: Command) -> Reply:
    """What means nothing here opens no form; what would is said."""
    return Tell(words.unknown(call.text.strip()))


async def report(call: Press[AuditRef]) -> Reply:
    """The report from the desk: the draft for the lead auditor, what is signed for others."""
    return await report_handlers.report(call, call.payload.audit)


async def latest(call: Command) -> Reply:
    """`/iso audit list`: how far the latest are."""
    found = await call.ask(desk_audit_questions.latest, limit=MOST_LISTED)
    return Tell(words.audit_list(items=[_in_brief(each) for each in found], total=len(found)))


def _in_brief(found: AuditInBrief) -> words.AuditItem:
    states = [state_of(each) for each in found.interviews]
    return words.AuditItem(
        ref=AuditRef(found.audit.id),
        title=found.audit.title,
        auditor_id=found.audit.auditor_id,
        invited=len(states),
        confirmed=states.count(InterviewState.CONFIRMED),
        declined=states.count(InterviewState.DECLINED),
        unrated=found.unrated,
    )


WORDS: Mapping[str, Callable[[Command], Awaitable[Reply]]] = MappingProxyType(
    {
        "": planning.begin,
        "list": latest,
        "programme": programme.show,
        "competence": competence.show,
    }
)
"""What may stand behind `/iso audit`; the same in every language."""

OF_ONE: Mapping[str, Callable[[Command, int], Awaitable[Reply]]] = MappingProxyType(
    {"": desk.show, "report": report_handlers.report}
)
"""What may stand behind its number."""

ROUTES: Routes = (
    verb("audit", handler=audit),
    retired(words.LAUNCH_FORM, "audit_launch"),
    press(desk_words.REPORT, AuditRef, report),
    *planning.ROUTES,
    *programme.ROUTES,
    *competence.ROUTES,
    *desk.ROUTES,
    *findings.ROUTES,
)
