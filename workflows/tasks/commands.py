"""Tasks: what is done, each as one unit of work."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Verdict
from storage.people.tables import Role
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskComment, TaskState
from workflows.evidence import freshness, verdicts
from workflows.evidence.refusals import EvidenceMissing, OwnEvidence
from workflows.nudges import commands as nudge_commands
from workflows.nudges import ladders
from workflows.nudges import rules as nudge_rules
from workflows.people import questions as people_questions
from workflows.people import rules as people_rules
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, Stale
from workflows.tasks import owners
from workflows.tasks.questions import is_independent, kept, own, to_see, wanted
from workflows.tasks.refusals import ExternalDate, TooEarly
from workflows.tasks.rules import MISSED_AFTER_DAYS, MORE_TIME_DAYS, begins_on, moved


def tick(uow: UnitOfWork, at: datetime) -> None:
    """Open the tasks whose lead time has begun and plan their first nudge; close those whose period has ended."""
    today = nudge_rules.local_day(uow.workspace().zone, at)
    opened = _open(uow, task_queries.to_open(uow, today), by=people_rules.THE_BOT, today=today, at=at)
    nudge_commands.plan_nudges(uow, opened, today=today, at=at)
    for task in task_queries.to_miss(uow, today):
        _miss(uow, task, at)


def _open(uow: UnitOfWork, tasks: Sequence[Task], *, by: str, today: date, at: datetime) -> list[Task]:
    """Open each task for its owner, or for whoever stands in for them on that day."""
    ladders.read_ahead(uow, tasks)
    following = task_queries.followed_on(uow, tasks)
    return [_open_one(uow, task, following.get(task.id), by=by, today=today, at=at) for task in tasks]


def _open_one(uow: UnitOfWork, task: Task, following: date | None, *, by: str, today: date, at: datetime) -> Task:
    ends_on = following or task.scheduled_on + timedelta(days=MISSED_AFTER_DAYS)
    opened = uow.change(
        task,
        state=moved(task, "open"),
        opened_at=at,
        period_ends_on=ends_on,
        nudge_on=ladders.next_day(uow, task, after=today),
    )
    uow.record(actor=by, verb="task.open", subject="task", subject_id=task.id, at=at)
    if people_questions.is_present(uow, task.owner_id, on=today):
        return opened
    deputy = owners.stand_in(uow, task, on=today)
    absent = task.owner_id if people_questions.reachable(uow, task.owner_id) else None
    if deputy is None:
        return opened
    return owners.move(uow, opened, deputy, verb="task.stand_in", by=people_rules.THE_BOT, at=at, stands_in_for=absent)


def _miss(uow: UnitOfWork, task: Task, at: datetime) -> None:
    missed = uow.change(task, state=moved(task, "miss"), nudge_on=None, reason="", decided_by=None, decided_at=at)
    owners.withdraw(uow, task, by=people_rules.THE_BOT, at=at)
    uow.record(actor=people_rules.THE_BOT, verb="task.miss", subject="task", subject_id=task.id, at=at)
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=missed.version, at=at)
    tell_owner(uow, missed, "missed", at=at)


def begin(uow: UnitOfWork, actor: Actor, *, task_id: int, at: datetime) -> Task:
    """The owner wants to do it now, before it opens by itself. Raises `NotAllowed`, `AlreadyDecided` or `TooEarly`."""
    task = own(uow, actor, task_id, "start this")
    moved(task, "open")
    today = nudge_rules.local_day(uow.workspace().zone, at)
    if today < begins_on(task):
        raise TooEarly(title=task.title, begins_on=begins_on(task))
    (opened,) = _open(uow, [task], by=actor.person_id, today=today, at=at)
    nudge_commands.begin(uow, opened, at=at)
    return opened


def done(uow: UnitOfWork, actor: Actor, *, task_id: int, at: datetime) -> Task:
    """The owner says that it is done, with the evidence given so far or where none is wanted.

    Raises `NotAllowed`, `AlreadyDecided`, or `EvidenceMissing` when evidence is wanted and none was given.
    """
    task = own(uow, actor, task_id, "say that this is done")
    state = moved(task, "submit")
    if task.evidence_required and not kept(uow, task):
        raise EvidenceMissing(title=task.title, wanted=task.evidence_wanted)
    return submit(uow, task, state, by=actor.person_id, at=at)


def submit(uow: UnitOfWork, task: Task, state: TaskState, *, by: str, at: datetime) -> Task:
    """Hand a task to the leads: the move itself, its entry on the trail, the cards, and the leads' queue."""
    submitted = uow.change(
        task,
        state=state,
        submitted_at=at,
        submitted_by=by,
        decided_at=None,
        decided_by=None,
        reason="",
        nudge_on=None,
    )
    uow.record(actor=by, verb="task.submit", subject="task", subject_id=task.id, at=at)
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=submitted.version, at=at)
    leads = [lead for lead in people_questions.holders(uow, Role.LEAD) if lead != task.owner_id]
    nudge_commands.owe(uow, leads, subject="task", subject_id=task.id, rung="review", what=submitted.version, at=at)
    return submitted


def accept(uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, at: datetime) -> Task:
    """A lead accepts what was given. Nobody accepts own work: `OwnEvidence`. `version` guards what was seen."""
    task = to_judge(uow, actor, move="accept", task_id=task_id, version=version, at=at)
    return _decide(uow, actor, task, "accept", reason="", at=at)


def return_(uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, reason: str, at: datetime) -> Task:
    """A lead returns what was given, with a reason; the owner is told and the reminders go on."""
    missing = wanted(reason, "say what is missing, in a sentence")
    task = to_judge(uow, actor, move="return", task_id=task_id, version=version, at=at)
    returned = _decide(uow, actor, task, "return", reason=missing, at=at)
    tell_owner(uow, returned, "returned", at=at)
    return returned


def waive(uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, reason: str, at: datetime) -> Task:
    """A lead decides that an occurrence is not needed, and why; never of a task of their own, nor an external one."""
    task = to_judge(uow, actor, move="waive", task_id=task_id, version=version, at=at)
    waived = _settle(uow, actor, task, "waive", reason=wanted(reason, "say why it isn't needed this time"), at=at)
    tell_owner(uow, waived, "waived", at=at)
    return waived


def reopen(uow: UnitOfWork, actor: Actor, *, task_id: int, version: int, reason: str, at: datetime) -> Task:
    """A lead takes a verdict back, and says why; its owner gets two weeks where the day has passed."""
    task = to_judge(uow, actor, move="reopen", task_id=task_id, version=version, at=at)
    reopened = _settle(uow, actor, task, "reopen", reason=wanted(reason, "say why it is needed after all"), at=at)
    tell_owner(uow, reopened, "reopened", at=at)
    return reopened


def _settle(uow: UnitOfWork, actor: Actor, task: Task, move: str, *, reason: str, at: datetime) -> Task:
    today = nudge_rules.local_day(uow.workspace().zone, at)
    more = _more_time(uow, task, today) if move == "reopen" else {"nudge_on": None}
    settled = uow.change(
        task, state=moved(task, move), decided_at=at, decided_by=actor.person_id, reason=reason, **more
    )
    owners.withdraw(uow, task, by=actor.person_id, at=at)
    uow.record(
        actor=actor.person_id,
        verb=f"task.{move}",
        subject="task",
        subject_id=task.id,
        at=at,
        details={"reason": reason},
    )
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=settled.version, at=at)
    return settled


def _more_time(uow: UnitOfWork, task: Task, today: date) -> dict[str, date | None]:
    later = today + timedelta(days=MORE_TIME_DAYS)
    due_on = task.due_on if task.external or task.due_on > today else later
    ends_on = max(task.period_ends_on or later, later)
    nudge_on = ladders.next_day(uow, task, due_on=due_on, after=today)
    return {"due_on": due_on, "period_ends_on": ends_on, "nudge_on": nudge_on}


def explain(uow: UnitOfWork, actor: Actor, *, task_id: int, reason: str, at: datetime) -> Task:
    """The owner says, once, why a period was missed; it stays missed."""
    task = to_explain(uow, actor, task_id=task_id, at=at)
    why = wanted(reason, "say what got in the way, in a sentence")
    explained = uow.change(task, reason=why, decided_by=actor.person_id)
    uow.record(
        actor=actor.person_id, verb="task.explain", subject="task", subject_id=task.id, at=at, details={"reason": why}
    )
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=explained.version, at=at)
    return explained


def to_explain(uow: UnitOfWork, actor: Actor, *, task_id: int, at: datetime) -> Task:
    """The task whose owner may still say why it was missed. Raises `NotAllowed` or `AlreadyDecided`."""
    task = own(uow, actor, task_id, "say why this was missed")
    if task.state is not TaskState.MISSED or task.reason:
        raise AlreadyDecided(what=task.title, state=task.state.value, by=task.decided_by)
    return task


def comment(uow: UnitOfWork, actor: Actor, *, task_id: int, text: str, at: datetime) -> Task:
    """Leave a sentence on a task: its owner, whoever they stand in for, and those who see everyone's tasks."""
    task = to_see(uow, actor, task_id=task_id, at=at)
    said = wanted(text, "write a sentence", field="comment")
    touched = note(uow, task, by=actor.person_id, text=said, at=at)
    uow.record(
        actor=actor.person_id, verb="task.comment", subject="task", subject_id=task.id, at=at, details={"text": said}
    )
    return touched


def note(uow: UnitOfWork, task: Task, *, by: str, text: str, at: datetime) -> Task:
    """Leave a sentence on a task, whoever says it; its cards are drawn anew."""
    uow.add(TaskComment(task_id=task.id, person_id=by, text=text, at=at))
    touched = uow.change(task)
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=touched.version, at=at)
    return touched


def tell_owner(uow: UnitOfWork, task: Task, rung: str, *, at: datetime) -> None:
    """The owner is owed what has become of a task."""
    nudge_commands.owe(uow, [task.owner_id], subject="task", subject_id=task.id, rung=rung, what=task.version, at=at)


def to_judge(uow: UnitOfWork, actor: Actor, *, move: str, task_id: int, version: int, at: datetime) -> Task:
    """The task a lead is about to decide about. Raises as the move itself does."""
    actor.must(f"{move} a task")
    task = uow.get(Task, task_id)
    moved(task, move)
    if not is_independent(uow, task, actor.person_id):
        raise OwnEvidence(title=task.title)
    if move == "waive" and task.external:
        raise ExternalDate(title=task.title, due_on=task.due_on)
    if task.version != version:
        raise Stale(what=task.title)
    return task


def _decide(uow: UnitOfWork, actor: Actor, task: Task, move: str, *, reason: str, at: datetime) -> Task:
    accepted = move == "accept"
    today = nudge_rules.local_day(uow.workspace().zone, at)
    ends_on = task.period_ends_on if accepted else _more_time(uow, task, today)["period_ends_on"]
    decided = uow.change(
        task,
        state=moved(task, move),
        decided_at=at,
        decided_by=actor.person_id,
        reason=reason,
        nudge_on=None if accepted else ladders.next_day(uow, task, after=today),
        period_ends_on=ends_on,
    )
    verdict = Verdict.ACCEPTED if accepted else Verdict.RETURNED
    until = freshness.runs_out_on(uow, task, today) if accepted else None
    judged = verdicts.judge(uow, actor, kept(uow, task), verdict, reason=reason, runs_out_on=until, at=at)
    uow.record(
        actor=actor.person_id,
        verb=f"task.{move}",
        subject="task",
        subject_id=task.id,
        at=at,
        details={"reason": reason, "evidence": [each.evidence.sha256 for each in judged]},
    )
    nudge_commands.refresh(uow, subject="task", subject_id=task.id, version=decided.version, at=at)
    return decided
