"""Desk audits room: the interview from invitation to thanks, and the auditor's view of the answers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from slack_sdk.models.blocks import Block

from messages.desk_audits.payloads import AnswerRef, AuditRef, SeatRef
from messages.interviews import auditing
from messages.interviews.cards import ROOM_FOR_ONE, GivenAnswer, InterviewCard, all_of
from messages.interviews.payloads import DrawRef, InterviewRef, RedactRef
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
BRING = "audit.bring"

LAUNCH_FORM = "audit.launch_form"
RATE_FORM = "answer.rate_form"
ASSESS_FORM = "answer.assess_form"


@dataclass(frozen=True)
class RatedAnswer:
    """An answer as the auditor reads it: what whoever gave it has too (`given`), and the rating.

    `rating` and `corroboration` are None until rated, else keys of `scales.j2`. `suggestion` is what the two scales
    suggest: nonconformity, verify_further, observation, conformity, unverified.
    """

    ref: AnswerRef
    given: GivenAnswer
    requirements: Sequence[Requirement]
    rating: str | None = None
    corroboration: str | None = None
    suggestion: str | None = None


@dataclass(frozen=True)
class AnswersCard:
    """One confirmed interview, for the auditor. `digest` is the SHA-256 over the answers as they were confirmed.

    `unrated` of the answers wait for a rating. `is_closed`: the report is signed, or the audit was withdrawn.
    """

    ref: InterviewRef
    audit_title: str
    person_id: str
    confirmed_at: datetime
    digest: str
    answers: Sequence[RatedAnswer]
    unrated: int = 0
    is_closed: bool = False


@dataclass(frozen=True)
class AuditItem:
    """A desk audit as a line in a list: of `invited` people `confirmed` have confirmed and `declined` declined."""

    ref: AuditRef
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
        [
            kit.section(wording.intro),
            kit.context(wording.limits),
            *all_of(card.answers, partial(_rated_answer, is_closed=card.is_closed)),
        ],
    )


def day_item(card: AnswersCard) -> DayItem:
    """A confirmed interview: among other things of the day the way to its answers, alone the answers themselves."""
    unrated = 0 if card.is_closed else card.unrated
    wording = words("desk_audits/answers", card=card, unrated=unrated)
    button = kit.button(wording.button_read if unrated else wording.button_read_again, READ, card.ref)
    blocks = [kit.section(wording.told, button=button)]
    return DayItem("decide" if unrated else "settled", wording.summary.plain, blocks, lambda: answers(card))


def declined(card: InterviewCard) -> DayItem:
    """That somebody does not take part, for the auditor."""
    wording = words("desk_audits/declined", card=card)
    blocks = [kit.section(wording.body)]
    return DayItem("know", wording.summary.plain, blocks, lambda: kit.message(wording.summary, blocks))


def _rated_answer(answer: RatedAnswer, room: int, *, is_closed: bool) -> list[Block]:
    wording = words("desk_audits/answers", rated=answer, answer=answer.given, room=room)
    if is_closed:
        return [kit.section(wording.line)]
    label = wording.button_rate_again if answer.rating else wording.button_rate
    suggests = answer.suggestion == "nonconformity"
    buttons = [
        kit.button(label, RATE, answer.ref),
        kit.button(wording.button_raise, RAISE, answer.ref, style="primary" if suggests else None),
    ]
    return [kit.section(wording.line), *kit.actions(buttons)]


@dataclass(frozen=True)
class RateDraft:
    """An answer about to be rated: as it was rated before, if it was, and what its corroboration may point at."""

    said: GivenAnswer
    ratings: Iterable[str]
    corroborations: Iterable[int]
    files: Sequence[Choice] = ()
    elsewhere: Sequence[Choice] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    may_redact: bool = False


def rate_modal(draft: RateDraft, ref: AnswerRef | SeatRef) -> Modal:
    """The whole answer with the auditor's two scales: how well it is met, and what stands behind the words."""
    wording = words("desk_audits/rate_modal", answer=draft.said, room=ROOM_FOR_ONE)
    backings = {wording.files.plain: draft.files, wording.elsewhere.plain: draft.elsewhere}
    choices: dict[str, inputs.Choices] = {
        "rating": _scale("rating", draft.ratings),
        "corroboration": _scale("corroboration", draft.corroborations),
        "backed_by": {heading: some for heading, some in backings.items() if some},
    }
    asked = inputs.inputs(
        Assessed, wording, given=draft.given, choices=choices, without=() if choices["backed_by"] else ("backed_by",)
    )
    return kit.modal(
        RATE_FORM if isinstance(ref, AnswerRef) else ASSESS_FORM,
        wording.heading,
        [kit.section(wording.question), kit.section(wording.said), *_redacting(draft, ref), *asked],
        submit=wording.submit,
        payload=ref,
    )


def _redacting(draft: RateDraft, ref: AnswerRef | SeatRef) -> list[Block]:
    """What somebody confirmed can lose words that should never have been written; of a list rows are drawn again."""
    redact = auditing.redact_button(RedactRef(ref.answer, ref.version))
    draw = auditing.draw_again_button(DrawRef(ref.answer))
    return kit.actions([*([redact] if draft.may_redact else []), *([draw] if draft.said.draws else [])])


def unknown(typed: str) -> Message:
    """The answer to a word after `/iso audit` that means nothing there."""
    wording = words("desk_audits/audit_unknown", typed=typed)
    return kit.message(wording.unknown, [kit.section(wording.unknown), kit.context(wording.known)])


def audit_list(*, items: Sequence[AuditItem], total: int) -> Message:
    """The answer to `/iso audit list`: the desk audits, how far they are, and the way to each."""
    return kit.listing("desk_audits/audit_list", [_listed(each) for each in items], total)


def _listed(item: AuditItem) -> list[Block]:
    bring = kit.button(words("desk_audits/audit_list").button_bring, BRING, item.ref)
    return [kit.section(words("desk_audits/audit_list", item=item).line, button=bring)]


def _scale(name: str, steps: Iterable[object]) -> list[Choice]:
    wording = words("desk_audits/scales")
    return [(str(step), (wording.get(f"{name}_{step}") or wording[str(step)]).plain) for step in steps]
