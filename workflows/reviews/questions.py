"""Reviews: what can be asked; nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.evidence.tables import EvidenceState
from storage.interviews import queries as interview_queries
from storage.interviews.tables import InterviewState
from storage.nonconformities import queries as nonconformity_queries
from storage.nonconformities.tables import Grade, Nonconformity
from storage.record import trail
from storage.reviews import queries as review_queries
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.desk_audits import counting
from workflows.frameworks import gap_analysis
from workflows.frameworks import readiness as ready
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.reviews.rules import (
    LONG_OVERDUE,
    LOOKS_AHEAD,
    Figures,
    Standing,
    is_late,
    is_overdue,
    monday_of,
    overdue_by_owner,
)


def standing(uow: UnitOfWork, *, at: datetime) -> Standing:
    """How the programme stands. Raises `NoProgrammeYet`."""
    started_on = people_questions.programme_must_run(uow)
    workspace = uow.workspace()
    today = nudge_rules.local_day(workspace.zone, at)
    readiness = ready.readiness(uow, at)
    gap_actions, overdue_gap_actions = gap_analysis.actions_open_and_overdue(uow, today)
    waiting = task_queries.undecided(uow)
    living = nonconformity_queries.living(uow)
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
        accepted_tasks=task_queries.in_state(uow, TaskState.ACCEPTED),
        open_majors=sum(each.grade is Grade.MAJOR for each in living),
        open_minors=sum(each.grade is Grade.MINOR for each in living),
        overdue_findings=sum(is_overdue(each, today) for each in living),
        interviews=interview_queries.in_state(uow, *InterviewState),
        interviews_done=len(interview_queries.confirmed(uow)),
        overdue=overdue_by_owner(waiting, today),
    )


def status(deed: Deed) -> Standing:
    """How the programme stands, for those who may see it. Raises `NotAllowed`, `NoProgrammeYet`."""
    deed.must(Permission.SEE_PROGRAMME_STATUS)
    return standing(deed.uow, at=deed.at)


@dataclass(frozen=True)
class Preview:
    """The digest as it would be told now, compared with the last one told."""

    figures: Figures
    previous: Mapping[str, Any] | None
    trail_sequence: int
    trail_hash: str


def preview(deed: Deed) -> Preview:
    """The digest as it would be told now. Raises `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.SEE_DIGEST)
    people_questions.programme_must_run(deed.uow)
    monday = monday_of(deed.today)
    head = trail.head(deed.uow)
    return Preview(figures(deed.uow, week_of=monday, at=deed.at), previous(deed.uow, monday), head.sequence, head.hash)


def previous(uow: UnitOfWork, week_of: date) -> Figures | None:
    """The figures of the digest told before this week's."""
    told = review_queries.latest_before(uow, week_of)
    return told.figures if told else None


def figures(uow: UnitOfWork, *, week_of: date, at: datetime) -> Figures:
    """Everything a digest tells, as JSON keeps it. "This week" is the seven days up to now."""
    today = nudge_rules.local_day(uow.workspace().zone, at)
    since = at - timedelta(days=7)
    now = standing(uow, at=at)
    findings = nonconformity_queries.living(uow) + nonconformity_queries.closed(uow)
    waiting = task_queries.undecided(uow)
    exposures = _exposures(waiting, findings, today)
    return {
        "week_of": week_of.isoformat(),
        "standards": list(now.standards),
        "ready": now.ready,
        "applicable": now.applicable,
        "tasks_open": now.open_tasks,
        "tasks_overdue": now.overdue_tasks,
        "tasks_submitted": now.submitted_tasks,
        "tasks_accepted_this_week": len(task_queries.decided_since(uow, TaskState.ACCEPTED, since)),
        "tasks_missed_this_week": len(task_queries.missed_since(uow, today - timedelta(days=7))),
        **_evidence_figures(uow, since),
        **_grade_figures("majors", [each for each in findings if each.grade is Grade.MAJOR], today, since),
        **_grade_figures("minors", [each for each in findings if each.grade is Grade.MINOR], today, since),
        "interviews": now.interviews,
        "interviews_confirmed": now.interviews_done,
        "answers_to_rate": sum(counting.unrated(uow, each) for each in interview_queries.confirmed(uow)),
        "red_lines": exposures,
        "decisions": [each for each in exposures if each["kind"] == "major_overdue" or each["days"] > LONG_OVERDUE],
        "overdue_by_owner": [vars(each) for each in now.overdue],
        "next_30_days": [
            {"title": task.title, "due_on": task.due_on.isoformat(), "person_id": task.owner_id}
            for task in task_queries.due_between(uow, today, today + LOOKS_AHEAD)
        ],
    }


def _evidence_figures(uow: UnitOfWork, since: datetime) -> Figures:
    received = evidence_queries.received_since(uow, since)
    return {
        "evidence_kept_this_week": sum(each.sha256 is not None for each in received),
        "evidence_refused_this_week": sum(each.state is EvidenceState.REFUSED for each in received),
        "evidence_to_judge": evidence_queries.to_judge(uow),
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
