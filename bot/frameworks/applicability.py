"""Frameworks room at the edge: `/iso soa`, deciding what applies, approving and exporting the statement."""

import re
from datetime import datetime
from itertools import groupby

from bot.errands import Conclusion, Kind, nothing, share_once
from bot.requirements import requirement
from bot.services import Services
from bot.slack.calls import Call, Command, Form, Next, Open, Press, Reply, Tell
from bot.slack.routes import form, press, verb
from messages.frameworks import applicability as words
from messages.frameworks.payloads import FrameworkPage, RequirementRef
from messages.words import workbooks
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.record.errands import Errand
from workflows.deed import Deed
from workflows.frameworks import applicability, gap_analysis
from workflows.frameworks import questions as framework_questions
from workflows.frameworks import rules as framework_rules
from workflows.frameworks.applicability import Statement, StatementLine
from workflows.nudges import rules as nudge_rules
from workflows.people.permissions import Permission

# --- what the words need to know ---


def _figures(found: Statement) -> words.StatementFigures:
    edition, approved = found.catalogue.edition, found.approved
    themes = groupby(sorted(found.lines, key=lambda line: _order(found, line)), key=_theme_of)
    return words.StatementFigures(
        page=FrameworkPage(edition),
        standard=found.catalogue.standard,
        themes=[_theme(FrameworkPage(edition, name), list(lines)) for name, lines in themes],
        number=approved.number if approved else 0,
        approved_by=approved.approved_by if approved else None,
        approved_at=approved.approved_at if approved else None,
        is_approved=found.is_approved,
    )


def _theme_of(line: StatementLine) -> str:
    return line.requirement.theme


def _order(found: Statement, line: StatementLine) -> int:
    """Themes in the order in which the standard first names them."""
    return [_theme_of(each) for each in found.lines].index(_theme_of(line))


def _theme(page: FrameworkPage, lines: list[StatementLine]) -> words.ThemeFigures:
    decided = [line.decision.applies for line in lines if line.decision]
    return words.ThemeFigures(page, sum(decided), len(decided) - sum(decided), len(lines) - len(decided))


def _line(uow: UnitOfWork, line: StatementLine, *, goes_on: bool = False) -> words.DecidedLine:
    decision = line.decision
    return words.DecidedLine(
        ref=RequirementRef(line.requirement.reference, decision.version if decision else 0, goes_on),
        requirement=requirement(uow, line.requirement.reference),
        applies=decision.applies if decision else None,
        reason=decision.reason if decision else "",
        state=gap_analysis.key_of(line.rating),
        is_shown=line.is_shown,
    )


def _overview(deed: Deed) -> Message:
    found = applicability.statements(deed)
    return words.overview(
        [_figures(each) for each in found],
        may_decide=deed.may(Permission.DECIDE_WHAT_APPLIES),
        may_approve=deed.may(Permission.APPROVE_STATEMENT_OF_APPLICABILITY),
    )


def _of_theme(deed: Deed, *, page: FrameworkPage) -> Message:
    found = applicability.statement(deed, edition=page.edition)
    lines = [line for line in found.lines if line.requirement.theme == page.theme]
    first = (page.page - 1) * words.PER_PAGE
    return words.theme(
        [_line(deed.uow, line) for line in lines[first : first + words.PER_PAGE]],
        page=page,
        standard=found.catalogue.standard,
        total=len(lines),
        undecided=sum(line.decision is None for line in lines),
        may_decide=deed.may(Permission.DECIDE_WHAT_APPLIES),
    )


def _decide_modal(deed: Deed, *, reference: str, goes_on: bool) -> Modal:
    line = applicability.to_decide(deed, reference=reference)
    found = applicability.statement(deed, edition=line.requirement.edition)
    return words.decide_modal(
        _line(deed.uow, line, goes_on=goes_on), summary=line.requirement.summary, left=len(found.undecided)
    )


def _named(deed: Deed, *, typed: str) -> Reply:
    """The form for those who decide; how it stands for those who may see it."""
    deed.must(Permission.SEE_STATEMENT_OF_APPLICABILITY)
    reference = framework_questions.named(deed.uow, typed).reference
    if deed.may(Permission.DECIDE_WHAT_APPLIES):
        return Open(_decide_modal(deed, reference=reference, goes_on=False))
    return Tell(words.one(_line(deed.uow, applicability.to_look_at(deed, reference=reference))))


def _next_modal(deed: Deed, *, edition: str, after: str) -> Modal | None:
    following = applicability.statement(deed, edition=edition).after(after)
    if following is None:
        return None
    return _decide_modal(deed, reference=following.requirement.reference, goes_on=True)


def _rest_modal(deed: Deed, *, page: FrameworkPage) -> Modal:
    deed.must(Permission.DECIDE_WHAT_APPLIES)
    found = applicability.statement(deed, edition=page.edition)
    undecided = sum(line.requirement.theme == page.theme for line in found.undecided)
    return words.rest_modal(page, standard=found.catalogue.standard, undecided=undecided)


def _sheet(deed: Deed, found: Statement) -> workbooks.StatementSheet:
    approved, zone = found.approved, deed.uow.workspace().zone
    return workbooks.StatementSheet(
        standard=found.catalogue.standard,
        organisation=deed.uow.workspace().name,
        exported_on=nudge_rules.local_day(zone, deed.at),
        version=approved.number if approved else 0,
        approved_by=_name(deed.uow, approved.approved_by) if approved else "",
        approved_on=nudge_rules.local_day(zone, approved.approved_at) if approved else None,
        is_approved=found.is_approved,
        rows=[_row(deed.uow, line, zone) for line in found.lines],
    )


def _row(uow: UnitOfWork, line: StatementLine, zone: str) -> workbooks.StatementRow:
    decision = line.decision
    return workbooks.StatementRow(
        number=line.requirement.number,
        title=framework_rules.title(uow, line.requirement),
        applies=decision.applies if decision else None,
        reason=decision.reason if decision else "",
        state=gap_analysis.key_of(line.rating),
        is_shown=line.is_shown,
        decided_by=_name(uow, decision.decided_by) if decision else "",
        decided_on=nudge_rules.local_day(zone, decision.decided_at) if decision else None,
    )


def _name(uow: UnitOfWork, person_id: str) -> str:
    person = people_queries.person(uow, person_id)
    return person.name if person and person.name else person_id


# --- what people do ---


async def show(call: Command) -> Reply:
    """`/iso soa`; `/iso soa A.5.18` is about one; `/iso soa export` sends the first statement as a file."""
    typed = call.text.strip()
    if not typed:
        return Tell(await call.ask(_overview))
    if typed.lower() != "export":
        return await call.ask(_named, typed=typed)
    found = await call.ask(applicability.statements)
    return await _export(call, found[0].catalogue.edition) if found else Tell(await call.ask(_overview))


async def export(call: Press[FrameworkPage]) -> Reply:
    """The statement as a file in the person's direct messages."""
    return await _export(call, call.payload.edition)


async def _export(call: Call, edition: str) -> Reply:
    file = await call.act(_exported, edition=edition)
    return Tell(words.exporting(file=file))


def _exported(deed: Deed, *, edition: str) -> str:
    """The name of the file that is to come; the conversation with whoever wants it is known once it is made."""
    sheet = _sheet(deed, applicability.export(deed, edition=edition))
    standard = re.sub(r"\W+", "-", sheet.standard)
    file = f"{standard}-applicability-{sheet.exported_on.isoformat()}.xlsx"
    deed.errand(EXPORT, values={"edition": edition}, about=file)
    return file


async def send_export(services: Services, errand: Errand) -> Conclusion:
    """The statement as it is by now, as a file in the person's direct messages."""
    edition, person_id = errand.values["edition"], errand.person_id
    sheet = await services.database.read(errand.workspace_id, _as_of, person_id, edition, services.clock.now())
    channel_id = await services.gateway.open_dm(person_id)
    await share_once(services, errand, channel_id, None, errand.about, workbooks.statement(sheet))
    return nothing


def _as_of(uow: UnitOfWork, person_id: str, edition: str, at: datetime) -> workbooks.StatementSheet:
    deed = Deed.of(uow, person_id, at)
    return _sheet(deed, applicability.statement(deed, edition=edition))


EXPORT = "soa.export"
ERRANDS = {EXPORT: Kind(send_export)}


async def show_theme(call: Press[FrameworkPage]) -> Reply:
    """A page of one theme."""
    return Tell(await call.ask(_of_theme, page=call.payload))


async def begin_to_decide(call: Press[RequirementRef]) -> Reply:
    """One requirement, new or once more."""
    return Open(await call.ask(_decide_modal, reference=call.payload.reference, goes_on=False))


async def begin_to_decide_all(call: Press[FrameworkPage]) -> Reply:
    """Everything undecided, one by one."""
    modal = await call.ask(_next_modal, edition=call.payload.edition, after="")
    return Open(modal) if modal else Tell(await call.ask(_overview))


async def decided(call: Form[RequirementRef]) -> Reply:
    """Save; where it goes on, the next one stands in the same modal."""
    ref, chosen = call.payload, call.choice(words.APPLIES)
    await call.act(
        applicability.decide,
        reference=ref.reference,
        version=ref.version,
        applies=None if chosen is None else chosen == words.YES,
        reason=call.text(words.REASON),
    )
    edition, _, number = ref.reference.partition(":")
    modal = await call.ask(_next_modal, edition=edition, after=number) if ref.goes_on else None
    return Next(modal) if modal else None


async def begin_the_rest(call: Press[FrameworkPage]) -> Reply:
    """Ask for the one reason why everything undecided of a theme applies."""
    return Open(await call.ask(_rest_modal, page=call.payload))


async def rest_applies(call: Form[FrameworkPage]) -> Reply:
    """Everything undecided of the theme applies."""
    page = call.payload
    await call.act(applicability.apply_the_rest, edition=page.edition, theme=page.theme, reason=call.text(words.REASON))
    return Tell(await call.ask(_of_theme, page=page))


async def approve(call: Press[FrameworkPage]) -> Reply:
    """The statement as it is now becomes the next version."""
    await call.act(applicability.approve, edition=call.payload.edition)
    return Tell(await call.ask(_overview))


ROUTES = (
    verb("soa", handler=show),
    press(words.SHOW, FrameworkPage, show_theme),
    press(words.DECIDE, RequirementRef, begin_to_decide),
    press(words.DECIDE_ALL, FrameworkPage, begin_to_decide_all),
    form(words.DECIDE_FORM, RequirementRef, decided),
    press(words.REST, FrameworkPage, begin_the_rest),
    form(words.REST_FORM, FrameworkPage, rest_applies),
    press(words.APPROVE, FrameworkPage, approve),
    press(words.EXPORT, FrameworkPage, export),
)
