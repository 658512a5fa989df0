"""Evidence room: a message of Slack, saved as a file that says who wrote what, when and where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import saved_messages as stored_saved_messages
from storage.evidence.tables import Evidence, MessageFile, OfferedMessage, WayIn
from workflows.evidence import arrivals
from workflows.evidence import commands as evidence_commands
from workflows.evidence.arrivals import MayTake, Piece
from workflows.evidence.rules import OfferedFile, Place
from workflows.people.rules import Actor
from workflows.refusals import NotAllowed

# --- rules ---


@dataclass(frozen=True)
class SlackMessage:
    """A message as Slack showed it to somebody. `author_id` is a person's id, or the name of an app."""

    channel_id: str
    channel_name: str
    ts: str
    author_id: str
    text: str
    files: Sequence[MessageFile] = ()


def source_of(message: OfferedMessage, task_id: int) -> str:
    """What tells a saved message apart: the same one serves the same task once."""
    return f"message:{message.channel_id}:{message.message_ts}:{task_id}"


# --- commands ---


def offer(uow: UnitOfWork, actor: Actor, *, message: SlackMessage, at: datetime) -> tuple[OfferedMessage, MayTake]:
    """Somebody wants to save a message: remember what it says until they have said for which task.

    Raises `NoTaskTakesEvidence` where there is no task that takes evidence from them.
    """
    choice = arrivals.tasks_taking(uow, actor, at=at)
    offered = uow.add(
        OfferedMessage(
            person_id=actor.person_id,
            channel_id=message.channel_id,
            channel_name=message.channel_name,
            message_ts=message.ts,
            author_id=message.author_id,
            text=message.text,
            files=[vars(each) for each in message.files],
            offered_at=at,
        )
    )
    return offered, choice


def save(
    uow: UnitOfWork, actor: Actor, *, message_id: int, task_id: int, text: Piece, note: str, at: datetime
) -> list[Evidence]:
    """Keep what the message says, and take note of its files, whose bytes are collected afterwards.

    Raises `NotAllowed` or `AlreadyDecided`.
    """
    message = to_save(uow, actor, message_id=message_id, at=at)
    saved = arrivals.bring(uow, actor, task_id=task_id, pieces=[text], way_in=WayIn.SHORTCUT, at=at)
    files = [
        OfferedFile(each.id, each.name, each.size, each.permalink, note)
        for each in stored_saved_messages.files_of(message)
    ]
    place = Place("", "", WayIn.SHORTCUT)
    return saved + evidence_commands.give(uow, actor, task_id=task_id, files=files, place=place, at=at)


# --- questions ---


def to_save(uow: UnitOfWork, actor: Actor, *, message_id: int, at: datetime) -> OfferedMessage:
    """The message somebody was about to save. Raises `NotAllowed` for anybody else's."""
    message = uow.get(OfferedMessage, message_id)
    if message.person_id != actor.person_id:
        raise NotAllowed(deed="save this message", who_may=f"<@{message.person_id}>")
    return message
