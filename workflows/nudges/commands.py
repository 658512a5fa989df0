"""Nudges: what is done, each as one unit of work."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.nudges import posted
from storage.nudges import queries as nudge_queries
from storage.nudges.tables import Nudge, NudgeState
from storage.people import queries as people_queries
from storage.people.tables import Role
from storage.record.outbox import DAY, OutboxRow, OutboxState, Outcome
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.nudges import ladders
from workflows.nudges.ladders import OPENED
from workflows.nudges.rules import A_MOMENT, Settles, good_moment, local_day, next_working_moment, slot
from workflows.people import questions as people_questions
from workflows.people import working_days


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Plan what is due to be told by now. Doing it twice, or on two replicas, plans nothing twice."""
    today = local_day(uow.workspace().zone, at)
    to_nudge = task_queries.to_nudge(uow, today)
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
        zone = people_questions.zone_if_reachable(uow, person_id)
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
    if not people_questions.reachable(uow, person_id):
        tell_of_silence(uow, person_id, "account_inactive", at=at)
        return False
    return nudge_queries.owe(uow, {**about, "person_id": person_id, "reached_at": at})


def _plan_day(uow: UnitOfWork, person_id: str, at: datetime) -> None:
    """Plan the message of somebody's next good day, or what follows in its thread, unless one waits to be sent."""
    person = people_queries.person(uow, person_id)
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
        lost = {
            each.id: f"it couldn't be delivered: {row.reason}" for each in nudge_queries.owed_to(uow, row.recipient)
        }
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
    workspace, person = uow.workspace(), people_queries.person(uow, recipient)
    today = local_day(workspace.zone, at)
    owe(
        uow,
        [lead for lead in people_questions.holders(uow, Role.LEAD) if lead != recipient],
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
