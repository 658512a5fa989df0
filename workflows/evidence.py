"""Evidence room: taking a file in, keeping it, refusing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from storage import evidence as stored
from storage import requests as stored_requests
from storage import tasks as stored_tasks
from storage.calendar import Obligation
from storage.evidence import Evidence, EvidenceState, EvidenceUse, Verdict, WayIn
from storage.nonconformities import Nonconformity, NonconformityState
from storage.people import Role
from storage.requests import RequestEvidence
from storage.tasks import Task, TaskState
from storage.unit_of_work import JSON, UnitOfWork
from workflows import earlier, freshness, nudges, people, retention, tasks
from workflows.errors import AlreadyDecided, NotAllowed, NothingAskedHere, NothingKept
from workflows.people import Actor

# --- rules ---


class Fault(StrEnum):
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

BY_MACHINES = frozenset({WayIn.COMMAND, WayIn.ENDPOINT, WayIn.PROBE})
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
    """What a file is given for: a task, a nonconformity, or an auditor's request."""

    task_id: int | None = None
    nonconformity_id: int | None = None
    request_id: int | None = None

    def row(self, evidence_id: int, by: str, at: datetime) -> EvidenceUse | RequestEvidence:
        """The row that says so."""
        if self.request_id is not None:
            return RequestEvidence(request_id=self.request_id, evidence_id=evidence_id, added_by=by, added_at=at)
        return EvidenceUse(
            evidence_id=evidence_id,
            task_id=self.task_id,
            nonconformity_id=self.nonconformity_id,
            added_by=by,
            added_at=at,
        )


@dataclass(frozen=True)
class Days:
    """The days a piece of evidence speaks of: the period that its task covers, where it comes round again."""

    begins: date | None = None
    ends: date | None = None


def covered_by(task: Task, recurrence: str) -> Days:
    """From the day after the occurrence before to the day for which this one was planned."""
    period = freshness.period_of(recurrence)
    return Days(task.scheduled_on - period + timedelta(days=1), task.scheduled_on) if period else Days()


# --- commands ---


def give(
    uow: UnitOfWork,
    actor: Actor,
    *,
    task_id: int,
    files: Sequence[OfferedFile],
    place: Place,
    at: datetime,
    covers: Days | None = None,
) -> list[Evidence]:
    """Take note of files given for a task; the bytes are collected afterwards.

    `covers` is said where it is not the period of the task. The same file again changes nothing. Raises `NotAllowed` or
    `AlreadyDecided`.
    """
    task = task_taking(uow, actor, task_id=task_id, at=at)
    return [take_for(uow, task, file, place, by=actor.person_id, covers=covers, at=at) for file in files]


def take_for(
    uow: UnitOfWork, task: Task, file: OfferedFile, place: Place, *, by: str, at: datetime, covers: Days | None = None
) -> Evidence:
    """Take note of one file for a task that takes it; `by` is somebody who may give it, or the bot itself."""
    period = covers or covered_by(task, uow.get(Obligation, task.obligation_id).recurrence)
    return take(uow, by, file, place, Serves(task_id=task.id), covers=period, at=at)


def give_for_nonconformity(
    uow: UnitOfWork, actor: Actor, *, nonconformity_id: int, files: Sequence[OfferedFile], place: Place, at: datetime
) -> list[Evidence]:
    """Take note of files showing what was done about a nonconformity. Raises `NotAllowed` or `AlreadyDecided`."""
    finding = nonconformity_taking(uow, actor, nonconformity_id=nonconformity_id, at=at)
    return [take(uow, actor.person_id, file, place, Serves(nonconformity_id=finding.id), at=at) for file in files]


def take(
    uow: UnitOfWork, by: str, file: OfferedFile, place: Place, serves: Serves, *, at: datetime, covers: Days = Days()
) -> Evidence:
    """Take note of a file that somebody may give for what it serves; the one that is known already changes nothing."""
    known = _known(uow, file)
    if known is not None:
        return known
    taken = uow.add(
        Evidence(
            slack_file_id=file.slack_file_id or None,
            source_key=file.source_key or None,
            way_in=place.way_in,
            name=file.name[:400],
            announced_size=file.size,
            provided_by=by,
            channel_id=place.channel_id,
            message_ts=place.message_ts,
            permalink=file.permalink,
            note=file.note.strip(),
            received_at=at,
            collected_on=nudges.local_day(uow.workspace().zone, at),
            period_begins=covers.begins,
            period_ends=covers.ends,
        )
    )
    uow.add(serves.row(taken.id, by, at))
    uow.record(
        actor=by,
        verb="evidence.give",
        subject="evidence",
        subject_id=taken.id,
        at=at,
        details={
            "slack_file": taken.slack_file_id,
            "source": taken.source_key,
            "task": serves.task_id,
            "nonconformity": serves.nonconformity_id,
            "request": serves.request_id,
        },
    )
    return taken


def _known(uow: UnitOfWork, file: OfferedFile) -> Evidence | None:
    if file.source_key:
        return stored.of_source(uow, file.source_key)
    return stored.of_slack_file(uow, file.slack_file_id)


def keep(uow: UnitOfWork, *, evidence_id: int, sha256: str, size: int, media_type: str, at: datetime) -> Evidence:
    """The bytes are in the store: say so, and hand an open task to the leads. Once is enough.

    Where the very same bytes were given before, their giver is asked first whether they still are right.
    """
    evidence = uow.get(Evidence, evidence_id)
    if evidence.state is not EvidenceState.COLLECTING:
        return evidence
    before = earlier.replaced_by(uow, evidence)
    kept = uow.change(
        evidence,
        state=EvidenceState.KEPT,
        sha256=sha256,
        size=size,
        media_type=media_type,
        kept_at=at,
        supersedes_id=before.id if before else None,
        revision=before.revision + 1 if before else 1,
    )
    kept = retention.plan(uow, kept)
    uow.record(
        actor=evidence.provided_by,
        verb="evidence.keep",
        subject="evidence",
        subject_id=evidence.id,
        at=at,
        details={"sha256": sha256, "size": size, "supersedes": kept.supersedes_id},
    )
    if kept.way_in not in BY_MACHINES and earlier.same_bytes(uow, kept):
        answer(uow, kept, "evidence.same_again", at)
        return kept
    for use in stored.uses_of(uow, kept.id):
        hand_over(uow, use, at)
    for request in stored_requests.answered_by(uow, kept.id):
        nudges.refresh(uow, subject="audit_request", subject_id=request.id, version=f"file{kept.id}", at=at)
    answer(uow, kept, "evidence.receipt", at)
    return kept


def hand_over(uow: UnitOfWork, use: EvidenceUse, at: datetime) -> None:
    """It waits for a verdict from now on; a task that was waiting for its evidence goes to the leads.

    What comes after the decision stays without a verdict.
    """
    served = served_by(uow, use)
    if isinstance(served, Nonconformity):
        uow.change(use, verdict=Verdict.WAITING)
        touched = uow.change(served)
        nudges.refresh(uow, subject="nonconformity", subject_id=served.id, version=touched.version, at=at)
    elif served.state in TAKES_FILES:
        uow.change(use, verdict=Verdict.WAITING)
        _hand_in(uow, served, by=use.added_by, at=at)


def _hand_in(uow: UnitOfWork, task: Task, *, by: str, at: datetime) -> None:
    if task.state is TaskState.SUBMITTED:
        touched = uow.change(task)
        nudges.refresh(uow, subject="task", subject_id=task.id, version=touched.version, at=at)
    else:
        tasks.submit(uow, task, tasks.moved(task, "submit"), by=by, at=at)


def refuse(
    uow: UnitOfWork,
    *,
    evidence_id: int,
    fault: Fault,
    received: int | None = None,
    media_type: str = "",
    most: int = 0,
    at: datetime,
) -> Evidence:
    """The bytes could not be kept: say why; a sign-in page means a missing scope, so the leads are told.

    `received` is how many bytes arrived, if any did, `media_type` what they are; `most` is how many we keep at most.
    """
    evidence = uow.get(Evidence, evidence_id)
    if evidence.state is not EvidenceState.COLLECTING:
        return evidence
    refused = uow.change(
        evidence, state=EvidenceState.REFUSED, reason=fault.value, size=received, media_type=media_type
    )
    uow.record(
        actor=people.THE_BOT,
        verb="evidence.refuse",
        subject="evidence",
        subject_id=evidence.id,
        at=at,
        details={"fault": fault.value},
    )
    answer(uow, refused, "evidence.refused", at, values={"most": most})
    if fault is Fault.SIGN_IN_PAGE:
        nudges.owe(
            uow,
            people.holders(uow, Role.LEAD),
            subject="evidence",
            subject_id=evidence.id,
            rung="scope_missing",
            what=fault.value,
            at=at,
        )
    return refused


def answer(uow: UnitOfWork, evidence: Evidence, kind: str, at: datetime, values: Mapping[str, JSON] = {}) -> None:
    """Plan the answer to whoever gave the file, where it was given, at once: the person is there now.

    Nobody sits before a machine; it was answered by whatever it spoke to.
    """
    if evidence.way_in in BY_MACHINES:
        return
    uow.plan(
        slot=nudges.slot(kind, evidence.id),
        kind=kind,
        recipient=evidence.channel_id or evidence.provided_by,
        subject="evidence",
        subject_id=evidence.id,
        not_before=at,
        at=at,
        values=values,
    )


def look(uow: UnitOfWork, actor: Actor, *, evidence_id: int, at: datetime) -> Evidence:
    """A file that somebody is about to see; every look is on the trail.

    For whoever gave it, whoever owns what it is for, and those who may see everybody's. Raises `NotAllowed`, or
    `NothingKept` when its bytes are not there.
    """
    evidence = uow.get(Evidence, evidence_id)
    if evidence.state is not EvidenceState.KEPT:
        raise NothingKept(file=evidence.name, state=evidence.state.value)
    if actor.person_id not in {evidence.provided_by, *owners_of(uow, evidence)}:
        actor.must("see everybody's evidence")
    uow.record(actor=actor.person_id, verb="evidence.look", subject="evidence", subject_id=evidence.id, at=at)
    return evidence


def owners_of(uow: UnitOfWork, evidence: Evidence) -> set[str]:
    """Whoever owns what a piece of evidence is for."""
    answers = {each.owner_id for each in stored_requests.answered_by(uow, evidence.id) if each.owner_id}
    return answers | {served_by(uow, use).owner_id for use in stored.uses_of(uow, evidence.id)}


# --- questions ---


def served_by(uow: UnitOfWork, use: EvidenceUse) -> Task | Nonconformity:
    """The task or nonconformity that a piece of evidence serves."""
    if use.task_id is not None:
        return uow.get(Task, use.task_id)
    return uow.get(Nonconformity, use.nonconformity_id or 0)


def accepted_kinds(uow: UnitOfWork, evidence_id: int) -> list[str]:
    """The kinds of files that will do for what a piece of evidence serves; none for any."""
    served = [served_by(uow, use) for use in stored.uses_of(uow, evidence_id)]
    return [kind for each in served if isinstance(each, Task) for kind in each.accepts]


def task_taking(uow: UnitOfWork, actor: Actor, *, task_id: int, at: datetime) -> Task:
    """The task the actor may give evidence for now. Raises `NotAllowed` or `AlreadyDecided`."""
    task = uow.get(Task, task_id)
    if actor.person_id != task.owner_id and not actor.may("accept a task"):
        raise NotAllowed(deed="give evidence for this task", who_may=f"its owner, <@{task.owner_id}>, or a lead")
    if task.state not in TAKES_FILES:
        raise AlreadyDecided(what=task.title, state=task.state.value, by=task.decided_by)
    return task


def nonconformity_taking(uow: UnitOfWork, actor: Actor, *, nonconformity_id: int, at: datetime) -> Nonconformity:
    """The finding the actor may give evidence for now. Raises `NotAllowed` or `AlreadyDecided`."""
    finding = uow.get(Nonconformity, nonconformity_id)
    if actor.person_id != finding.owner_id:
        raise NotAllowed(deed="give evidence here", who_may=f"its owner, <@{finding.owner_id}>")
    if finding.state is not NonconformityState.IMPLEMENTING:
        raise AlreadyDecided(what=f"NC-{finding.number}", state=finding.state.value, by=None)
    return finding


def task_asked_for(uow: UnitOfWork, actor: Actor) -> Task:
    """The task a file dropped outside any thread is meant for: the only open one that wants evidence.

    Raises `NothingAskedHere`, naming the tasks it might be for.
    """
    wanting = [
        task
        for task in stored_tasks.undecided(uow, actor.person_id)
        if task.state in (TaskState.OPEN, TaskState.RETURNED) and task.evidence_required
    ]
    if len(wanting) != 1:
        raise NothingAskedHere(titles=tuple(task.title for task in wanting))
    return wanting[0]


def latest(uow: UnitOfWork, actor: Actor, *, limit: int, at: datetime) -> list[Evidence]:
    """The newest evidence: everybody's for those who may see it, else what one gave or is given for one's tasks."""
    return stored.latest(uow, limit, None if actor.may("see everybody's evidence") else actor.person_id)
