"""Evidence room: a message of Slack, saved as a file that says who wrote what, when and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from storage.evidence import saved_messages as stored_saved_messages
from storage.evidence.tables import Evidence, MessageFile, OfferedMessage, WayIn
from workflows.deed import Deed
from workflows.evidence import arrivals
from workflows.evidence import commands as evidence_commands
from workflows.evidence.arrivals import MayTake, Piece
from workflows.evidence.rules import OfferedFile, Place
from workflows.refusals import NotAllowed, Tried, WhoMay

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


FROM_A_MESSAGE = Place("", "", WayIn.SHORTCUT)
"""The files of a message were given where it stands, not here: the receipt goes to the person's direct messages."""


def source_of(message: OfferedMessage, task_id: int) -> str:
    """What tells a saved message apart: the same one serves the same task once."""
    return f"message:{message.channel_id}:{message.message_ts}:{task_id}"


# --- commands ---


def offer(deed: Deed, *, message: SlackMessage) -> tuple[OfferedMessage, MayTake]:
    """Somebody wants to save a message: remember what it says until they have said for which task.

    Raises `NoTaskTakesEvidence` where there is no task that takes evidence from them.
    """
    choice = arrivals.tasks_taking(deed)
    return remember(deed, message=message), choice


def remember(deed: Deed, *, message: SlackMessage) -> OfferedMessage:
    """Keep what a message says, and its files, until whoever wants to do something with it has said what."""
    return deed.uow.add(
        OfferedMessage(
            person_id=deed.by,
            channel_id=message.channel_id,
            channel_name=message.channel_name,
            message_ts=message.ts,
            author_id=message.author_id,
            text=message.text,
            files=[vars(each) for each in message.files],
            offered_at=deed.at,
        )
    )


def save(deed: Deed, *, message_id: int, task_id: int, text: Piece, note: str) -> list[Evidence]:
    """Keep what the message says, and take note of its files, whose bytes are collected afterwards.

    Raises `NotAllowed` or `AlreadyDecided`.
    """
    message = to_save(deed, message_id=message_id)
    saved = arrivals.bring(deed, task_id=task_id, pieces=[text], way_in=WayIn.SHORTCUT)
    files = files_of(message, note)
    return saved + evidence_commands.give(deed, task_id=task_id, files=files, place=FROM_A_MESSAGE)


# --- questions ---


def files_of(message: OfferedMessage, note: str = "") -> list[OfferedFile]:
    """The files of a message, with what is said about them."""
    found = stored_saved_messages.files_of(message)
    return [OfferedFile(each.id, each.name, each.size, each.permalink, note) for each in found]


def to_save(deed: Deed, *, message_id: int) -> OfferedMessage:
    """The message somebody was about to save. Raises `NotAllowed` for anybody else's."""
    message = deed.uow.get(OfferedMessage, message_id)
    if message.person_id != deed.by:
        raise NotAllowed(Tried.SAVE_MESSAGE, WhoMay.PERSON, message.person_id)
    return message
