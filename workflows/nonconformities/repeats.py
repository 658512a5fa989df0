"""What has been found before: repeats, clusters of minors, and minors that nobody puts right. The bot suggests only.

A repeat is the same requirement in any edition, at the same place and in the same process, within a year or since the
audit before. Several minors on one requirement may together be a major. A person decides, with a signed grade.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col

from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import UnitOfWork
from storage.interviews.tables import Answer, Interview
from storage.nonconformities import queries
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState

LOOKS_BACK = timedelta(days=365)
CLUSTER = 3
"""So many minors on one requirement within a year, the present one included."""

OVERDUE_FOR = timedelta(days=30)
"""After so many days a minor is looked at again: what nobody puts right may be more than it seemed."""

INEFFECTIVE, SYSTEMIC = "M6", "M5"
"""The tests of a grade that a repeat and a cluster point to."""


@dataclass(frozen=True)
class Alike:
    """What was found before that is like a case: its repeats, and the other minors of a cluster."""

    repeats: tuple[Nonconformity, ...] = ()
    cluster: tuple[Nonconformity, ...] = ()

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests of the grade that this points to."""
        return (*([SYSTEMIC] if self.cluster else []), *([INEFFECTIVE] if self.repeats else []))


def like(uow: UnitOfWork, finding: Nonconformity) -> Alike:
    """What was found before that is like a case, oldest first."""
    a_year_ago = finding.raised_at - LOOKS_BACK
    before = _raised_between(uow, _looks_back_to(uow, finding, a_year_ago), finding)
    same = [each for each in before if is_same_requirement(each, finding)]
    minors = [each for each in same if each.grade is Grade.MINOR and each.raised_at >= a_year_ago]
    is_cluster = finding.grade is not Grade.MAJOR and len(minors) + 1 >= CLUSTER
    return Alike(
        repeats=tuple(each for each in same if _is_same_spot(each, finding)),
        cluster=tuple(minors) if is_cluster else (),
    )


def is_repeat(uow: UnitOfWork, finding: Nonconformity) -> bool:
    """Whether the same was found before."""
    return bool(like(uow, finding).repeats)


def _raised_between(uow: UnitOfWork, since: datetime, finding: Nonconformity) -> list[Nonconformity]:
    found = queries.raised_between(uow, since, finding.raised_at, against=finding)
    return [each for each in found if each.number < finding.number and each.state is not NonconformityState.VOID]


def _looks_back_to(uow: UnitOfWork, finding: Nonconformity, a_year_ago: datetime) -> datetime:
    """A year, or back to the audit of the same standard before the one in which it was found, if that is longer ago."""
    edition, found_in = finding.requirement.partition(":")[0], _audit_of(uow, finding)
    audits = uow.all(
        DeskAudit,
        col(DeskAudit.edition) == edition,
        col(DeskAudit.opened_at) < finding.raised_at,
        order_by=col(DeskAudit.opened_at),
    )
    before = [each.opened_at for each in audits if each.id != found_in]
    return min(a_year_ago, before[-1]) if before else a_year_ago


def _audit_of(uow: UnitOfWork, finding: Nonconformity) -> int | None:
    if finding.answer_id is None:
        return None
    answer = uow.get(Answer, finding.answer_id)
    return answer.desk_audit_id or uow.get(Interview, answer.interview_id or 0).desk_audit_id


def is_same_requirement(one: Nonconformity, other: Nonconformity) -> bool:
    """Whether two cases are against the same thing, in whatever edition of the standard."""
    if one.criterion or other.criterion:
        return _same(one.criterion, other.criterion)
    return _in_any_edition(one.requirement) == _in_any_edition(other.requirement)


def spot(case: Nonconformity) -> tuple[object, str]:
    """What a case is against, in whatever edition, and where: two with the same say the same."""
    against = (case.criterion or "").strip().casefold() or _in_any_edition(case.requirement)
    return against, case.place.strip().casefold()


def _in_any_edition(requirement: str) -> tuple[str, str]:
    edition, _, number = requirement.partition(":")
    return edition.partition("-")[0] if edition.startswith("iso") else edition, number


def _is_same_spot(one: Nonconformity, other: Nonconformity) -> bool:
    """The same place, and the same process where both name one."""
    is_same_process = not (one.process and other.process) or _same(one.process, other.process)
    return _same(one.place, other.place) and is_same_process


def _same(one: str | None, other: str | None) -> bool:
    return (one or "").strip().casefold() == (other or "").strip().casefold()


# --- minors that nobody puts right ---


def is_overdue_minor(finding: Nonconformity, today: date) -> bool:
    """Whether a minor has been overdue for so long that its grade is looked at again."""
    is_open = finding.state not in (*queries.ENDED, NonconformityState.DRAFT)
    is_late = finding.due_on is not None and finding.due_on + OVERDUE_FOR < today
    return is_open and is_late and finding.grade is Grade.MINOR
