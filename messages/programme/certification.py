"""Certification: how each certificate stands, what comes when, and the form in which a lead sets its dates."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from slack_sdk.models.blocks import Block

from messages.frameworks.payloads import EditionRef
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.wording import words

SET = "certificate.set"
SET_FORM = "certificate.set_form"

STATE = "state"
SCOPE = "scope"
BODY = "certification_body"
OWNER = "owner"
DAYS = (
    "stage_1_on",
    "stage_2_on",
    "decided_on",
    "expires_on",
    "last_surveillance_on",
    "next_audit_on",
    "suspended_on",
    "transition_by",
)
STATES = (
    "applicant",
    "stage_1_done",
    "stage_2_done",
    "certified",
    "suspended",
    "reduced_scope",
    "withdrawn",
    "expired_restorable",
    "expired",
)


@dataclass(frozen=True)
class MilestoneItem:
    """A date of the cycle; `strength` is rule, cb_policy, practice or own. Best done from `best_from` on."""

    title: str
    due_on: date
    strength: str
    best_from: date | None = None


@dataclass(frozen=True)
class CertificateItem:
    """How the certificate for a standard stands; without `state` nobody has written it down yet."""

    ref: EditionRef
    standard: str
    state: str | None = None
    certification_body: str = ""
    scope: str = ""
    decided_on: date | None = None
    expires_on: date | None = None
    milestones: Sequence[MilestoneItem] = ()


@dataclass(frozen=True)
class CertificateDraft:
    """What stands in the form when it opens; `days` by the names of DAYS."""

    standard: str
    state: str = "applicant"
    scope: str = ""
    certification_body: str = ""
    owner_id: str | None = None
    days: dict[str, date | None] = field(default_factory=dict)


def listing(items: Sequence[CertificateItem], *, today: date, may_set: bool) -> Message:
    """The answer to `/iso certification`."""
    wording = words("programme/certification/listing")
    groups = [_item_blocks(each, today, may_set=may_set) for each in items]
    return kit.message(wording.summary, [kit.header(wording.title), *kit.fitting(groups, len(groups))])


def _item_blocks(item: CertificateItem, today: date, *, may_set: bool) -> list[Block]:
    wording = words("programme/certification/listing", item=item, today=today)
    coming = [words("programme/certification/listing", each=each, today=today).line for each in item.milestones]
    button = kit.button(wording.button_set, SET, item.ref)
    return [
        kit.section(wording.item if item.state else wording.unknown),
        *([kit.lines(coming)] if coming else []),
        *(kit.actions([button]) if may_set else []),
    ]


def form(draft: CertificateDraft, ref: EditionRef) -> Modal:
    """The form for the dates of one certificate."""
    wording = words("programme/certification/form", draft=draft)
    states = [(each, wording[f"state_{each}"].plain) for each in STATES]
    days = [
        fields.day(name, wording[name], wording[f"{name}_hint"], given=draft.days.get(name), optional=True)
        for name in DAYS
    ]
    return kit.modal(
        SET_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.one_of(STATE, wording.state, states, given=draft.state),
            *days,
            fields.text(BODY, wording.certification_body, given=draft.certification_body, long=False, optional=True),
            fields.text(SCOPE, wording.scope, given=draft.scope, optional=True),
            fields.person(OWNER, wording.owner, wording.owner_hint, given=draft.owner_id),
        ],
        submit=wording.submit,
        payload=ref,
    )
