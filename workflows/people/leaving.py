"""People room: what becomes of somebody's work while they are away, and after they have left."""

from collections.abc import Sequence
from datetime import date, datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Task, TaskState
from workflows.nudges import commands as nudge_commands
from workflows.nudges import rules as nudge_rules
from workflows.people import commands as people_commands
from workflows.people import questions as people_questions
from workflows.people import rules as people_rules
from workflows.people.rules import Actor, DirectoryEntry, Synced
from workflows.refusals import InputWanted
from workflows.tasks import handovers, owners

# --- commands: the directory ---


def follow_directory(uow: UnitOfWork, entries: Sequence[DirectoryEntry], *, at: datetime) -> Synced:
    """Bring the directory up to date, and hand on the work of those who have left."""
    synced = people_commands.sync(uow, entries, at=at)
    for person in synced.left:
        hand_on(uow, person, at=at)
    return synced


def follow_page(uow: UnitOfWork, entries: Sequence[DirectoryEntry], *, next_cursor: str, at: datetime) -> Synced:
    """The same for one page of Slack's list, noting where the next one begins, so that a break loses nothing."""
    synced = follow_directory(uow, entries, at=at)
    uow.put_workspace(directory_cursor=next_cursor)
    return synced


def hand_on(uow: UnitOfWork, person: Person, *, at: datetime) -> None:
    """Give everything somebody who has left looked after to their deputies; what nobody takes stands with the leads."""
    found = handovers.load(uow, person.slack_id)
    today = _today(uow, at)
    deputies = {task.id: _heir(uow, task, today) for task in (*found.waiting, *found.scheduled)}
    for task in (*found.waiting, *found.scheduled):
        if heir := deputies[task.id]:
            owners.move(uow, task, heir, verb="task.hand_on", by=people_rules.THE_BOT, at=at)
    for obligation in found.obligations:
        if heir := people_questions.responsible(uow, obligation, on=today):
            handovers.give_obligations(uow, [obligation], heir, by=people_rules.THE_BOT, at=at)
    for asked in task_queries.handovers_waiting_for(uow, person.slack_id):
        owners.withdraw(uow, uow.get(Task, asked.task_id), by=people_rules.THE_BOT, at=at)
    _tell_of_leaving(uow, person, found.waiting, deputies, at)


def _heir(uow: UnitOfWork, task: Task, today: date) -> str | None:
    """Who goes on with a task whose owner has left: first the one whom the owner only stood in for."""
    back = people_questions.first_present(uow, [task.stands_in_for], on=today)
    return back or owners.stand_in(uow, task, on=today)


def _tell_of_leaving(
    uow: UnitOfWork, person: Person, waiting: list[Task], deputies: dict[int, str | None], at: datetime
) -> None:
    for heir in sorted({each for each in deputies.values() if each}):
        now = sum(1 for task in waiting if deputies[task.id] == heir)
        later = sum(1 for each in deputies.values() if each == heir) - now
        handovers.tell_of_work(uow, heir, "given", person.slack_id, waiting=now, coming=later, at=at)
    if not deputies:
        return
    handed_on = sum(1 for heir in deputies.values() if heir)
    nudge_commands.owe(
        uow,
        people_questions.holders(uow, Role.LEAD),
        subject="leaver",
        subject_id=person.id,
        rung="left",
        what=at.date(),
        at=at,
        values={"handed_on": handed_on, "without_owner": len(deputies) - handed_on},
    )


# --- commands: absence ---


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Hand work over when an absence begins, and back when it is over."""
    today = _today(uow, at)
    for person in people_queries.coming_back(uow, today):
        _take_back(uow, person, at=at)
    for person in people_queries.going_away(uow, today):
        _hand_over(uow, person, today, at=at)


def go_away(uow: UnitOfWork, actor: Actor, *, person_id: str, first: date, last: date, at: datetime) -> Person:
    """Say from when until when somebody is away, both days included: oneself, or a lead for others.

    What waits for them goes to their deputy on the first day and comes back after the last. Raises `NotAllowed` or
    `InputWanted`.
    """
    person = people_questions.looked_after(uow, actor, person_id)
    today = _today(uow, at)
    if last < first or last < today:
        raise InputWanted("until", "choose a last day that isn't before the first one or in the past")
    noted = _note_absence(uow, actor, person, first, last, at=at)
    if noted.is_away and first > today:
        return _take_back(uow, noted, at=at)
    return _hand_over(uow, noted, today, at=at) if first <= today and not noted.is_away else noted


def go_away_with_deputy(
    uow: UnitOfWork,
    actor: Actor,
    *,
    person_id: str,
    first: date | None,
    last: date | None,
    deputy_id: str | None,
    at: datetime,
) -> Person:
    """The same, naming the deputy in one go. Raises `InputWanted` too when a day is missing."""
    if first is None or last is None:
        raise InputWanted("from" if first is None else "until", "choose a date")
    person = people_questions.looked_after(uow, actor, person_id)
    if deputy_id != person.deputy_id:
        named = {"manager_id": person.manager_id, "deputy_id": deputy_id}
        people_commands.name_manager_and_deputy(uow, actor, person_id=person_id, **named, at=at)
    return go_away(uow, actor, person_id=person_id, first=first, last=last, at=at)


def come_back(uow: UnitOfWork, actor: Actor, *, person_id: str, at: datetime) -> Person:
    """Somebody is there again, or not away after all: what was handed over comes back."""
    person = people_questions.looked_after(uow, actor, person_id)
    noted = _note_absence(uow, actor, person, None, None, at=at)
    return _take_back(uow, noted, at=at) if noted.is_away else noted


def _note_absence(
    uow: UnitOfWork, actor: Actor, person: Person, first: date | None, last: date | None, *, at: datetime
) -> Person:
    noted = uow.change(person, absent_from=first, absent_until=last)
    uow.record(
        actor=actor.person_id,
        verb="person.absence",
        subject="person",
        subject_id=person.slack_id,
        at=at,
        details={"from": first.isoformat() if first else None, "until": last.isoformat() if last else None},
    )
    return noted


def _hand_over(uow: UnitOfWork, person: Person, today: date, *, at: datetime) -> Person:
    away = uow.change(person, is_away=True)
    given: dict[str, list[Task]] = {}
    for task in task_queries.owned(uow, person.slack_id, WAITS_FOR_ITS_OWNER):
        if deputy := owners.stand_in(uow, task, on=today):
            absent = task.stands_in_for or person.slack_id
            moved = owners.move(
                uow, task, deputy, verb="task.stand_in", by=people_rules.THE_BOT, at=at, stands_in_for=absent
            )
            given.setdefault(deputy, []).append(moved)
    for deputy, tasks in given.items():
        handovers.tell_of_work(uow, deputy, "stand_in", person.slack_id, waiting=len(tasks), coming=0, at=at)
    return away


def _take_back(uow: UnitOfWork, person: Person, *, at: datetime) -> Person:
    back = uow.change(person, is_away=False)
    tasks = task_queries.done_for(uow, person.slack_id, [*WAITS_FOR_ITS_OWNER, TaskState.SUBMITTED])
    for task in tasks:
        owners.move(uow, task, person.slack_id, verb="task.take_back", by=people_rules.THE_BOT, at=at)
    if waiting := sum(1 for task in tasks if task.state in WAITS_FOR_ITS_OWNER):
        handovers.tell_of_work(uow, person.slack_id, "back", person.slack_id, waiting=waiting, coming=0, at=at)
    return back


def _today(uow: UnitOfWork, at: datetime) -> date:
    return nudge_rules.local_day(uow.workspace().zone, at)
