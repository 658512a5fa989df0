"""Tasks: what is done, each as one unit of work."""

from collections.abc import Sequence
from datetime import date, timedelta

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence.tables import Verdict
from storage.people.tables import Role
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task, TaskComment, TaskState
from workflows.deed import Deed
from workflows.evidence import freshness, verdicts
from workflows.evidence.refusals import EvidenceMissing, OwnEvidence
from workflows.nudges import commands as nudge_commands
from workflows.nudges import ladders
from workflows.people import questions as people_questions
from workflows.refusals import AlreadyDecided, Stale, Thing, Tried
from workflows.tasks import owners
from workflows.tasks.questions import is_independent, kept, own, to_see, wanted
from workflows.tasks.refusals import ExternalDate, TooEarly
from workflows.tasks.rules import MISSED_AFTER_DAYS, MORE_TIME_DAYS, TO_MOVE, begins_on, moved
from workflows.wishes import Wish


def tick(deed: Deed) -> None:
    """Open the tasks whose lead time has begun and plan their first nudge; close those whose period has ended."""
    today = deed.today
    opened = _open(deed, task_queries.to_open(deed.uow, today), today=today)
    nudge_commands.plan_nudges(deed, opened, today=today)
    for task in task_queries.to_miss(deed.uow, today):
        _miss(deed, task)


def _open(deed: Deed, tasks: Sequence[Task], *, today: date) -> list[Task]:
    """Open each task for its owner, or for whoever stands in for them on that day."""
    ladders.read_ahead(deed.uow, tasks)
    following = task_queries.followed_on(deed.uow, tasks)
    return [_open_one(deed, task, following.get(task.id), today=today) for task in tasks]


def _open_one(deed: Deed, task: Task, following: date | None, *, today: date) -> Task:
    ends_on = following or task.scheduled_on + timedelta(days=MISSED_AFTER_DAYS)
    opened = deed.uow.change(
        task,
        state=moved(task, "open"),
        opened_at=deed.at,
        period_ends_on=ends_on,
        nudge_on=ladders.next_day(deed.uow, task, after=today),
    )
    deed.record("task.open", task)
    if people_questions.is_present(deed.uow, task.owner_id, on=today):
        return opened
    deputy = owners.stand_in(deed.uow, task, on=today)
    absent = task.owner_id if people_questions.reachable(deed.uow, task.owner_id) else None
    if deputy is None:
        return opened
    return owners.move(deed.by_itself, opened, deputy, verb="task.stand_in", stands_in_for=absent)


def _miss(deed: Deed, task: Task) -> None:
    missed = deed.uow.change(
        task, state=moved(task, "miss"), nudge_on=None, reason="", decided_by=None, decided_at=deed.at
    )
    owners.withdraw(deed, task)
    deed.record("task.miss", task)
    deed.redraw(missed)
    deed.daily([missed.owner_id], missed, "missed")


def begin(deed: Deed, *, task_id: int) -> Task:
    """The owner wants to do it now, before it opens by itself. Raises `NotAllowed`, `AlreadyDecided` or `TooEarly`."""
    task = own(deed, task_id, Tried.START)
    moved(task, "open")
    today = deed.today
    if today < begins_on(task):
        raise TooEarly(title=task.title, begins_on=begins_on(task))
    (opened,) = _open(deed, [task], today=today)
    nudge_commands.begin(deed, opened)
    return opened


def done(deed: Deed, *, task_id: int) -> Task:
    """The owner says that it is done, with the evidence given so far or where none is wanted.

    Raises `NotAllowed`, `AlreadyDecided`, or `EvidenceMissing` when evidence is wanted and none was given.
    """
    task = own(deed, task_id, Tried.SAY_DONE)
    state = moved(task, "submit")
    if task.evidence_required and not kept(deed.uow, task):
        raise EvidenceMissing(title=task.title, wanted=task.evidence_wanted)
    return submit(deed, task, state)


def submit(deed: Deed, task: Task, state: TaskState) -> Task:
    """Hand a task to the leads: the move itself, its entry on the trail, the cards, and the leads' queue."""
    submitted = deed.uow.change(
        task,
        state=state,
        submitted_at=deed.at,
        submitted_by=deed.by,
        decided_at=None,
        decided_by=None,
        reason="",
        nudge_on=None,
    )
    deed.record("task.submit", task)
    deed.redraw(submitted)
    leads = [lead for lead in people_questions.holders(deed.uow, Role.LEAD) if lead != task.owner_id]
    deed.daily(leads, submitted, "review")
    return submitted


def accept(deed: Deed, *, task_id: int, version: int) -> Task:
    """A lead accepts what was given. Nobody accepts own work: `OwnEvidence`. `version` guards what was seen."""
    task = to_judge(deed, move="accept", task_id=task_id, version=version)
    return _decide(deed, task, "accept", reason="")


def return_(deed: Deed, *, task_id: int, version: int, reason: str) -> Task:
    """A lead returns what was given, with a reason; the owner is told and the reminders go on."""
    missing = wanted(reason, Wish.SAY_WHAT_IS_MISSING)
    task = to_judge(deed, move="return", task_id=task_id, version=version)
    returned = _decide(deed, task, "return", reason=missing)
    deed.daily([returned.owner_id], returned, "returned")
    return returned


def waive(deed: Deed, *, task_id: int, version: int, reason: str) -> Task:
    """A lead decides that an occurrence is not needed, and why; never of a task of their own, nor an external one."""
    task = to_judge(deed, move="waive", task_id=task_id, version=version)
    waived = _settle(deed, task, "waive", reason=wanted(reason, Wish.SAY_WHY_NOT_NEEDED_THIS_TIME))
    deed.daily([waived.owner_id], waived, "waived")
    return waived


def reopen(deed: Deed, *, task_id: int, version: int, reason: str) -> Task:
    """A lead takes a verdict back, and says why; its owner gets two weeks where the day has passed."""
    task = to_judge(deed, move="reopen", task_id=task_id, version=version)
    reopened = _settle(deed, task, "reopen", reason=wanted(reason, Wish.SAY_WHY_NEEDED_AFTER_ALL))
    deed.daily([reopened.owner_id], reopened, "reopened")
    return reopened


def _settle(deed: Deed, task: Task, move: str, *, reason: str) -> Task:
    more = _more_time(deed.uow, task, deed.today) if move == "reopen" else {"nudge_on": None}
    settled = deed.uow.change(
        task, state=moved(task, move), decided_at=deed.at, decided_by=deed.by, reason=reason, **more
    )
    owners.withdraw(deed, task)
    deed.record(f"task.{move}", task, reason=reason)
    deed.redraw(settled)
    return settled


def _more_time(uow: UnitOfWork, task: Task, today: date) -> dict[str, date | None]:
    later = today + timedelta(days=MORE_TIME_DAYS)
    due_on = task.due_on if task.external or task.due_on > today else later
    ends_on = max(task.period_ends_on or later, later)
    nudge_on = ladders.next_day(uow, task, due_on=due_on, after=today)
    return {"due_on": due_on, "period_ends_on": ends_on, "nudge_on": nudge_on}


def explain(deed: Deed, *, task_id: int, reason: str) -> Task:
    """The owner says, once, why a period was missed; it stays missed."""
    task = to_explain(deed, task_id=task_id)
    why = wanted(reason, Wish.SAY_WHAT_GOT_IN_THE_WAY)
    explained = deed.uow.change(task, reason=why, decided_by=deed.by)
    deed.record("task.explain", task, reason=why)
    deed.redraw(explained)
    return explained


def to_explain(deed: Deed, *, task_id: int) -> Task:
    """The task whose owner may still say why it was missed. Raises `NotAllowed` or `AlreadyDecided`."""
    task = own(deed, task_id, Tried.SAY_WHY_MISSED)
    if task.state is not TaskState.MISSED or task.reason:
        raise AlreadyDecided(what=Thing.NAMED, called=task.title, state=task.state.value, by=task.decided_by)
    return task


def comment(deed: Deed, *, task_id: int, text: str) -> Task:
    """Leave a sentence on a task: its owner, whoever they stand in for, and those who see everyone's tasks."""
    task = to_see(deed, task_id=task_id)
    said = wanted(text, Wish.WRITE_SENTENCE, field="comment")
    note(deed, task, text=said)
    deed.record("task.comment", task, text=said)
    return task


def note(deed: Deed, task: Task, *, text: str) -> Task:
    """Leave a sentence on a task, whoever says it; its cards are drawn anew.

    The task itself stays as it was: a list that somebody looks at while they comment is not out of date.
    """
    said = deed.uow.add(TaskComment(task_id=task.id, person_id=deed.by, text=text, at=deed.at))
    deed.redraw(task, version=f"comment{said.id}")
    return task


def to_judge(deed: Deed, *, move: str, task_id: int, version: int) -> Task:
    """The task a lead is about to decide about. Raises as the move itself does."""
    deed.must(TO_MOVE[move])
    task = deed.uow.get(Task, task_id)
    moved(task, move)
    if not is_independent(deed.uow, task, deed.by):
        raise OwnEvidence(title=task.title)
    if move == "waive" and task.external:
        raise ExternalDate(title=task.title, due_on=task.due_on)
    if task.version != version:
        raise Stale(Thing.NAMED, task.title)
    return task


def _decide(deed: Deed, task: Task, move: str, *, reason: str) -> Task:
    accepted = move == "accept"
    today = deed.today
    ends_on = task.period_ends_on if accepted else _more_time(deed.uow, task, today)["period_ends_on"]
    decided = deed.uow.change(
        task,
        state=moved(task, move),
        decided_at=deed.at,
        decided_by=deed.by,
        reason=reason,
        nudge_on=None if accepted else ladders.next_day(deed.uow, task, after=today),
        period_ends_on=ends_on,
    )
    verdict = Verdict.ACCEPTED if accepted else Verdict.RETURNED
    until = freshness.runs_out_on(deed.uow, task, today) if accepted else None
    judged = verdicts.judge(deed, kept(deed.uow, task), verdict, reason=reason, runs_out_on=until)
    deed.record(f"task.{move}", task, reason=reason, evidence=[each.evidence.sha256 for each in judged])
    deed.redraw(decided)
    return decided
