"""Refusals: what happened, what was kept, and what to do, in one or two plain sentences."""

from typing import Any

from messages.words import kit
from messages.words.kit import Message, Modal
from messages.words.wording import words

NOTICE = "notice"
"""The callback id of a modal that only tells something; submitting it is not possible."""


def refusal(name: str, **values: Any) -> Message:
    """The refusal of that name, from `messages/words/templates/refusals/<name>.j2`."""
    wording = words(f"words/refusals/{name}", **values)
    return kit.message(wording.what, [kit.section(wording.what), kit.context(wording.advice)])


def refusal_modal(name: str, **values: Any) -> Modal:
    """The same refusal for somebody who is looking at a modal, where no message would be seen."""
    wording = words(f"words/refusals/{name}", **values)
    return kit.modal(NOTICE, words("words/surfaces").not_done, [kit.section(wording.what), kit.context(wording.advice)])


def retired(instead: str) -> Message:
    """Told to somebody who pressed a button whose place something else has taken; `instead` names the words for it."""
    told = words("words/retired")[instead]
    return kit.message(told, [kit.section(told)])
