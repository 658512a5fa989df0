"""Evidence: the rules, as plain functions of values."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from storage.evidence.tables import EvidenceUse, WayIn
from storage.nonconformities.tables import ActionState, NonconformityState
from storage.packs.tables import RequestEvidence
from storage.tasks.tables import Task, TaskState
from workflows.evidence import freshness


class FileFault(StrEnum):
    """Why a file was not kept."""

    EMPTY = "empty"
    SIGN_IN_PAGE = "sign_in_page"
    SIZE_DIFFERS = "size_differs"
    TOO_LARGE = "too_large"
    WRONG_KIND = "wrong_kind"
    DOWNLOAD_FAILED = "download_failed"
    STORE_UNAVAILABLE = "store_unavailable"
    INSIDE = "inside"
    NO_ANSWER = "no_answer"
    BAD_ANSWER = "bad_answer"
    REDIRECTED = "redirected"


TAKES_FILES = frozenset({TaskState.OPEN, TaskState.RETURNED, TaskState.SUBMITTED})
"""States in which a task takes evidence. What comes while a lead is looking is added to what the lead sees."""


CASES_TAKE_FILES = frozenset({NonconformityState.RESPONDING, NonconformityState.IMPLEMENTING})
"""States in which a nonconformity takes evidence: of what was put right at once, and of what was done."""

ACTIONS_TAKE_FILES = frozenset({ActionState.PLANNED, ActionState.STARTED, ActionState.RETURNED})
"""States in which an action of a plan takes evidence from whoever carries it out."""

BY_MACHINES = frozenset({WayIn.COMMAND, WayIn.ENDPOINT, WayIn.PROBE, WayIn.MADE})
"""Ways in by which nobody in Slack waits for an answer."""


@dataclass(frozen=True)
class OfferedFile:
    """A file as Slack announced it, or as its source did: then `source_key` tells it apart and there is no Slack id.

    `size` in bytes; `note` is what its giver says about it.
    """

    slack_file_id: str
    name: str
    size: int
    permalink: str
    note: str = ""
    source_key: str = ""


@dataclass(frozen=True)
class Place:
    """Where in Slack a file came from, so that the receipt lands there."""

    channel_id: str
    message_ts: str
    way_in: WayIn = WayIn.DROPPED


@dataclass(frozen=True)
class Serves:
    """What a file is given for: a task, a nonconformity or one of its actions, an answer, a request, or a concern.

    What we made ourselves serves none.
    """

    task_id: int | None = None
    nonconformity_id: int | None = None
    action_id: int | None = None
    answer_id: int | None = None
    request_id: int | None = None
    concern_id: int | None = None

    def row(self, evidence_id: int, by: str, at: datetime) -> EvidenceUse | RequestEvidence | None:
        """The row that says so, if it is for anything."""
        if self == Serves():
            return None
        if self.request_id is not None:
            return RequestEvidence(request_id=self.request_id, evidence_id=evidence_id, added_by=by, added_at=at)
        return EvidenceUse(
            evidence_id=evidence_id,
            task_id=self.task_id,
            nonconformity_id=self.nonconformity_id,
            action_id=self.action_id,
            answer_id=self.answer_id,
            concern_id=self.concern_id,
            added_by=by,
            added_at=at,
        )


@dataclass(frozen=True)
class Days:
    """The days a piece of evidence speaks of: the period that its task covers, where it comes round again."""

    begins: date | None = None
    ends: date | None = None


NO_DAYS = Days()
"""A file that names no period: what it covers follows from the task it serves."""


def covered_by(task: Task, recurrence: str) -> Days:
    """From the day after the occurrence before to the day for which this one was planned."""
    period = freshness.period_of(recurrence)
    return Days(task.scheduled_on - period + timedelta(days=1), task.scheduled_on) if period else Days()
