"""Interviews room: the interview from invitation to thanks, as whoever is asked sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from messages.interviews.payloads import InterviewRef, QuestionRef
from messages.words import fields, kit, limits
from messages.words.kit import Message, Modal
from messages.words.wording import Words, words

A = TypeVar("A")

ANSWER = "interview.answer"
DECLINE = "interview.decline"
CONFIRM = "interview.confirm"
CHANGE = "interview.change"

QUESTION_FORM = "interview.question_form"

ANSWER_FIELD = "answer"
DOES_NOT_KNOW = "does_not_know"

_OPEN_STATES = ("invited", "answering")
_EXCERPTS = (1_500, 800, 400, 200, 100, 40)  # characters of each answer shown, from generous to scant
_ROOM_FOR_ANSWERS = limits.MESSAGE_BLOCKS_TOGETHER - 1_500


@dataclass(frozen=True)
class InterviewCard:
    """Somebody's part in a desk audit. `state`: invited, answering, confirming, confirmed or declined.

    `answered` of `total` questions have an answer.
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
class GivenAnswer:
    """An answer as the person who gave it reads it; `text` is empty where they did not know."""

    ref: QuestionRef
    prompt: str
    text: str


def invitation(card: InterviewCard) -> Message:
    """The living card of an interview, in the interviewee's direct messages."""
    wording = words("interviews/invitation", card=card)
    is_open = card.state in _OPEN_STATES
    asked = [kit.section(wording.what_to_expect), kit.context(wording.good_answers)] if is_open else []
    buttons = _invitation_buttons(wording, card) if is_open else []
    return kit.message(
        wording.summary, [kit.header(wording.title), kit.section(wording[card.state]), *asked, *kit.actions(buttons)]
    )


def _invitation_buttons(wording: Words, card: InterviewCard) -> list[ButtonElement]:
    decline = kit.button(wording.button_decline, DECLINE, card.ref, confirm=_sure_to_decline(wording))
    return [_answer_button(card.ref, card.answered, card.total), *([decline] if card.state == "invited" else [])]


def _sure_to_decline(wording: Words) -> ConfirmObject:
    return kit.ask_first(wording.decline_title, wording.decline_text, yes=wording.decline_yes, no=wording.decline_no)


def _answer_button(ref: InterviewRef, answered: int, total: int) -> ButtonElement:
    wording = words("interviews/invitation", answered=answered, total=total)
    label = wording.button_continue if answered else wording.button_begin
    return kit.button(label, ANSWER, ref, style="primary")


def item_blocks(item: InterviewItem) -> list[Block]:
    """An interview in a list, with the way back into it."""
    wording = words("interviews/item", item=item)
    goes_on = item.state in _OPEN_STATES
    button = _answer_button(item.ref, item.answered, item.total) if goes_on else None
    return [kit.section(wording.line, button=button)]


def question_modal(
    *, ref: QuestionRef, number: int, total: int, prompt: str, audit_title: str, note: str = "", given: str = ""
) -> Modal:
    """One question. `note` is a remark to the interviewee; `given` the answer so far when it is being changed.

    Intent, red flags and what to listen for have no place here: they would lead the answer.
    """
    wording = words(
        "interviews/question_modal", number=number, total=total, prompt=prompt, audit_title=audit_title, note=note
    )
    return kit.modal(
        QUESTION_FORM,
        wording.heading,
        [
            kit.context(wording.where),
            kit.section(wording.question),
            fields.text(
                fields.about(ANSWER_FIELD, ref.question),
                wording.answer,
                wording.answer_hint,
                given=given,
                optional=True,
            ),
            fields.ticks(
                fields.about(DOES_NOT_KNOW, ref.question),
                wording.or_else,
                [("yes", wording.does_not_know.plain)],
                optional=True,
            ),
        ],
        submit=wording.submit,
        payload=ref,
    )


def summary(*, ref: InterviewRef, audit_title: str, answers: Sequence[GivenAnswer]) -> Message:
    """Every answer read back to the person who gave it, to be corrected or confirmed."""
    wording = words("interviews/summary", audit_title=audit_title, total=len(answers))
    confirm = kit.button(wording.button_confirm, CONFIRM, ref, style="primary")
    return kit.message(
        wording.summary,
        [
            kit.section(wording.intro),
            *all_of(answers, _given_answer),
            kit.context(wording.after),
            *kit.actions([confirm]),
        ],
    )


def _given_answer(answer: GivenAnswer, room: int) -> list[Block]:
    wording = words("interviews/summary", answer=answer, room=room)
    return [kit.section(wording.line, button=kit.button(wording.button_change, CHANGE, answer.ref))]


def thanks(*, audit_title: str, auditor_id: str, digest: str) -> Message:
    """Told to the interviewee once they have confirmed."""
    wording = words("interviews/thanks", audit_title=audit_title, auditor_id=auditor_id, digest=digest)
    return kit.message(wording.summary, [kit.section(wording.body), kit.context(wording.fingerprint)])


def all_of(answers: Sequence[A], shown: Callable[[A, int], list[Block]]) -> list[Block]:
    """Every answer with its button, each with as much of its text as leaves room for all of them."""
    groups: list[list[Block]] = []
    for excerpt in _EXCERPTS:
        groups = [shown(each, excerpt) for each in answers]
        if kit.weight([block.to_dict() for group in groups for block in group]) <= _ROOM_FOR_ANSWERS:
            break
    return kit.fitting(groups, len(groups), characters=_ROOM_FOR_ANSWERS)
