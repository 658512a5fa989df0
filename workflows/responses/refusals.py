"""Responses: what the conversation says no to."""

from dataclasses import dataclass

from workflows.refusals import Refusal


@dataclass(eq=False)
class NotWithWords(Refusal):
    """What was read back is sent or changed by its buttons; words would say neither."""

    number: int
