"""Evidence room: words in the thread of a card that answer nothing. On a task they can become a comment."""

from storage.evidence.tables import DroppedMessage
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import dropping
from workflows.evidence.dropping import Shown
from workflows.evidence.refusals import ChosenBefore, QuestionForgotten
from workflows.evidence.rules import Place
from workflows.nudges import rules as nudge_rules
from workflows.people.permissions import Permission
from workflows.refusals import NotAllowed, Tried, WhoMay
from workflows.tasks import commands as task_commands

OFFER = "evidence.comment"
"""The message that offers to keep words as a comment."""

MOST_TASKS = 5


def about(deed: Deed, *, place: Place) -> list[Shown]:
    """What stands in a thread in which somebody has written."""
    return dropping.shown_in(deed, place)


def offer(deed: Deed, *, text: str, place: Place, message_ts: str) -> None:
    """Keep words until their writer has said whether they are a comment on a task that the thread shows."""
    tasks = tasks_among(deed, about(deed, place=place))[:MOST_TASKS]
    kept = deed.uow.add_once(
        DroppedMessage(
            person_id=deed.by,
            channel_id=place.channel_id,
            message_ts=message_ts,
            thread_ts=place.message_ts,
            note=text,
            choices=[["task", each.id] for each in tasks],
            dropped_at=deed.at,
        )
    )
    if kept is not None:
        _say(deed, kept)


def keep(deed: Deed, *, dropped_id: int, number: int) -> Task:
    """They say that the words are a comment. Raises `QuestionForgotten`, `NotAllowed` or `ChosenBefore`."""
    kept = next(iter(deed.uow.matching(DroppedMessage, id=dropped_id)), None)
    if kept is None or number not in range(len(kept.choices)):
        raise QuestionForgotten
    if deed.by != kept.person_id:
        raise NotAllowed(Tried.CHOOSE_FOR_FILE, WhoMay.PERSON, kept.person_id)
    if kept.chosen is not None:
        raise ChosenBefore(file=kept.note[:60], called=task_of(deed, kept, kept.chosen).title)
    deed.redraw(deed.uow.change(kept, chosen=number))
    return task_commands.comment(deed, task_id=task_of(deed, kept, number).id, text=kept.note)


def task_of(deed: Deed, kept: DroppedMessage, number: int) -> Task:
    """One of the tasks that words may be a comment on."""
    return deed.uow.get(Task, kept.choices[number][1])


def is_offered(dropped: DroppedMessage) -> bool:
    """Whether it is words in the thread of a task, rather than files or an answer."""
    return not dropped.files and all(table == "task" for table, _ in dropped.choices)


def tasks_among(deed: Deed, shown: list[Shown]) -> list[Task]:
    """Those on which the actor may leave a comment."""
    sees_all = deed.may(Permission.SEE_EVERYONES_TASKS)
    tasks = [each for each in shown if isinstance(each, Task)]
    return [each for each in tasks if sees_all or deed.by in (each.owner_id, each.stands_in_for)]


def _say(deed: Deed, kept: DroppedMessage) -> None:
    deed.uow.schedule(
        slot=nudge_rules.slot(OFFER, kept.id),
        kind=OFFER,
        recipient=kept.channel_id,
        subject="dropped_message",
        subject_id=kept.id,
        not_before=deed.at,
        at=deed.at,
    )
