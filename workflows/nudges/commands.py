"""Nudges: what is done, each as one unit of work."""

from collections.abc import Sequence
from datetime import date

from storage.engine.unit_of_work import UnitOfWork
from storage.nudges import posted
from storage.nudges import queries as nudge_queries
from storage.nudges.tables import Nudge, NudgeState
from storage.record.outbox import DAY, OutboxRow, Outcome
from storage.tasks import queries as task_queries
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.nudges import ladders, notices
from workflows.nudges.ladders import OPENED
from workflows.nudges.reasons import Lost, lost
from workflows.nudges.rules import A_MOMENT, Settles


def tick(deed: Deed) -> None:
    """Plan what is due to be told by now. Doing it twice, or on two replicas, plans nothing twice."""
    today = deed.today
    to_nudge = task_queries.to_nudge(deed.uow, today)
    ladders.read_ahead(deed.uow, to_nudge)
    plan_nudges(deed, to_nudge, today=today)
    for person_id in posted.owed_without_message(deed.uow):
        # Owed in the very moment in which their message was sent.
        notices.plan_day(deed.uow, person_id, deed.at)


def plan_nudges(deed: Deed, tasks: Sequence[Task], *, today: date) -> None:
    """Note who is owed the rungs that tasks have reached, and when the next ones come; then plan everybody's day."""
    owed_now = [person_id for task in tasks for person_id in _climb_on(deed, task, today=today)]
    for person_id in dict.fromkeys(owed_now):
        notices.plan_day(deed.uow, person_id, deed.at)


def _climb_on(deed: Deed, task: Task, *, today: date) -> list[str]:
    """Note the rung that a task has reached and the day of the next; gives those who were not owed it before."""
    climb = ladders.climb(deed.uow, task)
    rung, coming = climb.reached(today), climb.next_day(today)
    if coming != task.nudge_on:
        deed.uow.change(task, nudge_on=coming)
    told = ladders.told(deed.uow, rung, task.owner_id, on=today)
    about = {"subject": "task", "subject_id": task.id, "rung": rung.name, "what": str(task.due_on)}
    return [
        person_id
        for person_id, audience in told.items()
        if notices.note(deed.uow, person_id, {**about, "values": {"audience": audience.value}}, deed.at)
    ]


def begin(deed: Deed, task: Task) -> None:
    """Plan the card of a task that its owner has begun by themselves, at once."""
    deed.message([task.owner_id], task, "task.nudge", what=(OPENED.name, task.due_on), at_once=True)


def settle(deed: Deed, row: OutboxRow, outcome: Outcome, settles: Settles | None) -> None:
    """Note what a message has told, and why the rest was left out; nobody is owed what could not be delivered.

    By which message that was to be told is kept, for whoever has it sent again. What has changed while the message was
    on its way is drawn anew.
    """
    if outcome is Outcome.FAILED and row.kind == DAY:
        never_told = {
            each.id: lost(Lost.NOT_DELIVERED, row.reason) for each in nudge_queries.owed_to(deed.uow, row.recipient)
        }
        settles = Settles(deed.at, left_out=never_told)
    if settles is None:
        return
    for nudge in settles.told:
        _settle_one(deed, nudge.id, NudgeState.TOLD, "", row.id)
    for nudge_id, reason in settles.left_out.items():
        never_told_by = row.id if outcome is Outcome.FAILED else None
        _settle_one(deed, nudge_id, NudgeState.SKIPPED, reason, never_told_by)
    if moved := _moved(deed.uow, settles, was_found=outcome is Outcome.FOUND):
        deed.redraw((moved.subject, moved.subject_id), version=f"sent{row.id}")


def _settle_one(deed: Deed, nudge_id: int, state: NudgeState, reason: str, message_id: int | None = None) -> None:
    nudge = deed.uow.get(Nudge, nudge_id)
    if nudge.state is NudgeState.OWED:
        deed.uow.change(nudge, state=state, reason=reason, settled_at=deed.at, message_id=message_id)


def _moved(uow: UnitOfWork, settles: Settles, *, was_found: bool) -> Nudge | None:
    """One of the things told that may look different by now; drawing it anew draws the whole message."""
    if was_found:
        return next(iter(settles.told), None)
    for subject in {nudge.subject for nudge in settles.told}:
        about = {nudge.subject_id: nudge for nudge in settles.told if nudge.subject == subject}
        for redrawn in posted.redrawn_since(uow, subject, list(about), settles.at - A_MOMENT):
            return about[redrawn]
    return None
