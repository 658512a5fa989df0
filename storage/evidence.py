"""Evidence room: what was given to show that something was done, where it came from, and what it serves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, or_
from sqlmodel import Field, col

from storage.rows import Row, choice, moment, one_of, prose, refers_to
from storage.tasks import Task

if TYPE_CHECKING:
    from storage.unit_of_work import UnitOfWork


class EvidenceState(StrEnum):
    """What became of the bytes. `refused` never had bytes kept; of `disposed` only the row is left."""

    COLLECTING = "collecting"
    KEPT = "kept"
    REFUSED = "refused"
    DISPOSED = "disposed"


class WayIn(StrEnum):
    """How a piece of evidence came to us."""

    DROPPED = "dropped"
    MODAL = "modal"
    SHORTCUT = "shortcut"
    LINK = "link"
    COMMAND = "command"
    ENDPOINT = "endpoint"
    PROBE = "probe"


class Classification(StrEnum):
    """Who may come to know what it says, from anybody to a few."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class Verdict(StrEnum):
    """What people found of evidence where it was used. `withdrawn`: its giver took it back."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


STANDING = (Verdict.WAITING, Verdict.ACCEPTED)
"""What counts as given: a lead will judge it, or has accepted it."""


class Evidence(Row, table=True):
    """One piece of evidence, in one revision. `sha256` and `size` (bytes) are of what we stored.

    `slack_file_id` is there for files out of Slack, `source_key` for what else its source tells apart: the address of
    a link, the key a machine gave. `collected_on` is the day that it shows, the period what it speaks of; days are in
    the organisation's zone. `supersedes_id` is the revision before. `retain_until` is the last day on which it must be
    kept; while `legal_hold` gives a reason, it is kept beyond. Between `disposed_at` and
    `erased_at` its bytes may still be in the store.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        one_of("state", EvidenceState),
        one_of("way_in", WayIn),
        one_of("classification", Classification),
        UniqueConstraint("workspace_id", "slack_file_id", name="each_slack_file_once"),
        UniqueConstraint("workspace_id", "source_key", name="each_source_once"),
        UniqueConstraint("workspace_id", "supersedes_id", name="one_revision_follows"),
        CheckConstraint(
            "state IN ('collecting', 'refused') OR (sha256 IS NOT NULL AND size IS NOT NULL)",
            name="kept_evidence_has_a_hash",
        ),
        CheckConstraint("(state = 'disposed') = (disposed_at IS NOT NULL)", name="disposed_at_a_time"),
        CheckConstraint("state <> 'disposed' OR legal_hold = ''", name="what_is_held_is_not_disposed_of"),
        CheckConstraint("period_begins <= period_ends", name="evidence_periods_begin_before_they_end"),
        CheckConstraint("(revision = 1) = (supersedes_id IS NULL)", name="later_revisions_supersede"),
    )

    slack_file_id: str | None = Field(default=None, max_length=32)
    source_key: str | None = Field(default=None, max_length=400)
    way_in: WayIn = choice(WayIn, WayIn.DROPPED)
    name: str = Field(max_length=400)
    announced_size: int = Field(default=0, sa_type=BigInteger)
    size: int | None = Field(default=None, sa_type=BigInteger)
    sha256: str | None = Field(default=None, max_length=64, index=True)
    media_type: str = Field(default="", max_length=120)
    state: EvidenceState = choice(EvidenceState, EvidenceState.COLLECTING)
    reason: str = prose()
    provided_by: str = Field(max_length=32)
    channel_id: str = Field(default="", max_length=32)
    message_ts: str = Field(default="", max_length=32)
    permalink: str = prose()
    note: str = prose()
    received_at: datetime = moment(optional=False)
    kept_at: datetime | None = moment()
    collected_on: date
    period_begins: date | None = None
    period_ends: date | None = None
    classification: Classification = choice(Classification, Classification.INTERNAL)
    personal_data: bool = False
    revision: int = 1
    supersedes_id: int | None = refers_to("evidence.id", optional=True)
    retain_until: date | None = None
    legal_hold: str = prose()
    disposed_at: datetime | None = moment()
    erased_at: datetime | None = moment()


class EvidenceUse(Row, table=True):
    """What a piece of evidence serves: one task or one nonconformity, and the verdict there.

    There is no verdict while nobody can give one: before the bytes are kept, where they were refused, and until its
    giver has said that the same bytes as before still are right. Accepted evidence counts until `runs_out_on`.
    """

    __tablename__ = "evidence_use"
    __table_args__ = (
        one_of("verdict", Verdict),
        UniqueConstraint("workspace_id", "evidence_id", "task_id", name="once_per_task"),
        UniqueConstraint("workspace_id", "evidence_id", "nonconformity_id", name="once_per_nonconformity"),
        Index("uses_by_end", "workspace_id", "runs_out_on"),
        CheckConstraint("(task_id IS NULL) <> (nonconformity_id IS NULL)", name="serves_a_task_or_a_nonconformity"),
        CheckConstraint(
            "(COALESCE(verdict, '') IN ('accepted', 'returned')) = (judged_by IS NOT NULL)",
            name="verdicts_are_somebodys",
        ),
    )

    evidence_id: int = refers_to("evidence.id")
    task_id: int | None = refers_to("task.id", optional=True)
    nonconformity_id: int | None = refers_to("nonconformity.id", optional=True)
    added_by: str = Field(max_length=32)
    added_at: datetime = moment(optional=False)
    verdict: Verdict | None = choice(Verdict)
    judged_by: str | None = Field(default=None, max_length=32)
    judged_at: datetime | None = moment()
    reason: str = prose()
    runs_out_on: date | None = None
    asked_again_at: datetime | None = moment()


@dataclass(frozen=True)
class Given:
    """A piece of evidence as it serves one task or nonconformity."""

    evidence: Evidence
    use: EvidenceUse

    @property
    def stands(self) -> bool:
        """Whether it counts as given: kept, and neither returned nor taken back."""
        return self.evidence.state is EvidenceState.KEPT and self.use.verdict in STANDING


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


def latest(uow: "UnitOfWork", limit: int, person_id: str | None = None) -> list[Evidence]:
    """The newest evidence: everybody's, or what one person gave or is given for a task of theirs, as by a machine."""
    if person_id is None:
        return uow.all(Evidence, order_by=col(Evidence.id).desc(), limit=limit)
    theirs = or_(col(Evidence.provided_by) == person_id, col(Evidence.id).in_(_for_tasks_of(uow, person_id)))
    return uow.all(Evidence, theirs, order_by=col(Evidence.id).desc(), limit=limit)


def _for_tasks_of(uow: "UnitOfWork", owner_id: str) -> list[int]:
    tasks = [each.id for each in uow.matching(Task, owner_id=owner_id)]
    return [each.evidence_id for each in uow.all(EvidenceUse, col(EvidenceUse.task_id).in_(tasks))]


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
