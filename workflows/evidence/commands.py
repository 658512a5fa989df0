"""Evidence: what is done, each as one unit of work."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.nonconformities.tables import Nonconformity
from storage.packs import requests as stored_requests
from storage.people.tables import Role
from storage.programme.tables import Obligation
from storage.tasks.tables import Task, TaskState
from workflows.evidence import earlier, retention
from workflows.evidence.questions import nonconformity_taking, served_by, task_taking
from workflows.evidence.rules import (
    BY_MACHINES,
    NO_DAYS,
    TAKES_FILES,
    Days,
    Fault,
    OfferedFile,
    Place,
    Serves,
    covered_by,
)
from workflows.nudges import commands as nudge_commands
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people import rules as people_rules
from workflows.people.rules import Actor
from workflows.tasks import commands as task_commands
from workflows.tasks import rules as task_rules
from workflows.tasks.refusals import NothingKept


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
    uow: UnitOfWork, by: str, file: OfferedFile, place: Place, serves: Serves, *, at: datetime, covers: Days = NO_DAYS
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
            collected_on=nudge_rules.local_day(uow.workspace().zone, at),
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
        return evidence_queries.of_source(uow, file.source_key)
    return evidence_queries.of_slack_file(uow, file.slack_file_id)


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
    for use in evidence_queries.uses_of(uow, kept.id):
        hand_over(uow, use, at)
    for request in stored_requests.answered_by(uow, kept.id):
        nudge_commands.refresh(uow, subject="audit_request", subject_id=request.id, version=f"file{kept.id}", at=at)
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
        nudge_commands.refresh(uow, subject="nonconformity", subject_id=served.id, version=touched.version, at=at)
    elif served.state in TAKES_FILES:
        uow.change(use, verdict=Verdict.WAITING)
        _hand_in(uow, served, by=use.added_by, at=at)


def _hand_in(uow: UnitOfWork, task: Task, *, by: str, at: datetime) -> None:
    if task.state is TaskState.SUBMITTED:
        touched = uow.change(task)
        nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=touched.version, at=at)
    else:
        task_commands.submit(uow, task, task_rules.moved(task, "submit"), by=by, at=at)


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
        actor=people_rules.THE_BOT,
        verb="evidence.refuse",
        subject="evidence",
        subject_id=evidence.id,
        at=at,
        details={"fault": fault.value},
    )
    answer(uow, refused, "evidence.refused", at, values={"most": most})
    if fault is Fault.SIGN_IN_PAGE:
        nudge_commands.owe(
            uow,
            people_questions.holders(uow, Role.LEAD),
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
        slot=nudge_rules.slot(kind, evidence.id),
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

    For whoever gave it, whoever owns what it is for, and those who may see everyone's. Raises `NotAllowed`, or
    `NothingKept` when its bytes are not there.
    """
    evidence = uow.get(Evidence, evidence_id)
    if evidence.state is not EvidenceState.KEPT:
        raise NothingKept(file=evidence.name, state=evidence.state.value)
    if actor.person_id not in {evidence.provided_by, *owners_of(uow, evidence)}:
        actor.must("see everyone's evidence")
    uow.record(actor=actor.person_id, verb="evidence.look", subject="evidence", subject_id=evidence.id, at=at)
    return evidence


def owners_of(uow: UnitOfWork, evidence: Evidence) -> set[str]:
    """Whoever owns what a piece of evidence is for."""
    answers = {each.owner_id for each in stored_requests.answered_by(uow, evidence.id) if each.owner_id}
    return answers | {served_by(uow, use).owner_id for use in evidence_queries.uses_of(uow, evidence.id)}
