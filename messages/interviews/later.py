"""Interviews room: what becomes of a message after it was written: held back, edited or deleted."""

from dataclasses import dataclass

from messages.interviews.payloads import EditRef, HeldRef
from messages.words import kit
from messages.words.kit import Message
from messages.words.wording import words

NO_SECRET = "interview.no_secret"  # noqa: S105 - the id of a button
WRITE_AGAIN = "interview.write_again"
TAKE_EDIT = "interview.take_edit"
KEEP_FIRST = "interview.keep_first"


@dataclass(frozen=True)
class HeldBack:
    """A message of which nothing was kept: it `looks_like` a password, key, card or account in `line`, from 1.

    `settled_as`: no_secret or rewritten; empty while that is open.
    """

    ref: HeldRef
    looks_like: str
    line: int
    settled_as: str = ""


@dataclass(frozen=True)
class LaterEdit:
    """`what` was done in Slack to a message that is an answer: edited or deleted.

    It `waits` while the person can say whether the new `text` counts; `is_taken` says that it does. The interview
    `is_open` while the answer can still be changed.
    """

    ref: EditRef
    what: str
    text: str = ""
    waits: bool = False
    is_taken: bool = False
    is_open: bool = False


def held_back(held: HeldBack) -> Message:
    """What to do about words that look like a secret; once that is settled, what came of it."""
    wording = words("interviews/held_back", held=held)
    again = kit.button(wording.button_again, WRITE_AGAIN, held.ref, style="primary")
    buttons = [] if held.settled_as else [again, kit.button(wording.button_no_secret, NO_SECRET, held.ref)]
    return kit.message(wording.summary, [kit.section(wording.body), *kit.actions(buttons)])


def later(edit: LaterEdit) -> Message:
    """What a later edit or deletion means for the answer, and while it is open, which words should count."""
    wording = words("interviews/later", edit=edit)
    yes = kit.button(wording.button_yes, TAKE_EDIT, edit.ref)
    buttons = [yes, kit.button(wording.button_no, KEEP_FIRST, edit.ref)] if edit.waits else []
    return kit.message(wording.summary, [kit.section(wording.body), *kit.actions(buttons)])
