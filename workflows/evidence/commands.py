"""Evidence: what is done, each as one unit of work."""

from collections.abc import Mapping, Sequence

from storage.concerns.tables import Concern
from storage.desk_audits.tables import DeskAudit
from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.interviews.tables import Interview
from storage.nonconformities.tables import Nonconformity
from storage.packs import requests as stored_requests
from storage.people.tables import Role
from storage.programme.tables import Obligation
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.evidence import earlier, retention
from workflows.evidence.questions import (
    action_taking,
    is_closed_to,
    nonconformity_taking,
    owner_of,
    served_by,
    task_taking,
)
from workflows.evidence.rules import (
    BY_MACHINES,
    NO_DAYS,
    TAKES_FILES,
    Days,
    FileFault,
    OfferedFile,
    Place,
    Serves,
    covered_by,
)
from workflows.nudges import rules as nudge_rules
from workflows.pasted_secrets import must_hold_none
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import NotAllowed, Tried, WhoMay
from workflows.tasks import commands as task_commands
from workflows.tasks import rules as task_rules
from workflows.tasks.refusals import NothingKept

COLLECT = "evidence.collect"
"""The errand of fetching a file out of Slack."""

GIVEN_WITH_ANSWER = "interview.file_kept"
"""The errand of looking at a file that came with an answer; it says what the receipt says of others."""


def give(
    deed: Deed, *, task_id: int, files: Sequence[OfferedFile], place: Place, covers: Days | None = None
) -> list[Evidence]:
    """Take note of files given for a task; the bytes are collected afterwards.

    `covers` is said where it is not the period of the task. The same file again changes nothing. Raises `NotAllowed`,
    `AlreadyDecided`, or `LooksLikeSecret` for what is said about them.
    """
    _must_tell_no_secret(files)
    task = task_taking(deed, task_id=task_id)
    return [take_for(deed, task, file, place, covers=covers) for file in files]


def take_for(deed: Deed, task: Task, file: OfferedFile, place: Place, *, covers: Days | None = None) -> Evidence:
    """Take note of one file for a task that takes it; `by` is somebody who may give it, or the bot itself."""
    period = covers or covered_by(task, deed.uow.get(Obligation, task.obligation_id).recurrence)
    return take(deed, file, place, Serves(task_id=task.id), covers=period)


def give_for_nonconformity(
    deed: Deed, *, nonconformity_id: int, files: Sequence[OfferedFile], place: Place
) -> list[Evidence]:
    """Take note of files showing what was done about a nonconformity. Raises as `give` does."""
    _must_tell_no_secret(files)
    finding = nonconformity_taking(deed, nonconformity_id=nonconformity_id)
    return [take(deed, file, place, Serves(nonconformity_id=finding.id)) for file in files]


def give_with_concern(deed: Deed, concern: Concern, *, files: Sequence[OfferedFile], place: Place) -> None:
    """Take note of files that go with what somebody brings up; one that we know already goes with it too.

    Raises `LooksLikeSecret` for what is said about them.
    """
    _must_tell_no_secret(files)
    serves = Serves(concern_id=concern.id)
    for file in files:
        given = take(deed, file, place, serves)
        goes_along = any(use.concern_id == concern.id for use in evidence_queries.uses_of(deed.uow, given.id))
        if not goes_along and (use := serves.row(given.id, deed.by, deed.at)):
            deed.uow.add(use)


def give_for_action(deed: Deed, *, action_id: int, files: Sequence[OfferedFile], place: Place) -> list[Evidence]:
    """Take note of files showing one action of a plan, from whoever carries it out. Raises as `give` does."""
    _must_tell_no_secret(files)
    action = action_taking(deed, action_id=action_id)
    serves = Serves(nonconformity_id=action.nonconformity_id, action_id=action.id)
    return [take(deed, file, place, serves) for file in files]


def take(deed: Deed, file: OfferedFile, place: Place, serves: Serves, *, covers: Days = NO_DAYS) -> Evidence:
    """Take note of a file that somebody may give for what it serves; the one that is known already changes nothing."""
    known = _known(deed.uow, file)
    if known is not None:
        return known
    taken = deed.uow.add(
        Evidence(
            slack_file_id=file.slack_file_id or None,
            source_key=file.source_key or None,
            way_in=place.way_in,
            name=file.name[:400],
            announced_size=file.size,
            provided_by=deed.by,
            channel_id=place.channel_id,
            message_ts=place.message_ts,
            permalink=file.permalink,
            note=file.note.strip(),
            received_at=deed.at,
            collected_on=deed.today,
            period_begins=covers.begins,
            period_ends=covers.ends,
        )
    )
    if use := serves.row(taken.id, deed.by, deed.at):
        deed.uow.add(use)
    deed.record(
        "evidence.give",
        taken,
        slack_file=taken.slack_file_id,
        source=taken.source_key,
        task=serves.task_id,
        nonconformity=serves.nonconformity_id,
        answer=serves.answer_id,
        request=serves.request_id,
        concern=serves.concern_id,
    )
    if taken.slack_file_id:
        where = (place.channel_id, place.message_ts)
        deed.in_name_of(taken.provided_by).errand(COLLECT, values={"of": taken.id}, about=taken.name, place=where)
    return taken


def _must_tell_no_secret(files: Sequence[OfferedFile]) -> None:
    for file in files:
        must_hold_none(file.note, "note")


def _known(uow: UnitOfWork, file: OfferedFile) -> Evidence | None:
    if file.source_key:
        return evidence_queries.of_source(uow, file.source_key)
    return evidence_queries.of_slack_file(uow, file.slack_file_id)


def keep(deed: Deed, *, evidence_id: int, sha256: str, size: int, media_type: str) -> Evidence:
    """The bytes are in the store: say so, and hand an open task to the leads. Once is enough.

    Where the very same bytes were given before, their giver is asked first whether they still are right.
    """
    evidence = deed.uow.get(Evidence, evidence_id)
    if evidence.state is not EvidenceState.COLLECTING:
        return evidence
    before = earlier.replaced_by(deed.uow, evidence)
    kept = deed.uow.change(
        evidence,
        state=EvidenceState.KEPT,
        sha256=sha256,
        size=size,
        media_type=media_type,
        kept_at=deed.at,
        supersedes_id=before.id if before else None,
        revision=before.revision + 1 if before else 1,
    )
    kept = retention.plan(deed.uow, kept)
    deed.in_name_of(evidence.provided_by).record(
        "evidence.keep", evidence, sha256=sha256, size=size, supersedes=kept.supersedes_id
    )
    if kept.way_in not in BY_MACHINES and earlier.same_bytes(deed.uow, kept):
        answer(deed, kept, "evidence.same_again")
        return kept
    for use in evidence_queries.uses_of(deed.uow, kept.id):
        hand_over(deed, use)
    for request in stored_requests.answered_by(deed.uow, kept.id):
        deed.redraw(request, version=f"file{kept.id}")
    if any(use.answer_id is not None for use in evidence_queries.uses_of(deed.uow, kept.id)):
        deed.in_name_of(kept.provided_by).errand(GIVEN_WITH_ANSWER, values={"of": kept.id}, about=kept.name)
    else:
        answer(deed, kept, "evidence.receipt")
    return kept


def hand_over(deed: Deed, use: EvidenceUse) -> None:
    """It waits for a verdict from now on; a task that was waiting for its evidence goes to the leads.

    What comes after the decision stays without a verdict.
    """
    served = served_by(deed.uow, use)
    if isinstance(served, Interview | DeskAudit | Concern):
        deed.redraw(deed.uow.change(served))
    elif isinstance(served, Nonconformity):
        deed.uow.change(use, verdict=Verdict.WAITING)
        deed.redraw(deed.uow.change(served))
    elif served.state in TAKES_FILES:
        deed.uow.change(use, verdict=Verdict.WAITING)
        _hand_in(deed.in_name_of(use.added_by), served)


def _hand_in(deed: Deed, task: Task) -> None:
    if task.state is TaskState.SUBMITTED:
        deed.redraw(deed.uow.change(task))
    else:
        task_commands.submit(deed, task, task_rules.moved(task, "submit"))


def refuse(
    deed: Deed, *, evidence_id: int, fault: FileFault, received: int | None = None, media_type: str = "", most: int = 0
) -> Evidence:
    """The bytes could not be kept: say why; a sign-in page means a missing scope, so the leads are told.

    `received` is how many bytes arrived, if any did, `media_type` what they are; `most` is how many we keep at most.
    """
    evidence = deed.uow.get(Evidence, evidence_id)
    if evidence.state is not EvidenceState.COLLECTING:
        return evidence
    refused = deed.uow.change(
        evidence, state=EvidenceState.REFUSED, reason=fault.value, size=received, media_type=media_type
    )
    deed.by_itself.record("evidence.refuse", evidence, fault=fault.value)
    answer(deed, refused, "evidence.refused", values={"most": most})
    if fault is FileFault.SIGN_IN_PAGE:
        deed.daily(people_questions.holders(deed.uow, Role.LEAD), evidence, "scope_missing", what=fault.value)
    return refused


def answer(deed: Deed, evidence: Evidence, kind: str, values: Mapping[str, JSON] = {}) -> None:
    """Plan the answer to whoever gave the file, where it was given, at once: the person is there now.

    Nobody sits before a machine; it was answered by whatever it spoke to.
    """
    if evidence.way_in in BY_MACHINES:
        return
    deed.uow.schedule(
        slot=nudge_rules.slot(kind, evidence.id),
        kind=kind,
        recipient=evidence.channel_id or evidence.provided_by,
        subject="evidence",
        subject_id=evidence.id,
        not_before=deed.at,
        at=deed.at,
        values=values,
    )


def look(deed: Deed, *, evidence_id: int) -> Evidence:
    """A file that somebody is about to see; every look is on the trail.

    For whoever gave it, whoever owns what it is for, and those who may see everyone's; what was given in an audit
    alone is for its giver and the audit's readers. Raises `NotAllowed`, or `NothingKept` when its bytes are not there.
    """
    evidence = deed.uow.get(Evidence, evidence_id)
    must_be_open(deed, evidence)
    if evidence.state is not EvidenceState.KEPT:
        raise NothingKept(file=evidence.name, state=evidence.state.value)
    if deed.by not in {evidence.provided_by, *owners_of(deed.uow, evidence)}:
        deed.must(Permission.SEE_EVERYONES_EVIDENCE)
    deed.record("evidence.look", evidence)
    return evidence


def must_be_open(deed: Deed, evidence: Evidence) -> None:
    """Raise `NotAllowed` for whoever doesn't read what people say in the audits it was given in, and nowhere else."""
    if is_closed_to(deed, evidence):
        raise NotAllowed(Tried.READ_ANSWERS, WhoMay.AUDITOR)


def owners_of(uow: UnitOfWork, evidence: Evidence) -> set[str]:
    """Whoever owns what a piece of evidence is for."""
    answers = {each.owner_id for each in stored_requests.answered_by(uow, evidence.id) if each.owner_id}
    return answers | {owner_of(served_by(uow, use)) for use in evidence_queries.uses_of(uow, evidence.id)}
