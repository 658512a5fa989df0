"""Evidence room at the edge: `/iso requests`, an auditor's list and its answers, and `/iso auditors`."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime

from dateutil.relativedelta import relativedelta

from bot.calls import Call, Command, Composer, Form, Open, Press, Refresh, Reply, Tell
from bot.frameworks import requirement
from bot.nudges import Subject
from bot.routes import form, press, verb
from bot.slack_objects import SlackFile
from bot.uploads import answer_later, contents
from messages import catalogues
from messages import requests as words
from messages.evidence import GivenFile
from messages.frameworks import clauses
from messages.kit import Message, Modal
from messages.nudges import DayItem
from messages.payloads import AccessRef, EvidenceRef, Nothing, RequestRef
from storage import requests as stored
from storage.evidence import Evidence, EvidenceState
from storage.nudges import Nudge
from storage.outbox import OutboxRow
from storage.requests import AuditorAccess, AuditRequest, RequestState
from storage.unit_of_work import UnitOfWork
from workflows import auditors, frameworks, people, requests
from workflows.errors import InputWanted
from workflows.nudges import local_day
from workflows.packs.selection import Selection
from workflows.people import Actor

# --- what the words need to know ---


def card_of(uow: UnitOfWork, request: AuditRequest, actor: Actor, at: datetime) -> words.RequestCard:
    """A request as somebody sees it who may do this and that."""
    return words.RequestCard(
        ref=RequestRef(request.id, request.version),
        number=request.number,
        label=request.label,
        what=request.what,
        requirement=clauses([requirement(uow, request.requirement)]) if request.requirement else "",
        period=request.period,
        sample=request.sample,
        state=request.state.value,
        owner_id=request.owner_id,
        due_on=request.due_on,
        answer=request.answer,
        answered_by=request.answered_by,
        reason=request.reason or None,
        files=[_file(each) for each in _files_of(uow, request)],
        deeds=_deeds(uow, request, actor, at),
    )


def _deeds(uow: UnitOfWork, request: AuditRequest, actor: Actor, at: datetime) -> frozenset[str]:
    looks_after = actor.may("look after the requests")
    is_mine = actor.person_id in (request.owner_id, request.answered_by)
    judges = actor.may("accept an answer") or auditors.may_judge(uow, actor.person_id, request, at)
    may = {
        "assign": looks_after,
        "withdraw": looks_after,
        "answer": looks_after or actor.person_id == request.owner_id,
        "judge": judges and not is_mine,
    }
    return frozenset(deed for deed, is_allowed in may.items() if is_allowed)


def _files_of(uow: UnitOfWork, request: AuditRequest) -> list[Evidence]:
    """What shows the answer and is there to be seen."""
    given = [uow.get(Evidence, each.evidence_id) for each in stored.evidence_of(uow, request.id)]
    return [each for each in given if each.state is EvidenceState.KEPT]


def _file(found: Evidence) -> GivenFile:
    return GivenFile(found.name, found.size or 0, found.state.value, found.note, EvidenceRef(found.id, found.version))


def _listing(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Message:
    found = requests.listed(uow, actor, at=at)
    return words.listing(
        [card_of(uow, each, actor, at) for each in found],
        may_bring=actor.may("look after the requests"),
        sees_all=requests.sees_more_than_own(uow, actor, at=at),
    )


def _seen(uow: UnitOfWork, actor: Actor, *, request_id: int, at: datetime) -> words.RequestCard:
    return card_of(uow, requests.to_see(uow, actor, request_id=request_id, at=at), actor, at)


def _answer_modal(uow: UnitOfWork, actor: Actor, *, request_id: int, at: datetime) -> Modal:
    request = requests.to_answer(uow, actor, request_id=request_id, at=at)
    suggested = [(str(each.id), each.name) for each in requests.suggested(uow, request)]
    return words.answer_modal(card_of(uow, request, actor, at), suggested)


def _access(uow: UnitOfWork, access: AuditorAccess, *, is_over: bool = False) -> words.Access:
    return words.Access(
        ref=AccessRef(access.id),
        person_id=access.person_id,
        standards=[frameworks.catalogue_of(uow, edition).standard for edition in access.editions],
        first=access.first,
        last=access.last,
        starts_on=access.starts_on,
        ends_on=access.ends_on,
        is_over=is_over,
    )


def accesses(uow: UnitOfWork, person_id: str, at: datetime) -> list[words.Access]:
    """What an auditor from outside may look at now or later, for their Home."""
    return [_access(uow, each) for each in auditors.accesses_to_come(uow, person_id, at)]


def _auditors(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Message:
    return words.auditors([_access(uow, each) for each in auditors.standing(uow, actor, at=at)])


def _view(uow: UnitOfWork, access: AuditorAccess, selection: Selection) -> Message:
    with selection:
        files = [_seen_file(uow, each.evidence_id, each.path) for each in selection.files]
        tasks, findings = len(selection.rows("tasks")), len(selection.rows("nonconformities"))
    return words.view(_access(uow, access), files, tasks=tasks, findings=findings)


def _seen_file(uow: UnitOfWork, evidence_id: int, path: str) -> words.SeenFile:
    found = uow.get(Evidence, evidence_id)
    return words.SeenFile(EvidenceRef(found.id, found.version), found.name, path.rpartition("/")[0])


# --- requests ---


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
        raise InputWanted(words.FILE, "the auditor's list")
    await call.ask(requests.may_bring)
    answer_later(call, _taken(call, files[0]), about="a request list")
    return Tell(catalogues.reading(files[0].name))


async def _taken(call: Call, file: SlackFile) -> Message:
    table = await asyncio.to_thread(requests.rows_of, file.name, await contents(call.house, file))
    taken = await call.act(requests.bring, file=file.name, table=table)
    return words.brought(count=len(taken), unassigned=sum(each.owner_id is None for each in taken))


async def open_request(call: Press[RequestRef]) -> Reply:
    """One request with everything to it."""
    return Tell(words.card(await call.ask(_seen, request_id=call.payload.request)))


async def assign(call: Press[RequestRef]) -> Reply:
    """Ask who answers."""
    return Open(words.assign_modal(await call.ask(_seen, request_id=call.payload.request)))


async def assigned(call: Form[RequestRef]) -> Reply:
    """Somebody is to answer."""
    owner_id = call.person(words.OWNER)
    if not owner_id:
        raise InputWanted(words.OWNER, "somebody who answers")
    ref = call.payload
    await call.act(requests.assign, request_id=ref.request, version=ref.version, owner_id=owner_id)
    return Tell(words.card(await call.ask(_seen, request_id=ref.request)))


async def answer(call: Press[RequestRef]) -> Reply:
    """Ask for the answer."""
    return Open(await call.ask(_answer_modal, request_id=call.payload.request))


async def answered(call: Form[RequestRef]) -> Reply:
    """The answer."""
    await call.act(
        requests.answer,
        request_id=call.payload.request,
        version=call.payload.version,
        text=call.text(words.TEXT),
        evidence_ids=[int(each) for each in call.choices(words.EVIDENCE) if each.isdecimal()],
    )
    return None


async def accept(call: Press[RequestRef]) -> Reply:
    """The answer does."""
    await call.act(requests.accept, request_id=call.payload.request, version=call.payload.version)
    return Tell(words.card(await call.ask(_seen, request_id=call.payload.request)))


async def return_(call: Press[RequestRef]) -> Reply:
    """Ask what is missing."""
    return Open(words.reason_modal(await call.ask(_seen, request_id=call.payload.request), withdraws=False))


async def returned(call: Form[RequestRef]) -> Reply:
    """The answer does not do."""
    ref = call.payload
    await call.act(requests.return_, request_id=ref.request, version=ref.version, reason=call.text(words.REASON))
    return Tell(words.card(await call.ask(_seen, request_id=ref.request)))


async def withdraw(call: Press[RequestRef]) -> Reply:
    """Ask why it is not asked for any more."""
    return Open(words.reason_modal(await call.ask(_seen, request_id=call.payload.request), withdraws=True))


async def withdrawn(call: Form[RequestRef]) -> Reply:
    """It is not asked for any more."""
    ref = call.payload
    await call.act(requests.withdraw, request_id=ref.request, version=ref.version, reason=call.text(words.REASON))
    return Tell(words.card(await call.ask(_seen, request_id=ref.request)))


# --- auditors from outside ---


async def list_auditors(call: Command) -> Reply:
    """`/iso auditors`: who may look, for leads; for an auditor from outside, what there is to see."""
    if await call.ask(_is_let_in):
        return await _show_all(call)
    return Tell(await call.ask(_auditors))


async def look(call: Press[Nothing]) -> Reply:
    """An auditor from outside wants to see what there is."""
    return await _show_all(call)


async def _show_all(call: Call) -> Reply:
    for message in await call.act(_looked):
        await call.house.gateway.answer(await call.house.gateway.open_dm(call.person_id), message)
    return None


def _is_let_in(uow: UnitOfWork, actor: Actor, *, at: datetime) -> bool:
    return bool(auditors.open_accesses(uow, actor.person_id, at))


def _looked(uow: UnitOfWork, actor: Actor, *, at: datetime) -> list[Message]:
    accesses = auditors.open_accesses(uow, actor.person_id, at)
    found = auditors.look(uow, actor, at=at)
    return [_view(uow, access, selection) for access, selection in zip(accesses, found, strict=True)]


async def let_in(call: Press[Nothing]) -> Reply:
    """Ask who may look at what."""
    return Open(await call.ask(_let_in_modal))


def _let_in_modal(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Modal:
    actor.must("let an auditor in")
    today = local_day(uow.workspace().zone, at)
    standards = [(each, frameworks.catalogue_of(uow, each).standard) for each in frameworks.scope(uow)]
    period = today - relativedelta(years=1) + relativedelta(days=1), today
    return words.let_in_modal(standards=standards, period=period, days=(today, today + relativedelta(days=14)))


async def was_let_in(call: Form[Nothing]) -> Reply:
    """Somebody may look."""
    first, last, starts, ends = (_day(call, name) for name in (words.FIRST, words.LAST, words.STARTS, words.ENDS))
    given = await call.act(
        auditors.let_in,
        person_id=call.person(words.PERSON) or "",
        editions=call.choices(words.EDITIONS),
        period=(first, last),
        days=(starts, ends),
    )
    return Tell(await call.ask(_was_let_in, access=given))


def _was_let_in(uow: UnitOfWork, actor: Actor, *, access: AuditorAccess, at: datetime) -> Message:
    return words.was_let_in(_access(uow, access))


def _day(call: Form[Nothing], name: str) -> date:
    found = call.day(name)
    if found is None:
        raise InputWanted(name, "a day")
    return found


async def end(call: Press[AccessRef]) -> Reply:
    """Somebody may not look any more."""
    await call.act(auditors.end, access_id=call.payload.access)
    return Tell(await call.ask(_auditors))


async def look_at(call: Press[EvidenceRef]) -> Reply:
    """Somebody wants to see a file that shows something to an auditor: a copy comes into their direct messages."""
    found = await call.act(auditors.look_at, evidence_id=call.payload.evidence)
    call.house.later(_share(call, found), about=f"showing evidence {found.id}")
    return None


async def _share(call: Press[EvidenceRef], found: Evidence) -> None:
    assert found.sha256 is not None  # what is in a selection is kept
    channel = await call.house.gateway.open_dm(call.person_id)
    await call.house.gateway.share(channel, None, found.name, found.size or 0, call.house.blobs.stream(found.sha256))


ROUTES = (
    verb(
        "requests",
        usage="",
        sentence="shows what an auditor asks to see, and takes a list",
        handler=list_requests,
        for_all=True,
    ),
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
    verb("auditors", usage="", sentence="lets an auditor from outside look, for a time", handler=list_auditors),
    press(words.LET_IN, Nothing, let_in),
    form(words.LET_IN_FORM, Nothing, was_let_in),
    press(words.END, AccessRef, end),
    press(words.LOOK, Nothing, look),
    press(words.LOOK_AT, EvidenceRef, look_at),
)

# --- what the bot says by itself ---


def why_not(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why somebody need not hear of a request any more, or nothing."""
    request = uow.get(AuditRequest, nudge.subject_id)
    if request.state.value != nudge.rung:
        return f"the request is {request.state.value} by now"
    is_elsewhere = request.state is RequestState.ASSIGNED and request.owner_id != nudge.person_id
    return f"it is with {request.owner_id} now" if is_elsewhere else ""


def day_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """A request as one of the things of the day, with what its reader may do."""
    shown = card_of(uow, uow.get(AuditRequest, nudge.subject_id), people.actor(uow, nudge.person_id), at)
    return words.day_item(shown, nudge.person_id, today=local_day(uow.workspace().zone, at))


def refresh(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Refresh:
    """A request stands in messages of the day only, which are drawn anew as a whole."""
    return Refresh(lambda place: None)


def why_not_let_in(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why an auditor need not hear that they may look, or nothing."""
    access = uow.get(AuditorAccess, nudge.subject_id)
    return "" if access.revoked_at is None else "the access was ended meanwhile"


def let_in_item(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To an auditor from outside: what they may look at, and when."""
    access = uow.get(AuditorAccess, nudge.subject_id)
    return words.let_in_item(_access(uow, access, is_over=auditors.is_over(uow, access, at)))


COMPOSERS: Mapping[str, Composer] = {"audit_request.refresh": refresh}
SUBJECTS = {
    "audit_request": Subject(day_item, why_not),
    "auditor_access": Subject(let_in_item, why_not_let_in),
}
