"""Evidence room at the edge: the shortcut "Save as evidence" on any message."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

from bot.files.storing import whole
from bot.services import Services
from bot.slack.calls import Form, Open, Reply, Shortcut
from bot.slack.errors import SlackError
from bot.slack.objects import SlackFile
from bot.slack.routes import form, shortcut
from messages.evidence import forms as words
from messages.evidence.forms import SavedMessage
from messages.evidence.payloads import OfferedMessageRef
from storage.evidence import saved_messages as stored_saved_messages
from storage.evidence.tables import MessageFile, OfferedMessage
from storage.people import queries as people_queries
from storage.tasks.tables import Task
from workflows.deed import Deed
from workflows.evidence import saved_messages
from workflows.evidence.arrivals import MayTake, Piece
from workflows.evidence.saved_messages import SlackMessage

KEPT_FOR_A_FORM = timedelta(days=2)
"""So long after a form was opened its message is there; Slack itself closes forms earlier."""


def choices(found: MayTake) -> words.Choices:
    """The tasks of a form's menu."""
    return words.Choices([_choice(each) for each in found.own], [_choice(each) for each in found.others])


def _choice(task: Task) -> words.TaskChoice:
    return words.TaskChoice(task.id, task.title, task.due_on)


async def begin(call: Shortcut) -> Reply:
    """Somebody wants to keep a message: for which task?"""
    message = slack_message(call)
    offered, found = await call.act(saved_messages.offer, message=message)
    return Open(
        words.save_message_modal(
            ref=OfferedMessageRef(offered.id),
            text=unescape(offered.text),
            author_id=offered.author_id,
            files=len(offered.files),
            choices=choices(found),
        )
    )


def slack_message(call: Shortcut) -> SlackMessage:
    """The message on which a shortcut was taken."""
    message: Mapping[str, Any] = call.message or {}
    files = [SlackFile.of(each) for each in message.get("files") or ()]
    return SlackMessage(
        channel_id=call.channel_id or "",
        channel_name=call.channel_name,
        ts=message.get("ts", "0"),
        author_id=str(message.get("user") or message.get("username") or message.get("bot_id") or "unknown")[:32],
        text=str(message.get("text") or "").replace("\0", ""),
        files=[MessageFile(each.id, each.name, each.size, each.permalink) for each in files],
    )


async def save(call: Form[OfferedMessageRef]) -> Reply:
    """The task was chosen: what the message says is put into the store, and then its row is written."""
    message, names = await call.ask(_to_write, message_id=call.payload.message)
    permalink = await _permalink(call.services, message)
    note, task_id = call.text(words.NOTE), int(call.choice(words.TASK) or 0)
    written = words.message_file(_saved(call, message, names, permalink)).encode()
    blob = await call.services.blobs.put(whole(written))
    text = Piece(
        name=f"message-{_written_at(message):%Y-%m-%d-%H%M%S}.txt",
        sha256=blob.sha256,
        size=blob.size,
        media_type="text/plain",
        source_key=saved_messages.source_of(message, task_id),
        permalink=permalink,
        note=note,
    )
    await call.act(saved_messages.save, message_id=message.id, task_id=task_id, text=text, note=note)
    return None


def _to_write(deed: Deed, *, message_id: int) -> tuple[OfferedMessage, dict[str, str]]:
    message = saved_messages.to_save(deed, message_id=message_id)
    named = people_queries.among(deed.uow, [message.author_id, deed.by])
    return message, {each.slack_id: each.name for each in named}


def _saved(call: Form[OfferedMessageRef], message: OfferedMessage, names: dict[str, str], url: str) -> SavedMessage:
    return SavedMessage(
        author_id=message.author_id,
        channel_id=message.channel_id,
        channel_name=message.channel_name,
        at=_written_at(message),
        permalink=url,
        text=message.text,
        files=[each.name for each in stored_saved_messages.files_of(message)],
        names=names,
        saved_by=call.person_id,
        saved_at=call.at,
    )


async def _permalink(services: Services, message: OfferedMessage) -> str:
    """The message's address; Slack tells none of a conversation that the app is not in, and that is no fault."""
    try:
        return await services.gateway.permalink(message.channel_id, message.message_ts)
    except SlackError:
        return ""


def _written_at(message: OfferedMessage) -> datetime:
    return datetime.fromtimestamp(float(message.message_ts), UTC)


async def forget(services: Services, workspace_id: str) -> None:
    """Drop what forms were opened for that nobody can submit any more."""
    await services.database.run(
        workspace_id, stored_saved_messages.forget_before, services.clock.now() - KEPT_FOR_A_FORM
    )


ROUTES = (
    shortcut(
        words.SAVE_MESSAGE,
        "Save as evidence",
        "Keeps what a message says, and its files, for one of your tasks",
        "message",
        begin,
    ),
    form(words.SAVE_MESSAGE_FORM, OfferedMessageRef, save),
)
