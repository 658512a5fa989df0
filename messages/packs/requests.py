"""Evidence room: what an auditor asks to see, its card and forms, and who from outside may look at what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.evidence.cards import GivenFile
from messages.evidence.payloads import EvidenceRef
from messages.nudges.day import DayItem, Group, by_date
from messages.packs.payloads import AccessRef, RequestRef
from messages.words import fields, inputs, kit
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import words
from workflows.packs.shapes import Admission

BRING = "requests.bring"
BRING_FORM = "requests.bring_form"
OPEN = "request.open"
ASSIGN = "request.assign"
ASSIGN_FORM = "request.assign_form"
ANSWER = "request.answer"
ANSWER_FORM = "request.answer_form"
ACCEPT = "request.accept"
RETURN = "request.return"
RETURN_FORM = "request.return_form"
WITHDRAW = "request.withdraw"
WITHDRAW_FORM = "request.withdraw_form"
LET_IN = "auditor.let_in"
LET_IN_FORM = "auditor.let_in_form"
END = "auditor.end"
LOOK = "auditor.look"
LOOK_AT = "auditor.look_at"

FILE = "file"
FILES = "files"
OWNER = "owner"
TEXT = "answer"
EVIDENCE = "evidence"
REASON = "reason"


@dataclass(frozen=True)
class RequestCard:
    """A request as its card tells of it. `deeds` are what its reader may do now: assign, answer, judge, withdraw."""

    ref: RequestRef
    number: int
    label: str
    what: str
    requirement: str
    period: str
    sample: str
    state: str
    owner_id: str | None = None
    due_on: date | None = None
    answer: str = ""
    answered_by: str | None = None
    reason: str | None = None
    files: Sequence[GivenFile] = ()
    deeds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Access:
    """Somebody who may look, until it `is_over`: at which standards and period, on which days."""

    ref: AccessRef
    person_id: str
    standards: Sequence[str]
    first: date
    last: date
    starts_on: date
    ends_on: date
    is_over: bool = False


@dataclass(frozen=True)
class SeenFile:
    """A file that an auditor may see, and what it shows."""

    ref: EvidenceRef
    name: str
    shows: str


# --- requests ---


def listing(requests: Sequence[RequestCard], *, may_bring: bool, sees_all: bool) -> Message:
    """The answer to `/iso requests`."""
    wording = words("packs/requests/listing", total=len(requests), sees_all=sees_all)
    bring = kit.actions([kit.button(wording.button_bring, BRING, Nothing())] if may_bring else [])
    if not requests:
        return kit.message(wording.nothing, [kit.section(wording.nothing), *bring])
    lines = kit.fitting([[_line(each)] for each in requests], len(requests))
    return kit.message(wording.title, [kit.header(wording.title), *lines, *bring])


def _line(request: RequestCard) -> Block:
    wording = words("packs/requests/listing", request=request)
    return kit.section(wording.line, button=kit.button(wording.button_open, OPEN, request.ref))


def card(request: RequestCard) -> Message:
    """One request, as it stands now, to somebody who asked for it: what only they see has no thread."""
    return _alone(request, has_thread=False)


def _alone(request: RequestCard, *, has_thread: bool) -> Message:
    summary = words("packs/requests/card", request=request).summary
    return kit.message(summary, _blocks(request, has_thread=has_thread))


def _blocks(request: RequestCard, *, has_thread: bool) -> list[Block]:
    wording = words("packs/requests/card", request=request, has_thread=has_thread)
    said = [kit.section(wording.answer)] if request.answered_by else []
    returned = [kit.section(wording.returned)] if request.reason is not None else []
    files = [_file(each) for each in request.files]
    blocks = [kit.section(wording.asked), *said, *files, *returned, kit.context(wording[request.state])]
    return [*blocks, *kit.actions(_buttons(request))]


def day_item(request: RequestCard, reader_id: str, *, today: date) -> DayItem:
    """A request in the message of the day, as its reader may act on it."""
    title = words("packs/requests/card", request=request).title.plain
    blocks = _blocks(request, has_thread=True)
    return DayItem(
        _group(request, reader_id, today), title, blocks, lambda: _alone(request, has_thread=True), request.due_on
    )


def _group(request: RequestCard, reader_id: str, today: date) -> Group:
    if request.state in ("accepted", "withdrawn"):
        return "settled"
    if request.state == "assigned" and request.owner_id == reader_id:
        return by_date(request.due_on, today)
    return "decide" if request.state == "answered" and "judge" in request.deeds else "know"


def _file(file: GivenFile) -> Block:
    wording = words("packs/requests/card", file=file)
    button = kit.button(wording.button_show, LOOK_AT, file.ref) if file.ref else None
    return kit.section(wording.file, button=button)


def _buttons(request: RequestCard) -> list[ButtonElement]:
    wording = words("packs/requests/card", request=request)
    waits = request.state in ("open", "assigned")
    return [
        *([kit.button(wording.button_assign, ASSIGN, request.ref)] if "assign" in request.deeds and waits else []),
        *(_judging(request) if "judge" in request.deeds and request.state == "answered" else []),
        *(_answering(request) if "answer" in request.deeds and request.state in ("assigned", "answered") else []),
        *(
            [kit.button(wording.button_withdraw, WITHDRAW, request.ref)]
            if "withdraw" in request.deeds and waits
            else []
        ),
    ]


def _judging(request: RequestCard) -> list[ButtonElement]:
    wording = words("packs/requests/card", request=request)
    accept = kit.button(wording.button_accept, ACCEPT, request.ref, style="primary")
    return [accept, kit.button(wording.button_return, RETURN, request.ref)]


def _answering(request: RequestCard) -> list[ButtonElement]:
    wording = words("packs/requests/card", request=request)
    if request.state == "answered":
        return [kit.button(wording.button_answer, ANSWER, request.ref)]
    return [kit.button(wording.button_answer, ANSWER, request.ref, style="primary")]


def bring_modal() -> Modal:
    """Asks for the auditor's list."""
    wording = words("packs/requests/bring_modal")
    file = fields.files(FILE, wording.file, wording.file_hint, most=1)
    return kit.modal(BRING_FORM, wording.heading, [kit.section(wording.intro), file], submit=wording.submit)


def brought(*, count: int, known: int, unassigned: int) -> Message:
    """What came of the list."""
    wording = words("packs/requests/bring_modal", count=count, known=known, unassigned=unassigned)
    return kit.message(wording.brought, [kit.section(wording.brought)])


def was_let_in(access: Access) -> Message:
    """An auditor was let in, for whoever did so."""
    wording = words("packs/requests/auditors", access=access)
    return kit.message(wording.was_let_in, [kit.section(wording.was_let_in)])


def assign_modal(request: RequestCard) -> Modal:
    """Who answers?"""
    wording = words("packs/requests/assign_modal", request=request)
    owner = fields.person(OWNER, wording.owner, given=request.owner_id)
    blocks = [kit.section(wording.asked), owner]
    return kit.modal(ASSIGN_FORM, wording.heading, blocks, submit=wording.submit, payload=request.ref)


def answer_modal(request: RequestCard, suggested: Sequence[fields.Choice]) -> Modal:
    """The answer in words, evidence that was given before, and new files."""
    wording = words("packs/requests/answer_modal", request=request)
    evidence = (
        fields.ticks(EVIDENCE, wording.evidence, suggested, wording.evidence_hint, optional=True)
        if suggested
        else kit.context(wording.no_evidence)
    )
    answer = fields.text(TEXT, wording.answer, wording.answer_hint, given=request.answer)
    files = fields.files(FILES, wording.files, wording.files_hint, optional=True)
    blocks = [kit.section(wording.asked), answer, evidence, files]
    return kit.modal(ANSWER_FORM, wording.heading, blocks, submit=wording.submit, payload=request.ref)


def reason_modal(request: RequestCard, *, withdraws: bool) -> Modal:
    """Why an answer is returned, or a request is withdrawn."""
    wording = words("packs/requests/reason_modal", request=request, withdraws=withdraws)
    blocks = [kit.section(wording.asked), fields.text(REASON, wording.reason, wording.hint)]
    form = WITHDRAW_FORM if withdraws else RETURN_FORM
    return kit.modal(form, wording.heading, blocks, submit=wording.submit, payload=request.ref)


# --- auditors from outside ---


def auditors(accesses: Sequence[Access]) -> Message:
    """Who may look, for a lead."""
    wording = words("packs/requests/auditors", total=len(accesses))
    let_in = kit.actions([kit.button(wording.button_let_in, LET_IN, Nothing())])
    if not accesses:
        return kit.message(wording.nobody, [kit.section(wording.nobody), *let_in])
    lines = kit.fitting([[_access(each)] for each in accesses], len(accesses))
    return kit.message(wording.title, [kit.header(wording.title), *lines, *let_in])


def _access(access: Access) -> Block:
    wording = words("packs/requests/auditors", access=access)
    sure = kit.ask_first(wording.sure, wording.sure_text, yes=wording.button_end, no=wording.keep)
    return kit.section(
        wording.line, button=kit.button(wording.button_end, END, access.ref, style="danger", confirm=sure)
    )


def let_in_modal(proposed: Admission, standards: Sequence[fields.Choice]) -> Modal:
    """Who may look at what, and when?"""
    wording = words("packs/requests/let_in_modal")
    asked = inputs.inputs(Admission, wording, given=vars(proposed), choices={"editions": standards})
    blocks = [kit.section(wording.intro), *asked]
    return kit.modal(LET_IN_FORM, wording.heading, blocks, submit=wording.submit, payload=Nothing())


def let_in_item(access: Access) -> DayItem:
    """In the auditor's message of the day: they may look, or could."""
    wording, blocks = words("packs/requests/let_in", access=access), access_blocks(access)
    return DayItem("know", wording.title.plain, blocks, lambda: kit.message(wording.title, blocks))


def access_blocks(access: Access) -> list[Block]:
    """What its holder may look at and when, with the way there; also in their Home."""
    wording = words("packs/requests/let_in", access=access)
    button = None if access.is_over else kit.button(wording.button_look, LOOK, Nothing())
    return [kit.section(wording.line, button=button)]


def view(access: Access, files: Sequence[SeenFile], *, tasks: int, findings: int) -> Message:
    """What an auditor from outside may see."""
    wording = words("packs/requests/view", access=access, files=len(files), tasks=tasks, findings=findings)
    shown = kit.fitting([[_seen(each)] for each in files], len(files))
    return kit.message(wording.title, [kit.header(wording.title), kit.section(wording.scope), *shown])


def _seen(file: SeenFile) -> Block:
    wording = words("packs/requests/view", file=file)
    return kit.section(wording.file, button=kit.button(wording.button_show, LOOK_AT, file.ref))
