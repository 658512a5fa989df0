"""Evidence room: what an auditor asks to see, from the list it came in to an answer that somebody else accepts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TypeVar

from storage.engine.canonical import JSON
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState
from storage.packs import requests as stored_requests
from storage.packs.tables import AuditRequest, RequestEvidence, RequestState
from storage.people import queries as people_queries
from workflows.evidence.refusals import OwnEvidence
from workflows.files import spreadsheets
from workflows.files.spreadsheets import Line, Table
from workflows.frameworks import questions as framework_questions
from workflows.frameworks.refusals import WhichRequirement
from workflows.importing import values
from workflows.importing.values import Directory, Wrong
from workflows.nudges import commands as nudge_commands
from workflows.nudges import rules as nudge_rules
from workflows.packs import auditors
from workflows.people import questions as people_questions
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, BadRows, DateNotUnderstood, InputWanted, NotAllowed, Stale

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


@dataclass(frozen=True)
class Asked:
    """One row of a list."""

    label: str
    what: str
    requirement: str
    period: str
    sample: str
    owner_id: str | None
    due_on: date | None


# --- commands ---


def may_bring(uow: UnitOfWork, actor: Actor, *, at: datetime) -> None:
    """Raise unless the actor may bring a list: `NotAllowed` or `NoProgrammeYet`."""
    actor.must("manage requests")
    people_questions.programme_must_run(uow)


def bring(uow: UnitOfWork, actor: Actor, *, file: str, table: Table, at: datetime) -> list[AuditRequest]:
    """Take an auditor's list, all rows or none; rows that name an owner are assigned. Raises `BadRows` too.

    What is noted already and was not withdrawn is not asked twice, so a list may be brought again when it has grown.
    """
    may_bring(uow, actor, at=at)
    noted = {_asks_for(each) for each in stored_requests.every(uow) if each.state is not State.WITHDRAWN}
    asked = [each for each in _all_of(uow, file, table, at) if _asks_for(each) not in noted]
    number = stored_requests.latest_number(uow)
    taken = [_take(uow, actor, number + place, each, at) for place, each in enumerate(asked, start=1)]
    details: dict[str, JSON] = {"file": file, "requests": [each.number for each in taken]}
    uow.record(
        actor=actor.person_id, verb="audit_request.bring", subject="workspace", subject_id=0, at=at, details=details
    )
    for each in taken:
        if each.owner_id:
            _tell(uow, each, [each.owner_id], at)
    return taken


def _asks_for(asked: Asked | AuditRequest) -> tuple[str, ...]:
    """What makes two rows the same request; owner and day are ours to set."""
    return (asked.label, asked.what, asked.requirement, asked.period, asked.sample)


def _take(uow: UnitOfWork, actor: Actor, number: int, asked: Asked, at: datetime) -> AuditRequest:
    state = State.ASSIGNED if asked.owner_id else State.OPEN
    taken = uow.add(AuditRequest(**vars(asked), number=number, state=state, asked_by=actor.person_id, asked_at=at))
    _record(uow, actor, "ask", taken, at, {"what": asked.what, "owner": asked.owner_id})
    return taken


def assign(
    uow: UnitOfWork, actor: Actor, *, request_id: int, version: int, owner_id: str, at: datetime
) -> AuditRequest:
    """A lead says who answers. Raises `NotAllowed`, `AlreadyDecided`, `Stale` or `CannotTakeOver`."""
    actor.must("manage requests")
    request = _unchanged(uow, request_id, version)
    people_questions.must_be_there(uow, owner_id, field="owner")
    assigned = _move(uow, request, "assign", owner_id=owner_id)
    _record(uow, actor, "assign", assigned, at, {"owner": owner_id})
    _tell(uow, assigned, [owner_id], at)
    return _shown(uow, assigned, at)


def answer(
    uow: UnitOfWork,
    actor: Actor,
    *,
    request_id: int,
    version: int,
    text: str,
    evidence_ids: Collection[int] = (),
    at: datetime,
) -> AuditRequest:
    """The owner, or a lead, answers with words and evidence. Raises `NotAllowed`, `InputWanted`, `AlreadyDecided`."""
    request = _unchanged(uow, to_answer(uow, actor, request_id=request_id, at=at).id, version)
    if not text.strip():
        raise InputWanted("answer", "write at least a sentence, and say where in the evidence to look")
    offered = {each.id for each in suggested(uow, request)}
    for each in sorted(set(evidence_ids) & offered):
        uow.add_once(RequestEvidence(request_id=request.id, evidence_id=each, added_by=actor.person_id, added_at=at))
    answered = _move(
        uow, request, "answer", answer=text.strip(), answered_by=actor.person_id, answered_at=at, reason=""
    )
    _record(uow, actor, "answer", answered, at, {"answer": text.strip(), "evidence": sorted(evidence_ids)})
    _tell(uow, answered, [answered.asked_by], at)
    return _shown(uow, answered, at)


def accept(uow: UnitOfWork, actor: Actor, *, request_id: int, version: int, at: datetime) -> AuditRequest:
    """An auditor, or a lead for them, is content; never whoever answered. Raises as `return_`."""
    accepted = _settle(uow, actor, "accept", request_id, version, at, settled_by=actor.person_id, settled_at=at)
    _record(uow, actor, "accept", accepted, at, {})
    return _shown(uow, accepted, at)


def return_(uow: UnitOfWork, actor: Actor, *, request_id: int, version: int, reason: str, at: datetime) -> AuditRequest:
    """The answer does not do, and why. Raises `NotAllowed`, `OwnEvidence`, `AlreadyDecided`, `Stale`, `InputWanted`."""
    if not reason.strip():
        raise InputWanted("reason", "say what is missing, in a sentence")
    returned = _settle(uow, actor, "return", request_id, version, at, reason=reason.strip())
    _record(uow, actor, "return", returned, at, {"reason": reason.strip()})
    _tell(uow, returned, [returned.owner_id or returned.asked_by], at)
    return _shown(uow, returned, at)


def withdraw(
    uow: UnitOfWork, actor: Actor, *, request_id: int, version: int, reason: str, at: datetime
) -> AuditRequest:
    """It is not asked for any more, and why. Raises `NotAllowed`, `AlreadyDecided`, `Stale` or `InputWanted`."""
    actor.must("manage requests")
    if not reason.strip():
        raise InputWanted("reason", "say why it is no longer needed, in a sentence")
    request = _unchanged(uow, request_id, version)
    gone = _move(uow, request, "withdraw", reason=reason.strip(), settled_by=actor.person_id, settled_at=at)
    _record(uow, actor, "withdraw", gone, at, {"reason": reason.strip()})
    return _shown(uow, gone, at)


# --- questions ---


def listed(uow: UnitOfWork, actor: Actor, *, at: datetime) -> list[AuditRequest]:
    """Every request for those who may see them, an auditor's own scope, else what the actor was asked to answer."""
    if actor.may("see the requests"):
        return stored_requests.every(uow)
    if auditors.scopes_of(uow, actor.person_id, at):
        return [each for each in stored_requests.every(uow) if auditors.may_judge(uow, actor.person_id, each, at)]
    return stored_requests.of_owner(uow, actor.person_id, tuple(State))


def sees_more_than_own(uow: UnitOfWork, actor: Actor, *, at: datetime) -> bool:
    """Whether the actor is shown requests that others answer: a lead or an auditor, of the house or from outside."""
    return actor.may("see the requests") or bool(auditors.scopes_of(uow, actor.person_id, at))


def to_see(uow: UnitOfWork, actor: Actor, *, request_id: int, at: datetime) -> AuditRequest:
    """A request, for its owner, those who may see all, and the auditor whom it concerns. Raises `NotAllowed`."""
    request = uow.get(AuditRequest, request_id)
    if request.owner_id != actor.person_id and not auditors.may_judge(uow, actor.person_id, request, at):
        actor.must("see the requests")
    return request


def to_answer(uow: UnitOfWork, actor: Actor, *, request_id: int, at: datetime) -> AuditRequest:
    """A request that the actor may answer. Raises `NotAllowed`."""
    request = uow.get(AuditRequest, request_id)
    if actor.person_id != request.owner_id and not actor.may("manage requests"):
        raise NotAllowed(deed="answer this request", who_may="whoever it was given to, or a compliance lead")
    return request


def to_move(uow: UnitOfWork, actor: Actor, *, move: str, request_id: int, at: datetime) -> AuditRequest:
    """A request that the actor is about to assign, return or withdraw. Raises as that itself does."""
    request = to_see(uow, actor, request_id=request_id, at=at)
    must_allow(request, move)
    if move == "return":
        _must_judge(uow, actor, request, at)
    else:
        actor.must("look after the requests")
    return request


def must_allow(request: AuditRequest, move: str) -> None:
    """Raises `AlreadyDecided` where no such move begins, so that nobody fills in a form for nothing."""
    begins, _ = MOVES[move]
    if request.state not in begins:
        state = f"request_{request.state.value}"
        raise AlreadyDecided(what=f"R-{request.number}", state=state, by=request.settled_by or request.answered_by)


def suggested(uow: UnitOfWork, request: AuditRequest) -> list[Evidence]:
    """Kept evidence that may answer a request, the newest first: what serves its requirement, else its owner's."""
    if request.requirement:
        serving = stored_requests.evidence_serving(uow, request.requirement, SUGGESTED)
    else:
        serving = evidence_queries.latest(uow, SUGGESTED, request.owner_id)
    return [each for each in serving if each.state is EvidenceState.KEPT]


def rows_of(file: str, data: bytes) -> Table:
    """The rows of a list. Raises `UnreadableFile`."""
    return spreadsheets.read(file, data)


def _all_of(uow: UnitOfWork, file: str, table: Table, at: datetime) -> list[Asked]:
    if "request" not in table.headings:
        raise BadRows(file, ((1, 'there is no column named "request"'),), len(table.lines))
    reading = _Reading(uow, at)
    found, faults = [], []
    for line in table.lines:
        try:
            found.append(reading.of(line))
        except _Wrong as wrong:
            faults += [(line.number, fault) for fault in wrong.args]
    if faults or not found:
        raise BadRows(file, tuple(faults) or ((1, "there are no rows below the headings"),), len(table.lines))
    return found


class _Wrong(Exception):
    """What is wrong with a row, a sentence each."""


class _Reading:
    """Rows against the people and requirements there are."""

    def __init__(self, uow: UnitOfWork, at: datetime) -> None:
        self._today = nudge_rules.local_day(uow.workspace().zone, at)
        self._meant = framework_questions.meant(uow)
        self._directory = Directory.of(people_queries.directory(uow))

    def of(self, line: Line) -> Asked:
        """Raises `_Wrong` with everything that is wrong with the row."""
        texts = {name: line.cell(name).text.strip() for name in COLUMNS}
        faults = [
            f"its {name} is longer than {most} characters" for name, most in LONGEST.items() if len(texts[name]) > most
        ]
        if not texts["request"]:
            faults.append("the request is empty")
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

    def _noting(self, faults: list[str], read: Callable[[], Cell]) -> Cell | None:
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
            what = "could be several requirements" if no.references else "is not a requirement of anything you follow"
            raise _Wrong(f"{typed} {what}") from no

    def _owner(self, typed: str) -> str | None:
        try:
            return self._directory.owner(typed) if typed else None
        except Wrong as no:
            raise _Wrong(f"{typed} does not match exactly one person in this workspace") from no

    def _due(self, line: Line, typed: str) -> date | None:
        try:
            day_zero = spreadsheets.DAY_ZERO
            return (
                values.day(line.cell("due"), today=self._today, day_zero=day_zero, month_first=False) if typed else None
            )
        except (Wrong, DateNotUnderstood) as no:
            raise _Wrong(f"{typed} is not a date") from no


# --- what the commands share ---


def _settle(
    uow: UnitOfWork, actor: Actor, move: str, request_id: int, version: int, at: datetime, **more: object
) -> AuditRequest:
    request = _unchanged(uow, request_id, version)
    _must_judge(uow, actor, request, at)
    return _move(uow, request, move, **more)


def _must_judge(uow: UnitOfWork, actor: Actor, request: AuditRequest, at: datetime) -> None:
    if not auditors.may_judge(uow, actor.person_id, request, at):
        actor.must("accept an answer")
    if request.state is State.ANSWERED and actor.person_id in (request.answered_by, request.owner_id):
        raise OwnEvidence(title=f"R-{request.number}")


def _unchanged(uow: UnitOfWork, request_id: int, version: int) -> AuditRequest:
    request = uow.get(AuditRequest, request_id)
    if request.version != version:
        raise Stale(what=f"R-{request.number}")
    return request


def _move(uow: UnitOfWork, request: AuditRequest, move: str, **more: object) -> AuditRequest:
    must_allow(request, move)
    _, ends = MOVES[move]
    return uow.change(request, state=ends, **more)


def _shown(uow: UnitOfWork, request: AuditRequest, at: datetime) -> AuditRequest:
    nudge_commands.refresh(uow, subject="audit_request", subject_id=request.id, version=request.version, at=at)
    return request


def _tell(uow: UnitOfWork, request: AuditRequest, whom: Iterable[str], at: datetime) -> None:
    nudge_commands.owe(
        uow,
        list(whom),
        subject="audit_request",
        subject_id=request.id,
        rung=request.state.value,
        what=request.version,
        at=at,
    )


def _record(
    uow: UnitOfWork, actor: Actor, verb: str, request: AuditRequest, at: datetime, details: Mapping[str, JSON]
) -> None:
    uow.record(
        actor=actor.person_id,
        verb=f"audit_request.{verb}",
        subject="audit_request",
        subject_id=request.id,
        at=at,
        details=details,
    )
