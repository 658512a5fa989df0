"""Desk audits room: the interview from invitation to thanks, and the auditor's view of the answers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import Block

from messages.desk_audits.payloads import AnswerRef
from messages.interviews.cards import InterviewCard, all_of
from messages.interviews.payloads import InterviewRef
from messages.nudges.day import DayItem
from messages.words import inputs, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import words
from workflows.desk_audits.shapes import Assessed

READ = "interview.read"
RATE = "answer.rate"
RAISE = "answer.raise"

LAUNCH_FORM = "audit.launch_form"
RATE_FORM = "answer.rate_form"


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


def answers(card: AnswersCard) -> Message:
    """A confirmed interview for the auditor: each answer with its two scales and what they suggest."""
    wording = words("desk_audits/answers", card=card)
    return kit.message(
        wording.summary,
        [kit.section(wording.intro), kit.context(wording.limits), *all_of(card.answers, _rated_answer)],
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
