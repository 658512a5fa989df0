"""Evidence: questions put to its tables."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import or_
from sqlmodel import col

from storage.engine.conditions import values_of
from storage.tasks.tables import Task

if TYPE_CHECKING:
    from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Given, Verdict


def of_slack_file(uow: "UnitOfWork", slack_file_id: str) -> Evidence | None:
    """The row a Slack file already has; Slack tells of one file twice (as message and as event)."""
    return next(iter(uow.matching(Evidence, slack_file_id=slack_file_id)), None)


def of_source(uow: "UnitOfWork", source_key: str) -> Evidence | None:
    """The row that something from elsewhere already has."""
    return next(iter(uow.matching(Evidence, source_key=source_key)), None)


def for_task(uow: "UnitOfWork", task_id: int) -> list[Given]:
    """Everything given for a task, in the order it came."""
    return _with_evidence(uow, uow.matching(EvidenceUse, task_id=task_id))


def for_nonconformity(uow: "UnitOfWork", nonconformity_id: int) -> list[Given]:
    """Everything given to show that a correction or corrective action was done, in the order it came."""
    return _with_evidence(uow, uow.matching(EvidenceUse, nonconformity_id=nonconformity_id))


def for_answer(uow: "UnitOfWork", answer_id: int) -> list[Given]:
    """Everything given with an answer of an interview, or chosen for a note, in the order it came."""
    return _with_evidence(uow, uow.matching(EvidenceUse, answer_id=answer_id))


def for_concern(uow: "UnitOfWork", concern_id: int) -> list[Given]:
    """Everything given with a concern, in the order it came."""
    return _with_evidence(uow, uow.matching(EvidenceUse, concern_id=concern_id))


def _with_evidence(uow: "UnitOfWork", uses: list[EvidenceUse]) -> list[Given]:
    found = {each.id: each for each in among(uow, [use.evidence_id for use in uses])}
    return [Given(found[use.evidence_id], use) for use in uses]


def among(uow: "UnitOfWork", ids: Collection[int]) -> list[Evidence]:
    """The pieces of evidence with these ids."""
    return uow.all(Evidence, col(Evidence.id).in_(ids), order_by=col(Evidence.id)) if ids else []


def uses_of(uow: "UnitOfWork", evidence_id: int) -> list[EvidenceUse]:
    """What a piece of evidence serves, in the order in which somebody said so."""
    return uow.matching(EvidenceUse, evidence_id=evidence_id)


def same_bytes_before(uow: "UnitOfWork", evidence: Evidence) -> list[Evidence]:
    """What came before a piece of evidence and has the very same bytes, oldest first."""
    return [each for each in uow.matching(Evidence, sha256=evidence.sha256) if each.id < evidence.id]


def followed(uow: "UnitOfWork", evidence_id: int) -> Evidence | None:
    """The revision that took the place of a piece of evidence, if any did."""
    return next(iter(uow.matching(Evidence, supersedes_id=evidence_id)), None)


def collecting(uow: "UnitOfWork") -> list[Evidence]:
    """Files that were announced and are not in the store yet, oldest first."""
    return uow.all(Evidence, col(Evidence.state) == EvidenceState.COLLECTING, order_by=col(Evidence.id))


def latest(uow: "UnitOfWork", limit: int | None, person_id: str | None = None) -> list[Evidence]:
    """The newest evidence: everybody's, or what one person gave or is given for a task of theirs, as by a machine."""
    if person_id is None:
        return uow.all(Evidence, order_by=col(Evidence.id).desc(), limit=limit)
    tasks = values_of(col(Task.id), col(Task.owner_id) == person_id)
    given = values_of(col(EvidenceUse.evidence_id), col(EvidenceUse.task_id).in_(tasks))
    theirs = or_(col(Evidence.provided_by) == person_id, col(Evidence.id).in_(given))
    return uow.all(Evidence, theirs, order_by=col(Evidence.id).desc(), limit=limit)


def with_bytes(uow: "UnitOfWork") -> list[Evidence]:
    """Every row whose bytes must lie in the blob store."""
    return uow.all(Evidence, col(Evidence.state) == EvidenceState.KEPT, order_by=col(Evidence.id))


def running_out(uow: "UnitOfWork", first: date, last: date) -> list[EvidenceUse]:
    """Accepted evidence that counts for the last time on one of these days, and for which nobody was asked yet."""
    return uow.all(
        EvidenceUse,
        col(EvidenceUse.runs_out_on).between(first, last),
        col(EvidenceUse.verdict) == Verdict.ACCEPTED,
        col(EvidenceUse.asked_again_at).is_(None),
        order_by=col(EvidenceUse.runs_out_on),
    )


def accepted_until(uow: "UnitOfWork", day: date) -> list[Given]:
    """What was accepted and still counts on a day, the newest first."""
    uses = uow.all(
        EvidenceUse,
        col(EvidenceUse.verdict) == Verdict.ACCEPTED,
        or_(col(EvidenceUse.runs_out_on).is_(None), col(EvidenceUse.runs_out_on) >= day),
        order_by=col(EvidenceUse.id).desc(),
    )
    return _with_evidence(uow, uses)


def to_judge(uow: "UnitOfWork") -> int:
    """How often evidence waits for a verdict."""
    return uow.count(EvidenceUse, col(EvidenceUse.verdict) == Verdict.WAITING)


def retained_before(uow: "UnitOfWork", day: date) -> list[Evidence]:
    """What is kept and had to be only until some day before, oldest first."""
    return uow.all(
        Evidence,
        col(Evidence.state) == EvidenceState.KEPT,
        col(Evidence.retain_until) < day,
        order_by=col(Evidence.retain_until),
    )


def awaiting_erasure(uow: "UnitOfWork") -> list[Evidence]:
    """What was disposed of and whose bytes may still be in the store."""
    return uow.matching(Evidence, state=EvidenceState.DISPOSED, erased_at=None)


def received_since(uow: "UnitOfWork", since: datetime) -> list[Evidence]:
    """What was given at `since` or later, whatever became of it."""
    return uow.all(Evidence, col(Evidence.received_at) >= since, order_by=col(Evidence.id))


def accepted_for(uow: "UnitOfWork", since: datetime) -> frozenset[int]:
    """The tasks for which a lead accepted evidence at `since` or later."""
    accepted = uow.all(EvidenceUse, col(EvidenceUse.verdict) == Verdict.ACCEPTED, col(EvidenceUse.judged_at) >= since)
    return frozenset(each.task_id for each in accepted if each.task_id is not None)
