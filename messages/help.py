"""What the bot understands, and what it says to a command it does not know."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from messages import kit
from messages.kit import Message
from messages.wording import words

Command = tuple[str, str, str]
"""The verb, how to type it, and what it does."""


def overview(commands: Sequence[Command]) -> Message:
    """Every command with one sentence each; the answer to `/iso help`."""
    wording = words("help/overview")
    return kit.message(wording.summary, [kit.header(wording.title), _lines(commands), kit.context(wording.hint)])


def unknown_command(*, typed: str, nearest: Sequence[str], commands: Sequence[Command]) -> Message:
    """Told to somebody who typed no command we know, with the likely ones and all the others."""
    wording = words("help/unknown_command", typed=typed, nearest=nearest)
    return kit.message(wording.summary, [kit.section(wording.sentence), _lines(commands)])


def _lines(commands: Sequence[Command]) -> Block:
    return kit.lines([words("help/overview", usage=usage, sentence=sentence).line for _, usage, sentence in commands])
