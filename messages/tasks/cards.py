"""Tasks room: the one living card of a task, the nudge that carries it, and lists of tasks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from slack_sdk.models.blocks import Block, ButtonElement, OverflowMenuElement

from messages.evidence import cards as evidence_cards
from messages.evidence.cards import GivenFile, evidence_form, file_blocks
from messages.tasks.payloads import HandoverRef, ListRef, TaskDeed, TaskRef
from messages.words import kit
from messages.words.kit import Message, Modal
from messages.words.requirements import Requirement
from messages.words.wording import Words, words

ADD_EVIDENCE = "task.add_evidence"
DONE = "task.done"
BEGIN = "task.begin"
EXPLAIN = "task.explain"
ACCEPT = "task.accept"
RETURN = "task.return"
CALENDAR_FILE = "task.calendar_file"
MORE = "task.more"
TAKE = "handover.take"
DECLINE = "handover.decline"
CHOOSE = "handover.choose"
PAGE = "task.page"

EVIDENCE_FORM = "task.evidence_form"
FILES = evidence_cards.FILES

Reader = Literal["owner", "asked", "lead", "lead_with_a_part", "reader"]
"""`asked`: whom the owner asked to take the task on. `lead_with_a_part`: a lead who gave or handed in what it shows.

Nobody judges own work, so such a lead may give the task to somebody else and no more.
"""

_WAITS_FOR_THE_OWNER = ("open", "returned")
_CHANGES_HANDS = ("scheduled", *_WAITS_FOR_THE_OWNER)
_NOT_FOR_EXTERNAL = ("put_off", "waive")
_LATEST_COMMENTS = 3
_LEADS = ("lead", "lead_with_a_part")


@dataclass(frozen=True)
class ToldNext:
    """Who hears about it next if nothing happens, and when (None where no day is set)."""

    people: Sequence[str]
    on: date | None = None


@dataclass(frozen=True)
class Asked:
    """A wish that the task change hands: a delegation or "not mine"; `to_id` is who was asked or suggested."""

    ref: HandoverRef
    kind: str
    by_id: str
    to_id: str | None
    reason: str = ""


@dataclass(frozen=True)
class Comment:
    """A sentence somebody left on the task."""

    person_id: str
    at: datetime
    text: str


@dataclass(frozen=True)
class TaskCard:
    """A task as its card shows it; `state` is the task's state, and it decides what the card says and offers.

    `explained`: its owner said why it was missed; `has_calendar_file`: audits are put into calendars.
    `lead_days` (calendar days) is how long before the due date the task opens. `went_wrong`: a nonconformity can be
    made of it, since it was missed, its evidence was returned, or a probe failed.
    """

    ref: TaskRef
    title: str
    purpose: str
    requirements: Sequence[Requirement]
    owner_id: str
    due_on: date
    today: date
    state: str
    evidence_wanted: str = ""
    evidence_required: bool = True
    accepts: Sequence[str] = ()
    files: Sequence[GivenFile] = ()
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    told_next: ToldNext | None = None
    lead_days: int = 14
    has_calendar_file: bool = False
    scheduled_on: date | None = None
    external: bool = False
    snoozes: int = 0
    stands_in_for: str | None = None
    asked: Asked | None = None
    comments: Sequence[Comment] = ()
    explained: bool = True
    went_wrong: bool = False


@dataclass(frozen=True)
class WorkItem:
    """A task as a line in a list; `is_own`: of the reader, who may act on it.

    `for_lead`: the reader leads, and `has_a_part`: did some of it themselves; `owner_has_left`: nobody looks after it
    any more.
    """

    ref: TaskRef
    title: str
    requirements: Sequence[Requirement]
    due_on: date
    state: str
    evidence_required: bool = True
    is_own: bool = True
    owner_id: str = ""
    for_lead: bool = False
    has_a_part: bool = False
    may_begin: bool = False
    external: bool = False
    explained: bool = True
    snoozes: int = 0
    owner_has_left: bool = False


@dataclass(frozen=True)
class ListPage:
    """A page of a list of tasks. `ref` says what it shows; `total` counts the tasks on all `pages`.

    `standard` is the one it is narrowed down to, as people read it.
    """

    ref: ListRef
    person_id: str
    items: Sequence[WorkItem]
    total: int
    pages: int
    today: date
    standard: str = ""


def card(card: TaskCard, for_whom: Reader) -> Message:
    """The task's living card, re-rendered from its state wherever it was posted."""
    wording = words("tasks/card", card=card)
    return kit.message(wording.summary, _card(wording, card, for_whom))


def nudge(card: TaskCard, rung: str) -> Message:
    """The card for its owner, opened by a sentence that says why it comes now.

    `rung` is opened, due_soon, due or overdue; another one raises `NoSuchWords`.
    """
    wording = words("tasks/nudge", card=card)
    shown = _card(words("tasks/card", card=card), card, "owner")
    return kit.message(wording[f"summary_{rung}"], [kit.section(wording[rung]), *shown, kit.context(wording.why_you)])


def escalated(card: TaskCard, for_whom: Reader, audience: str) -> Message:
    """The card for somebody further up the ladder. `audience` is manager, lead or management."""
    wording = words("tasks/escalated", card=card)
    shown = _card(words("tasks/card", card=card), card, for_whom)
    return kit.message(wording.summary, [kit.section(wording[audience]), *shown])


def told(card: TaskCard, for_whom: Reader, what: str, **values: str) -> Message:
    """The card, opened by a sentence that says what has happened to the task.

    `what` is given, declined, waived, reopened or missed; its values stand in the template.
    """
    wording = words("tasks/told", card=card, for_whom=for_whom, **values)
    shown = _card(words("tasks/card", card=card), card, for_whom)
    return kit.message(wording[f"summary_{what}"], [kit.section(wording[what]), *shown])


def _card(wording: Words, card: TaskCard, for_whom: Reader) -> list[Block]:
    return [
        kit.header(wording.title),
        kit.section(wording[card.state]),
        *_whose(wording, card),
        *_asked(wording, card, for_whom),
        kit.section(wording.purpose),
        *_evidence(wording, card, for_whom),
        *_files(card, for_whom),
        *_comments(card),
        *kit.actions(_buttons_and_menu(wording, card, for_whom)),
        *_who_hears(wording, card, for_whom),
    ]


def _whose(wording: Words, card: TaskCard) -> list[Block]:
    """For whom somebody stands in, and how often the day was moved."""
    stands_in = [wording.stands_in] if card.stands_in_for else []
    put_off = [wording.put_off] if card.snoozes else []
    return [kit.context(*stands_in, *put_off)] if stands_in or put_off else []


def _asked(wording: Words, card: TaskCard, for_whom: Reader) -> list[Block]:
    """That the task may change hands, and to those who decide about it the buttons."""
    if card.asked is None or card.state not in _CHANGES_HANDS:
        return []
    buttons = _answers(wording, card.asked) if _decides(card.asked, for_whom) else []
    return [kit.section(wording[card.asked.kind]), *kit.actions(buttons)]


def _decides(asked: Asked, for_whom: Reader) -> bool:
    return for_whom == "asked" if asked.kind == "delegation" else for_whom in _LEADS


def _answers(wording: Words, asked: Asked) -> list[ButtonElement]:
    if asked.kind == "delegation":
        take = kit.button(wording.button_take, TAKE, asked.ref, style="primary")
        return [take, kit.button(wording.button_decline, DECLINE, asked.ref)]
    agree = [kit.button(wording.button_agree, TAKE, asked.ref, style="primary")] if asked.to_id else []
    choose = kit.button(wording.button_choose, CHOOSE, asked.ref)
    return [*agree, choose, kit.button(wording.button_stays, DECLINE, asked.ref)]


def _comments(card: TaskCard) -> list[Block]:
    """The latest of what people left on the task."""
    latest = card.comments[-_LATEST_COMMENTS:]
    return [kit.context(words("tasks/card", comment=each, card=card).comment) for each in latest]


def deeds(card: TaskCard, for_whom: Reader) -> list[ButtonElement | OverflowMenuElement]:
    """Everything a reader can do about a task, where it stands among others: with the answers to what was asked."""
    wording = words("tasks/card", card=card)
    decides = card.asked and card.state in _CHANGES_HANDS and _decides(card.asked, for_whom)
    answers = _answers(wording, card.asked) if card.asked and decides else []
    return [*answers, *_buttons_and_menu(wording, card, for_whom)]


def _buttons_and_menu(wording: Words, card: TaskCard, for_whom: Reader) -> list[ButtonElement | OverflowMenuElement]:
    raises = ["nonconformity"] if card.went_wrong and for_whom in _LEADS else []
    menu = _menu(card.ref, [*_deeds(card.state, for_whom, external=card.external), *raises])
    return [*_buttons(wording, card, for_whom), *menu]


def _deeds(state: str, for_whom: Reader, *, external: bool) -> list[str]:
    """What somebody can do besides the buttons, most likely first."""
    deeds: dict[Reader, dict[str, tuple[str, ...]]] = {
        "owner": {
            **dict.fromkeys(_WAITS_FOR_THE_OWNER, ("put_off", "delegate", "not_mine", "comment", "why")),
            "scheduled": ("delegate", "not_mine", "comment", "why"),
            "submitted": ("comment",),
        },
        "lead": {
            **dict.fromkeys(_WAITS_FOR_THE_OWNER, ("assign", "waive", "comment", "why")),
            "scheduled": ("assign", "comment", "why"),
            **dict.fromkeys(("accepted", "waived"), ("reopen", "comment")),
            "submitted": ("comment",),
        },
        "lead_with_a_part": {
            **dict.fromkeys((*_WAITS_FOR_THE_OWNER, "scheduled"), ("assign", "comment", "why")),
            **dict.fromkeys(("submitted", "accepted", "waived"), ("comment",)),
        },
    }
    offered = deeds.get(for_whom, {}).get(state, ())
    return [each for each in offered if not (external and each in _NOT_FOR_EXTERNAL)]


def _menu(ref: TaskRef, deeds: Sequence[str]) -> list[OverflowMenuElement]:
    wording = words("tasks/card")
    choices = [(wording[f"menu_{deed}"], TaskDeed(deed, ref.task, ref.version)) for deed in deeds]
    return [kit.menu(MORE, choices)] if choices else []


def _evidence(wording: Words, card: TaskCard, for_whom: Reader) -> list[Block]:
    """What to give, and to the owner how; a decided task asks for nothing any more."""
    if card.state not in (*_WAITS_FOR_THE_OWNER, "scheduled"):
        return []
    how = [kit.context(wording.how)] if for_whom == "owner" and card.state != "scheduled" else []
    return [kit.section(wording.evidence), *how]


def _files(card: TaskCard, for_whom: Reader) -> list[Block]:
    return file_blocks(card.files, to_judge=card.state == "submitted" and for_whom == "lead")


def _buttons(wording: Words, card: TaskCard, for_whom: Reader) -> list[ButtonElement]:
    if card.state in _WAITS_FOR_THE_OWNER and for_whom == "owner":
        buttons = _owner_buttons(wording, card.ref, evidence_required=card.evidence_required)
        into_calendar = kit.button(wording.button_calendar_file, CALENDAR_FILE, card.ref)
        return [*buttons, into_calendar] if card.has_calendar_file else buttons
    if card.state == "submitted" and for_whom == "lead":
        return lead_buttons(card.ref)
    if card.state == "missed" and for_whom == "owner" and not card.explained:
        return [kit.button(wording.button_explain, EXPLAIN, card.ref)]
    return []


def _owner_buttons(wording: Words, ref: TaskRef, *, evidence_required: bool) -> list[ButtonElement]:
    """Where evidence is wanted, giving it hands the task in; elsewhere it is enough to say that it is done."""
    add = kit.button(wording.button_add, ADD_EVIDENCE, ref, style="primary" if evidence_required else None)
    return [add] if evidence_required else [kit.button(wording.button_done, DONE, ref, style="primary"), add]


def lead_buttons(ref: TaskRef) -> list[ButtonElement]:
    """What a lead may decide about a task that was handed in."""
    wording = words("tasks/card")
    return [
        kit.button(wording.button_accept, ACCEPT, ref, style="primary"),
        kit.button(wording.button_return, RETURN, ref),
    ]


def _who_hears(wording: Words, card: TaskCard, for_whom: Reader) -> list[Block]:
    """To the owner who is told next, while the task waits for them."""
    waits = card.state in _WAITS_FOR_THE_OWNER and for_whom == "owner" and card.told_next is not None
    return [kit.context(wording.told_next)] if waits else []


def work_list(page: ListPage) -> Message:
    """The answer to `/iso tasks`: a page of tasks, most urgent first."""
    wording = words("tasks/work_list", page=page)
    if not page.items:
        return kit.message(wording.nothing, [kit.section(wording.nothing), kit.context(wording.narrowing)])
    groups = [item_blocks(each, page.today) for each in page.items]
    shown = [
        kit.section(wording.headline),
        *kit.fitting(groups, len(groups)),
        *paging(page),
        kit.context(wording.narrowing),
    ]
    return kit.message(wording.headline, shown)


def paging(page: ListPage, action_id: str = PAGE) -> list[Block]:
    """Buttons to the pages before and after, where there are any."""
    wording = words("tasks/work_list", page=page)
    number = page.ref.page
    back = [kit.button(wording.button_back, f"{action_id}.back", replace(page.ref, page=number - 1))]
    on = [kit.button(wording.button_on, f"{action_id}.on", replace(page.ref, page=number + 1))]
    return kit.actions([*(back if number > 0 else []), *(on if number + 1 < page.pages else [])])


def item_blocks(item: WorkItem, today: date) -> list[Block]:
    """A task in a list, with what its reader may do about it."""
    wording = words("tasks/work_list", item=item, today=today)
    lead: Reader = "lead_with_a_part" if item.has_a_part else "lead"
    reader: Reader = "owner" if item.is_own else lead if item.for_lead else "reader"
    menu = _menu(item.ref, _deeds(item.state, reader, external=item.external))
    return [kit.section(wording.item), *kit.actions([*_item_buttons(item), *menu])]


def _item_buttons(item: WorkItem) -> list[ButtonElement]:
    card = words("tasks/card")
    if not item.is_own:
        return []
    if item.state in _WAITS_FOR_THE_OWNER:
        return _owner_buttons(card, item.ref, evidence_required=item.evidence_required)
    if item.state == "scheduled" and item.may_begin:
        return [kit.button(card.button_begin, BEGIN, item.ref)]
    if item.state == "missed" and not item.explained:
        return [kit.button(card.button_explain, EXPLAIN, item.ref)]
    return []


def evidence_modal(*, ref: TaskRef, title: str, wanted: str) -> Modal:
    """Opened by "Add evidence": files, and a note if there is something to say about them."""
    return evidence_form(EVIDENCE_FORM, ref=ref, title=title, wanted=wanted)
