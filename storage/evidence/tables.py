"""Evidence: its tables."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from storage.engine.rows import Row, choice, moment, one_of, prose, refers_to


class EvidenceState(StrEnum):
    """What became of the bytes. `refused` never had bytes kept; of `disposed` only the row is left."""

    COLLECTING = "collecting"
    KEPT = "kept"
    REFUSED = "refused"
    DISPOSED = "disposed"


class WayIn(StrEnum):
    """How a piece of evidence came to us. `made`: by ourselves, such as the papers of a report."""

    DROPPED = "dropped"
    MODAL = "modal"
    SHORTCUT = "shortcut"
    LINK = "link"
    COMMAND = "command"
    ENDPOINT = "endpoint"
    PROBE = "probe"
    MADE = "made"


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
    """What a piece of evidence serves: a task, a nonconformity, an answer of an audit or a concern, and the verdict.

    Of a nonconformity it may show one action of the plan, `action_id`.

    There is no verdict while nobody can give one: before the bytes are kept, where they were refused, and until its
    giver has said that the same bytes as before still are right; nor on what an answer shows, which is rated as a
    whole, nor on what goes with a concern. Accepted evidence counts until `runs_out_on`.
    """

    __tablename__ = "evidence_use"
    __table_args__ = (
        one_of("verdict", Verdict),
        UniqueConstraint("workspace_id", "evidence_id", "task_id", name="once_per_task"),
        UniqueConstraint("workspace_id", "evidence_id", "nonconformity_id", name="once_per_nonconformity"),
        Index("uses_by_end", "workspace_id", "runs_out_on"),
        Index("once_per_answer", "workspace_id", "evidence_id", "answer_id", unique=True),
        Index("once_per_concern", "workspace_id", "evidence_id", "concern_id", unique=True),
        CheckConstraint(
            "CASE WHEN task_id IS NULL THEN 0 ELSE 1 END + CASE WHEN nonconformity_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN answer_id IS NULL THEN 0 ELSE 1 END + CASE WHEN concern_id IS NULL THEN 0 ELSE 1 END = 1",
            name="serves_one_thing",
        ),
        CheckConstraint(
            "(COALESCE(verdict, '') IN ('accepted', 'returned')) = (judged_by IS NOT NULL)",
            name="verdicts_are_somebodys",
        ),
    )

    evidence_id: int = refers_to("evidence.id")
    task_id: int | None = refers_to("task.id", optional=True)
    nonconformity_id: int | None = refers_to("nonconformity.id", optional=True)
    answer_id: int | None = refers_to("answer.id", optional=True)
    concern_id: int | None = refers_to("concern.id", optional=True)
    action_id: int | None = refers_to("nonconformity_action.id", optional=True)
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


class DisposalState(StrEnum):
    """Whether somebody has decided about a proposal."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"


class Disposal(Row, table=True):
    """A proposal to dispose of some pieces of evidence; whoever made it never approves it."""

    __tablename__ = "disposal"
    __table_args__ = (
        one_of("state", DisposalState),
        CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="disposals_are_decided_by_somebody"),
        CheckConstraint("state <> 'approved' OR decided_by <> proposed_by", name="approved_by_somebody_else"),
    )

    evidence_ids: list[int] = Field(default_factory=list, sa_type=JSON)
    state: DisposalState = choice(DisposalState, DisposalState.PROPOSED)
    proposed_by: str = Field(max_length=32)
    proposed_at: datetime = moment(optional=False)
    decided_by: str | None = Field(default=None, max_length=32)
    decided_at: datetime | None = moment()


class OfferedMessage(Row, table=True):
    """A message as Slack showed it to whoever wants to save it. `files` are Slack's own file objects, cut short.

    Whether or not it is saved, the row is dropped some days later: what counts is the file made of it.
    """

    __tablename__ = "offered_message"

    person_id: str = Field(max_length=32)
    channel_id: str = Field(max_length=32)
    channel_name: str = Field(default="", max_length=200)
    message_ts: str = Field(max_length=32)
    author_id: str = Field(default="", max_length=32)
    text: str = prose()
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    offered_at: datetime = moment(optional=False)


class DroppedMessage(Row, table=True):
    """A message with files that somebody dropped, dealt with once: whether its event came or it was found later.

    `choices` are what its files might be for, each as a table and an id, where that had to be asked; `chosen` is which
    of them they were given for, counted from 0. Some weeks later the row is dropped.
    """

    __tablename__ = "dropped_message"
    __table_args__ = (
        UniqueConstraint("workspace_id", "channel_id", "message_ts", name="each_dropped_message_once"),
        {"sqlite_autoincrement": True},  # old buttons must not lead to another one
    )

    person_id: str = Field(max_length=32)
    channel_id: str = Field(max_length=32)
    message_ts: str = Field(max_length=32)
    thread_ts: str = Field(default="", max_length=32)
    note: str = prose()
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    choices: list[list[Any]] = Field(default_factory=list, sa_type=JSON)
    dropped_at: datetime = moment(optional=False)
    chosen: int | None = None


@dataclass(frozen=True)
class MessageFile:
    """A file that hangs on a message; `size` in bytes."""

    id: str
    name: str
    size: int
    permalink: str
