"""Certification: how each certificate stands, what comes when, and the form in which a lead sets its dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from messages.frameworks.payloads import EditionRef
from messages.words import inputs, kit
from messages.words.kit import Message, Modal
from messages.words.wording import words
from workflows.programme.shapes import CertificateDates

SET = "certificate.set"
SET_FORM = "certificate.set_form"


@dataclass(frozen=True)
class MilestoneItem:
    """A date of the cycle; `strength` is rule, cb_policy, practice or own. Best done from `best_from` on."""

    title: str
    due_on: date
    strength: str
    best_from: date | None = None


@dataclass(frozen=True)
class CertificateItem:
    """How the certificate for a standard stands; without `state` nobody has written it down yet.

    `since` is when it came to stand so, `expires_on` its last day, `restorable_until` the last day to restore one that
    has expired: each only where it says something of the state.
    """

    ref: EditionRef
    standard: str
    state: str | None = None
    certification_body: str = ""
    scope: str = ""
    since: date | None = None
    expires_on: date | None = None
    restorable_until: date | None = None
    milestones: Sequence[MilestoneItem] = ()


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


def form(ref: EditionRef, *, standard: str, given: CertificateDates, states: Sequence[str]) -> Modal:
    """The form for the dates of one certificate."""
    wording = words("programme/certification/form", standard=standard)
    choices = {"state": inputs.named(wording, "state", states)}
    return kit.modal(
        SET_FORM,
        wording.heading,
        [kit.section(wording.intro), *inputs.inputs(CertificateDates, wording, given=vars(given), choices=choices)],
        submit=wording.submit,
        payload=ref,
    )
