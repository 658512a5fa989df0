"""Obligations: the list of them, and the form in which a lead writes one down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from messages.programme.payloads import ObligationRef
from messages.words import fields, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing, PageRef
from messages.words.recurrence import Rhythm
from messages.words.requirements import Requirement
from messages.words.wording import Words, words

ADD = "obligation.add"
CHANGE = "obligation.change"
PAUSE = "obligation.pause"
RESUME = "obligation.resume"
END = "obligation.end"
NEXT = "obligation.next_page"
PREVIOUS = "obligation.previous_page"
ADD_FORM = "obligation.add_form"
CHANGE_FORM = "obligation.change_form"

TITLE = "title"
PURPOSE = "purpose"
KIND = "kind"
URGENCY = "urgency"
REQUIREMENTS = "requirements"
OWNER_KIND = "owner_kind"
OWNER = "owner"
GROUP = "group"
DEPUTY = "deputy"
RHYTHM = "rhythm"
RECURRENCE = "recurrence"
STARTS_ON = "starts_on"
ENDS_ON = "ends_on"
LEAD_DAYS = "lead_days"
EVIDENCE = "evidence_wanted"
EVIDENCE_REQUIRED = "evidence_required"
ACCEPTS = "accepts"

KINDS = ("control", "audit", "review")
URGENCIES = ("low", "normal", "high")
OWNERS = ("person", "lead", "auditor", "management", "reader", "group")
OTHER = "other"
"""The choice for a rhythm that is written as a rule."""

YES, NO = "yes", "no"


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
class ObligationDraft:
    """What stands in the form when it opens; `rhythm` is one of the choices, or OTHER with the rule as `recurrence`."""

    title: str = ""
    purpose: str = ""
    kind: str = "control"
    urgency: str = "normal"
    requirements: str = ""
    owner_kind: str = "person"
    owner_id: str | None = None
    group: str = ""
    deputy_id: str | None = None
    rhythm: str = "quarterly"
    recurrence: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    lead_days: int = 14
    evidence_wanted: str = ""
    evidence_required: bool = True
    accepts: Sequence[str] = ()
    file_kinds: Sequence[Choice] = ()


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


def form(
    draft: ObligationDraft,
    *,
    rhythms: Sequence[tuple[str, Rhythm]],
    ref: ObligationRef | None = None,
) -> Modal:
    """The form for a new obligation, or with `ref` for one that is to change."""
    wording = words("programme/obligations/form")
    return kit.modal(
        CHANGE_FORM if ref else ADD_FORM,
        wording.heading_change if ref else wording.heading_add,
        [kit.section(wording.intro_change if ref else wording.intro_add), *form_fields(draft, rhythms)],
        submit=wording.submit,
        payload=ref or Nothing(),
    )


def form_fields(draft: ObligationDraft, rhythms: Sequence[tuple[str, Rhythm]]) -> list[Block]:
    """Everything a lead can say about an obligation."""
    wording = words("programme/obligations/form")
    return [
        fields.text(TITLE, wording.title, given=draft.title, long=False),
        fields.text(PURPOSE, wording.purpose, wording.purpose_hint, given=draft.purpose, optional=True),
        fields.one_of(KIND, wording.kind, _named(wording, "kind", KINDS), given=draft.kind),
        fields.one_of(
            URGENCY, wording.urgency, _named(wording, "urgency", URGENCIES), wording.urgency_hint, given=draft.urgency
        ),
        fields.text(
            REQUIREMENTS,
            wording.requirements,
            wording.requirements_hint,
            given=draft.requirements,
            long=False,
            optional=True,
        ),
        *_owner_fields(wording, draft),
        *_rhythm_fields(wording, draft, rhythms),
        *_evidence_fields(wording, draft),
    ]


def _owner_fields(wording: Words, draft: ObligationDraft) -> list[Block]:
    owners = _named(wording, "owner", OWNERS)
    return [
        fields.one_of(OWNER_KIND, wording.owner_kind, owners, given=draft.owner_kind),
        fields.person(OWNER, wording.owner, given=draft.owner_id, optional=True),
        fields.text(GROUP, wording.group, wording.group_hint, given=draft.group, long=False, optional=True),
        fields.person(DEPUTY, wording.deputy, wording.deputy_hint, given=draft.deputy_id, optional=True),
    ]


def _rhythm_fields(wording: Words, draft: ObligationDraft, rhythms: Sequence[tuple[str, Rhythm]]) -> list[Block]:
    choices = [(key, words("programme/obligations/form", rhythm=rhythm).rhythm_choice.plain) for key, rhythm in rhythms]
    other = (OTHER, wording.rhythm_other.plain)
    return [
        fields.one_of(RHYTHM, wording.rhythm, [*choices, other], given=draft.rhythm),
        fields.text(
            RECURRENCE, wording.recurrence, wording.recurrence_hint, given=draft.recurrence, long=False, optional=True
        ),
        fields.day(STARTS_ON, wording.starts_on, wording.starts_on_hint, given=draft.starts_on),
        fields.day(ENDS_ON, wording.ends_on, given=draft.ends_on, optional=True),
        fields.text(LEAD_DAYS, wording.lead_days, wording.lead_days_hint, given=str(draft.lead_days), long=False),
    ]


def _evidence_fields(wording: Words, draft: ObligationDraft) -> list[Block]:
    answers = [(YES, wording.evidence_yes.plain), (NO, wording.evidence_no.plain)]
    return [
        fields.text(EVIDENCE, wording.evidence_wanted, given=draft.evidence_wanted, long=False, optional=True),
        fields.radio(
            EVIDENCE_REQUIRED, wording.evidence_required, answers, given=YES if draft.evidence_required else NO
        ),
        fields.ticks(
            ACCEPTS, wording.accepts, draft.file_kinds, wording.accepts_hint, given=draft.accepts, optional=True
        ),
    ]


def _named(wording: Words, before: str, keys: Sequence[str]) -> list[Choice]:
    return [(key, wording[f"{before}_{key}"].plain) for key in keys]
