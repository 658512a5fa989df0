"""Evidence room: the forms by which a message or a link becomes evidence, and what a saved message reads like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from slack_sdk.models.blocks import Block, InputBlock

from messages.evidence.payloads import OfferedMessageRef
from messages.words import fields, kit, limits
from messages.words.kit import Modal
from messages.words.wording import words

SAVE_MESSAGE = "evidence.save_message"
SAVE_MESSAGE_FORM = "evidence.save_message_form"
LINK_FORM = "evidence.link_form"

TASK = "task"
NOTE = "note"
URL = "url"


@dataclass(frozen=True)
class TaskChoice:
    """A task that a piece of evidence may be for."""

    id: int
    title: str
    due_on: date


@dataclass(frozen=True)
class Choices:
    """The tasks somebody may choose from: their own, and other people's."""

    own: Sequence[TaskChoice]
    others: Sequence[TaskChoice]


@dataclass(frozen=True)
class SavedMessage:
    """A message as it goes into the file: `at` is when it was written, `names` are people by their ids.

    `permalink` is empty where Slack does not tell it; `files` are their names.
    """

    author_id: str
    channel_id: str
    channel_name: str
    at: datetime
    permalink: str
    text: str
    files: Sequence[str]
    names: dict[str, str]
    saved_by: str
    saved_at: datetime


def save_message_modal(*, ref: OfferedMessageRef, text: str, author_id: str, files: int, choices: Choices) -> Modal:
    """Asks for which task a message is kept."""
    wording = words("evidence/save_message", text=text, author_id=author_id, files=files)
    return kit.modal(
        SAVE_MESSAGE_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            kit.section(wording.said),
            *task_field(choices),
            fields.text(NOTE, wording.note, wording.note_hint, optional=True),
        ],
        submit=wording.submit,
        payload=ref,
    )


def link_modal(*, url: str, is_fetched: bool, choices: Choices) -> Modal:
    """Asks for which task an address is kept, and says what will become of it."""
    wording = words("evidence/link", is_fetched=is_fetched)
    return kit.modal(
        LINK_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.text(URL, wording.url, given=url, long=False),
            *task_field(choices),
            fields.text(NOTE, wording.note, wording.note_hint, optional=True),
        ],
        submit=wording.submit,
    )


def task_field(choices: Choices) -> list[Block]:
    """The menu of tasks, one's own first; below it how many did not fit."""
    wording = words("evidence/which_task")
    groups = [
        (wording[f"group_{name}"].plain, [_choice(each) for each in listed[: limits.SELECT_OPTIONS]])
        for name, listed in (("own", choices.own), ("others", choices.others))
        if listed
    ]
    left_off = sum(max(0, len(each) - limits.SELECT_OPTIONS) for each in (choices.own, choices.others))
    given = str(choices.own[0].id) if len(choices.own) == 1 else None
    field: InputBlock = fields.one_of_groups(TASK, wording.task, groups, given=given)
    return [field, *kit.more(left_off)]


def _choice(task: TaskChoice) -> fields.Choice:
    return str(task.id), words("evidence/which_task", task=task).option.plain


def message_file(message: SavedMessage) -> str:
    """What a saved message reads like as a file: the same message saved at the same moment gives the same bytes.

    It is a record and no message of ours, so what was said stands in it as Slack tells it, sign by sign.
    """
    author = f"{message.names.get(message.author_id, 'unknown')} ({message.author_id})"
    saved_by = f"{message.names.get(message.saved_by, 'unknown')} ({message.saved_by})"
    facts = [
        ("Said by", author),
        ("Said at", _moment(message.at)),
        ("Where", f"{message.channel_name} ({message.channel_id})"),
        ("Address", message.permalink or "not known"),
        ("Files", ", ".join(message.files) or "none"),
        ("Saved at", _moment(message.saved_at)),
        ("Saved by", saved_by),
    ]
    head = "\n".join(f"{name + ':':<10}{' '.join(value.split())}" for name, value in facts)
    return f"A message saved out of Slack\n\n{head}\n\n{message.text}\n"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
