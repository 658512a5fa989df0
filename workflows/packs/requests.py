"""Evidence room: what an auditor asks to see, from the list it came in to an answer that somebody else accepts."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from storage.engine.canonical import JSON
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditRequest, RequestEvidence, RequestState
from storage.people import queries as people_queries
from workflows.deed import Deed
from workflows.evidence.refusals import OwnEvidence
from workflows.files.spreadsheets import DAY_ZERO, Line, Table
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.refusals import WhichRequirement
from workflows.importing import values
from workflows.importing.values import Directory, Wrong
from workflows.packs import auditors
from workflows.packs.shapes import Asked
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import (
    AlreadyDecided,
    BadRows,
    DateNotUnderstood,
    InputWanted,
    NotAllowed,
    RowFault,
    RowWhy,
    Stale,
    Thing,
    Tried,
    WhoMay,
)
from workflows.shapes import values_of
from workflows.wishes import Wish

Cell = TypeVar("Cell")

# --- rules ---

State = RequestState

MOVES: Mapping[str, tuple[frozenset[State], State]] = MappingProxyType(
    {
        "assign": (frozenset({State.OPEN, State.ASSIGNED}), State.ASSIGNED),
        "answer": (frozenset({State.ASSIGNED, State.ANSWERED}), State.ANSWERED),
        "return": (frozenset({State.ANSWERED}), State.ASSIGNED),
        "accept": (frozenset({State.ANSWERED}), State.ACCEPTED),
        "withdraw": (frozenset({State.OPEN, State.ASSIGNED, State.ANSWERED}), State.WITHDRAWN),
    }
)
"""Every move of a request: from which states, to which. An answer may be bettered until it is accepted."""

COLUMNS = ("number", "request", "requirement", "period", "sample", "owner", "due")
"""The headings of a list; all but `request` may be left out."""

LONGEST = {"number": 40, "request": 3000, "period": 200, "sample": 1000}
"""Characters."""

SUGGESTED = 10
"""How much evidence is offered to be ticked; what one field of Slack takes."""


# --- commands ---


def may_bring(deed: Deed) -> None:
    """Raise unless the actor may bring a list: `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.MANAGE_REQUESTS)
    people_questions.programme_must_run(deed.uow)


def bring(deed: Deed, *, file: str, table: Table) -> list[AuditRequest]:
    """Take an auditor's list, all rows or none; rows that name an owner are assigned. Raises `BadRows` too.

    What is noted already and was not withdrawn is not asked twice, so a list may be brought again when it has grown.
    """
    may_bring(deed)
    noted = {_asks_for(each) for each in stored_requests.every(deed.uow) if each.state is not State.WITHDRAWN}
    asked = [each for each in _all_of(deed, file, table) if _asks_for(each) not in noted]
    number = stored_requests.latest_number(deed.uow)
    taken = [_take(deed, number + place, each) for place, each in enumerate(asked, start=1)]
    details: dict[str, JSON] = {"file": file, "requests": [each.number for each in taken]}
    deed.record("audit_request.bring", ("workspace", 0), **details)
    for each in taken:
        if each.owner_id:
            deed.daily([each.owner_id], each, each.state.value)
    return taken


def _asks_for(asked: Asked | AuditRequest) -> tuple[str, ...]:
    """What makes two rows the same request; owner and day are ours to set."""
    return (asked.label, asked.what, asked.requirement, asked.period, asked.sample)


def _take(deed: Deed, number: int, asked: Asked) -> AuditRequest:
    state = State.ASSIGNED if asked.owner_id else State.OPEN
    taken = deed.uow.add(
        AuditRequest(**values_of(asked), number=number, state=state, asked_by=deed.by, asked_at=deed.at)
    )
    deed.record("audit_request.ask", taken, what=asked.what, owner=asked.owner_id)
    return taken


def assign(deed: Deed, *, request_id: int, version: int, owner_id: str) -> AuditRequest:
    """A lead says who answers. Raises `NotAllowed`, `AlreadyDecided`, `Stale` or `CannotTakeOver`."""
    deed.must(Permission.MANAGE_REQUESTS)
    request = _unchanged(deed.uow, request_id, version)
    people_questions.must_be_there(deed.uow, owner_id, field="owner")
    assigned = _move(deed.uow, request, "assign", owner_id=owner_id)
    deed.record("audit_request.assign", assigned, owner=owner_id)
    deed.daily([owner_id], assigned, assigned.state.value)
    return _shown(deed, assigned)


def answer(deed: Deed, *, request_id: int, version: int, text: str, evidence_ids: Collection[int] = ()) -> AuditRequest:
    """The owner, or a lead, answers with words and evidence. Raises `NotAllowed`, `InputWanted`, `AlreadyDecided`."""
    request = _unchanged(deed.uow, to_answer(deed, request_id=request_id).id, version)
    if not text.strip():
        raise InputWanted("answer", Wish.SAY_WHERE_TO_LOOK)
    offered = {each.id for each in suggested(deed.uow, request)}
    for each in sorted(set(evidence_ids) & offered):
        deed.uow.add_once(RequestEvidence(request_id=request.id, evidence_id=each, added_by=deed.by, added_at=deed.at))
    answered = _move(
        deed.uow, request, "answer", answer=text.strip(), answered_by=deed.by, answered_at=deed.at, reason=""
    )
    deed.record("audit_request.answer", answered, answer=text.strip(), evidence=sorted(evidence_ids))
    deed.daily([answered.asked_by], answered, answered.state.value)
    return _shown(deed, answered)


def accept(deed: Deed, *, request_id: int, version: int) -> AuditRequest:
    """An auditor, or a lead for them, is content; never whoever answered. Raises as `return_`."""
    accepted = _settle(deed, "accept", request_id, version, settled_by=deed.by, settled_at=deed.at)
    deed.record("audit_request.accept", accepted)
    return _shown(deed, accepted)


def return_(deed: Deed, *, request_id: int, version: int, reason: str) -> AuditRequest:
    """The answer does not do, and why. Raises `NotAllowed`, `OwnEvidence`, `AlreadyDecided`, `Stale`, `InputWanted`."""
    if not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHAT_IS_MISSING)
    returned = _settle(deed, "return", request_id, version, reason=reason.strip())
    deed.record("audit_request.return", returned, reason=reason.strip())
    deed.daily([returned.owner_id or returned.asked_by], returned, returned.state.value)
    return _shown(deed, returned)


def withdraw(deed: Deed, *, request_id: int, version: int, reason: str) -> AuditRequest:
    """It is not asked for any more, and why. Raises `NotAllowed`, `AlreadyDecided`, `Stale` or `InputWanted`."""
    deed.must(Permission.MANAGE_REQUESTS)
    if not reason.strip():
        raise InputWanted("reason", Wish.SAY_WHY_NO_LONGER_NEEDED)
    request = _unchanged(deed.uow, request_id, version)
    gone = _move(deed.uow, request, "withdraw", reason=reason.strip(), settled_by=deed.by, settled_at=deed.at)
    deed.record("audit_request.withdraw", gone, reason=reason.strip())
    return _shown(deed, gone)


# --- questions ---


def listed(deed: Deed) -> list[AuditRequest]:
    """Every request for those who may see them, an auditor's own scope, else what the actor was asked to answer."""
    if deed.may(Permission.SEE_REQUESTS):
        return stored_requests.every(deed.uow)
    if auditors.scopes_of(deed.uow, deed.by, deed.at):
        return [
            each for each in stored_requests.every(deed.uow) if auditors.may_judge(deed.uow, deed.by, each, deed.at)
        ]
    return stored_requests.of_owner(deed.uow, deed.by, tuple(State))


def sees_more_than_own(deed: Deed) -> bool:
    """Whether the actor is shown requests that others answer: a lead or an auditor, of the house or from outside."""
    return deed.may(Permission.SEE_REQUESTS) or bool(auditors.scopes_of(deed.uow, deed.by, deed.at))


def to_see(deed: Deed, *, request_id: int) -> AuditRequest:
    """A request, for its owner, those who may see all, and the auditor whom it concerns. Raises `NotAllowed`."""
    request = deed.uow.get(AuditRequest, request_id)
    if request.owner_id != deed.by and not auditors.may_judge(deed.uow, deed.by, request, deed.at):
        deed.must(Permission.SEE_REQUESTS)
    return request


def to_answer(deed: Deed, *, request_id: int) -> AuditRequest:
    """A request that the actor may answer. Raises `NotAllowed`."""
    request = deed.uow.get(AuditRequest, request_id)
    if deed.by != request.owner_id and not deed.may(Permission.MANAGE_REQUESTS):
        raise NotAllowed(Tried.ANSWER_REQUEST, WhoMay.GIVEN_TO_OR_LEAD)
    return request


def to_move(deed: Deed, *, move: str, request_id: int) -> AuditRequest:
    """A request that the actor is about to assign, return or withdraw. Raises as that itself does."""
    request = to_see(deed, request_id=request_id)
    must_allow(request, move)
    if move == "return":
        _must_judge(deed, request)
    else:
        deed.must(Permission.MANAGE_REQUESTS)
    return request


def must_allow(request: AuditRequest, move: str) -> None:
    """Raises `AlreadyDecided` where no such move begins, so that nobody fills in a form for nothing."""
    begins, _ = MOVES[move]
    if request.state not in begins:
        state = f"request_{request.state.value}"
        raise AlreadyDecided(
            what=Thing.NAMED, called=f"R-{request.number}", state=state, by=request.settled_by or request.answered_by
        )


def suggested(uow: UnitOfWork, request: AuditRequest) -> list[Evidence]:
    """Kept evidence that may answer a request, the newest first: what serves its requirement, else its owner's."""
    if request.requirement:
        serving = stored_requests.evidence_serving(uow, request.requirement, SUGGESTED)
    else:
        serving = evidence_queries.latest(uow, SUGGESTED, request.owner_id)
    return [each for each in serving if each.state is EvidenceState.KEPT]


def _all_of(deed: Deed, file: str, table: Table) -> list[Asked]:
    if "request" not in table.headings:
        raise BadRows(file, ((1, RowFault(RowWhy.NO_COLUMN, {"column": "request"})),), len(table.lines))
    reading = _Reading(deed.uow, deed.today)
    found, faults = [], []
    for line in table.lines:
        try:
            found.append(reading.of(line))
        except _Wrong as wrong:
            faults += [(line.number, fault) for fault in wrong.args]
    if faults or not found:
        raise BadRows(file, tuple(faults) or ((1, RowFault(RowWhy.NO_ROWS)),), len(table.lines))
    return found


class _Wrong(Exception):
    """What is wrong with a row: one `RowFault` or several."""


class _Reading:
    """Rows against the people and requirements there are."""

    def __init__(self, uow: UnitOfWork, today: date) -> None:
        self._today = today
        self._meant = framework_questions.meant(uow)
        self._directory = Directory.of(people_queries.directory(uow))

    def of(self, line: Line) -> Asked:
        """Raises `_Wrong` with everything that is wrong with the row."""
        texts = {name: line.cell(name).text.strip() for name in COLUMNS}
        faults = [
            RowFault(RowWhy.ITS_TOO_LONG, {"column": name, "most": most})
            for name, most in LONGEST.items()
            if len(texts[name]) > most
        ]
        if not texts["request"]:
            faults.append(RowFault(RowWhy.REQUEST_EMPTY))
        requirement = self._noting(faults, lambda: self._requirement(texts["requirement"]))
        owner_id = self._noting(faults, lambda: self._owner(texts["owner"]))
        due_on = self._noting(faults, lambda: self._due(line, texts["due"]))
        if faults:
            raise _Wrong(*faults)
        return Asked(
            label=texts["number"],
            what=texts["request"],
            requirement=requirement or "",
            period=texts["period"],
            sample=texts["sample"],
            owner_id=owner_id,
            due_on=due_on,
        )

    def _noting(self, faults: list[RowFault], read: Callable[[], Cell]) -> Cell | None:
        """What a cell says; what is wrong with it goes to the faults."""
        try:
            return read()
        except _Wrong as wrong:
            faults += wrong.args
            return None

    def _requirement(self, typed: str) -> str:
        try:
            return framework_questions.the_one(self._meant, typed).reference if typed else ""
        except WhichRequirement as no:
            why = RowWhy.SEVERAL_REQUIREMENTS if no.names else RowWhy.NOT_A_REQUIREMENT
            raise _Wrong(RowFault(why, {"typed": typed, "names": no.names})) from no

    def _owner(self, typed: str) -> str | None:
        try:
            return self._directory.owner(typed) if typed else None
        except Wrong as no:
            raise _Wrong(RowFault(RowWhy.NOT_ONE_PERSON, {"typed": typed})) from no

    def _due(self, line: Line, typed: str) -> date | None:
        try:
            day_zero = DAY_ZERO
            return (
                values.day(line.cell("due"), today=self._today, day_zero=day_zero, month_first=False) if typed else None
            )
        except (Wrong, DateNotUnderstood) as no:
            raise _Wrong(RowFault(RowWhy.NOT_A_DATE, {"typed": typed})) from no


# --- what the commands share ---


def _settle(deed: Deed, move: str, request_id: int, version: int, **more: object) -> AuditRequest:
    request = _unchanged(deed.uow, request_id, version)
    _must_judge(deed, request)
    return _move(deed.uow, request, move, **more)


def _must_judge(deed: Deed, request: AuditRequest) -> None:
    if not auditors.may_judge(deed.uow, deed.by, request, deed.at):
        deed.must(Permission.ACCEPT_ANSWER)
    if request.state is State.ANSWERED and deed.by in (request.answered_by, request.owner_id):
        raise OwnEvidence(title=f"R-{request.number}")


def _unchanged(uow: UnitOfWork, request_id: int, version: int) -> AuditRequest:
    request = uow.get(AuditRequest, request_id)
    if request.version != version:
        raise Stale(Thing.NAMED, f"R-{request.number}")
    return request


def _move(uow: UnitOfWork, request: AuditRequest, move: str, **more: object) -> AuditRequest:
    must_allow(request, move)
    _, ends = MOVES[move]
    return uow.change(request, state=ends, **more)


def _shown(deed: Deed, request: AuditRequest) -> AuditRequest:
    deed.redraw(request)
    return request
