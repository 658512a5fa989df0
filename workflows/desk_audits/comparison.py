"""Desk audits: an audit beside the last one of the same area, requirement by requirement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.desk_audits import queries as desk_audit_queries
from storage.desk_audits.tables import AuditFinding, AuditState, DeskAudit, FindingKind
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.tables import Nonconformity, NonconformityState
from workflows.deed import Deed
from workflows.desk_audits import access, desk
from workflows.desk_audits.scales import RATINGS
from workflows.refusals import Tried

OVER = (NonconformityState.CLOSED, NonconformityState.VOID)
TO_LOOK_AT_AGAIN = (FindingKind.NONCONFORMITY, FindingKind.OBSERVATION)


@dataclass(frozen=True)
class ThenAndNow:
    """The lowest rating of a requirement in either audit; None where it was not rated."""

    requirement: str
    then: int | None
    now: int | None


@dataclass(frozen=True)
class Comparison:
    """The last audit of the area, its ratings beside those of now, and what is open from then."""

    last: DeskAudit
    ratings: tuple[ThenAndNow, ...]
    still_open: tuple[AuditFinding, ...]


def comparison(deed: Deed, *, audit_id: int) -> Comparison | None:
    """An audit beside the last one of its area; None where there was none. Raises as `must_audit` does."""
    audit = access.must_audit(deed, audit_id, Tried.READ_ANSWERS)
    last = last_of_the_area(deed.uow, audit)
    return None if last is None else compared(deed.uow, audit, last)


def last_of_the_area(uow: UnitOfWork, audit: DeskAudit) -> DeskAudit | None:
    """The newest audit before it that looked at one of the same processes, or else at one of the same places.

    Where nothing of the kind was agreed, it is one that was planned from the same template.
    """
    earlier = [each for each in desk_audit_queries.before(uow, audit.id) if not _was_withdrawn(uow, each)]
    return next((each for each in earlier if _is_same_area(uow, audit, each)), None)


def _was_withdrawn(uow: UnitOfWork, audit: DeskAudit) -> bool:
    plan = desk_audit_queries.plan_of(uow, audit.id)
    return plan is not None and plan.state is AuditState.WITHDRAWN


def _is_same_area(uow: UnitOfWork, audit: DeskAudit, earlier: DeskAudit) -> bool:
    now, then = (desk_audit_queries.plan_of(uow, each.id) for each in (audit, earlier))
    if now is None or then is None:
        return audit.question_set == earlier.question_set
    return _share(now.processes, then.processes) or (not now.processes and _share(now.places, then.places))


def _share(some: Iterable[str], others: Iterable[str]) -> bool:
    return bool({each.casefold() for each in some} & {each.casefold() for each in others})


def compared(uow: UnitOfWork, audit: DeskAudit, last: DeskAudit) -> Comparison:
    """The two side by side."""
    then, now = lowest_ratings(uow, last.id), lowest_ratings(uow, audit.id)
    rows = [ThenAndNow(each, then.get(each), now.get(each)) for each in dict.fromkeys([*then, *now])]
    found = desk_audit_queries.findings_of(uow, last.id)
    return Comparison(last, tuple(rows), tuple(each for each in found if is_open(uow, each)))


def lowest_ratings(uow: UnitOfWork, audit_id: int) -> Mapping[str, int]:
    """How badly each requirement was met at worst, of all that was rated."""
    lowest: dict[str, int] = {}
    for said in desk.everything(uow, audit_id):
        for each in said.answer.requirements if said.answer.rating is not None else ():
            lowest[each] = min(said.answer.rating or 0, lowest.get(each, RATINGS[-1]))
    return lowest


def is_open(uow: UnitOfWork, finding: AuditFinding) -> bool:
    """Whether there is still something to look at: a case that goes on, or what was merely observed."""
    if finding.withdrawn_at is not None or finding.kind not in TO_LOOK_AT_AGAIN:
        return False
    if finding.nonconformity_id is None:
        return True
    return uow.get(Nonconformity, finding.nonconformity_id).state not in OVER
