"""What the bot understands, and what it says to a command it does not know."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block

from messages import kit, limits
from messages.kit import Message
from messages.wording import words

Command = tuple[str, str, str]
"""The verb, how to type it, and what it does."""


def overview(commands: Sequence[Command]) -> Message:
    """Every command with one sentence each; the answer to `/iso help`."""
    wording = words("help/overview")
    return kit.message(wording.summary, [kit.header(wording.title), *_lines(commands), kit.context(wording.hint)])


def unknown_command(*, typed: str, nearest: Sequence[str], commands: Sequence[Command]) -> Message:
    """Told to somebody who typed no command we know, with the likely ones and all the others."""
    wording = words("help/unknown_command", typed=typed, nearest=nearest)
    return kit.message(wording.summary, [kit.section(wording.sentence), *_lines(commands)])


def _lines(commands: Sequence[Command]) -> list[Block]:
    """Every command, in as many paragraphs as they need: none of them is among "… and 3 more"."""
    lines = [words("help/overview", usage=usage, sentence=sentence).line for _, usage, sentence in commands]
    most = limits.LINES_IN_A_LIST
    return [kit.lines(lines[begin : begin + most]) for begin in range(0, len(lines), most)]
