"""Reviews room: how the management system stands, and the weekly digest that tells management.

The digest informs; it is an input to the management review (cl. 9.3.2) and never replaces it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from storage import desk_audits as stored_audits
from storage import evidence as stored_evidence
from storage import nonconformities as stored_nonconformities
from storage import reviews as stored
from storage import tasks as stored_tasks
from storage import trail
from storage.desk_audits import InterviewState
from storage.evidence import EvidenceState
from storage.nonconformities import Grade, Nonconformity
from storage.reviews import Digest
from storage.tasks import Task, TaskState
from storage.unit_of_work import UnitOfWork
from workflows import gap_analysis, nudges, people
from workflows import readiness as ready
from workflows.people import Actor
from workflows.readiness import Readiness

# --- rules ---

TOLD_FROM = time(9)
"""When on Monday the digest is told, in the organisation's zone."""

LOOKS_AHEAD = timedelta(days=30)
LONG_OVERDUE = 14
"""Calendar days after which an overdue task or minor becomes a matter for management."""

Figures = dict[str, Any]


@dataclass(frozen=True)
class OverdueOwner:
    """Somebody with overdue tasks: how many, and for how many calendar days the oldest is."""

    person_id: str
    count: int
    days: int


@dataclass(frozen=True)
class Standing:
    """The programme in figures, now. `ready` of `applicable` requirements have fresh, accepted evidence."""

    standards: tuple[str, ...]
    started_on: date
    ready: int
    applicable: int
    readiness: tuple[Readiness, ...]
    gap_actions: int
    overdue_gap_actions: int
    open_tasks: int
    overdue_tasks: int
    submitted_tasks: int
    accepted_tasks: int
    open_majors: int
    open_minors: int
    overdue_findings: int
    interviews: int
    interviews_done: int
    overdue: tuple[OverdueOwner, ...]


def monday_of(day: date) -> date:
    """The Monday of the week a day falls in."""
    return day - timedelta(days=day.weekday())


def overdue_by_owner(tasks: Iterable[Task], today: date) -> tuple[OverdueOwner, ...]:
    """Who is behind with what, the longest first."""
    late = sorted((task for task in tasks if is_late(task, today)), key=lambda task: (task.owner_id, task.due_on))
    grouped = ((owner, list(theirs)) for owner, theirs in groupby(late, key=lambda task: task.owner_id))
    owners = [OverdueOwner(owner, len(theirs), (today - theirs[0].due_on).days) for owner, theirs in grouped]
    return tuple(sorted(owners, key=lambda each: -each.days))


def is_late(task: Task, today: date) -> bool:
    """Whether the owner should have handed it in by now; what waits for a lead is not the owner's delay."""
    return task.state in (TaskState.OPEN, TaskState.RETURNED) and task.due_on < today


def is_overdue(finding: Nonconformity, today: date) -> bool:
    """Whether whoever must act next should have acted by now."""
    return finding.due_on is not None and finding.due_on < today


# --- commands ---


def tick(uow: UnitOfWork, at: datetime) -> None:
    """On Monday from nine o'clock on, prepare the digest of the week and plan that its channel is told, once."""
    workspace = uow.workspace()
    local = at.astimezone(ZoneInfo(workspace.zone))
    monday = monday_of(local.date())
    started_on = workspace.programme_started_on
    if started_on is None or workspace.digest_channel_id is None or monday <= started_on:
        return
    if local < datetime.combine(monday, TOLD_FROM, local.tzinfo) or stored.digest_of(uow, monday):
        return
    _tell(uow, _prepare(uow, monday, at), workspace.digest_channel_id, at)


def _prepare(uow: UnitOfWork, monday: date, at: datetime) -> Digest:
    uow.record(actor=people.THE_BOT, verb="digest.prepare", subject="digest", subject_id=str(monday), at=at)
    head = trail.head(uow)
    return uow.add(
        Digest(
            week_of=monday,
            figures=figures(uow, week_of=monday, at=at),
            trail_sequence=head.sequence,
            trail_hash=head.hash,
            prepared_at=at,
        )
    )


def _tell(uow: UnitOfWork, digest: Digest, channel_id: str, at: datetime) -> None:
    uow.plan(
        slot=nudges.slot("digest", digest.week_of),
        kind="digest.weekly",
        recipient=channel_id,
        subject="digest",
        subject_id=digest.id,
        not_before=at,
        at=at,
    )


# --- questions ---


def standing(uow: UnitOfWork, *, at: datetime) -> Standing:
    """How the programme stands. Raises `NoProgrammeYet`."""
    started_on = people.programme_must_run(uow)
    workspace = uow.workspace()
    today = nudges.local_day(workspace.zone, at)
    readiness = ready.readiness(uow, at)
    gap_actions, overdue_gap_actions = gap_analysis.actions_open_and_overdue(uow, today)
    waiting = stored_tasks.undecided(uow)
    living = stored_nonconformities.living(uow)
    return Standing(
        standards=tuple(each.standard for each in readiness),
        started_on=started_on,
        ready=sum(each.ready for each in readiness),
        applicable=sum(each.applicable for each in readiness),
        readiness=readiness,
        gap_actions=gap_actions,
        overdue_gap_actions=overdue_gap_actions,
        open_tasks=sum(task.state is not TaskState.SUBMITTED for task in waiting),
        overdue_tasks=sum(is_late(task, today) for task in waiting),
        submitted_tasks=sum(task.state is TaskState.SUBMITTED for task in waiting),
        accepted_tasks=stored_tasks.in_state(uow, TaskState.ACCEPTED),
        open_majors=sum(each.grade is Grade.MAJOR for each in living),
        open_minors=sum(each.grade is Grade.MINOR for each in living),
        overdue_findings=sum(is_overdue(each, today) for each in living),
        interviews=stored_audits.in_state(uow, *InterviewState),
        interviews_done=stored_audits.in_state(uow, InterviewState.CONFIRMED),
        overdue=overdue_by_owner(waiting, today),
    )


def status(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Standing:
    """How the programme stands, for those who may see it. Raises `NotAllowed`, `NoProgrammeYet`."""
    actor.must("see how the programme stands")
    return standing(uow, at=at)


@dataclass(frozen=True)
class Preview:
    """The digest as it would be told now, compared with the last one told."""

    figures: Figures
    previous: Mapping[str, Any] | None
    trail_sequence: int
    trail_hash: str


def preview(uow: UnitOfWork, actor: Actor, *, at: datetime) -> Preview:
    """The digest as it would be told now. Raises `NotAllowed` or `NoProgrammeYet`."""
    actor.must("see the digest")
    people.programme_must_run(uow)
    monday = monday_of(nudges.local_day(uow.workspace().zone, at))
    head = trail.head(uow)
    return Preview(figures(uow, week_of=monday, at=at), previous(uow, monday), head.sequence, head.hash)


def previous(uow: UnitOfWork, week_of: date) -> Figures | None:
    """The figures of the digest told before this week's."""
    told = stored.latest_before(uow, week_of)
    return told.figures if told else None


def figures(uow: UnitOfWork, *, week_of: date, at: datetime) -> Figures:
    """Everything a digest tells, as JSON keeps it. "This week" is the seven days up to now."""
    today = nudges.local_day(uow.workspace().zone, at)
    since = at - timedelta(days=7)
    now = standing(uow, at=at)
    findings = stored_nonconformities.living(uow) + stored_nonconformities.closed(uow)
    waiting = stored_tasks.undecided(uow)
    exposures = _exposures(waiting, findings, today)
    return {
        "week_of": week_of.isoformat(),
        "standards": list(now.standards),
        "ready": now.ready,
        "applicable": now.applicable,
        "tasks_open": now.open_tasks,
        "tasks_overdue": now.overdue_tasks,
        "tasks_submitted": now.submitted_tasks,
        "tasks_accepted_this_week": len(stored_tasks.decided_since(uow, TaskState.ACCEPTED, since)),
        "tasks_missed_this_week": len(stored_tasks.missed_since(uow, today - timedelta(days=7))),
        **_evidence_figures(uow, since),
        **_grade_figures("majors", [each for each in findings if each.grade is Grade.MAJOR], today, since),
        **_grade_figures("minors", [each for each in findings if each.grade is Grade.MINOR], today, since),
        "interviews": now.interviews,
        "interviews_confirmed": now.interviews_done,
        "answers_to_rate": sum(stored_audits.unrated(uow, each.id) for each in stored_audits.confirmed(uow)),
        "red_lines": exposures,
        "decisions": [each for each in exposures if each["kind"] == "major_overdue" or each["days"] > LONG_OVERDUE],
        "overdue_by_owner": [vars(each) for each in now.overdue],
        "next_30_days": [
            {"title": task.title, "due_on": task.due_on.isoformat(), "person_id": task.owner_id}
            for task in stored_tasks.due_between(uow, today, today + LOOKS_AHEAD)
        ],
    }


def _evidence_figures(uow: UnitOfWork, since: datetime) -> Figures:
    received = stored_evidence.received_since(uow, since)
    return {
        "evidence_kept_this_week": sum(each.sha256 is not None for each in received),
        "evidence_refused_this_week": sum(each.state is EvidenceState.REFUSED for each in received),
        "evidence_to_judge": stored_evidence.to_judge(uow),
    }


def _grade_figures(name: str, findings: list[Nonconformity], today: date, since: datetime) -> Figures:
    living = [each for each in findings if each.closed_at is None]
    return {
        f"{name}_open": len(living),
        f"{name}_overdue": sum(is_overdue(each, today) for each in living),
        f"{name}_new_this_week": sum(each.issued_at is not None and each.issued_at >= since for each in findings),
        f"{name}_moved_this_week": sum(each.moved_at >= since for each in findings),
        f"{name}_closed_this_week": sum(each.closed_at is not None and each.closed_at >= since for each in findings),
    }


def _exposures(tasks: list[Task], findings: list[Nonconformity], today: date) -> list[Figures]:
    """What cannot wait, majors first, then by how long it has been so."""
    late = [
        _exposure("major_overdue" if each.grade is Grade.MAJOR else "minor_overdue", _called(each), each, today)
        for each in findings
        if each.grade and each.closed_at is None and is_overdue(each, today)
    ]
    undone = [_exposure("task_overdue", task.title, task, today) for task in tasks if is_late(task, today)]
    return sorted(late + undone, key=lambda each: (each["kind"] != "major_overdue", -each["days"]))


def _called(finding: Nonconformity) -> str:
    return f"NC-{finding.number}: {finding.statement}"[:160]


def _exposure(kind: str, subject: str, row: Task | Nonconformity, today: date) -> Figures:
    days = (today - row.due_on).days if row.due_on else 0
    return {"kind": kind, "subject": subject, "person_id": row.owner_id, "days": days}
