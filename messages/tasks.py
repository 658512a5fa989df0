"""Tasks room: the one living card of a task, the nudge that carries it, and the modals behind its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from slack_sdk.models.blocks import Block, ButtonElement

from messages import evidence, fields, kit
from messages.evidence import GivenFile, evidence_form, file_blocks
from messages.frameworks import Requirement
from messages.kit import Message, Modal
from messages.payloads import TaskRef
from messages.wording import Words, words

ADD_EVIDENCE = "task.add_evidence"
DONE = "task.done"
ACCEPT = "task.accept"
RETURN = "task.return"
CALENDAR_FILE = "task.calendar_file"

EVIDENCE_FORM = "task.evidence_form"
RETURN_FORM = "task.return_form"
REASON = "reason"
FILES = evidence.FILES

Reader = Literal["owner", "lead", "reader"]

_WAITS_FOR_THE_OWNER = ("open", "returned")


@dataclass(frozen=True)
class ToldNext:
    """Who hears about it next if nothing happens, and when (None where no day is set)."""

    people: Sequence[str]
    on: date | None = None


@dataclass(frozen=True)
class TaskCard:
    """A task as its card shows it; `state` is the task's state, and it decides what the card says and offers.

    `lead_days` (calendar days) is how long before the due date the task opens; `has_calendar_file`: audits are put into
    calendars.
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
    files: Sequence[GivenFile] = ()
    submitted_by: str | None = None
    submitted_at: datetime | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str = ""
    told_next: ToldNext | None = None
    lead_days: int = 14
    has_calendar_file: bool = False


@dataclass(frozen=True)
class WorkItem:
    """A task as a line in a list; `is_own`: of the reader, who may act on it; `permalink` leads to its card."""

    ref: TaskRef
    title: str
    requirements: Sequence[Requirement]
    due_on: date
    state: str
    evidence_required: bool = True
    is_own: bool = True
    permalink: str = ""


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


def _card(wording: Words, card: TaskCard, for_whom: Reader) -> list[Block]:
    return [
        kit.header(wording.title),
        kit.section(wording[card.state]),
        kit.section(wording.purpose),
        *_evidence(wording, card, for_whom),
        *_files(card, for_whom),
        *kit.actions(_buttons(wording, card, for_whom)),
        *_who_hears(wording, card, for_whom),
    ]


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
    """To the owner who is told next, to a lead why they are told now; only while the task waits for its owner."""
    if card.state not in _WAITS_FOR_THE_OWNER:
        return []
    if for_whom == "lead" and card.due_on < card.today:
        return [kit.context(wording.overdue_for_lead)]
    return [kit.context(wording.told_next)] if for_whom == "owner" and card.told_next is not None else []


def work_list(*, person_id: str, items: Sequence[WorkItem], today: date, total: int) -> Message:
    """The answer to `/iso tasks`: what waits for somebody, most urgent first; `total` counts those not passed too."""
    wording = words("tasks/work_list", person_id=person_id, total=total)
    if not items:
        return kit.message(wording.nothing, [kit.section(wording.nothing)])
    groups = [item_blocks(each, today) for each in items]
    return kit.message(wording.headline, [kit.section(wording.headline), *kit.fitting(groups, total)])


def item_blocks(item: WorkItem, today: date) -> list[Block]:
    """A task in a list, with the buttons its owner may press."""
    wording = words("tasks/work_list", item=item, today=today)
    waits = item.state in _WAITS_FOR_THE_OWNER and item.is_own
    card = words("tasks/card")
    buttons = _owner_buttons(card, item.ref, evidence_required=item.evidence_required) if waits else []
    return [kit.section(wording.item), *kit.actions(buttons)]


def evidence_modal(*, ref: TaskRef, title: str, wanted: str) -> Modal:
    """Opened by "Add evidence": files, and a note if there is something to say about them."""
    return evidence_form(EVIDENCE_FORM, ref=ref, title=title, wanted=wanted)


def return_modal(*, ref: TaskRef, title: str) -> Modal:
    """Opened by "Return": the owner is told the reason as it is written here."""
    wording = words("tasks/return_modal", title=title)
    return kit.modal(
        RETURN_FORM,
        wording.heading,
        [kit.section(wording.intro), fields.text(REASON, wording.reason, wording.reason_hint)],
        submit=wording.submit,
        payload=ref,
    )
