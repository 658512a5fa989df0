"""Desk audits room: the interview from invitation to thanks, and the auditor's view of the answers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from messages.desk_audits.payloads import AnswerRef, InterviewRef, QuestionRef
from messages.nudges.day import DayItem
from messages.words import fields, inputs, kit, limits
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import Words, words
from workflows.desk_audits.shapes import Assessed

ANSWER = "interview.answer"
DECLINE = "interview.decline"
CONFIRM = "interview.confirm"
CHANGE = "interview.change"
READ = "interview.read"
RATE = "answer.rate"
RAISE = "answer.raise"

LAUNCH_FORM = "audit.launch_form"
QUESTION_FORM = "interview.question_form"
RATE_FORM = "answer.rate_form"

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


@dataclass(frozen=True)
class RatedAnswer:
    """An answer as the auditor reads it. `rating` and `corroboration` are None until rated, else keys of `scales.j2`.

    `suggestion` is what the two scales suggest: nonconformity, verify_further, observation, conformity, unverified.
    """

    ref: AnswerRef
    prompt: str
    text: str
    requirements: Sequence[Requirement]
    rating: str | None = None
    corroboration: str | None = None
    suggestion: str | None = None
    may_raise: bool = False


A = TypeVar("A", GivenAnswer, RatedAnswer)


@dataclass(frozen=True)
class AnswersCard:
    """One confirmed interview, for the auditor. `digest` is the SHA-256 over the answers as they were confirmed."""

    ref: InterviewRef
    audit_title: str
    person_id: str
    confirmed_at: datetime
    digest: str
    answers: Sequence[RatedAnswer]


@dataclass(frozen=True)
class AuditItem:
    """A desk audit as a line in a list: of `invited` people `confirmed` have confirmed and `declined` declined."""

    title: str
    auditor_id: str
    invited: int
    confirmed: int
    declined: int
    unrated: int


def invitation(card: InterviewCard) -> Message:
    """The living card of an interview, in the interviewee's direct messages."""
    wording = words("desk_audits/invitation", card=card)
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
    wording = words("desk_audits/invitation", answered=answered, total=total)
    label = wording.button_continue if answered else wording.button_begin
    return kit.button(label, ANSWER, ref, style="primary")


def item_blocks(item: InterviewItem) -> list[Block]:
    """An interview in a list, with the way back into it."""
    wording = words("desk_audits/item", item=item)
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
        "desk_audits/question_modal", number=number, total=total, prompt=prompt, audit_title=audit_title, note=note
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
    wording = words("desk_audits/summary", audit_title=audit_title, total=len(answers))
    confirm = kit.button(wording.button_confirm, CONFIRM, ref, style="primary")
    return kit.message(
        wording.summary,
        [
            kit.section(wording.intro),
            *_all_of(answers, _given_answer),
            kit.context(wording.after),
            *kit.actions([confirm]),
        ],
    )


def _given_answer(answer: GivenAnswer, room: int) -> list[Block]:
    wording = words("desk_audits/summary", answer=answer, room=room)
    return [kit.section(wording.line, button=kit.button(wording.button_change, CHANGE, answer.ref))]


def thanks(*, audit_title: str, auditor_id: str, digest: str) -> Message:
    """Told to the interviewee once they have confirmed."""
    wording = words("desk_audits/thanks", audit_title=audit_title, auditor_id=auditor_id, digest=digest)
    return kit.message(wording.summary, [kit.section(wording.body), kit.context(wording.fingerprint)])


def answers(card: AnswersCard) -> Message:
    """A confirmed interview for the auditor: each answer with its two scales and what they suggest."""
    wording = words("desk_audits/answers", card=card)
    return kit.message(
        wording.summary,
        [kit.section(wording.intro), kit.context(wording.limits), *_all_of(card.answers, _rated_answer)],
    )


def day_item(card: AnswersCard) -> DayItem:
    """A confirmed interview: among other things of the day the way to its answers, alone the answers themselves."""
    unrated = sum(each.rating is None for each in card.answers)
    wording = words("desk_audits/answers", card=card, unrated=unrated)
    button = kit.button(wording.button_read if unrated else wording.button_read_again, READ, card.ref)
    blocks = [kit.section(wording.told, button=button)]
    return DayItem("decide" if unrated else "settled", wording.summary.plain, blocks, lambda: answers(card))


def declined(card: InterviewCard) -> DayItem:
    """That somebody does not take part, for the auditor."""
    wording = words("desk_audits/declined", card=card)
    blocks = [kit.section(wording.body)]
    return DayItem("know", wording.summary.plain, blocks, lambda: kit.message(wording.summary, blocks))


def _rated_answer(answer: RatedAnswer, room: int) -> list[Block]:
    wording = words("desk_audits/answers", answer=answer, room=room)
    if not answer.may_raise:
        label = wording.button_rate if answer.rating is None else wording.button_rate_again
        return [kit.section(wording.line, button=kit.button(label, RATE, answer.ref))]
    buttons = [
        kit.button(wording.button_raise, RAISE, answer.ref, style="primary"),
        kit.button(wording.button_rate_again, RATE, answer.ref),
    ]
    return [kit.section(wording.line), *kit.actions(buttons)]


def _all_of(answers: Sequence[A], shown: Callable[[A, int], list[Block]]) -> list[Block]:
    """Every answer with its button, each with as much of its text as leaves room for all of them."""
    groups: list[list[Block]] = []
    for excerpt in _EXCERPTS:
        groups = [shown(each, excerpt) for each in answers]
        if kit.weight([block.to_dict() for group in groups for block in group]) <= _ROOM_FOR_ANSWERS:
            break
    return kit.fitting(groups, len(groups), characters=_ROOM_FOR_ANSWERS)


def rate_modal(
    *,
    ref: AnswerRef,
    prompt: str,
    text: str,
    ratings: Iterable[int],
    corroborations: Iterable[int],
) -> Modal:
    """The whole answer with the auditor's two scales: how well it is met, and what stands behind the words."""
    wording = words("desk_audits/rate_modal", prompt=prompt, text=text)
    return kit.modal(
        RATE_FORM,
        wording.heading,
        [
            kit.section(wording.question),
            kit.section(wording.said),
            *inputs.inputs(
                Assessed,
                wording,
                choices={"rating": _scale("rating", ratings), "corroboration": _scale("corroboration", corroborations)},
            ),
        ],
        submit=wording.submit,
        payload=ref,
    )


def audit_list(*, items: Sequence[AuditItem], total: int) -> Message:
    """The answer to `/iso audit`: the desk audits and how far they are."""
    return kit.listing("desk_audits/audit_list", kit.lines_of("desk_audits/audit_list", items), total)


def _scale(name: str, steps: Iterable[int]) -> list[Choice]:
    wording = words("desk_audits/scales")
    return [(str(step), wording[f"{name}_{step}"].plain) for step in steps]
