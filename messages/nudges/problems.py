"""Nudges room: which messages could not be delivered, and the button that has one sent again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from messages.nudges.ledger import kind_in_words, reason_in_words
from messages.nudges.payloads import MessageRef
from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words

SEND_AGAIN = "problems.send_again"


@dataclass(frozen=True)
class Problem:
    """A message that could not be delivered: to whom, when it was given up, and why, as the ledger keeps it.

    `recipient` is a person's or channel's id, empty for a card that could not be updated; `about` the title of its
    subject, if any.
    """

    message: int
    kind: str
    about: str
    recipient: str
    at: datetime
    reason: str


def problems(listed: Sequence[Problem], total: int, *, sent_again: bool = False) -> Message:
    """The answer to `/iso problems`, and to the button in it; `sent_again`: one has just been taken off the list."""
    wording = words("nudges/problems", total=total)
    remark = [kit.section(wording.sent_again)] if sent_again else []
    if not listed:
        return kit.message(wording.nothing, [*remark, kit.section(wording.nothing)])
    lines = kit.fitting([_line(each) for each in listed], total)
    return kit.message(wording.headline, [*remark, kit.section(wording.headline), *lines, kit.context(wording.how)])


def _line(problem: Problem) -> list[Block]:
    said = words(
        "nudges/problems",
        problem=problem,
        kind=kind_in_words(problem.kind),
        reason=reason_in_words(problem.reason),
    )
    return [kit.section(said.line, button=kit.button(said.button_send_again, SEND_AGAIN, MessageRef(problem.message)))]


def in_one_line(problem: Problem) -> str:
    """The same for a terminal, where nobody is mentioned and nothing can be pressed."""
    said = words(
        "nudges/problems", problem=problem, kind=kind_in_words(problem.kind), reason=reason_in_words(problem.reason)
    )
    return said.in_one_line.plain
