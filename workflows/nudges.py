"""Nudges room: who is told what, when, and who is told next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage import tasks as stored
from storage.people import Role
from storage.tasks import Task
from storage.unit_of_work import UnitOfWork
from workflows import ladders, people, working_days
from workflows.ladders import OPENED, Audience, Rung
from workflows.working_days import WorkingDays

# --- rules ---

DAY_BEGINS = time(9)
DAY_ENDS = time(17)


@dataclass(frozen=True)
class ToldNext:
    """Who hears of a task next if nothing happens, and on which day."""

    people: tuple[str, ...]
    on: date


def local_day(zone: str, at: datetime) -> date:
    """The calendar day that `at` falls on in a zone (IANA name)."""
    return at.astimezone(ZoneInfo(zone)).date()


def next_working_moment(working: WorkingDays, zone: str, at: datetime) -> datetime:
    """`at` itself within working hours of the zone, else the next start of a working day, in UTC.

    Working hours are 09:00 to 17:00 on working days, so nobody is written to on a holiday. Days are counted as dates,
    never as 24 hours, so that clocks going forward or back move nothing.
    """
    local = at.astimezone(ZoneInfo(zone))
    day = local.date()
    if working.is_working(day) and local.time() < DAY_ENDS:
        begins = datetime.combine(day, DAY_BEGINS, ZoneInfo(zone))
        return max(begins.astimezone(UTC), at.astimezone(UTC))
    day = working.on_or_after(day + timedelta(days=1))
    return datetime.combine(day, DAY_BEGINS, ZoneInfo(zone)).astimezone(UTC)


def slot(*parts: object) -> str:
    """The unique name of one delivery: who, about what, which rung, which day."""
    return ":".join(str(part) for part in parts)


# --- commands ---


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Plan what is due to be told by now. Doing it twice, or on two replicas, plans nothing twice."""
    today = local_day(uow.workspace().zone, at)
    for task in stored.to_nudge(uow, today):
        plan_nudge(uow, task, today=today, at=at)


def plan_nudge(uow: UnitOfWork, task: Task, *, today: date, at: datetime) -> None:
    """Plan the reminder of the rung a task has reached, and note when the next one comes."""
    climb = ladders.climb(uow, task)
    _tell_of_rung(uow, task, climb.reached(today), today=today, at=at)
    coming = climb.next(today)
    uow.change(task, nudge_on=coming[0] if coming else None)


def begin(uow: UnitOfWork, task: Task, *, today: date, at: datetime) -> None:
    """Plan the card of a task that its owner has begun by themselves, at once."""
    _tell_of_rung(uow, task, OPENED, today=today, at=at, at_once=True)
    uow.change(task, nudge_on=ladders.next_day(uow, task, after=today))


def _tell_of_rung(uow: UnitOfWork, task: Task, rung: Rung, *, today: date, at: datetime, at_once: bool = False) -> None:
    for person_id, audience in ladders.told(uow, rung, [task.owner_id], on=today).items():
        tell(
            uow,
            [person_id],
            kind="task.nudge" if audience is Audience.OWNER else "task.overdue",
            subject="task",
            subject_id=task.id,
            at=at,
            what=(rung.name, task.due_on, audience),
            at_once=at_once,
        )


def tell(
    uow: UnitOfWork,
    recipients: Sequence[str],
    *,
    kind: str,
    subject: str,
    subject_id: int,
    at: datetime,
    what: tuple[object, ...],
    at_once: bool = False,
) -> None:
    """Plan a message about a subject to each of the people, once per `what`, at a good hour of theirs.

    `at_once` is for answers to what the person is doing right now: whoever acts at night is awake. Slack takes
    messages to closed accounts without a word, so for those who have left the leads are told instead.
    """
    for person_id in recipients:
        zone = people.zone_if_reachable(uow, person_id)
        if zone is None:
            tell_of_silence(uow, person_id, "account_inactive", at=at)
            continue
        uow.plan(
            slot=slot(kind, subject_id, *what, person_id),
            kind=kind,
            recipient=person_id,
            subject=subject,
            subject_id=subject_id,
            not_before=at if at_once else next_working_moment(working_days.of_person(uow, person_id), zone, at),
            at=at,
            values={"what": [str(part) for part in what]},
        )


def tell_of_silence(uow: UnitOfWork, recipient: str, reason: str, *, at: datetime) -> None:
    """Plan that the leads hear, once a day, that a person or channel cannot be reached, and why."""
    for lead in people.holders(uow, Role.LEAD):
        if lead != recipient:
            uow.plan(
                slot=slot("people.cannot_reach", recipient, at.date(), lead),
                kind="people.cannot_reach",
                recipient=lead,
                subject="person",
                subject_id=0,
                not_before=at,
                at=at,
                values={"recipient": recipient, "reason": reason},
            )


def refresh(uow: UnitOfWork, *, subject: str, subject_id: int, version: int, at: datetime) -> None:
    """Plan that every card showing the subject is brought up to its present state, at once and silently."""
    uow.plan(
        slot=slot("refresh", subject, subject_id, version),
        kind=f"{subject}.refresh",
        recipient="",
        subject=subject,
        subject_id=subject_id,
        not_before=at,
        at=at,
    )


# --- questions ---


def told_next(uow: UnitOfWork, task: Task, today: date) -> ToldNext | None:
    """Who hears of a task next if nothing happens; None when nobody does any more."""
    coming = ladders.climb(uow, task).next(today)
    if coming is None:
        return None
    day, rung = coming
    return ToldNext(tuple(ladders.told(uow, rung, [task.owner_id], on=day)), day)
