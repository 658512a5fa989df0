"""Nudges room: who is told what, when, and who is told next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from storage import tasks as stored
from storage.people import Role
from storage.tasks import Task
from storage.unit_of_work import UnitOfWork
from workflows import people, working_days
from workflows.working_days import WorkingDays

# --- rules ---

DAY_BEGINS = time(9)
DAY_ENDS = time(17)
SATURDAY = 5


class Rung(StrEnum):
    """The steps of the ladder, in the order in which they are climbed."""

    OPENED = "opened"
    DUE_SOON = "due_soon"
    DUE = "due"
    OVERDUE = "overdue"
    LEAD_TOLD = "lead_told"


LADDER: tuple[tuple[Rung, int], ...] = (
    (Rung.DUE_SOON, -3),
    (Rung.DUE, 0),
    (Rung.OVERDUE, 1),
    (Rung.LEAD_TOLD, 5),
)
"""Rungs after the opening, as days from the due date: calendar days before it, working days after it.

At the last one the leads hear of it too.
"""


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


def is_working_day(day: date) -> bool:
    """Monday to Friday."""
    return day.weekday() < SATURDAY


def working_day_before(day: date) -> date:
    """`day` itself when people work on it, else the last working day before."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The working day that lies `count` working days after `day`."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def rung_day(due_on: date, days: int) -> date:
    """The day of a rung: always a working day, before the due date rather earlier than later."""
    if days > 0:
        return add_working_days(due_on, days)
    return working_day_before(due_on + timedelta(days=days))


def rung_on(due_on: date, today: date) -> Rung:
    """The highest rung reached by `today`: after an outage only this one is told, never every missed one."""
    reached = [rung for rung, days in LADDER if rung_day(due_on, days) <= today]
    return reached[-1] if reached else Rung.OPENED


def next_rung(due_on: date, after: date) -> tuple[Rung, date] | None:
    """The first rung that lies later than `after` and its day, or None when the ladder is climbed."""
    coming = ((rung, rung_day(due_on, days)) for rung, days in LADDER)
    return next(((rung, day) for rung, day in coming if day > after), None)


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
    rung = rung_on(task.due_on, today)
    tell(
        uow,
        [task.owner_id],
        kind="task.nudge",
        subject="task",
        subject_id=task.id,
        at=at,
        what=(rung, task.due_on),
    )
    if rung is Rung.LEAD_TOLD:
        leads = [lead for lead in people.holders(uow, Role.LEAD) if lead != task.owner_id]
        tell(
            uow,
            leads,
            kind="task.overdue",
            subject="task",
            subject_id=task.id,
            at=at,
            what=(rung, task.due_on),
        )
    coming = next_rung(task.due_on, today)
    uow.change(task, nudge_on=coming[1] if coming else None)


def begin(uow: UnitOfWork, task: Task, *, today: date, at: datetime) -> None:
    """Plan the card of a task that its owner has begun by themselves, at once."""
    tell(
        uow,
        [task.owner_id],
        kind="task.nudge",
        subject="task",
        subject_id=task.id,
        at=at,
        what=(Rung.OPENED, task.due_on),
        at_once=True,
    )
    coming = next_rung(task.due_on, today)
    uow.change(task, nudge_on=coming[1] if coming else None)


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
    coming = next_rung(task.due_on, today)
    if coming is None:
        return None
    rung, day = coming
    told = [task.owner_id, *people.holders(uow, Role.LEAD)] if rung is Rung.LEAD_TOLD else [task.owner_id]
    return ToldNext(tuple(dict.fromkeys(told)), day)
