"""Evidence room at the edge: `/iso auditors`, who from outside may look at what, and what they see."""

from datetime import datetime

from dateutil.relativedelta import relativedelta

from bot.packs.facts import access_of
from bot.sending.day import Subject
from bot.slack import answers
from bot.slack.answers import To
from bot.slack.calls import Call, Command, Form, Open, Press, Reply, Tell
from bot.slack.filling import filled
from bot.slack.routes import form, press, verb
from messages.evidence.payloads import EvidenceRef
from messages.nudges.day import DayItem
from messages.packs import requests as words
from messages.packs.payloads import AccessRef
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence
from storage.nudges.tables import Nudge
from storage.packs.tables import AuditorAccess
from workflows.deed import Deed
from workflows.evidence import showing
from workflows.frameworks import questions as framework_questions
from workflows.nudges.reasons import Reason
from workflows.packs import auditors
from workflows.packs.selection import Selection
from workflows.packs.shapes import Admission
from workflows.people.permissions import Permission

# --- what the words need to know ---


def _auditors(deed: Deed) -> Message:
    return words.auditors([access_of(deed.uow, each) for each in auditors.standing(deed)])


def _view(uow: UnitOfWork, access: AuditorAccess, selection: Selection) -> Message:
    with selection:
        files = [_seen_file(uow, each.evidence_id, each.path) for each in selection.files]
        tasks, findings = len(selection.rows("tasks")), len(selection.rows("nonconformities"))
    return words.view(access_of(uow, access), files, tasks=tasks, findings=findings)


def _seen_file(uow: UnitOfWork, evidence_id: int, path: str) -> words.SeenFile:
    found = uow.get(Evidence, evidence_id)
    return words.SeenFile(EvidenceRef(found.id, found.version), found.name, path.rpartition("/")[0])


# --- what people do ---


async def list_auditors(call: Command) -> Reply:
    """`/iso auditors`: who may look, for leads; for an auditor from outside, what there is to see."""
    if await call.ask(_is_let_in):
        return await _show_all(call)
    return Tell(await call.ask(_auditors))


async def look(call: Press[Nothing]) -> Reply:
    """An auditor from outside wants to see what there is."""
    return await _show_all(call)


async def _show_all(call: Call) -> Reply:
    await call.act(_looked, key=call.key)
    return None


def _is_let_in(deed: Deed) -> bool:
    return bool(auditors.open_accesses(deed.uow, deed.by, deed.at)) and not deed.may(Permission.GIVE_AUDITOR_ACCESS)


def _looked(deed: Deed, *, key: str) -> None:
    accesses = auditors.open_accesses(deed.uow, deed.by, deed.at)
    for access, selection in zip(accesses, auditors.look(deed), strict=True):
        message = _view(deed.uow, access, selection)
        answers.plan(deed.uow, message, To(deed.by), once_per=f"{key}:{access.id}", at=deed.at)


async def let_in(call: Press[Nothing]) -> Reply:
    """Ask who may look at what."""
    return Open(await call.ask(_let_in_modal))


def _let_in_modal(deed: Deed) -> Modal:
    deed.must(Permission.GIVE_AUDITOR_ACCESS)
    today = deed.today
    standards = [
        (each, framework_questions.catalogue_of(deed.uow, each).standard)
        for each in framework_questions.scope(deed.uow)
    ]
    proposed = Admission(
        person_id="",
        editions=(),
        first=today - relativedelta(years=1) + relativedelta(days=1),
        last=today,
        starts_on=today,
        ends_on=today + relativedelta(days=14),
    )
    return words.let_in_modal(proposed, standards)


async def was_let_in(call: Form[Nothing]) -> Reply:
    """Somebody may look."""
    given = await call.act(auditors.let_in, admission=filled(call, Admission))
    return Tell(await call.ask(_was_let_in, access=given))


def _was_let_in(deed: Deed, *, access: AuditorAccess) -> Message:
    return words.was_let_in(access_of(deed.uow, access))


async def end(call: Press[AccessRef]) -> Reply:
    """Somebody may not look any more."""
    await call.act(auditors.end, access_id=call.payload.access)
    return Tell(await call.ask(_auditors), replace=True)


async def look_at(call: Press[EvidenceRef]) -> Reply:
    """Somebody wants to see a file that shows something to an auditor: a copy comes into their direct messages."""
    channel = await call.services.gateway.open_dm(call.person_id)
    await call.act(_looked_at, evidence_id=call.payload.evidence, place=(channel, ""), key=call.key)
    return None


def _looked_at(deed: Deed, *, evidence_id: int, place: tuple[str, str], key: str) -> None:
    showing.lay(deed, auditors.look_at(deed, evidence_id=evidence_id), place=place, key=key)


ROUTES = (
    verb("auditors", handler=list_auditors),
    press(words.LET_IN, Nothing, let_in),
    form(words.LET_IN_FORM, Nothing, was_let_in),
    press(words.END, AccessRef, end),
    press(words.LOOK, Nothing, look),
    press(words.LOOK_AT, EvidenceRef, look_at),
)

# --- what the bot says by itself ---


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why an auditor need not hear that they may look, or nothing."""
    access = uow.get(AuditorAccess, nudge.subject_id)
    return "" if access.revoked_at is None else Reason.ACCESS_ENDED


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To an auditor from outside: what they may look at, and when."""
    access = uow.get(AuditorAccess, nudge.subject_id)
    return words.let_in_item(access_of(uow, access, is_over=auditors.is_over(uow, access, at)))


SUBJECTS = {"auditor_access": Subject(day_item, why_not)}
