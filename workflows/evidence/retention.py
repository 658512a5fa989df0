"""Evidence room: how long evidence is kept, what may not be touched, and how it is disposed of by two people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from dateutil.relativedelta import relativedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence import retention as stored_retention
from storage.evidence.tables import Disposal, DisposalState, Evidence, EvidenceState, EvidenceUse, Verdict
from storage.importing import queries as importing_queries
from storage.packs import queries as pack_queries
from storage.packs import requests as stored_requests
from storage.packs import tables as pack_tables
from storage.packs.tables import Pack
from storage.people.tables import Role
from storage.programme.tables import Obligation
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence.refusals import NothingToDispose
from workflows.files.data import read_data
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, NotAllowed, Thing, Tried, WhoMay

# --- rules ---

MOST_AT_ONCE = 100
"""Pieces of evidence in one proposal: as many as somebody can look through before they sign."""

PERSONAL_DATA = "personal_data"


@dataclass(frozen=True)
class Periods:
    """Months by kind of obligation, of nonconformities, of what people said in audits; at most by what a file holds."""

    months: Mapping[str, int]
    nonconformity: int
    interview: int
    at_most: Mapping[str, int]


@cache
def periods() -> Periods:
    """How long evidence is kept, from the catalogue."""
    return Periods(**read_data("evidence/retention.yaml"))


def months(kinds: Iterable[str | None], classification: str, *, personal_data: bool) -> int:
    """For how many months a file is kept that serves obligations of these kinds; None: a nonconformity or request."""
    known = periods()
    longest = max(known.nonconformity if kind is None else known.months[kind] for kind in kinds)
    holds = [classification, *([PERSONAL_DATA] if personal_data else [])]
    return min([longest, *(known.at_most[each] for each in holds if each in known.at_most)])


def is_over(evidence: Evidence, today: date) -> bool:
    """Whether evidence is past its day, and nothing holds it."""
    due = evidence.retain_until is not None and evidence.retain_until < today
    return evidence.state is EvidenceState.KEPT and due and not evidence.legal_hold


# --- commands ---


def plan(uow: UnitOfWork, evidence: Evidence) -> Evidence:
    """Work out anew until when a kept file is retained, by what it serves and what it holds."""
    kinds = [_kind_served(uow, use) for use in evidence_queries.uses_of(uow, evidence.id)] or [None]
    kept_on = nudge_rules.local_day(uow.workspace().zone, evidence.kept_at or evidence.received_at)
    begins = max(kept_on, evidence.period_ends or kept_on)
    length = months(kinds, evidence.classification, personal_data=evidence.personal_data)
    return uow.change(evidence, retain_until=begins + relativedelta(months=length))


def _kind_served(uow: UnitOfWork, use: EvidenceUse) -> str | None:
    if use.task_id is None:
        return None
    return uow.get(Obligation, uow.get(Task, use.task_id).obligation_id).kind.value


def propose(deed: Deed) -> Disposal:
    """Propose to dispose of what is past its day. Raises `NotAllowed`, or `NothingToDispose`."""
    deed.must(Permission.PROPOSE_DISPOSAL)
    found = past_their_day(deed.uow, deed.at)[:MOST_AT_ONCE]
    if not found:
        raise NothingToDispose()
    ids = [each.id for each in found]
    disposal = deed.uow.add(Disposal(evidence_ids=ids, proposed_by=deed.by, proposed_at=deed.at))
    deed.record("disposal.propose", disposal, evidence=ids)
    others = [each for each in _approvers(deed.uow) if each != deed.by]
    deed.daily(others, disposal, "review", what="")
    return disposal


def _approvers(uow: UnitOfWork) -> list[str]:
    return list(
        dict.fromkeys(people_questions.holders(uow, Role.LEAD) + people_questions.holders(uow, Role.MANAGEMENT))
    )


def approve(deed: Deed, *, disposal_id: int) -> Disposal:
    """Somebody else agrees: each piece leaves a certificate on the trail; what must be kept by now stays.

    Raises `NotAllowed`, also for whoever proposed it, or `AlreadyDecided`.
    """
    disposal = _to_decide(deed, disposal_id)
    if deed.by == disposal.proposed_by:
        raise NotAllowed(Tried.APPROVE_OWN_PROPOSAL, WhoMay.ANOTHER_LEAD_OR_MANAGEMENT)
    for each in _still_over(deed, disposal):
        _dispose(deed, disposal, each)
    return _decide(deed, disposal, DisposalState.APPROVED)


def decline(deed: Deed, *, disposal_id: int) -> Disposal:
    """Everything stays as it is. Raises `NotAllowed` or `AlreadyDecided`."""
    return _decide(deed, _to_decide(deed, disposal_id), DisposalState.DECLINED)


def _to_decide(deed: Deed, disposal_id: int) -> Disposal:
    deed.must(Permission.APPROVE_DISPOSAL)
    disposal = deed.uow.get(Disposal, disposal_id)
    if disposal.state is not DisposalState.PROPOSED:
        raise AlreadyDecided(what=Thing.THIS_PROPOSAL, state=f"disposal_{disposal.state.value}", by=disposal.decided_by)
    return disposal


def _still_over(deed: Deed, disposal: Disposal) -> list[Evidence]:
    over = {each.id: each for each in past_their_day(deed.uow, deed.at)}
    return [over[each] for each in disposal.evidence_ids if each in over]


def _dispose(deed: Deed, disposal: Disposal, evidence: Evidence) -> None:
    deed.redraw(deed.uow.change(evidence, state=EvidenceState.DISPOSED, disposed_at=deed.at))
    deed.record(
        "evidence.dispose",
        evidence,
        name=evidence.name,
        sha256=evidence.sha256,
        size=evidence.size,
        retained_until=evidence.retain_until.isoformat() if evidence.retain_until else None,
        disposal=disposal.id,
        proposed_by=disposal.proposed_by,
        approved_by=deed.by,
    )


def _decide(deed: Deed, disposal: Disposal, state: DisposalState) -> Disposal:
    decided = deed.uow.change(disposal, state=state, decided_by=deed.by, decided_at=deed.at)
    verb = {DisposalState.APPROVED: "disposal.approve", DisposalState.DECLINED: "disposal.decline"}[state]
    deed.record(verb, disposal)
    deed.redraw(decided)
    return decided


def erased(deed: Deed, *, sha256: str) -> None:
    """The bytes are gone from the store: say so on all evidence that was disposed of, and packs that expired."""
    for each in _to_be_erased(deed.uow):
        if each.sha256 == sha256:
            deed.uow.change(each, erased_at=deed.at)
            subject = "pack" if isinstance(each, Pack) else "evidence"
            deed.record(f"{subject}.erase", (subject, each.id))


def _to_be_erased(uow: UnitOfWork) -> list[Evidence | Pack]:
    return [*evidence_queries.awaiting_erasure(uow), *pack_queries.awaiting_erasure(uow)]


# --- questions ---


def to_be_erased(uow: UnitOfWork) -> list[str]:
    """The SHA-256 of what was disposed of or has expired, and whose bytes may still be in the store."""
    return sorted({each.sha256 for each in _to_be_erased(uow) if each.sha256})


def needs(uow: UnitOfWork, sha256: str) -> bool:
    """Whether something that is kept has these bytes, or something might that is on its way in."""
    kept = uow.matching(Evidence, sha256=sha256, state=EvidenceState.KEPT)
    others = [*importing_queries.with_hash(uow, sha256), *pack_queries.made_with(uow, sha256)]
    return bool(kept or others or evidence_queries.collecting(uow))


def past_their_day(uow: UnitOfWork, at: datetime) -> list[Evidence]:
    """What may be disposed of now, oldest first: never what waits for a verdict, or is needed elsewhere."""
    today = nudge_rules.local_day(uow.workspace().zone, at)
    due = [each for each in evidence_queries.retained_before(uow, today) if is_over(each, today)]
    return [each for each in due if not _is_needed(uow, each, today)]


def _is_needed(uow: UnitOfWork, evidence: Evidence, today: date) -> bool:
    if any(use.verdict is Verdict.WAITING for use in evidence_queries.uses_of(uow, evidence.id)):
        return True
    if any(each.state in pack_tables.UNSETTLED for each in stored_requests.answered_by(uow, evidence.id)):
        return True
    same = uow.matching(Evidence, sha256=evidence.sha256, state=EvidenceState.KEPT)
    return not all(is_over(each, today) for each in same)


@dataclass(frozen=True)
class Overdue:
    """What is past its day, and the proposals that wait for somebody else."""

    evidence: Sequence[Evidence]
    proposals: Sequence[Disposal]


def deeds_for(actor: Actor | None, disposal: Disposal) -> frozenset[str]:
    """What somebody may do about a proposal now: approve it, unless it is their own, and decline it."""
    if actor is None or disposal.state is not DisposalState.PROPOSED or not actor.may(Permission.APPROVE_DISPOSAL):
        return frozenset()
    return frozenset({"decline"} if actor.person_id == disposal.proposed_by else {"approve", "decline"})


def overview(deed: Deed) -> Overdue:
    """What is past its day, for those who may decide about it. Raises `NotAllowed`."""
    deed.must(Permission.SEE_DISPOSALS)
    return Overdue(past_their_day(deed.uow, deed.at), stored_retention.proposed(deed.uow))
