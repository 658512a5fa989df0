"""Concerns room: the card of leads and auditors, and what whoever brought it up reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from slack_sdk.models.blocks import Block, ButtonElement

from messages.concerns.payloads import ConcernRef
from messages.evidence.cards import GivenFile, file_blocks
from messages.nudges.day import DayItem, by_date
from messages.words import kit
from messages.words.kit import Message
from messages.words.payloads import Nothing
from messages.words.wording import Words, words

BRING_UP = "concern.bring_up"
NONCONFORMITY = "concern.nonconformity"
IMPROVEMENT = "concern.improvement"
SET_ASIDE = "concern.set_aside"

_BUTTONS = {
    NONCONFORMITY: "button_nonconformity",
    IMPROVEMENT: "button_improvement",
    SET_ASIDE: "button_set_aside",
}


@dataclass(frozen=True)
class Became:
    """What was made of a concern: nonconformity NC-`number`, or an improvement for `owner_id` by `due_on`.

    `end` is how that ended: closed, void, done or not_needed; empty while it goes on. A void one has a `reason`.
    """

    number: int | None = None
    owner_id: str = ""
    due_on: date | None = None
    end: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ConcernCard:
    """A concern as its cards show it. `state` is open, taken_up or set_aside; no `reporter_id`: without a name."""

    ref: ConcernRef
    number: int
    kind: str
    words: str
    place: str
    process: str
    reporter_id: str | None
    raised_at: datetime
    due_on: date
    today: date
    state: str
    decided_by: str | None = None
    reason: str = ""
    files: Sequence[GivenFile] = ()
    became: Became | None = None


def card(card: ConcernCard) -> Message:
    """The card of those who decide; once it is decided, without buttons."""
    wording = words("concerns/card", card=card)
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            *_body(wording, card),
            *file_blocks(card.files, to_judge=True),
            kit.section(wording[card.state]),
            *kit.actions(_buttons(wording, card)),
            kit.context(wording.why_you),
        ],
    )


def _body(wording: Words, card: ConcernCard) -> list[Block]:
    return [kit.section(wording.body), kit.context(wording.where)]


def _buttons(wording: Words, card: ConcernCard) -> list[ButtonElement]:
    if card.state != "open":
        return []
    return [kit.button(wording[block], action_id, card.ref) for action_id, block in _BUTTONS.items()]


def item_blocks(card: ConcernCard) -> list[Block]:
    """A concern in a list, with its buttons."""
    wording = words("concerns/card", card=card)
    return [kit.section(wording.line), *kit.actions(_buttons(wording, card))]


def day_item(shown: ConcernCard) -> DayItem:
    """A concern that nobody has decided about, as one of the things in the message of the day."""
    group = by_date(shown.due_on, shown.today) if shown.state == "open" else "settled"
    return DayItem(group, f"C-{shown.number}", item_blocks(shown), lambda: card(shown), shown.due_on)


def receipt(card: ConcernCard) -> Message:
    """To whoever brought it up: that it is kept, and how it stands."""
    wording = words("concerns/receipt", card=card)
    status = wording[card.state]
    return kit.message(
        wording.summary,
        [
            kit.section(wording.thanks),
            kit.section(wording.body),
            *file_blocks(card.files, to_judge=False),
            kit.section(status),
            kit.context(wording.who_reads),
        ],
    )


def kept_without_name(*, number: int) -> Message:
    """The same to somebody who gave no name, in the window in which they wrote."""
    wording = words("concerns/receipt", number=number)
    return kit.message(wording.summary_without_name, [kit.section(wording.without_name)])


def answer(card: ConcernCard) -> Message:
    """To whoever brought it up: what became of it."""
    wording = words("concerns/answer", card=card)
    said = wording[_outcome(card)]
    return kit.message(wording.summary, [kit.section(said), kit.section(wording.body), kit.context(wording.why_you)])


def _outcome(card: ConcernCard) -> str:
    if card.became is None:
        return card.state
    return card.became.end or ("nonconformity" if card.became.number else "improvement")


def bring_up_button() -> ButtonElement:
    """On everybody's Home."""
    return kit.button(words("concerns/noticed_modal").button, BRING_UP, Nothing())
