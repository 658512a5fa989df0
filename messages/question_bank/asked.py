"""Question bank room: a question exactly as whoever answers reads it, wherever it is asked.

Intent, red flags and what to listen for have no place here: they would lead the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from messages.words import kit
from messages.words.wording import words
from workflows.question_bank.shapes import AnswerKind, AskedQuestion, Tap

YES_OR_NO = (Tap.YES, Tap.NO, Tap.UNSURE)
ALWAYS = (Tap.UNKNOWN, Tap.SOMEBODY_ELSE, Tap.SKIP)


@dataclass(frozen=True)
class Asked:
    """A question as the `number`-th of `total`, counted from 1. `rows` are those drawn, where it speaks of them."""

    question: AskedQuestion
    number: int
    total: int
    rows: str = ""


def blocks(asked: Asked) -> list[Block]:
    """The question with what would help to answer it; its buttons belong below."""
    wording = words("question_bank/asked", asked=asked, text=asked.question.text.replace("{rows}", asked.rows))
    wanted = [words("question_bank/asked", wanted=each).drop for each in asked.question.wanted_evidence if each.ask]
    return [
        kit.context(wording.where),
        kit.section(wording.question),
        kit.context(wording[asked.question.kind], *wanted),
    ]


def answers(question: AskedQuestion) -> Sequence[tuple[str, str]]:
    """What answers the question by a tap, as what comes back and the words on its button."""
    if question.kind is AnswerKind.CHOICE:
        return [(each.id, each.label) for each in question.options]
    return [_tap(each) for each in YES_OR_NO] if question.kind is AnswerKind.YES_NO_UNSURE else []


def ways_out(question: AskedQuestion) -> Sequence[tuple[str, str]]:
    """What can be tapped below every question instead of an answer."""
    return [_tap(each) for each in ((Tap.NONE, *ALWAYS) if question.none_possible else ALWAYS)]


def _tap(tap: Tap) -> tuple[str, str]:
    return tap.value, words("question_bank/asked")[tap].plain
