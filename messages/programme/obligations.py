"""Obligations: the list of them, and the form in which a lead writes one down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.programme.payloads import ObligationRef
from messages.words import inputs, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing, PageRef
from messages.words.recurrence import Rhythm
from messages.words.requirements import Requirement
from messages.words.wording import Words, words
from workflows.programme.shapes import BY_RULE, Wishes

ADD = "obligation.add"
CHANGE = "obligation.change"
PAUSE = "obligation.pause"
RESUME = "obligation.resume"
END = "obligation.end"
NEXT = "obligation.next_page"
PREVIOUS = "obligation.previous_page"
ADD_FORM = "obligation.add_form"
CHANGE_FORM = "obligation.change_form"


@dataclass(frozen=True)
class ObligationItem:
    """An obligation as a line in the list. `owner` is a person's id, a role or a group's handle, as `owner_kind` says.

    `next_due` is the day of its next task, if one is planned; `may_change`: by the reader.
    """

    ref: ObligationRef
    title: str
    requirements: Sequence[Requirement]
    owner: str
    owner_kind: str
    deputy_id: str | None
    rhythm: Rhythm
    next_due: date | None
    ends_on: date | None = None
    urgency: str = "normal"
    is_paused: bool = False
    may_change: bool = False


@dataclass(frozen=True)
class ObligationChoices:
    """What the form offers: keys that its template has words for, rhythms by their keys, and kinds of files."""

    kinds: Sequence[str]
    urgencies: Sequence[str]
    owners: Sequence[str]
    rhythms: Sequence[tuple[str, Rhythm]]
    file_kinds: Sequence[str]


def listing(items: Sequence[ObligationItem], *, page: int, pages: int, total: int, may_change: bool) -> Message:
    """One page of `/iso obligations`."""
    wording = words("programme/obligations/listing", page=page, pages=pages, total=total)
    groups = [item_blocks(each) for each in items]
    return kit.message(
        wording.summary,
        [
            kit.section(wording.headline if total else wording.nothing),
            *kit.fitting(groups, len(groups)),
            *kit.actions(_below(wording, page, pages, may_change=may_change)),
        ],
    )


def kept(item: ObligationItem) -> Message:
    """Told to the lead who has added or changed one: how it stands now."""
    wording = words("programme/obligations/listing", item=item)
    return kit.message(wording.kept, [kit.section(wording.kept), kit.section(wording.item)])


def item_blocks(item: ObligationItem) -> list[Block]:
    """An obligation with what its reader may do to it."""
    wording = words("programme/obligations/listing", item=item)
    return [kit.section(wording.item), *(kit.actions(_buttons(wording, item)) if item.may_change else [])]


def _buttons(wording: Words, item: ObligationItem) -> list[ButtonElement]:
    ask = kit.ask_first(wording.end_title, wording.end_text, yes=wording.button_end, no=wording.end_no)
    return [
        kit.button(wording.button_change, CHANGE, item.ref),
        kit.button(wording.button_resume, RESUME, item.ref)
        if item.is_paused
        else kit.button(wording.button_pause, PAUSE, item.ref),
        kit.button(wording.button_end, END, item.ref, style="danger", confirm=ask),
    ]


def _below(wording: Words, page: int, pages: int, *, may_change: bool) -> list[ButtonElement]:
    add = [kit.button(wording.button_add, ADD, Nothing(), style="primary")] if may_change else []
    back = [kit.button(wording.button_previous, PREVIOUS, PageRef(page - 1))] if page > 1 else []
    on = [kit.button(wording.button_next, NEXT, PageRef(page + 1))] if page < pages else []
    return [*add, *back, *on]


def form(given: Wishes, choices: ObligationChoices, ref: ObligationRef | None = None) -> Modal:
    """The form for a new obligation, or with `ref` for one that is to change."""
    wording = words("programme/obligations/form")
    return kit.modal(
        CHANGE_FORM if ref else ADD_FORM,
        wording.heading_change if ref else wording.heading_add,
        [kit.section(wording.intro_change if ref else wording.intro_add), *form_fields(given, choices)],
        submit=wording.submit,
        payload=ref or Nothing(),
    )


def form_fields(given: Wishes, choices: ObligationChoices) -> list[Block]:
    """Everything a lead can say about an obligation."""
    wording = words("programme/obligations/form")
    offered = {
        "kind": inputs.named(wording, "kind", choices.kinds),
        "urgency": inputs.named(wording, "urgency", choices.urgencies),
        "owner_kind": inputs.named(wording, "owner_kind", choices.owners),
        "rhythm": [*map(_rhythm, choices.rhythms), *inputs.named(wording, "rhythm", [BY_RULE])],
        "accepts": [*map(_file_kind, choices.file_kinds)],
    }
    return inputs.inputs(Wishes, wording, given=vars(given), choices=offered)


def _rhythm(choice: tuple[str, Rhythm]) -> Choice:
    key, rhythm = choice
    return key, words("programme/obligations/form", rhythm=rhythm).rhythm_choice.plain


def _file_kind(key: str) -> Choice:
    return key, words("programme/obligations/form", file_kind=key).file_kind.plain
