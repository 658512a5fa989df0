"""Programme room: what is set for a programme that runs, and the forms in which leads change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from messages.programme import starting
from messages.programme.payloads import StandardRef
from messages.programme.starting import OwnerField, WorkingDraft
from messages.words import fields, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import words

OWNERS = "programme.owners"
OWNERS_FORM = "programme.owners_form"
WORKING = "programme.working_days"
WORKING_FORM = "programme.working_days_form"
DIGEST = "programme.digest"
DIGEST_FORM = "programme.digest_form"
WITHOUT_NAME = "programme.without_name"
ADD = "programme.add_standard"
ADD_FORM = "programme.add_standard_form"
ADDITION_FORM = "programme.addition_form"
END = "programme.end_standard"
END_FORM = "programme.end_standard_form"

STANDARD, REASON = "edition", "reason"
WANTED = "wanted."
"""Before the number of a list of boxes, as one list holds ten."""

BOXES = 10


@dataclass(frozen=True)
class Card:
    """What is set. `standards` pairs an edition with its name; `others` are those not followed."""

    started_on: date
    standards: Sequence[Choice]
    others: Sequence[Choice]
    groups: Sequence[OwnerField]
    weekdays: Sequence[int]
    country: str
    region: str
    digest_channel_id: str
    shows_titles: bool
    without_name: bool = False


@dataclass(frozen=True)
class AdditionValues:
    """What comes with a standard: titles of what serves it already, and what is new by its key."""

    standard: str
    serving: Sequence[str]
    new: Sequence[Choice]
    groups: Sequence[OwnerField]


def card(values: Card) -> Message:
    """The answer to `/iso start` once the programme runs."""
    wording = words("programme/card", card=values)
    owners = [words("programme/card", group=each).owner for each in values.groups]
    add = [kit.button(wording.button_add, ADD, Nothing())] if values.others else []
    return kit.message(
        wording.summary,
        [
            kit.header(wording.title),
            kit.section(wording.running),
            *[_standard(edition, name) for edition, name in values.standards],
            *kit.actions(add),
            kit.section(wording.owners),
            kit.lines(owners),
            *kit.actions([kit.button(wording.button_owners, OWNERS, Nothing())]),
            kit.section(wording.working, button=kit.button(wording.button_working, WORKING, Nothing())),
            kit.section(wording.digest, button=kit.button(wording.button_digest, DIGEST, Nothing())),
            kit.section(wording.without_name, button=kit.button(wording.button_without_name, WITHOUT_NAME, Nothing())),
            kit.context(wording.elsewhere),
        ],
    )


def _standard(edition: str, name: str) -> Block:
    wording = words("programme/card", standard=name)
    return kit.section(wording.standard, button=kit.button(wording.button_end, END, StandardRef(edition)))


def owners_form(groups: Sequence[OwnerField]) -> Modal:
    """Who looks after what."""
    wording = words("programme/forms")
    blocks = [kit.section(wording.owners_intro), *starting.owner_fields(groups)]
    return kit.modal(OWNERS_FORM, wording.owners, blocks, submit=wording.submit)


def working_form(draft: WorkingDraft) -> Modal:
    """When and where people work."""
    wording = words("programme/forms")
    blocks = [kit.section(wording.working_intro), *starting.working_day_fields(draft)]
    return kit.modal(WORKING_FORM, wording.working, blocks, submit=wording.submit)


def digest_form(draft: WorkingDraft) -> Modal:
    """Where management reads, and how requirements are named."""
    wording = words("programme/forms")
    return kit.modal(DIGEST_FORM, wording.digest, starting.digest_fields(draft), submit=wording.submit)


def add_form(others: Sequence[Choice]) -> Modal:
    """Which standard is to be followed too."""
    wording = words("programme/forms")
    blocks = [kit.section(wording.add_intro), fields.one_of(STANDARD, wording.standard, others)]
    return kit.modal(ADD_FORM, wording.add, blocks, submit=wording.next)


def addition_form(ref: StandardRef, values: AdditionValues) -> Modal:
    """What comes with it."""
    wording = words("programme/addition", values=values)
    serving = [words("programme/addition", title=each).line for each in values.serving]
    parts = [values.new[start : start + BOXES] for start in range(0, len(values.new), BOXES)]
    boxes = [
        fields.ticks(f"{WANTED}{place}", wording.wanted, part, given=[key for key, _ in part], optional=True)
        for place, part in enumerate(parts)
    ]
    return kit.modal(
        ADDITION_FORM,
        wording.heading,
        [
            kit.section(wording.intro if values.new else wording.nothing_new),
            *([kit.section(wording.serving), kit.lines(serving)] if serving else []),
            *boxes,
            *starting.owner_fields(values.groups),
        ],
        submit=wording.submit,
        payload=ref,
    )


def end_form(ref: StandardRef, *, standard: str) -> Modal:
    """Why a standard is followed no longer."""
    wording = words("programme/forms", standard=standard)
    blocks = [kit.section(wording.end_intro), fields.text(REASON, wording.reason)]
    return kit.modal(END_FORM, wording.end, blocks, submit=wording.end_submit, payload=ref)
