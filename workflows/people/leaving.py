"""People room: what becomes of somebody's work while they are away, and after they have left."""

from collections.abc import Sequence
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Task, TaskState
from workflows.deed import Deed
from workflows.people import commands as people_commands
from workflows.people import questions as people_questions
from workflows.people.rules import DirectoryEntry, Synced
from workflows.refusals import InputWanted
from workflows.tasks import handovers, owners
from workflows.wishes import Wish

# --- commands: the directory ---


def follow_directory(deed: Deed, entries: Sequence[DirectoryEntry]) -> Synced:
    """Bring the directory up to date, and hand on the work of those who have left."""
    synced = people_commands.sync(deed, entries)
    for person in synced.left:
        hand_on(deed, person)
    return synced


def follow_page(deed: Deed, entries: Sequence[DirectoryEntry], *, next_cursor: str) -> Synced:
    """The same for one page of Slack's list, noting where the next one begins, so that a break loses nothing."""
    synced = follow_directory(deed, entries)
    deed.uow.put_workspace(directory_cursor=next_cursor)
    if not next_cursor and deed.uow.workspace().directory_read_at is None:
        deed.uow.put_workspace(directory_read_at=deed.at)
    return synced


def hand_on(deed: Deed, person: Person) -> None:
    """Give everything somebody who has left looked after to their deputies; what nobody takes stands with the leads."""
    found = handovers.load(deed.uow, person.slack_id)
    today = deed.today
    deputies = {task.id: _heir(deed.uow, task, today) for task in (*found.waiting, *found.scheduled)}
    for task in (*found.waiting, *found.scheduled):
        if heir := deputies[task.id]:
            owners.move(deed, task, heir, verb="task.hand_on")
    for obligation in found.obligations:
        if heir := people_questions.responsible(deed.uow, obligation, on=today):
            handovers.give_obligations(deed, [obligation], heir)
    for asked in task_queries.handovers_waiting_for(deed.uow, person.slack_id):
        owners.withdraw(deed, deed.uow.get(Task, asked.task_id))
    _tell_of_leaving(deed, person, found.waiting, deputies)


def _heir(uow: UnitOfWork, task: Task, today: date) -> str | None:
    """Who goes on with a task whose owner has left: first the one whom the owner only stood in for."""
    back = people_questions.first_present(uow, [task.stands_in_for], on=today)
    return back or owners.stand_in(uow, task, on=today)


def _tell_of_leaving(deed: Deed, person: Person, waiting: list[Task], deputies: dict[int, str | None]) -> None:
    for heir in sorted({each for each in deputies.values() if each}):
        now = sum(1 for task in waiting if deputies[task.id] == heir)
        later = sum(1 for each in deputies.values() if each == heir) - now
        handovers.tell_of_work(deed, heir, "given", person.slack_id, waiting=now, coming=later)
    if not deputies:
        return
    handed_on = sum(1 for heir in deputies.values() if heir)
    deed.daily(
        people_questions.holders(deed.uow, Role.LEAD),
        ("leaver", person.id),
        "left",
        what=deed.at.date(),
        values={"handed_on": handed_on, "without_owner": len(deputies) - handed_on},
    )


# --- commands: absence ---


def tick(deed: Deed) -> None:
    """Hand work over when an absence begins, and back when it is over."""
    today = deed.today
    for person in people_queries.coming_back(deed.uow, today):
        _take_back(deed, person)
    for person in people_queries.going_away(deed.uow, today):
        _hand_over(deed, person, today)


def go_away(deed: Deed, *, person_id: str, first: date, last: date) -> Person:
    """Say from when until when somebody is away, both days included: oneself, or a lead for others.

    What waits for them goes to their deputy on the first day and comes back after the last. Raises `NotAllowed` or
    `InputWanted`.
    """
    person = people_questions.looked_after(deed.uow, deed.actor, person_id)
    today = deed.today
    if last < first or last < today:
        raise InputWanted("until", Wish.CHOOSE_LAST_DAY)
    noted = _note_absence(deed, person, first, last)
    if noted.is_away and first > today:
        return _take_back(deed.by_itself, noted)
    return _hand_over(deed.by_itself, noted, today) if first <= today and not noted.is_away else noted


def go_away_with_deputy(
    deed: Deed, *, person_id: str, first: date | None, last: date | None, deputy_id: str | None
) -> Person:
    """The same, naming the deputy in one go. Raises `InputWanted` too when a day is missing."""
    if first is None or last is None:
        raise InputWanted("from" if first is None else "until", Wish.CHOOSE_DATE)
    person = people_questions.looked_after(deed.uow, deed.actor, person_id)
    if deputy_id != person.deputy_id:
        named = {"manager_id": person.manager_id, "deputy_id": deputy_id}
        people_commands.name_manager_and_deputy(deed, person_id=person_id, **named)
    return go_away(deed, person_id=person_id, first=first, last=last)


def come_back(deed: Deed, *, person_id: str) -> Person:
    """Somebody is there again, or not away after all: what was handed over comes back."""
    person = people_questions.looked_after(deed.uow, deed.actor, person_id)
    noted = _note_absence(deed, person, None, None)
    return _take_back(deed.by_itself, noted) if noted.is_away else noted


def _note_absence(deed: Deed, person: Person, first: date | None, last: date | None) -> Person:
    noted = deed.uow.change(person, absent_from=first, absent_until=last)
    deed.record(
        "person.absence",
        ("person", person.slack_id),
        until=last.isoformat() if last else None,
        from_=first.isoformat() if first else None,
    )
    return noted


def _hand_over(deed: Deed, person: Person, today: date) -> Person:
    away = deed.uow.change(person, is_away=True)
    given: dict[str, list[Task]] = {}
    for task in task_queries.owned(deed.uow, person.slack_id, WAITS_FOR_ITS_OWNER):
        if deputy := owners.stand_in(deed.uow, task, on=today):
            absent = task.stands_in_for or person.slack_id
            moved = owners.move(deed, task, deputy, verb="task.stand_in", stands_in_for=absent)
            given.setdefault(deputy, []).append(moved)
    for deputy, tasks in given.items():
        handovers.tell_of_work(deed, deputy, "stand_in", person.slack_id, waiting=len(tasks), coming=0)
    return away


def _take_back(deed: Deed, person: Person) -> Person:
    back = deed.uow.change(person, is_away=False)
    tasks = task_queries.done_for(deed.uow, person.slack_id, [*WAITS_FOR_ITS_OWNER, TaskState.SUBMITTED])
    for task in tasks:
        owners.move(deed, task, person.slack_id, verb="task.take_back")
    if waiting := sum(1 for task in tasks if task.state in WAITS_FOR_ITS_OWNER):
        handovers.tell_of_work(deed, person.slack_id, "back", person.slack_id, waiting=waiting, coming=0)
    return back
