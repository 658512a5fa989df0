"""Evidence: what the bot says by itself, composed at the moment of sending."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.evidence.facts import belongs_to, tasks_served
from bot.sending.day import Subject
from bot.slack.calls import Composer, Outgoing, Post, Redraw, ShareFile, Skip
from messages.evidence import cards as words
from messages.evidence.payloads import EvidenceRef
from messages.nudges.day import DayItem
from messages.words.kit import Message
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import Evidence, EvidenceState, EvidenceUse, Verdict
from storage.nudges.tables import Nudge
from storage.record.outbox import OutboxRow
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.evidence import details, earlier, file_kinds, showing
from workflows.evidence import questions as evidence_questions
from workflows.nudges import rules as nudge_rules
from workflows.nudges.reasons import Moved, Reason, moved_on
from workflows.people import questions as people_questions


def receipt(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """That the file is kept, with its fingerprint, in the thread where it was dropped."""
    kept = uow.get(Evidence, row.subject_id)
    return Post(_receipt(uow, kept, at), thread_ts=kept.message_ts or None)


def _receipt(uow: UnitOfWork, kept: Evidence, at: datetime) -> Message:
    giver = people_questions.reader(uow, kept.provided_by)
    return words.receipt(
        name=kept.name,
        size=kept.size or 0,
        sha256=kept.sha256 or "",
        title=_first_served(uow, kept),
        ref=EvidenceRef(kept.id, kept.version),
        may_describe=giver is not None and details.may_describe(Deed(uow, giver, at), kept),
        may_extend=giver is not None and kept.state is EvidenceState.KEPT,
    )


def same_again(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """The question whether the same file as before still is right, in the thread where it was dropped."""
    kept = uow.get(Evidence, row.subject_id)
    return Post(words.same_again(_same_again(uow, kept)), thread_ts=kept.message_ts or None)


def redraw(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Redraw:
    """The receipt, or that question, as it stands now."""
    kept = uow.get(Evidence, row.subject_id)
    drawn: Mapping[str, Callable[[], Message]] = {
        "evidence.receipt": lambda: _receipt(uow, kept, at),
        "evidence.same_again": lambda: words.same_again(_same_again(uow, kept)),
    }
    return Redraw(lambda place: drawn[place.kind]() if place.kind in drawn else None)


def why_not_newer(uow: UnitOfWork, nudge: Nudge) -> str:
    """Why nobody need hear that evidence runs out, or nothing."""
    state = uow.get(Task, uow.get(EvidenceUse, nudge.subject_id).task_id or 0).state
    return "" if state is TaskState.ACCEPTED else moved_on(Moved.TASK, state.value)


def runs_out(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """That evidence runs out soon and nothing that is planned asks for newer."""
    task = uow.get(Task, uow.get(EvidenceUse, nudge.subject_id).task_id or 0)
    return words.runs_out(title=task.title, until=date.fromisoformat(nudge.what))


def _same_again(uow: UnitOfWork, kept: Evidence) -> words.SameAgain:
    use, before = evidence_queries.uses_of(uow, kept.id)[0], earlier.uses_of_same_bytes(uow, kept)[-1]
    return words.SameAgain(
        ref=EvidenceRef(kept.id, kept.version),
        name=kept.name,
        title=belongs_to(uow, use),
        before=before.evidence.name,
        served=belongs_to(uow, before.use),
        given_by=before.evidence.provided_by,
        given_on=nudge_rules.local_day(uow.workspace().zone, before.evidence.received_at),
        verdict=before.use.verdict or "",
        state={None: "asked", Verdict.WITHDRAWN: "withdrawn"}.get(use.verdict, "confirmed"),
    )


def _first_served(uow: UnitOfWork, row: Evidence) -> str:
    return tasks_served(uow, row)[0]


def refused(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Post:
    """That the file could not be kept, and what to do."""
    lost = uow.get(Evidence, row.subject_id)
    file = words.RefusedFile(
        name=lost.name,
        announced=lost.announced_size,
        received=lost.size or 0,
        most=int(row.values.get("most", 0)),
        found=file_kinds.kind_of(lost.media_type),
        wanted=file_kinds.in_order(evidence_questions.accepted_kinds(uow, lost.id)),
        title=_first_served(uow, lost),
    )
    return Post(words.refused(file, lost.reason), thread_ts=lost.message_ts or None)


def scope_missing(uow: UnitOfWork, nudge: Nudge, at: datetime, fresh: bool) -> DayItem:
    """To the leads: Slack does not let us read files."""
    lost = uow.get(Evidence, nudge.subject_id)
    return words.scope_missing(scope="files:read", name=lost.name, given_by=lost.provided_by)


def shown(uow: UnitOfWork, row: OutboxRow, at: datetime) -> Outgoing:
    """A copy of a file for whoever asked to see it, unless it was disposed of meanwhile."""
    kept = uow.get(Evidence, row.subject_id)
    if kept.state is not EvidenceState.KEPT:
        return Skip(Reason.NO_LONGER_KEPT)
    return ShareFile(
        message=Message("", ()),
        file_name=kept.name,
        title=kept.name,
        size=kept.size or 0,
        sha256=kept.sha256 or "",
        channel_id=row.values["channel"],
        thread_ts=row.values["thread_ts"],
    )


COMPOSERS: Mapping[str, Composer] = {
    showing.SHOWN: shown,
    "evidence.receipt": receipt,
    "evidence.same_again": same_again,
    "evidence.redraw": redraw,
    "evidence.refused": refused,
}


SUBJECTS = {"evidence": Subject(scope_missing), "evidence_use": Subject(runs_out, why_not_newer)}
