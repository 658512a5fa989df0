"""Nudges room: who is told what, when, and who is told next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage import nudges as owed
from storage import people as stored_people
from storage import posted
from storage import tasks as stored
from storage.nudges import Nudge, NudgeState
from storage.outbox import DAY, OutboxRow, OutboxState, Outcome
from storage.people import Person, Role
from storage.tasks import Task
from storage.unit_of_work import JSON, UnitOfWork
from workflows import ladders, people, statuses, working_days
from workflows.ladders import OPENED
from workflows.working_days import WorkingDays

# --- rules ---

DAY_BEGINS = time(9)
DAY_ENDS = time(17)
A_MOMENT = timedelta(minutes=1)
"""So much earlier than a message was composed something may have been begun that it does not show."""


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


def good_moment(working: WorkingDays, person: Person, at: datetime) -> datetime:
    """The next moment within somebody's working hours on which they are not away, in UTC."""
    moment = next_working_moment(working, person.zone, at)
    if person.absent_until is None or not people.is_absent(person, local_day(person.zone, moment)):
        return moment
    back = datetime.combine(person.absent_until + timedelta(days=1), DAY_BEGINS, ZoneInfo(person.zone))
    return next_working_moment(working, person.zone, back)


@dataclass(frozen=True)
class Settles:
    """What a message says about what somebody was owed: the nudges it tells, and those it leaves out, with the reason.

    It was composed at `at`.
    """

    at: datetime
    told: tuple[Nudge, ...] = ()
    left_out: Mapping[int, str] = field(default_factory=dict)


def slot(*parts: object) -> str:
    """The unique name of one delivery: who, about what, which rung, which day."""
    return ":".join(str(part) for part in parts)


# --- commands ---


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Plan what is due to be told by now. Doing it twice, or on two replicas, plans nothing twice."""
    today = local_day(uow.workspace().zone, at)
    to_nudge = stored.to_nudge(uow, today)
    ladders.read_ahead(uow, to_nudge)
    plan_nudges(uow, to_nudge, today=today, at=at)
    for person_id in posted.owed_without_message(uow):
        # Owed in the very moment in which their message was sent.
        _plan_day(uow, person_id, at)


def plan_nudges(uow: UnitOfWork, tasks: Sequence[Task], *, today: date, at: datetime) -> None:
    """Note who is owed the rungs that tasks have reached, and when the next ones come; then plan everybody's day."""
    owed_now = [person_id for task in tasks for person_id in _climb_on(uow, task, today=today, at=at)]
    for person_id in dict.fromkeys(owed_now):
        _plan_day(uow, person_id, at)


def _climb_on(uow: UnitOfWork, task: Task, *, today: date, at: datetime) -> list[str]:
    """Note the rung that a task has reached and the day of the next; gives those who were not owed it before."""
    climb = ladders.climb(uow, task)
    rung, coming = climb.reached(today), climb.next_day(today)
    if coming != task.nudge_on:
        uow.change(task, nudge_on=coming)
    told = ladders.told(uow, rung, task.owner_id, on=today)
    about = {"subject": "task", "subject_id": task.id, "rung": rung.name, "what": str(task.due_on)}
    return [
        person_id
        for person_id, audience in told.items()
        if _note(uow, person_id, {**about, "values": {"audience": audience.value}}, at)
    ]


def begin(uow: UnitOfWork, task: Task, *, at: datetime) -> None:
    """Plan the card of a task that its owner has begun by themselves, at once."""
    tell(
        uow,
        [task.owner_id],
        kind="task.nudge",
        subject="task",
        subject_id=task.id,
        at=at,
        what=(OPENED.name, task.due_on),
        at_once=True,
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


def owe(
    uow: UnitOfWork,
    recipients: Sequence[str],
    *,
    subject: str,
    subject_id: int,
    rung: str,
    what: object,
    at: datetime,
    values: Mapping[str, JSON] | None = None,
) -> None:
    """Note that each of the people is to be told something, once per rung and `what`, in their message of the day.

    What comes up after it was sent goes into its thread. For those who have left the leads are told instead.
    """
    about = {"subject": subject, "subject_id": subject_id, "rung": rung, "what": str(what), "values": values or {}}
    for person_id in recipients:
        if _note(uow, person_id, about, at):
            _plan_day(uow, person_id, at)


def _note(uow: UnitOfWork, person_id: str, about: Mapping[str, object], at: datetime) -> bool:
    """Note what somebody is owed; False where they were owed it before, or cannot be reached."""
    if not people.reachable(uow, person_id):
        tell_of_silence(uow, person_id, "account_inactive", at=at)
        return False
    return owed.owe(uow, {**about, "person_id": person_id, "reached_at": at})


def _plan_day(uow: UnitOfWork, person_id: str, at: datetime) -> None:
    """Plan the message of somebody's next good day, or what follows in its thread, unless one waits to be sent."""
    person = stored_people.person(uow, person_id)
    if person is None:
        return
    moment = good_moment(working_days.of_person(uow, person_id), person, at)
    free = _free_slot(uow, person_id, local_day(person.zone, moment))
    uow.plan(slot=free, kind=DAY, recipient=person_id, subject="person", subject_id=person.id, not_before=moment, at=at)


def _free_slot(uow: UnitOfWork, person_id: str, day: date) -> str:
    """The first slot of the day whose message is not on its way yet; whoever else takes it plans the same message."""
    number, name = 0, slot("day", person_id, day)
    while any(row.state is not OutboxState.PENDING for row in uow.matching(OutboxRow, slot=name)):
        number += 1
        name = slot("day", person_id, day, number)
    return name


def settle(uow: UnitOfWork, row: OutboxRow, outcome: Outcome, settles: Settles | None, *, at: datetime) -> None:
    """Note what a message has told, and why the rest was left out; nobody is owed what could not be delivered.

    What has changed while the message was on its way is drawn anew.
    """
    if outcome is Outcome.FAILED and row.kind == DAY:
        lost = {each.id: f"it could not be delivered: {row.reason}" for each in owed.owed_to(uow, row.recipient)}
        settles = Settles(at, left_out=lost)
    if settles is None:
        return
    for nudge in settles.told:
        _settle_one(uow, nudge.id, NudgeState.TOLD, "", at, row.id)
    for nudge_id, reason in settles.left_out.items():
        _settle_one(uow, nudge_id, NudgeState.SKIPPED, reason, at)
    if moved := _moved(uow, settles, was_found=outcome is Outcome.FOUND):
        refresh(uow, subject=moved.subject, subject_id=moved.subject_id, version=f"sent{row.id}", at=at)


def _settle_one(
    uow: UnitOfWork, nudge_id: int, state: NudgeState, reason: str, at: datetime, message_id: int | None = None
) -> None:
    nudge = uow.get(Nudge, nudge_id)
    if nudge.state is NudgeState.OWED:
        uow.change(nudge, state=state, reason=reason, settled_at=at, message_id=message_id)


def _moved(uow: UnitOfWork, settles: Settles, *, was_found: bool) -> Nudge | None:
    """One of the things told that may look different by now; drawing it anew draws the whole message."""
    if was_found:
        return next(iter(settles.told), None)
    for subject in {nudge.subject for nudge in settles.told}:
        about = {nudge.subject_id: nudge for nudge in settles.told if nudge.subject == subject}
        for redrawn in posted.redrawn_since(uow, subject, list(about), settles.at - A_MOMENT):
            return about[redrawn]
    return None


def tell_of_silence(uow: UnitOfWork, recipient: str, reason: str, *, at: datetime) -> None:
    """The leads are owed, once a day, that a person or channel cannot be reached, and why.

    The channel of the digest gets one notice for all of a day.
    """
    workspace, person = uow.workspace(), stored_people.person(uow, recipient)
    today = local_day(workspace.zone, at)
    owe(
        uow,
        [lead for lead in people.holders(uow, Role.LEAD) if lead != recipient],
        subject="silence",
        subject_id=person.id if person else 0,
        rung=recipient,
        what=today,
        at=at,
        values={"reason": reason},
    )
    if workspace.digest_channel_id and workspace.digest_channel_id != recipient:
        _notify(uow, workspace.digest_channel_id, today, recipient, at)


def _notify(uow: UnitOfWork, channel_id: str, day: date, about: str, at: datetime) -> None:
    """Plan a channel's one notice of a day, at a good hour; what follows on that day is drawn into it."""
    subject, subject_id = "silence_notice", day.toordinal()
    working, zone = working_days.of_organisation(uow), uow.workspace().zone
    uow.plan(
        slot=slot(subject, day),
        kind=subject,
        recipient=channel_id,
        subject=subject,
        subject_id=subject_id,
        not_before=next_working_moment(working, zone, at),
        at=at,
    )
    refresh(uow, subject=subject, subject_id=subject_id, version=about, at=at)


def refresh(uow: UnitOfWork, *, subject: str, subject_id: int, version: int | str, at: datetime) -> None:
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


def good_moment_of(uow: UnitOfWork, person_id: str, at: datetime) -> datetime | None:
    """The next good moment to write to somebody; None for those nobody can write to."""
    person = stored_people.person(uow, person_id)
    if person is None or not people.reachable(uow, person_id):
        return None
    return good_moment(working_days.of_person(uow, person_id), person, at)


def thread_of_today(uow: UnitOfWork, person_id: str, at: datetime) -> str | None:
    """The message that has told somebody today what waits for them; what comes up now belongs into its thread."""
    person, last = stored_people.person(uow, person_id), posted.last_day(uow, person_id)
    if person is None or last is None or last.settled_at is None:
        return None
    return last.ts if local_day(person.zone, last.settled_at) == local_day(person.zone, at) else None


def latest_of_each(nudges: Sequence[Nudge]) -> tuple[list[Nudge], dict[int, str]]:
    """Of each thing the latest rung, in the order in which they came up; and those whose place it took, and why.

    What has no id, such as a channel, is told apart by its rung.
    """
    latest = {(each.subject, each.subject_id or each.rung): each for each in nudges}
    kept = {each.id for each in latest.values()}
    left_out = {each.id: "a later reminder took its place" for each in nudges if each.id not in kept}
    return [each for each in nudges if each.id in kept], left_out


def left_alone_until(uow: UnitOfWork, person_id: str, at: datetime) -> datetime | None:
    """When to look again at somebody whose Slack status says that they are away; None when it does not.

    At the latest on the next working morning, since a status may be taken back. One's own word (`/iso away`) counts
    first: whoever has said from when until when is not guessed about.
    """
    person = stored_people.person(uow, person_id)
    if person is None or (until := statuses.away_until(person, at)) is None or person.absent_until is not None:
        return None
    ends = datetime.combine(local_day(person.zone, at), DAY_ENDS, ZoneInfo(person.zone))
    return min(until, next_working_moment(working_days.of_person(uow, person_id), person.zone, ends))


def told_next(uow: UnitOfWork, task: Task, today: date) -> ToldNext | None:
    """Who hears of a task next if nothing happens; None when nobody does any more."""
    coming = ladders.climb(uow, task).next(today)
    if coming is None:
        return None
    day, rung = coming
    return ToldNext(tuple(ladders.told(uow, rung, task.owner_id, on=day)), day)
