"""Nonconformities room: the one living card of a finding from draft to proven effect, and the list of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from slack_sdk.models.blocks import Block, ButtonElement, ConfirmObject

from messages.evidence.cards import GivenFile, file_blocks
from messages.nonconformities.payloads import NonconformityRef
from messages.nudges.day import DayItem, Group, by_date
from messages.words import kit
from messages.words.kit import Message
from messages.words.requirements import Requirement
from messages.words.wording import Phrase, Words, words
from workflows.nonconformities.shapes import Finding, Plan

ISSUE = "nc.issue"
DISCARD = "nc.discard"
ACKNOWLEDGE = "nc.acknowledge"
RESPOND = "nc.respond"
ACCEPT_PLAN = "nc.accept_plan"
RETURN_PLAN = "nc.return_plan"
ADD_EVIDENCE = "nc.add_evidence"
CLAIM_DONE = "nc.claim_done"
CONFIRM_IMPLEMENTATION = "nc.confirm_implementation"
REJECT_IMPLEMENTATION = "nc.reject_implementation"
CONFIRM_EFFECTIVE = "nc.confirm_effective"
CONFIRM_INEFFECTIVE = "nc.confirm_ineffective"
CO_SIGN = "nc.co_sign"
READ = "nc.read"

Reader = Literal["owner", "verifier", "author", "lead", "auditor", "management", "reader"]

# The block of the template with each button's words, in the order in which the buttons stand.
_BUTTONS: Mapping[str, str] = {
    ISSUE: "button_issue",
    ACKNOWLEDGE: "button_acknowledge",
    RESPOND: "button_respond",
    ADD_EVIDENCE: "button_add_evidence",
    CLAIM_DONE: "button_claim_done",
    ACCEPT_PLAN: "button_accept_plan",
    RETURN_PLAN: "button_return_plan",
    CONFIRM_IMPLEMENTATION: "button_confirm_implementation",
    REJECT_IMPLEMENTATION: "button_reject_implementation",
    CONFIRM_EFFECTIVE: "button_confirm_effective",
    CO_SIGN: "button_co_sign",
    CONFIRM_INEFFECTIVE: "button_confirm_ineffective",
    READ: "button_read",
    DISCARD: "button_discard",
}
_FORWARD = (ISSUE, ACKNOWLEDGE, RESPOND, ACCEPT_PLAN, CLAIM_DONE, CONFIRM_IMPLEMENTATION, CONFIRM_EFFECTIVE, CO_SIGN)
_ASKED_FIRST = (CLAIM_DONE, CO_SIGN)

_STEPS = (
    "draft",
    "issued",
    "responding",
    "plan_review",
    "implementing",
    "verifying",
    "monitoring",
    "effectiveness_review",
    "closed",
)
_DECIDED = ("closed", "void")


@dataclass(frozen=True)
class Remark:
    """Why something went back, was discarded or was confirmed: who said it, when, in their words."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class NonconformityCard:
    """A finding as its card shows it. `grade` is major, minor, or None while it is a draft.

    `next_people` must act by `next_by`; both are empty where nobody must. `actions` are the ids of the buttons that
    the reader may press, decided by whoever knows the rules; the card shows these and no others.
    """

    ref: NonconformityRef
    number: int
    state: str
    grade: str | None
    finding: Finding
    requirement: Requirement
    raised_by: str
    today: date
    actions: frozenset[str]
    next_people: Sequence[str] = ()
    next_by: date | None = None
    round: int = 0
    response: Plan | None = None
    files: Sequence[GivenFile] = ()
    remark: Remark | None = None
    verification: Remark | None = None
    effect: Remark | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class FindingItem:
    """A finding as a line in a list, with the buttons its reader may press."""

    ref: NonconformityRef
    number: int
    state: str
    grade: str | None
    requirement: Requirement
    statement: str
    owner_id: str
    next_people: Sequence[str] = ()
    next_by: date | None = None
    actions: frozenset[str] = frozenset()


def card(card: NonconformityCard, for_whom: Reader) -> Message:
    """The finding's living card, re-rendered from its state wherever it was posted."""
    wording = words("nonconformities/card", card=card)
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            kit.section(wording[card.state]),
            *_next_step(wording, card),
            kit.section(wording.statement),
            kit.section(wording.evidence),
            kit.context(wording.where),
            *_answer(wording, card),
            *file_blocks(card.files, to_judge=for_whom == "verifier"),
            *_checks(wording, card),
            *kit.actions(buttons(card.ref, card.actions)),
            kit.context(_progress(card.state)),
            kit.context(wording[f"for_{for_whom}"]),
        ],
    )


def _next_step(wording: Words, card: NonconformityCard) -> list[Block]:
    """Who must act next and by when; a decided finding asks nobody."""
    said = [kit.section(wording.remark)] if card.remark is not None else []
    asks = [kit.section(wording.next)] if card.next_people and card.state not in _DECIDED else []
    return [*said, *asks]


def _answer(wording: Words, card: NonconformityCard) -> list[Block]:
    if card.response is None:
        return []
    return [kit.divider(), kit.section(wording.response), kit.section(wording.plan)]


def _checks(wording: Words, card: NonconformityCard) -> list[Block]:
    verified = [kit.section(wording.verification)] if card.verification is not None else []
    proven = [kit.section(wording.effect)] if card.effect is not None else []
    return [*verified, *proven]


def buttons(ref: NonconformityRef, allowed: frozenset[str]) -> list[ButtonElement]:
    """The allowed buttons, those that lead on first; an id that is no button of ours raises `KeyError`."""
    wording = words("nonconformities/buttons")
    unknown = allowed - _BUTTONS.keys()
    if unknown:
        raise KeyError(f"no button of a nonconformity: {', '.join(sorted(unknown))}")
    return [
        kit.button(
            wording[block],
            action_id,
            ref,
            style="primary" if action_id in _FORWARD else None,
            confirm=_sure(wording, action_id) if action_id in _ASKED_FIRST else None,
        )
        for action_id, block in _BUTTONS.items()
        if action_id in allowed
    ]


def _sure(wording: Words, action_id: str) -> ConfirmObject:
    block = _BUTTONS[action_id]
    return kit.ask_first(wording[block], wording[f"{block}_text"], yes=wording.sure_yes, no=wording.sure_no)


def _progress(state: str) -> Phrase:
    """The short line that shows how far along the way a finding is."""
    if state == "void":
        return words("nonconformities/progress").void
    reached = _STEPS.index(state)
    return words("nonconformities/progress", state=state, reached=reached, steps=len(_STEPS) - 1).line


def unknown(*, number: int) -> Message:
    """The answer to `/iso nc 99` where there is none of that number."""
    said = words("nonconformities/listing", number=number).unknown
    return kit.message(said, [kit.section(said)])


def listing(*, items: Sequence[FindingItem], today: date, total: int) -> Message:
    """The answer to `/iso nc`: open findings as passed in, overdue ones first, majors before minors."""
    return kit.listing("nonconformities/listing", [item_blocks(each, today) for each in items], total)


def item_blocks(item: FindingItem, today: date) -> list[Block]:
    """A finding in a list, with the buttons its reader may press."""
    wording = words("nonconformities/listing", item=item, today=today)
    return [kit.section(wording.line), *kit.actions(buttons(item.ref, item.actions))]


def day_item(item: FindingItem, today: date, reader_id: str, alone: Callable[[], Message]) -> DayItem:
    """A finding as one of the things in the message of the day; a major that waits for its reader comes first."""
    if item.state in _DECIDED or reader_id not in item.next_people:
        group: Group = "settled"
    else:
        group = "major" if item.grade == "major" else by_date(item.next_by, today)
    return DayItem(group, f"NC-{item.number}", item_blocks(item, today), alone, item.next_by)
