"""Ladders of reminders at the edge: what lies ahead on them, and the administrator's own file."""

from collections.abc import Mapping

from bot.requirements import served
from bot.services import Services
from bot.settings import Settings
from bot.slack.calls import Call, Command, Open, Press, Reply, Tell
from bot.slack.routes import press
from messages.nudges import ladders as words
from messages.tasks.payloads import TaskRef
from messages.words.kit import Message, Modal
from storage.tasks.tables import Task
from workflows.deed import Deed, as_the_bot
from workflows.nudges import ladders, previews
from workflows.nudges.ladders import Audience, LaddersWrong
from workflows.nudges.previews import Preview

# --- what the words need to know ---


def _ahead(found: Preview) -> words.Preview:
    return words.Preview(
        title=found.task.title,
        owner_id=found.task.owner_id,
        due_on=found.task.due_on,
        state=found.task.state.value,
        kind=found.obligation.kind.value,
        urgency=found.obligation.urgency.value,
        coming=[_coming(found, each) for each in found.coming],
    )


def _coming(found: Preview, each: previews.Coming) -> words.Coming:
    is_holiday = each.moved_from is not None and each.moved_from.weekday() in found.working.weekdays
    return words.Coming(
        on=each.on,
        step=each.rung.step.value,
        days=each.rung.days,
        told=_by_audience(each.told),
        moved_from=each.moved_from,
        country=found.working.country if is_holiday and found.working.country else "",
    )


def _by_audience(told: Mapping[str, Audience]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for person_id, audience in told.items():
        found.setdefault(audience.value, []).append(person_id)
    return found


# --- what people do ---


async def preview(call: Command, searched: str) -> Reply:
    """`/iso nudges preview`, with words of a title."""
    return Tell(await call.ask(_found, searched=searched))


def _found(deed: Deed, *, searched: str) -> Message:
    found = previews.named(deed, words=searched.split())
    if len(found) == 1:
        return _preview(deed, task_id=found[0].id)
    return words.choices([_choice(task) for task in found], searched)


def _choice(task: Task) -> words.Found:
    return words.Found(TaskRef(task.id, task.version), task.title, task.owner_id, task.due_on)


async def show(call: Press[TaskRef]) -> Reply:
    """One of several was meant."""
    return Tell(await call.ask(_preview, task_id=call.payload.task), replace=True)


def _preview(deed: Deed, *, task_id: int) -> Message:
    return words.preview(_ahead(previews.preview(deed, task_id=task_id)))


async def why(call: Call, ref: TaskRef) -> Reply:
    """Somebody asks why they are asked, and who hears of it next."""
    return Open(await call.ask(_why, task_id=ref.task))


def _why(deed: Deed, *, task_id: int) -> Modal:
    found = previews.preview(deed, task_id=task_id)
    task, origin = found.task, previews.origin(deed.uow, found.task)
    reason = words.Why(
        purpose=task.purpose,
        requirements=served(deed.uow, task.requirements),
        verb=origin.verb,
        by=origin.by,
        at=origin.at,
        stands_in_for=task.stands_in_for,
        is_own=task.owner_id == deed.by,
    )
    return words.why(reason, _ahead(found))


ROUTES = (press(words.SHOW, TaskRef, show),)
DEEDS = {"why": why}
"""What the menu of a card leads to, in this room."""

# --- the administrator's own file ---


def own(settings: Settings) -> str:
    """The text of the file that DESKAUDIT_LADDERS names; empty where none is named.

    Raises `LaddersWrong` when it cannot be read, or when a ladder in it cannot be climbed.
    """
    if settings.ladders is None:
        return ""
    try:
        text = settings.ladders.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LaddersWrong([f"The file that DESKAUDIT_LADDERS names cannot be read: {error}."]) from error
    ladders.completed(text)
    return text


async def follow(services: Services, workspace_id: str) -> None:
    """Climb the ladders of that file from now on, or the shipped ones when it is named no longer."""
    at = services.clock.now()
    await services.database.run(workspace_id, as_the_bot(ladders.follow, at), own(services.settings))
