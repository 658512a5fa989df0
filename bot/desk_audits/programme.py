"""Desk audits room at the edge: `/iso audit programme` and its parts."""

from bot.desk_audits import planning
from bot.requirements import requirement
from bot.slack.calls import Command, Press, Reply, Tell
from bot.slack.routes import Routes, press
from messages.desk_audits import programme as words
from messages.desk_audits.payloads import BeginRef, ProgrammeRef
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from workflows.deed import Deed
from workflows.desk_audits import programme
from workflows.desk_audits.programme import Coverage, Entry, Programme
from workflows.frameworks import questions as framework_questions

MOST_DUE = 5


async def show(call: Command) -> Reply:
    """`/iso audit programme`, or of one standard: `/iso audit programme 9001`."""
    return Tell(await call.ask(_begun, text=call.text.partition(" ")[2]))


async def turned(call: Press[ProgrammeRef]) -> Reply:
    """Another part, page, year or standard."""
    return Tell(await call.ask(_programme, ref=call.payload), replace=True)


def _begun(deed: Deed, *, text: str) -> Message:
    standards = deed.uow.workspace().standards
    meant = [
        each for each in standards if text.strip() and text.strip().casefold() in _standard(deed.uow, each).casefold()
    ]
    edition = meant[0] if len(meant) == 1 else ""
    return _programme(deed, ref=ProgrammeRef(words.YEAR, edition, deed.today.year, 1))


def _programme(deed: Deed, *, ref: ProgrammeRef) -> Message:
    found = programme.programme(deed, edition=ref.edition, year=ref.year)
    rows = _rows(found, ref.view)
    pages = max(1, -(-len(rows) // words.PER_PAGE))
    page = min(max(ref.page, 1), pages)
    shown = rows[(page - 1) * words.PER_PAGE : page * words.PER_PAGE]
    return words.programme(
        words.Programme(
            ref=ProgrammeRef(ref.view, ref.edition, ref.year, page),
            standards=[(each, _standard(deed.uow, each)) for each in deed.uow.workspace().standards],
            standard=_standard(deed.uow, ref.edition) if ref.edition else "",
            first=found.cycle.first,
            last=found.cycle.last,
            audited=found.audited,
            requirements=len(found.requirements),
            entries=[_entry(each) for each in shown if isinstance(each, Entry)],
            due=[_seen(deed.uow, each) for each in found.due[:MOST_DUE]],
            seen=[_seen(deed.uow, each) for each in shown if isinstance(each, Coverage)],
            pages=pages,
            may_plan=found.may_plan,
        )
    )


def _rows(found: Programme, view: str) -> list[Entry] | list[Coverage]:
    if view == words.REQUIREMENTS:
        return list(found.requirements)
    return [*found.processes, *found.places] if view == words.WORK else list(found.entries)


def _standard(uow: UnitOfWork, edition: str) -> str:
    return framework_questions.catalogue_of(uow, edition).standard


def _entry(each: Entry) -> words.Entry:
    return words.Entry(
        title=each.title,
        begins_on=each.begins_on,
        due_on=each.due_on,
        party=each.party.value,
        approach=each.approach.value if each.approach else "",
        state=each.state,
        lead_id=each.lead_id,
        number=each.audit_id or 0,
        findings=[(kind.value, count) for kind, count in (each.findings or {}).items()],
        task=(each.task_id or 0) if each.audit_id is None else 0,
    )


def _seen(uow: UnitOfWork, each: Coverage) -> words.Seen:
    return words.Seen(
        name=each.name,
        requirement=requirement(uow, each.requirement.reference) if each.requirement else None,
        number=each.audit_id or 0,
        on=each.on,
        lead_id=each.lead_id,
        worst=each.worst.value if each.worst else "",
        open_findings=each.open_findings,
        due=each.due.value if each.due else "",
    )


_IDS = (*words.VIEWS, words.NEXT, words.PREVIOUS, words.LATER, words.EARLIER)
_EDITIONS = tuple(f"{words.EDITION}_{number}" for number in range(words.MOST_EDITIONS))

ROUTES: Routes = (
    press(words.PLAN_IT, BeginRef, planning.plan_it),
    *(press(f"{words.SHOW}_{each}", ProgrammeRef, turned) for each in (*_IDS, *_EDITIONS)),
)
