"""Evidence room at the edge: `/iso requests`, an auditor's list and its answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.errands import Conclusion, Kind, telling
from bot.evidence.collecting import IN_A_MODAL, offered
from bot.requirements import requirement
from bot.sending.day import Subject
from bot.services import Services
from bot.slack.calls import Command, Composer, Form, Open, Press, Redraw, Reply, Tell
from bot.slack.filling import prose
from bot.slack.objects import SlackFile
from bot.slack.routes import form, press, verb
from bot.slack.uploads import contents, given
from messages.evidence.cards import GivenFile
from messages.evidence.payloads import EvidenceRef
from messages.frameworks import catalogues
from messages.nudges.day import DayItem
from messages.packs import requests as words
from messages.packs.payloads import RequestRef
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.requirements import clauses
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState
from storage.nudges.tables import Nudge
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditRequest, RequestState
from storage.record.errands import Errand
from storage.record.outbox import OutboxRow
from workflows.deed import Deed
from workflows.evidence import dropping
from workflows.evidence.rules import OfferedFile
from workflows.files import spreadsheets
from workflows.nudges.reasons import Moved, Reason, moved_on
from workflows.nudges.rules import local_day
from workflows.packs import auditors, requests
from workflows.people.permissions import Permission
from workflows.refusals import InputWanted
from workflows.wishes import Wish

# --- what the words need to know ---


def card_of(deed: Deed, request: AuditRequest) -> words.RequestCard:
    """A request as somebody sees it who may do this and that."""
    return words.RequestCard(
        ref=RequestRef(request.id, request.version),
        number=request.number,
        label=request.label,
        what=request.what,
        requirement=clauses([requirement(deed.uow, request.requirement)]) if request.requirement else "",
        period=request.period,
        sample=request.sample,
        state=request.state.value,
        owner_id=request.owner_id,
        due_on=request.due_on,
        answer=request.answer,
        answered_by=request.answered_by,
        reason=request.reason or None,
        files=[_file(each) for each in _files_of(deed.uow, request)],
        deeds=_deeds(deed, request),
    )


def _deeds(deed: Deed, request: AuditRequest) -> frozenset[str]:
    looks_after = deed.may(Permission.MANAGE_REQUESTS)
    is_mine = deed.by in (request.owner_id, request.answered_by)
    judges = deed.may(Permission.ACCEPT_ANSWER) or auditors.may_judge(deed.uow, deed.by, request, deed.at)
    may = {
        "assign": looks_after,
        "withdraw": looks_after,
        "answer": looks_after or deed.by == request.owner_id,
        "judge": judges and not is_mine,
    }
    return frozenset(deed for deed, is_allowed in may.items() if is_allowed)


def _files_of(uow: UnitOfWork, request: AuditRequest) -> list[Evidence]:
    """What shows the answer and is there to be seen."""
    given = [uow.get(Evidence, each.evidence_id) for each in stored_requests.evidence_of(uow, request.id)]
    return [each for each in given if each.state is EvidenceState.KEPT]


def _file(found: Evidence) -> GivenFile:
    return GivenFile(found.name, found.size or 0, found.state.value, found.note, EvidenceRef(found.id, found.version))


def _listing(deed: Deed) -> Message:
    found = requests.listed(deed)
    return words.listing(
        [card_of(deed, each) for each in found],
        may_bring=deed.may(Permission.MANAGE_REQUESTS),
        sees_all=requests.sees_more_than_own(deed),
    )


def _seen(deed: Deed, *, request_id: int) -> words.RequestCard:
    return card_of(deed, requests.to_see(deed, request_id=request_id))


def _about_to(deed: Deed, *, move: str, request_id: int) -> words.RequestCard:
    return card_of(deed, requests.to_move(deed, move=move, request_id=request_id))


def _answer_modal(deed: Deed, *, request_id: int) -> Modal:
    request = requests.to_answer(deed, request_id=request_id)
    requests.must_allow(request, "answer")
    suggested = [(str(each.id), each.name) for each in requests.suggested(deed.uow, request)]
    return words.answer_modal(card_of(deed, request), suggested)


# --- what people do ---


async def list_requests(call: Command) -> Reply:
    """`/iso requests`: what the auditor asks to see."""
    return Tell(await call.ask(_listing))


async def bring(call: Press[Nothing]) -> Reply:
    """Ask for the list."""
    await call.ask(requests.may_bring)
    return Open(words.bring_modal())


async def brought(call: Form[Nothing]) -> Reply:
    """The list was picked; it is read, and taken whole or not at all."""
    files = call.files(words.FILE)
    if not files:
        raise InputWanted(words.FILE, Wish.CHOOSE_LIST_OF_AUDITOR)
    await call.act(_received, file=files[0])
    return Tell(catalogues.reading(files[0].name))


def _received(deed: Deed, *, file: SlackFile) -> None:
    requests.may_bring(deed)
    deed.errand(BRING, values={"file": file.id, "name": file.name}, about=file.name)


async def take_list(services: Services, errand: Errand) -> Conclusion:
    """Read the list; all of it is taken, or nothing."""
    table = await services.reader.read(spreadsheets.read, errand.about, await contents(services, given(errand)))

    def conclude(deed: Deed) -> None:
        taken = requests.bring(Deed.of(deed.uow, errand.person_id, deed.at), file=errand.about, table=table)
        unassigned = sum(each.owner_id is None for each in taken)
        known = len(table.lines) - len(taken)
        telling(errand, words.brought(count=len(taken), known=known, unassigned=unassigned))(deed)

    return conclude


BRING = "requests.bring"
ERRANDS = {BRING: Kind(take_list)}


async def open_request(call: Press[RequestRef]) -> Reply:
    """One request with everything to it."""
    return Tell(words.card(await call.ask(_seen, request_id=call.payload.request)))


async def _as_it_is_now(call: Press[RequestRef] | Form[RequestRef], ref: RequestRef) -> Reply:
    """The card after a move, in the place of the one that only this person sees if that is where they made it."""
    return Tell(words.card(await call.ask(_seen, request_id=ref.request)), replace=True)


async def assign(call: Press[RequestRef]) -> Reply:
    """Ask who answers."""
    return Open(words.assign_modal(await call.ask(_about_to, move="assign", request_id=call.payload.request)))


async def assigned(call: Form[RequestRef]) -> Reply:
    """Somebody is to answer."""
    owner_id = call.person(words.OWNER)
    if not owner_id:
        raise InputWanted(words.OWNER, Wish.CHOOSE_WHO_ANSWERS)
    ref = call.payload
    await call.act(requests.assign, request_id=ref.request, version=ref.version, owner_id=owner_id)
    return await _as_it_is_now(call, ref)


async def answer(call: Press[RequestRef]) -> Reply:
    """Ask for the answer."""
    return Open(await call.ask(_answer_modal, request_id=call.payload.request))


async def answered(call: Form[RequestRef]) -> Reply:
    """The answer, with what was ticked and the new files that show it."""
    await call.act(
        _answered,
        ref=call.payload,
        text=call.text(words.TEXT),
        evidence_ids=[int(each) for each in call.choices(words.EVIDENCE) if each.isdecimal()],
        files=[offered(each) for each in call.files(words.FILES)],
    )
    return await _as_it_is_now(call, call.payload) if call.origin else None


def _answered(
    deed: Deed, *, ref: RequestRef, text: str, evidence_ids: Sequence[int], files: Sequence[OfferedFile]
) -> list[Evidence]:
    requests.answer(deed, request_id=ref.request, version=ref.version, text=text, evidence_ids=evidence_ids)
    return dropping.give_for_request(deed, request_id=ref.request, files=files, place=IN_A_MODAL)


async def accept(call: Press[RequestRef]) -> Reply:
    """The answer does."""
    await call.act(requests.accept, request_id=call.payload.request, version=call.payload.version)
    return await _as_it_is_now(call, call.payload)


async def return_(call: Press[RequestRef]) -> Reply:
    """Ask what is missing."""
    asked = await call.ask(_about_to, move="return", request_id=call.payload.request)
    return Open(words.reason_modal(asked, withdraws=False))


async def returned(call: Form[RequestRef]) -> Reply:
    """The answer does not do."""
    ref = call.payload
    await call.act(requests.return_, request_id=ref.request, version=ref.version, reason=prose(call, words.REASON))
    return await _as_it_is_now(call, ref)


async def withdraw(call: Press[RequestRef]) -> Reply:
    """Ask why it is not asked for any more."""
    asked = await call.ask(_about_to, move="withdraw", request_id=call.payload.request)
    return Open(words.reason_modal(asked, withdraws=True))


async def withdrawn(call: Form[RequestRef]) -> Reply:
    """It is not asked for any more."""
    ref = call.payload
    await call.act(requests.withdraw, request_id=ref.request, version=ref.version, reason=prose(call, words.REASON))
    return await _as_it_is_now(call, ref)


ROUTES = (
    verb("requests", handler=list_requests, for_all=True),
    press(words.BRING, Nothing, bring),
    form(words.BRING_FORM, Nothing, brought),
    press(words.OPEN, RequestRef, open_request),
    press(words.ASSIGN, RequestRef, assign),
    form(words.ASSIGN_FORM, RequestRef, assigned),
    press(words.ANSWER, RequestRef, answer),
    form(words.ANSWER_FORM, RequestRef, answered),
    press(words.ACCEPT, RequestRef, accept),
    press(words.RETURN, RequestRef, return_),
    form(words.RETURN_FORM, RequestRef, returned),
    press(words.WITHDRAW, RequestRef, withdraw),
    form(words.WITHDRAW_FORM, RequestRef, withdrawn),
)

# --- what the bot says by itself ---


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why somebody need not hear of a request any more, or nothing."""
    request = uow.get(AuditRequest, nudge.subject_id)
    if request.state.value != nudge.rung:
        return moved_on(Moved.REQUEST, f"request_{request.state.value}")
    is_elsewhere = request.state is RequestState.ASSIGNED and request.owner_id != nudge.person_id
    return Reason.SOMEONE_ELSE_ANSWERS if is_elsewhere else ""


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """A request as one of the things of the day, with what its reader may do."""
    shown = card_of(Deed.of(uow, nudge.person_id, at), uow.get(AuditRequest, nudge.subject_id))
    return words.day_item(shown, nudge.person_id, today=local_day(uow.workspace().zone, at))


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """A request stands in messages of the day only, which are drawn anew as a whole."""
    return Redraw(lambda place: None)


COMPOSERS: Mapping[str, Composer] = {"audit_request.redraw": redraw}
SUBJECTS = {"audit_request": Subject(day_item, why_not)}
