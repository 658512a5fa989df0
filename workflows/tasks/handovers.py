"""Tasks room, where work changes hands: delegation, "not me", a lead's assignment, and putting off.

The owner stays responsible until somebody else has said yes, or a lead has decided.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.programme import queries as programme_queries
from storage.programme.tables import Obligation
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Handover, HandoverKind, HandoverState, Task, TaskComment, TaskState
from workflows.dates import understanding
from workflows.deed import Deed
from workflows.nudges import ladders
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.people.refusals import CannotTakeOver
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale, Thing, Tried, WhoMay
from workflows.tasks import owners
from workflows.tasks.questions import own, wanted
from workflows.tasks.refusals import CannotPutOff, ExternalDate
from workflows.wishes import Wish

# --- rules ---

CHANGES_HANDS = (TaskState.SCHEDULED, *WAITS_FOR_ITS_OWNER)
"""States in which a task can be given to somebody else."""


@dataclass(frozen=True)
class PutOff:
    """How far and how often an owner may put a task off by themselves, counted from its scheduled day."""

    most_days: int
    most_times: int


PUT_OFF = PutOff(most_days=30, most_times=3)


def latest_day(task: Task) -> date:
    """The last day to which a task may be put off: within the limit, and before its next occurrence."""
    limit = task.scheduled_on + timedelta(days=PUT_OFF.most_days)
    return limit if task.period_ends_on is None else min(limit, task.period_ends_on - timedelta(days=1))


def must_change_hands(task: Task) -> None:
    """Raise `AlreadyDecided` when a task waits for nobody to do it."""
    if task.state not in CHANGES_HANDS:
        raise AlreadyDecided(
            what=Thing.NAMED, called=task.title, state=task.state.value, by=task.decided_by or task.submitted_by
        )


# --- commands: what an owner can do ---


def delegate(deed: Deed, *, task_id: int, to_id: str | None, reason: str = "") -> Handover:
    """The owner asks somebody to take a task on; until they accept, it stays where it is.

    Raises `NotAllowed`, `AlreadyDecided`, `InputWanted` or `CannotTakeOver`.
    """
    task = own(deed, task_id, Tried.HAND_OVER)
    asked = _candidate(deed, task, to_id)
    return _ask(deed, task, HandoverKind.DELEGATION, asked.slack_id, reason, tell=[asked.slack_id])


def not_mine(deed: Deed, *, task_id: int, suggested_id: str | None, reason: str) -> Handover:
    """The owner says that a task belongs to somebody else; the leads decide, with one tap if they agree.

    Raises as `delegate` does; a suggestion is optional, the reason is not.
    """
    task = own(deed, task_id, Tried.SAY_NOT_MINE)
    why = wanted(reason, Wish.SAY_WHY_NOT_YOURS)
    suggested = _candidate(deed, task, suggested_id).slack_id if suggested_id else None
    must_change_hands(task)
    return _ask(deed, task, HandoverKind.NOT_MINE, suggested, why, tell=people_questions.holders(deed.uow, Role.LEAD))


def _candidate(deed: Deed, task: Task, person_id: str | None) -> Person:
    must_change_hands(task)
    if not person_id:
        raise InputWanted("person", Wish.CHOOSE_WHO_DOES_IT)
    if person_id == task.owner_id:
        raise CannotTakeOver(person=person_id, because="same", field_name="person")
    return people_questions.must_be_able_to_take_over(deed.uow, person_id, on=deed.today, field="person")


def _ask(deed: Deed, task: Task, kind: HandoverKind, to_id: str | None, reason: str, *, tell: list[str]) -> Handover:
    owners.withdraw(deed, task)
    asked = deed.uow.add(
        Handover(task_id=task.id, kind=kind, by_id=deed.by, to_id=to_id, reason=reason.strip(), asked_at=deed.at)
    )
    _note(deed, task, f"task.{kind}", to=to_id, reason=reason.strip())
    deed.daily(tell, task, kind, what=asked.id)
    return asked


def put_off(deed: Deed, *, task_id: int, until: str, reason: str) -> Task:
    """The owner moves the due day, in words, and says why; the scheduled day stays, and the leads see the count.

    Raises `NotAllowed`, `AlreadyDecided`, `ExternalDate`, `InputWanted`, `DateNotUnderstood` or `CannotPutOff`.
    """
    task = to_put_off(deed, task_id=task_id)
    today = deed.their_today
    due_on = understanding.understood(until, today=today, locale=deed.actor.locale, field="until")
    why = wanted(reason, Wish.SAY_WHAT_IS_IN_THE_WAY)
    if due_on <= max(task.due_on, today):
        raise InputWanted("until", Wish.CHOOSE_LATER_DATE)
    if due_on > latest_day(task):
        raise CannotPutOff(title=task.title, times=task.snoozes, latest=latest_day(task), field_name="until")
    nudge_on = ladders.next_day(deed.uow, task, due_on=due_on, after=today)
    later = deed.uow.change(task, due_on=due_on, snoozes=task.snoozes + 1, nudge_on=nudge_on)
    deed.record("task.put_off", task, to=due_on.isoformat(), reason=why, from_=task.due_on.isoformat())
    deed.redraw(later)
    return later


def to_hand_over(deed: Deed, *, task_id: int) -> Task:
    """The task its owner is about to hand over. Raises `NotAllowed` or `AlreadyDecided`."""
    task = own(deed, task_id, Tried.HAND_OVER)
    must_change_hands(task)
    return task


def to_put_off(deed: Deed, *, task_id: int) -> Task:
    """The task its owner may put off now. Raises as `put_off` does."""
    task = own(deed, task_id, Tried.PUT_OFF)
    if task.state not in WAITS_FOR_ITS_OWNER:
        raise AlreadyDecided(
            what=Thing.NAMED, called=task.title, state=task.state.value, by=task.decided_by or task.submitted_by
        )
    if task.external:
        raise ExternalDate(title=task.title, due_on=task.due_on)
    if task.snoozes >= PUT_OFF.most_times or latest_day(task) <= max(task.due_on, deed.today):
        raise CannotPutOff(title=task.title, times=task.snoozes, latest=None)
    return task


# --- commands: what those who were asked can do ---


def take(deed: Deed, *, handover_id: int) -> Task:
    """Somebody accepts what was delegated to them, or a lead the suggestion of "not me".

    Raises `NotAllowed`, or `AlreadyDecided` when it was answered or withdrawn before.
    """
    asked, task = to_answer(deed, handover_id=handover_id)
    must_change_hands(task)
    if asked.to_id is None:
        raise InputWanted("person", Wish.CHOOSE_WHO_DOES_IT)
    people_questions.must_be_able_to_take_over(deed.uow, asked.to_id, on=deed.today, field="person")
    owners.settle(deed, asked, HandoverState.TAKEN)
    kind = "task.take" if asked.kind is HandoverKind.DELEGATION else "task.assign"
    stands_in_for = task.stands_in_for if asked.kind is HandoverKind.DELEGATION else None
    given = owners.move(deed, task, asked.to_id, verb=kind, stands_in_for=stands_in_for)
    _tell_of_change(deed, given, before=task.owner_id)
    return given


def decline(deed: Deed, *, handover_id: int) -> Task:
    """Somebody says no to what was delegated to them, or a lead to "not me"; the owner hears it."""
    asked, task = to_answer(deed, handover_id=handover_id)
    owners.settle(deed, asked, HandoverState.DECLINED)
    _note(deed, task, "task.decline", kind=asked.kind.value)
    deed.daily([asked.by_id], task, "declined", what=asked.id, values={"by": deed.by})
    return task


def to_answer(deed: Deed, *, handover_id: int) -> tuple[Handover, Task]:
    """What the actor was asked, and about which task. Raises `NotAllowed` or `AlreadyDecided`."""
    asked = deed.uow.get(Handover, handover_id)
    task = deed.uow.get(Task, asked.task_id)
    if asked.kind is HandoverKind.NOT_MINE:
        deed.must(Permission.ASSIGN_TASK)
    elif deed.by != asked.to_id:
        raise NotAllowed(Tried.ANSWER_THIS, WhoMay.WHO_WAS_ASKED, asked.to_id)
    if asked.state is not HandoverState.WAITING:
        raise AlreadyDecided(what=Thing.NAMED, called=task.title, state=asked.state.value, by=asked.settled_by)
    return asked, task


# --- commands: what a lead can do ---


def assign(deed: Deed, *, task_id: int, version: int, to_id: str | None, reason: str = "") -> Task:
    """A lead gives a task to somebody, for good; why stands on its card. Raises as `to_assign` and `delegate` do."""
    task, why = to_assign(deed, task_id=task_id, version=version), reason.strip()
    chosen = _candidate(deed, task, to_id).slack_id
    if why:
        deed.uow.add(TaskComment(task_id=task.id, person_id=deed.by, text=why, at=deed.at))
    given = owners.move(deed, task, chosen, verb="task.assign", details={"reason": why})
    _tell_of_change(deed, given, before=task.owner_id)
    return given


def to_assign(deed: Deed, *, task_id: int, version: int) -> Task:
    """The task a lead is about to give to somebody. Raises `NotAllowed`, `AlreadyDecided` or `Stale`."""
    deed.must(Permission.ASSIGN_TASK)
    task = deed.uow.get(Task, task_id)
    must_change_hands(task)
    if task.version != version:
        raise Stale(Thing.NAMED, task.title)
    return task


@dataclass(frozen=True)
class Load:
    """What somebody carries: tasks that wait for them, tasks to come, and obligations."""

    waiting: list[Task]
    scheduled: list[Task]
    obligations: list[Obligation]

    @property
    def numbers(self) -> str:
        """Its size in a form that changes whenever the load does."""
        return f"{len(self.waiting)}.{len(self.scheduled)}.{len(self.obligations)}"


def load(uow: UnitOfWork, person_id: str) -> Load:
    """Everything that would have to change hands if somebody left."""
    return Load(
        waiting=task_queries.owned(uow, person_id, WAITS_FOR_ITS_OWNER),
        scheduled=task_queries.owned(uow, person_id, [TaskState.SCHEDULED]),
        obligations=programme_queries.of_owner(uow, person_id),
    )


def to_assign_all(deed: Deed, *, from_id: str, to_id: str) -> Load:
    """What a lead is about to give from one person to another. Raises `NotAllowed` or `CannotTakeOver`."""
    deed.must(Permission.ASSIGN_TASK)
    if from_id == to_id:
        raise CannotTakeOver(person=to_id, because="same")
    people_questions.must_be_able_to_take_over(deed.uow, to_id, on=deed.today)
    if people_queries.person(deed.uow, from_id) is None:
        raise CannotTakeOver(person=from_id, because="unknown")
    return load(deed.uow, from_id)


def assign_all(deed: Deed, *, from_id: str, to_id: str, numbers: str) -> Load:
    """A lead gives everything one person looks after to another, all or nothing.

    `numbers` are those the lead has seen: raises `Stale` when they are others by now, else as `to_assign_all` does.
    """
    found = to_assign_all(deed, from_id=from_id, to_id=to_id)
    if found.numbers != numbers:
        raise Stale(Thing.WHAT_IS_HANDED_OVER)
    for task in (*found.waiting, *found.scheduled):
        owners.move(deed, task, to_id, verb="task.assign")
    give_obligations(deed, found.obligations, to_id)
    if found.waiting or found.scheduled:
        counts = {"waiting": len(found.waiting), "coming": len(found.scheduled)}
        tell_of_work(deed, to_id, "given", from_id, **counts)
    return found


def give_obligations(deed: Deed, obligations: list[Obligation], to_id: str) -> None:
    """Give obligations to somebody, so that their next tasks are theirs too."""
    for each in obligations:
        deed.uow.change(each, owner_id=to_id)
        deed.record("obligation.assign", each, to=to_id, from_=each.owner_id)


# --- what others hear ---


def tell_of_work(deed: Deed, to_id: str, why: str, from_id: str, *, waiting: int, coming: int) -> None:
    """Somebody is owed one word for everything they have got, or got back. `why` is given, stand_in or back."""
    before = people_queries.person(deed.uow, from_id)
    deed.daily(
        [to_id],
        ("work", before.id if before else 0),
        why,
        what=int(deed.at.timestamp()),
        values={"from": from_id, "waiting": waiting, "coming": coming},
    )


def _tell_of_change(deed: Deed, given: Task, *, before: str) -> None:
    """The new owner gets the card, the one before hears who has it now. Whoever took it on gets the card at once."""
    about = {"by": deed.by, "before": before, "to": given.owner_id}
    for person_id in (given.owner_id, before):
        if person_id == deed.by:
            deed.message([person_id], given, "task.given", what=(person_id, before, given.version), at_once=True)
        elif people_questions.reachable(deed.uow, person_id):
            deed.daily([person_id], given, "given", values=about)


def _note(deed: Deed, task: Task, verb: str, **details: str | None) -> None:
    """Write down what was said about a task, and bring its cards up to date."""
    touched = deed.uow.change(task)
    deed.record(verb, task, **dict(details))
    deed.redraw(touched)


# --- questions ---


def to_find_owners(uow: UnitOfWork) -> list[Task]:
    """The tasks for which a lead has to find somebody: nobody looks after them, or their owner says "not me"."""
    not_theirs = [uow.get(Task, asked.task_id) for asked in task_queries.not_mine(uow)]
    return without_owner(uow) + [task for task in not_theirs if task.state in CHANGES_HANDS]


def without_owner(uow: UnitOfWork) -> list[Task]:
    """The tasks that wait for somebody who has left: nobody took them over."""
    left = [person.slack_id for person in people_queries.gone(uow)]
    return task_queries.waiting_for_any(uow, left) if left else []
