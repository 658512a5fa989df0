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
FIND_OUT_WHY = "nc.find_out_why"
ACCEPT_PLAN = "nc.accept_plan"
RETURN_PLAN = "nc.return_plan"
ADD_EVIDENCE = "nc.add_evidence"
CLAIM_DONE = "nc.claim_done"
CONFIRM_IMPLEMENTATION = "nc.confirm_implementation"
REJECT_IMPLEMENTATION = "nc.reject_implementation"
CONFIRM_EFFECTIVE = "nc.confirm_effective"
CONFIRM_INEFFECTIVE = "nc.confirm_ineffective"
CO_SIGN = "nc.co_sign"
CONSENT = "nc.consent"
REFUSE_CONSENT = "nc.refuse_consent"
CONFIRM_CORRECTION = "nc.confirm_correction"
REJECT_CORRECTION = "nc.reject_correction"
REFUSE_TO_SIGN = "nc.refuse_to_sign"
UPHOLD = "nc.uphold"
WITHDRAW = "nc.withdraw"
ADD_CAUSE = "nc.add_cause"
ADD_ACTION = "nc.add_action"
READ = "nc.read"
HISTORY = "nc.history"
MORE = "nc.more"

Reader = Literal["owner", "verifier", "author", "lead", "auditor", "management", "manager", "reader"]

# The block of the template with each button's words, in the order in which the buttons stand.
_BUTTONS: Mapping[str, str] = {
    ISSUE: "button_issue",
    ACKNOWLEDGE: "button_acknowledge",
    FIND_OUT_WHY: "button_find_out_why",
    RESPOND: "button_respond",
    ADD_EVIDENCE: "button_add_evidence",
    CLAIM_DONE: "button_claim_done",
    ADD_CAUSE: "button_add_cause",
    ADD_ACTION: "button_add_action",
    ACCEPT_PLAN: "button_accept_plan",
    RETURN_PLAN: "button_return_plan",
    CONSENT: "button_consent",
    REFUSE_CONSENT: "button_refuse_consent",
    UPHOLD: "button_uphold",
    WITHDRAW: "button_withdraw",
    CONFIRM_CORRECTION: "button_confirm_correction",
    REJECT_CORRECTION: "button_reject_correction",
    CONFIRM_IMPLEMENTATION: "button_confirm_implementation",
    REJECT_IMPLEMENTATION: "button_reject_implementation",
    CONFIRM_EFFECTIVE: "button_confirm_effective",
    CO_SIGN: "button_co_sign",
    REFUSE_TO_SIGN: "button_refuse_to_sign",
    CONFIRM_INEFFECTIVE: "button_confirm_ineffective",
    READ: "button_read",
    HISTORY: "button_history",
    MORE: "button_more",
    DISCARD: "button_discard",
}
BUTTONS = frozenset(_BUTTONS)
"""Every button that a finding can have."""

_FORWARD = (
    *(ISSUE, ACKNOWLEDGE, FIND_OUT_WHY, ACCEPT_PLAN, CONSENT, UPHOLD, CLAIM_DONE, CONFIRM_IMPLEMENTATION),
    *(CONFIRM_CORRECTION, CONFIRM_EFFECTIVE, CO_SIGN),
)
_ASKED_FIRST = (CLAIM_DONE, CONSENT, CO_SIGN)

RARER = (
    *("contest", "change_plan", "accept_correction_only", "extend", "watch_longer", "recur", "reopen"),
    *("reassign_owner", "call_outsider", "reassign_judge", "name_manager", "review_anew", "regrade", "downgrade"),
    *("merge", "withdraw", "note_body", "record_body", "body_closes", "close_after_body", "body_rejects"),
    *("body_regrades", "dispute_at_body", "body_withdraws"),
)
"""What stands behind *More*, the likelier first."""

_PHASES = ("put_right", "find_out_why", "do_it", "show_it_worked", "closed")
_DECIDED = ("closed", "void")


@dataclass(frozen=True)
class Remark:
    """Why something went back, was discarded or was confirmed: who said it, when, in their words."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True)
class PlannedAction:
    """One action of the plan as the case's card shows it: who does it until when, how far it is, and what shows it."""

    text: str
    assignee_id: str
    due_on: date
    state: str
    proof: str = ""
    files: int = 0


@dataclass(frozen=True)
class NonconformityCard:
    """A finding as its card shows it. `grade` is major, minor, or None while it is a draft.

    `source` is where it comes from and `against` what kind of thing was not met; empty where that is not known.
    `repeats` are the numbers of those that say the same happened before, `cluster` of other minors alike.
    `too_late_for` is the day of an audit from outside before which it can't be closed any more.
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
    too_late_for: date | None = None
    phase: str = "draft"
    round: int = 0
    marks: Sequence[str] = ()
    response: Plan | None = None
    planned: Sequence[PlannedAction] = ()
    files: Sequence[GivenFile] = ()
    remark: Remark | None = None
    verification: Remark | None = None
    effect: Remark | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
    source: str = ""
    against: str = ""
    repeats: Sequence[int] = ()
    cluster: Sequence[int] = ()


@dataclass(frozen=True)
class FindingItem:
    """A finding as a line in a list, with the buttons its reader may press.

    `days` is for how many days it has been open, or was until it ended. `look_at_grade`: the reader may sign the grade,
    and is asked whether it still holds.
    """

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
    marks: Sequence[str] = ()
    days: int | None = None
    look_at_grade: bool = False


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
            *_alike(wording, card),
            *_answer(wording, card),
            *file_blocks(card.files, to_judge=for_whom == "verifier"),
            *_checks(wording, card),
            *kit.actions(buttons(card.ref, card.actions)),
            *marks_blocks(card.marks),
            kit.context(_progress(card)),
            kit.context(wording[f"for_{for_whom}"]),
        ],
    )


def _next_step(wording: Words, card: NonconformityCard) -> list[Block]:
    """Who must act next and by when; a decided finding asks nobody."""
    said = [kit.section(wording.remark)] if card.remark is not None else []
    asks = [kit.section(wording.next)] if card.next_people and card.state not in _DECIDED else []
    late = [kit.context(wording.too_late)] if card.too_late_for else []
    return [*said, *asks, *late]


def _alike(wording: Words, card: NonconformityCard) -> list[Block]:
    """What was found before that is like it, as long as there is something to decide about."""
    if card.state in _DECIDED:
        return []
    repeats = [kit.context(wording.repeats)] if card.repeats else []
    return [*repeats, *([kit.context(wording.cluster)] if card.cluster else [])]


def _answer(wording: Words, card: NonconformityCard) -> list[Block]:
    if card.response is None:
        return []
    actions = [words("nonconformities/planned_action", action=each).line for each in card.planned]
    listed = [kit.section(wording.actions_heading), kit.lines(actions)] if actions else []
    return [kit.divider(), kit.section(wording.response), kit.section(wording.plan), *listed]


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


def _progress(card: NonconformityCard) -> Phrase:
    """The short line that shows which of the four phases a finding is in."""
    if card.state == "void":
        return words("nonconformities/progress").void
    reached = _PHASES.index(card.phase) + 1 if card.phase in _PHASES else 0
    phases = len(_PHASES) - 1
    said = {"reached": min(reached, phases), "phases": phases, "is_paused": card.state == "contested"}
    return words("nonconformities/progress", phase=card.phase, **said).line


def marks_blocks(marks: Sequence[str]) -> list[Block]:
    """The exceptions that are said wherever a case is shown; nothing where there are none."""
    return [kit.context(words("nonconformities/marks", marks=marks).line)] if marks else []


def unknown(*, number: int) -> Message:
    """The answer to `/iso nc 99` where there is none of that number."""
    said = words("nonconformities/listing", number=number).unknown
    return kit.message(said, [kit.section(said)])


def listing(*, items: Sequence[FindingItem], today: date, total: int, is_narrowed: bool = False) -> Message:
    """The answer to `/iso nc`: findings as passed in, overdue ones first, majors before minors.

    Those that are open; where the list `is_narrowed` by words, what these say.
    """
    template = "nonconformities/found" if is_narrowed else "nonconformities/listing"
    return kit.listing(template, [item_blocks(each, today) for each in items], total)


def item_blocks(item: FindingItem, today: date) -> list[Block]:
    """A finding in a list, with the buttons its reader may press."""
    wording = words("nonconformities/listing", item=item, today=today)
    looked_at = [kit.context(wording.look_at_grade)] if item.look_at_grade else []
    deeds = kit.actions(buttons(item.ref, item.actions))
    return [kit.section(wording.line), *looked_at, *marks_blocks(item.marks), *deeds]


def day_item(
    item: FindingItem, today: date, reader_id: str, *, is_besides: bool, alone: Callable[[], Message]
) -> DayItem:
    """A finding as one of the things in the message of the day; a major that waits for its reader comes first.

    Who hears of it `is_besides` has nothing to do, but to know of it.
    """
    if item.state in _DECIDED:
        group: Group = "settled"
    elif reader_id not in item.next_people:
        group = "know" if is_besides else "settled"
    else:
        group = "major" if item.grade == "major" else by_date(item.next_by, today)
    return DayItem(group, f"NC-{item.number}", item_blocks(item, today), alone, item.next_by)
