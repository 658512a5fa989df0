"""Tasks room, where work changes hands: delegation, "not me", a lead's assignment, and putting off.

The owner stays responsible until somebody else has said yes, or a lead has decided.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.people import queries as people_queries
from storage.people.tables import Person, Role
from storage.programme import queries as programme_queries
from storage.programme.tables import Obligation
from storage.tasks import queries as task_queries
from storage.tasks.queries import WAITS_FOR_ITS_OWNER
from storage.tasks.tables import Handover, HandoverKind, HandoverState, Task, TaskState
from workflows.dates import understanding
from workflows.nudges import commands as nudge_commands
from workflows.nudges import ladders
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people.refusals import CannotTakeOver
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, InputWanted, NotAllowed, Stale
from workflows.tasks import owners
from workflows.tasks.questions import own, wanted
from workflows.tasks.refusals import CannotPutOff, ExternalDate

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
        raise AlreadyDecided(what=task.title, state=task.state.value, by=task.decided_by or task.submitted_by)


# --- commands: what an owner can do ---


def delegate(
    uow: UnitOfWork, actor: Actor, *, task_id: int, to_id: str | None, reason: str = "", at: datetime
) -> Handover:
    """The owner asks somebody to take a task on; until they accept, it stays where it is.

    Raises `NotAllowed`, `AlreadyDecided`, `InputWanted` or `CannotTakeOver`.
    """
    task = own(uow, actor, task_id, "hand this over")
    asked = _candidate(uow, task, to_id, at)
    return _ask(uow, actor, task, HandoverKind.DELEGATION, asked.slack_id, reason, at=at, tell=[asked.slack_id])


def not_mine(
    uow: UnitOfWork, actor: Actor, *, task_id: int, suggested_id: str | None, reason: str, at: datetime
) -> Handover:
    """The owner says that a task belongs to somebody else; the leads decide, with one tap if they agree.

    Raises as `delegate` does; a suggestion is optional, the reason is not.
    """
    task = own(uow, actor, task_id, "say that this is not yours")
    why = wanted(reason, "say why it isn't yours, in a sentence")
    suggested = _candidate(uow, task, suggested_id, at).slack_id if suggested_id else None
    must_change_hands(task)
    return _ask(
        uow, actor, task, HandoverKind.NOT_MINE, suggested, why, at=at, tell=people_questions.holders(uow, Role.LEAD)
    )


def _candidate(uow: UnitOfWork, task: Task, person_id: str | None, at: datetime) -> Person:
    must_change_hands(task)
    if not person_id:
        raise InputWanted("person", "choose who should do it")
    if person_id == task.owner_id:
        raise CannotTakeOver(person=person_id, because="same", field_name="person")
    return people_questions.must_be_able_to_take_over(uow, person_id, on=_today(uow, at), field="person")


def _ask(
    uow: UnitOfWork,
    actor: Actor,
    task: Task,
    kind: HandoverKind,
    to_id: str | None,
    reason: str,
    *,
    at: datetime,
    tell: list[str],
) -> Handover:
    owners.withdraw(uow, task, by=actor.person_id, at=at)
    asked = uow.add(
        Handover(task_id=task.id, kind=kind, by_id=actor.person_id, to_id=to_id, reason=reason.strip(), asked_at=at)
    )
    _note(uow, actor, task, f"task.{kind}", at=at, to=to_id, reason=reason.strip())
    nudge_commands.owe(uow, tell, subject="task", subject_id=task.id, rung=kind, what=asked.id, at=at)
    return asked


def put_off(uow: UnitOfWork, actor: Actor, *, task_id: int, until: str, reason: str, at: datetime) -> Task:
    """The owner moves the due day, in words, and says why; the scheduled day stays, and the leads see the count.

    Raises `NotAllowed`, `AlreadyDecided`, `ExternalDate`, `InputWanted`, `DateNotUnderstood` or `CannotPutOff`.
    """
    task = to_put_off(uow, actor, task_id=task_id, at=at)
    today = nudge_rules.local_day(actor.zone, at)
    due_on = understanding.understood(until, today=today, locale=actor.locale, field="until")
    why = wanted(reason, "say what's in the way, in a sentence")
    if due_on <= max(task.due_on, today):
        raise InputWanted("until", "choose a date later than the current one, and not in the past")
    if due_on > latest_day(task):
        raise CannotPutOff(title=task.title, times=task.snoozes, latest=latest_day(task), field_name="until")
    nudge_on = ladders.next_day(uow, task, due_on=due_on, after=today)
    later = uow.change(task, due_on=due_on, snoozes=task.snoozes + 1, nudge_on=nudge_on)
    uow.record(
        actor=actor.person_id,
        verb="task.put_off",
        subject="task",
        subject_id=task.id,
        at=at,
        details={"from": task.due_on.isoformat(), "to": due_on.isoformat(), "reason": why},
    )
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=later.version, at=at)
    return later


def to_hand_over(uow: UnitOfWork, actor: Actor, *, task_id: int) -> Task:
    """The task its owner is about to hand over. Raises `NotAllowed` or `AlreadyDecided`."""
    task = own(uow, actor, task_id, "hand this over")
    must_change_hands(task)
    return task


def to_put_off(uow: UnitOfWork, actor: Actor, *, task_id: int, at: datetime) -> Task:
    """The task its owner may put off now. Raises as `put_off` does."""
    task = own(uow, actor, task_id, "put this off")
    if task.state not in WAITS_FOR_ITS_OWNER:
        raise AlreadyDecided(what=task.title, state=task.state.value, by=task.decided_by or task.submitted_by)
    if task.external:
        raise ExternalDate(title=task.title, due_on=task.due_on)
    if task.snoozes >= PUT_OFF.most_times or latest_day(task) <= max(task.due_on, _today(uow, at)):
        raise CannotPutOff(title=task.title, times=task.snoozes, latest=None)
    return task


# --- commands: what those who were asked can do ---


def take(uow: UnitOfWork, actor: Actor, *, handover_id: int, at: datetime) -> Task:
    """Somebody accepts what was delegated to them, or a lead the suggestion of "not me".

    Raises `NotAllowed`, or `AlreadyDecided` when it was answered or withdrawn before.
    """
    asked, task = to_answer(uow, actor, handover_id=handover_id, at=at)
    must_change_hands(task)
    if asked.to_id is None:
        raise InputWanted("person", "choose who should do it")
    people_questions.must_be_able_to_take_over(uow, asked.to_id, on=_today(uow, at), field="person")
    owners.settle(uow, asked, HandoverState.TAKEN, by=actor.person_id, at=at)
    kind = "task.take" if asked.kind is HandoverKind.DELEGATION else "task.assign"
    stands_in_for = task.stands_in_for if asked.kind is HandoverKind.DELEGATION else None
    given = owners.move(uow, task, asked.to_id, verb=kind, by=actor.person_id, at=at, stands_in_for=stands_in_for)
    _tell_of_change(uow, given, before=task.owner_id, actor=actor, at=at)
    return given


def decline(uow: UnitOfWork, actor: Actor, *, handover_id: int, at: datetime) -> Task:
    """Somebody says no to what was delegated to them, or a lead to "not me"; the owner hears it."""
    asked, task = to_answer(uow, actor, handover_id=handover_id, at=at)
    owners.settle(uow, asked, HandoverState.DECLINED, by=actor.person_id, at=at)
    _note(uow, actor, task, "task.decline", at=at, kind=asked.kind.value)
    nudge_commands.owe(
        uow,
        [asked.by_id],
        subject="task",
        subject_id=task.id,
        rung="declined",
        what=asked.id,
        at=at,
        values={"by": actor.person_id},
    )
    return task


def to_answer(uow: UnitOfWork, actor: Actor, *, handover_id: int, at: datetime) -> tuple[Handover, Task]:
    """What the actor was asked, and about which task. Raises `NotAllowed` or `AlreadyDecided`."""
    asked = uow.get(Handover, handover_id)
    task = uow.get(Task, asked.task_id)
    if asked.kind is HandoverKind.NOT_MINE:
        actor.must("assign a task")
    elif actor.person_id != asked.to_id:
        raise NotAllowed(deed="answer this", who_may=f"<@{asked.to_id}>, who was asked")
    if asked.state is not HandoverState.WAITING:
        raise AlreadyDecided(what=task.title, state=asked.state.value, by=asked.settled_by)
    return asked, task


# --- commands: what a lead can do ---


def assign(
    uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, to_id: str | None, reason: str = "", at: datetime
) -> Task:
    """A lead gives a task to somebody, for good. Raises as `to_assign` and `delegate` do."""
    task = to_assign(uow, actor, task_id=task_id, version=version, at=at)
    chosen = _candidate(uow, task, to_id, at).slack_id
    details = {"reason": reason.strip()}
    given = owners.move(uow, task, chosen, verb="task.assign", by=actor.person_id, at=at, details=details)
    _tell_of_change(uow, given, before=task.owner_id, actor=actor, at=at)
    return given


def to_assign(uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, at: datetime) -> Task:
    """The task a lead is about to give to somebody. Raises `NotAllowed`, `AlreadyDecided` or `Stale`."""
    actor.must("assign a task")
    task = uow.get(Task, task_id)
    must_change_hands(task)
    if task.version != version:
        raise Stale(what=task.title)
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


def to_assign_all(uow: UnitOfWork, actor: Actor, *, from_id: str, to_id: str, at: datetime) -> Load:
    """What a lead is about to give from one person to another. Raises `NotAllowed` or `CannotTakeOver`."""
    actor.must("assign a task")
    if from_id == to_id:
        raise CannotTakeOver(person=to_id, because="same")
    people_questions.must_be_able_to_take_over(uow, to_id, on=_today(uow, at))
    if people_queries.person(uow, from_id) is None:
        raise CannotTakeOver(person=from_id, because="unknown")
    return load(uow, from_id)


def assign_all(uow: UnitOfWork, actor: Actor, *, from_id: str, to_id: str, numbers: str, at: datetime) -> Load:
    """A lead gives everything one person looks after to another, all or nothing.

    `numbers` are those the lead has seen: raises `Stale` when they are others by now, else as `to_assign_all` does.
    """
    found = to_assign_all(uow, actor, from_id=from_id, to_id=to_id, at=at)
    if found.numbers != numbers:
        raise Stale(what="What you are handing over")
    for task in (*found.waiting, *found.scheduled):
        owners.move(uow, task, to_id, verb="task.assign", by=actor.person_id, at=at)
    give_obligations(uow, found.obligations, to_id, by=actor.person_id, at=at)
    if found.waiting or found.scheduled:
        counts = {"waiting": len(found.waiting), "coming": len(found.scheduled)}
        tell_of_work(uow, to_id, "given", from_id, **counts, at=at)
    return found


def give_obligations(uow: UnitOfWork, obligations: list[Obligation], to_id: str, *, by: str, at: datetime) -> None:
    """Give obligations to somebody, so that their next tasks are theirs too."""
    for each in obligations:
        uow.change(each, owner_id=to_id)
        uow.record(
            actor=by,
            verb="obligation.assign",
            subject="obligation",
            subject_id=each.id,
            at=at,
            details={"from": each.owner_id, "to": to_id},
        )


# --- what others hear ---


def tell_of_work(
    uow: UnitOfWork, to_id: str, why: str, from_id: str, *, waiting: int, coming: int, at: datetime
) -> None:
    """Somebody is owed one word for everything they have got, or got back. `why` is given, stand_in or back."""
    before = people_queries.person(uow, from_id)
    nudge_commands.owe(
        uow,
        [to_id],
        subject="work",
        subject_id=before.id if before else 0,
        rung=why,
        what=int(at.timestamp()),
        at=at,
        values={"from": from_id, "waiting": waiting, "coming": coming},
    )


def _tell_of_change(uow: UnitOfWork, given: Task, *, before: str, actor: Actor, at: datetime) -> None:
    """The new owner gets the card, the one before hears who has it now. Whoever took it on gets the card at once."""
    about = {"by": actor.person_id, "before": before, "to": given.owner_id}
    for person_id in (given.owner_id, before):
        if person_id == actor.person_id:
            nudge_commands.tell(
                uow,
                [person_id],
                kind="task.given",
                subject="task",
                subject_id=given.id,
                at=at,
                what=(person_id, before, given.version),
                at_once=True,
            )
        elif people_questions.reachable(uow, person_id):
            nudge_commands.owe(
                uow,
                [person_id],
                subject="task",
                subject_id=given.id,
                rung="given",
                what=given.version,
                at=at,
                values=about,
            )


def _note(uow: UnitOfWork, actor: Actor, task: Task, verb: str, *, at: datetime, **details: str | None) -> None:
    """Write down what was said about a task, and bring its cards up to date."""
    touched = uow.change(task)
    uow.record(actor=actor.person_id, verb=verb, subject="task", subject_id=task.id, at=at, details=dict(details))
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=touched.version, at=at)


def _today(uow: UnitOfWork, at: datetime) -> date:
    return nudge_rules.local_day(uow.workspace().zone, at)


# --- questions ---


def to_find_owners(uow: UnitOfWork) -> list[Task]:
    """The tasks for which a lead has to find somebody: nobody looks after them, or their owner says "not me"."""
    not_theirs = [uow.get(Task, asked.task_id) for asked in task_queries.not_mine(uow)]
    return without_owner(uow) + [task for task in not_theirs if task.state in CHANGES_HANDS]


def without_owner(uow: UnitOfWork) -> list[Task]:
    """The tasks that wait for somebody who has left: nobody took them over."""
    left = [person.slack_id for person in people_queries.gone(uow)]
    return task_queries.waiting_for_any(uow, left) if left else []
