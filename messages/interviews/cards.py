"""Interviews room: the invitation, what was understood, and the copy that both sides keep."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from slack_sdk.models.blocks import Block, ButtonElement

from messages.interviews.payloads import InterviewRef, QuestionRef
from messages.nudges.day import DayItem, by_date
from messages.words import fields, kit, limits
from messages.words.kit import Message, Modal
from messages.words.wording import Words, words

A = TypeVar("A")

GO_ON = "interview.answer"
DECLINE = "interview.decline"
TALK = "interview.talk"
CONFIRM = "interview.confirm"
CHANGE = "interview.change"
NOTE_TALK = "interview.note_talk"
ASK_INSTEAD = "interview.ask_instead"
DECLINE_FORM = "interview.decline_form"
REASON = "reason"

_OPEN_STATES = ("invited", "answering")
_EXCERPTS = (1_500, 800, 400, 200, 100, 40)  # characters of each answer shown, from generous to scant
_ROOM_FOR_ANSWERS = limits.MESSAGE_BLOCKS_TOGETHER - 2_000


@dataclass(frozen=True)
class InterviewCard:
    """Somebody's part in a desk audit. `state`: invited, answering, confirming, confirmed, declined, withdrawn or left.

    `answered` of `total` questions are dealt with, by `due_on` all should be. `purpose` is what the audit is for,
    `readers` who reads the answers and `kept_months` how long they are kept. `asked_by` is the colleague who handed
    the questions on, if one did; `reason` why it was withdrawn; `resumes_on` the day on which they want to go on. It
    `has_confirmed` where some of it was confirmed, be it in an earlier round; at `reported_at` the report was signed.
    """

    ref: InterviewRef
    audit_title: str
    person_id: str
    auditor_id: str
    minutes: int
    answered: int
    total: int
    state: str
    confirmed_at: datetime | None = None
    purpose: str = ""
    readers: Sequence[str] = ()
    kept_months: int = 0
    due_on: date | None = None
    asked_by: str = ""
    reason: str = ""
    resumes_on: date | None = None
    talk_wanted: bool = False
    has_confirmed: bool = False
    reported_at: datetime | None = None


@dataclass(frozen=True)
class InterviewItem:
    """An interview as a line in somebody's list."""

    ref: InterviewRef
    audit_title: str
    auditor_id: str
    answered: int
    total: int
    state: str


@dataclass(frozen=True)
class Marks:
    """What became of an answer. `noted_by` is the auditor whose notes of a talk it is.

    `redaction` is why words of it were taken out; `is_edited` and `deleted_at` are about its message in Slack. At
    `let_go_at` all words went, since their time was over.
    """

    noted_by: str = ""
    redaction: str = ""
    redacted_by: str = ""
    redacted_at: datetime | None = None
    is_edited: bool = False
    deleted_at: datetime | None = None
    let_go_at: datetime | None = None


NO_MARKS = Marks()


@dataclass(frozen=True)
class Drawn:
    """What was drawn by `seed` from a list of so many `rows`, called by their `labels`.

    `fingerprint` is the list's SHA-256; `asks` what is asked of the rows. It `was_counted` where that is still to say.
    """

    rows: int
    fingerprint: str
    seed: int
    labels: Sequence[str]
    asks: str = ""
    was_counted: bool = False


ROOM_FOR_ONE = 2_000
"""Characters of an answer that stands alone, which leaves room for its files, for what was drawn and for marks."""


@dataclass(frozen=True)
class GivenAnswer:
    """An answer as the person who gave it reads it.

    `kind`: given, unknown, none, skipped, handed_on or open, which waits for an answer. `chosen` is the label of what
    was tapped; `number` and `day` what was read out of `text`; `handed_to` the colleague who is asked; `files` names;
    `draws` what was drawn from the list that it is. It `is_row` where it shows one of the rows drawn.
    """

    ref: QuestionRef
    prompt: str
    text: str
    kind: str = "given"
    chosen: str = ""
    number: float | None = None
    day: date | None = None
    handed_to: str = ""
    files: Sequence[str] = ()
    marks: Marks = NO_MARKS
    draws: Sequence[Drawn] = ()
    is_row: bool = False


@dataclass(frozen=True)
class Sealed:
    """The copy of a round that both sides keep. `digest` is the SHA-256 over it, `others` the rounds before."""

    audit_title: str
    auditor_id: str
    sealed_at: datetime
    digest: str
    answers: Sequence[GivenAnswer]


# --- the invitation ---


def invitation(card: InterviewCard) -> Message:
    """The living card of an interview, in the interviewee's direct messages; the conversation stands in its thread."""
    wording = words("interviews/invitation", card=card)
    is_open = card.state in _OPEN_STATES
    told = _told(wording, card) if is_open else []
    talk = [kit.context(wording.talk_wanted)] if is_open and card.talk_wanted else []
    buttons = _invitation_buttons(wording, card) if is_open else []
    body = [kit.header(wording.title), kit.section(wording[card.state])]
    return kit.message(wording.summary, [*body, *told, *talk, *kit.actions(buttons)])


def _told(wording: Words, card: InterviewCard) -> list[Block]:
    """How it goes is said before it begins; who reads the answers, as long as any can be given."""
    expect = [kit.section(wording.what_to_expect)] if card.state == "invited" else []
    return [*expect, kit.context(wording.who_reads)]


def _invitation_buttons(wording: Words, card: InterviewCard) -> list[ButtonElement]:
    talk = kit.button(wording.button_talk, TALK, card.ref)
    decline = kit.button(wording.button_decline, DECLINE, card.ref)
    return [
        _go_on_button(card.ref, card.answered, card.total, card.state),
        *([] if card.talk_wanted else [talk]),
        decline,
    ]


def _go_on_button(ref: InterviewRef, answered: int, total: int, state: str) -> ButtonElement:
    wording = words("interviews/invitation", answered=answered, total=total)
    label = wording.button_continue if state != "invited" else wording.button_begin
    return kit.button(label, GO_ON, ref, style="primary")


def decline_modal(ref: InterviewRef) -> Modal:
    """Not me: with a reason, if they like to give one."""
    wording = words("interviews/decline_modal")
    reason = fields.text(REASON, wording.reason, wording.reason_hint, optional=True)
    return kit.modal(
        DECLINE_FORM, wording.heading, [kit.section(wording.intro), reason], submit=wording.submit, payload=ref
    )


def item_blocks(item: InterviewItem) -> list[Block]:
    """An interview in a list, with the way back into it."""
    wording = words("interviews/item", item=item)
    goes_on = item.state in _OPEN_STATES
    button = _go_on_button(item.ref, item.answered, item.total, item.state) if goes_on else None
    return [kit.section(wording.line, button=button)]


# --- what was understood ---


def summary(*, ref: InterviewRef, audit_title: str, answers: Sequence[GivenAnswer]) -> Message:
    """Every answer read back to the person who gave it, to be corrected or confirmed."""
    wording = words("interviews/summary", audit_title=audit_title, total=len(answers))
    confirm = kit.button(wording.button_confirm, CONFIRM, ref, style="primary")
    intro = kit.section(wording.intro)
    asked = [kit.section(wording.is_it_right), kit.context(wording.after), *kit.actions([confirm])]
    return kit.message(wording.summary, [intro, *all_of(answers, _to_be_changed), *asked])


def replaced_summary(audit_title: str) -> Message:
    """An earlier list, since the answers have changed: the one that counts stands further down."""
    wording = words("interviews/summary", audit_title=audit_title)
    return kit.message(wording.summary, [kit.context(wording.replaced)])


def _to_be_changed(answer: GivenAnswer, room: int) -> list[Block]:
    button = kit.button(words("interviews/summary").button_change, CHANGE, answer.ref)
    return [kit.section(words("interviews/said", answer=answer, room=room).line, button=button)]


def sealed(copy: Sealed) -> Message:
    """The answers as they were confirmed, with their fingerprint; the auditor has the same."""
    wording = words("interviews/sealed", copy=copy)
    head = [kit.section(wording.body), kit.context(wording.fingerprint)]
    return kit.message(wording.summary, [*head, *all_of(copy.answers, said)])


def said(answer: GivenAnswer, room: int) -> list[Block]:
    """An answer with its question, as much of it as there is `room` for."""
    return [kit.section(words("interviews/said", answer=answer, room=room).line)]


def all_of(answers: Sequence[A], shown: Callable[[A, int], list[Block]]) -> list[Block]:
    """Every answer with its button, each with as much of its text as leaves room for all of them."""
    groups: list[list[Block]] = []
    for excerpt in _EXCERPTS:
        groups = [shown(each, excerpt) for each in answers]
        if kit.weight([block.to_dict() for group in groups for block in group]) <= _ROOM_FOR_ANSWERS:
            break
    return kit.fitting(groups, len(groups), characters=_ROOM_FOR_ANSWERS)


# --- the message of the day ---


def reminder(card: InterviewCard, today: date) -> DayItem:
    """Questions that wait for the reader, and what happens if they don't answer."""
    wording = words("interviews/reminder", card=card, today=today)
    goes_on = card.state in _OPEN_STATES
    button = _go_on_button(card.ref, card.answered, card.total, card.state) if goes_on else None
    is_over = card.state in ("confirmed", "declined", "withdrawn", "left")
    line = wording.over if is_over else wording.confirming if card.state == "confirming" else wording.line
    blocks = [kit.section(line, button=button)]
    group = "settled" if is_over else by_date(card.due_on, today)
    return DayItem(
        group, wording.summary.plain, blocks, lambda: kit.message(wording.summary, blocks), due_on=card.due_on
    )


def told(card: InterviewCard, what: str, *, about: str = "") -> DayItem:
    """What is worth knowing of an interview, to its auditor or to whoever was asked; `about` is a person."""
    wording = words("interviews/told", card=card, about=about)
    blocks = [kit.section(wording[what], button=_button_for(what, card))]
    return DayItem("know", wording.summary.plain, blocks, lambda: kit.message(wording.summary, blocks))


def _button_for(what: str, card: InterviewCard) -> ButtonElement | None:
    """What the auditor can do about it at once."""
    if what == "talk_wanted":
        return kit.button(words("interviews/talk_modal").button, NOTE_TALK, card.ref)
    if what == "left":
        return kit.button(words("interviews/instead_modal").button, ASK_INSTEAD, card.ref)
    return None
