"""What the bot understands, and what it says to a command it does not know."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from messages.words import kit, limits
from messages.words.kit import Message
from messages.words.wording import Phrase, words


@dataclass(frozen=True)
class Command:
    """The slash command, the word after it, and whether it does something for those without a role too."""

    slash: str
    verb: str
    for_all: bool


def overview(commands: Sequence[Command]) -> Message:
    """Every command with one sentence each; the answer to `/iso help`."""
    wording = words("home/help/overview")
    return kit.message(wording.summary, [kit.header(wording.title), *_lines(commands), kit.context(wording.hint)])


def unknown_command(*, typed: str, nearest: Sequence[str], commands: Sequence[Command]) -> Message:
    """Told to somebody who typed no command we know, with the likely ones and all the others."""
    wording = words("home/help/unknown_command", typed=typed, nearest=nearest)
    return kit.message(wording.summary, [kit.section(wording.sentence), *_lines(commands)])


def _lines(commands: Sequence[Command]) -> list[Block]:
    """Every command, everybody's first, in as many paragraphs as they need: none is among "… and 3 more"."""
    wording, most = words("home/help/overview"), limits.LINES_IN_A_LIST
    blocks: list[Block] = []
    for heading, for_all in ((wording.for_all, True), (wording.for_roles, False)):
        lines = [_line(each) for each in commands if each.for_all is for_all]
        blocks += [kit.section(heading)] if lines else []
        blocks += [kit.lines(lines[begin : begin + most]) for begin in range(0, len(lines), most)]
    return blocks


def _line(command: Command) -> Phrase:
    usage = words("home/help/verbs").get(f"{command.verb}_usage")
    return words("home/help/overview", command=command, usage=usage.plain if usage else "").line
