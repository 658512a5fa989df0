"""Desk audits room at the edge: `/iso audit competence`, what makes somebody fit to audit."""

from bot.slack.calls import Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press
from messages.desk_audits import competence as words
from messages.people.payloads import PersonRef
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from storage.desk_audits.tables import AuditorCompetence
from storage.engine.unit_of_work import UnitOfWork
from workflows.deed import Deed
from workflows.desk_audits import competence
from workflows.desk_audits.shapes import Competence
from workflows.frameworks import questions as framework_questions
from workflows.people.permissions import Permission
from workflows.tasks.work_lists import person_meant


async def show(call: Command) -> Reply:
    """`/iso audit competence @person` shows what is on record; without a person the form to record it."""
    behind = call.text.partition(" ")[2]
    if not behind.strip():
        return Open(await call.ask(_modal, person_id=None))
    return Tell(await call.ask(_listing, person_id=person_meant(behind, own_id=call.person_id)))


async def record(call: Press[PersonRef]) -> Reply:
    """Record something of somebody."""
    return Open(await call.ask(_modal, person_id=call.payload.person))


async def recorded(call: Form[Nothing]) -> Reply:
    """It is recorded; what is on record now is shown."""
    said = filled(call, Competence)
    await call.act(competence.record, said=said)
    return Tell(await call.ask(_listing, person_id=said.person_id))


def _listing(deed: Deed, *, person_id: str) -> Message:
    found = competence.on_record(deed, person_id=person_id)
    may_record = deed.may(Permission.RECORD_COMPETENCE) and person_id != deed.by
    return words.listing(person_id, [_item(deed, each) for each in found], may_record=may_record)


def _item(deed: Deed, each: AuditorCompetence) -> words.OnRecord:
    is_good = competence.is_good(each, deed.today)
    return words.OnRecord(_standard(deed.uow, each.edition), each.basis, each.recorded_by, each.valid_until, is_good)


def _standard(uow: UnitOfWork, edition: str) -> str:
    return framework_questions.catalogue_of(uow, edition).standard


def _modal(deed: Deed, *, person_id: str | None) -> Modal:
    editions = [(each, _standard(deed.uow, each)) for each in competence.to_record(deed)]
    return words.modal(person_id=person_id, editions=editions)


ROUTES = (
    press(words.RECORD, PersonRef, record),
    form(words.RECORD_FORM, Nothing, recorded),
)
