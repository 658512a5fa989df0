"""Evidence room: the form in which a giver or a lead says what a file shows and who may read it."""

from dataclasses import dataclass
from datetime import date

from messages.evidence.payloads import EvidenceRef
from messages.words import fields, kit
from messages.words.kit import Modal
from messages.words.wording import words

DETAILS = "evidence.details"
DETAILS_FORM = "evidence.details_form"

COLLECTED_ON = "collected_on"
BEGINS = "period_begins"
ENDS = "period_ends"
CLASSIFICATION = "classification"
PERSONAL_DATA = "personal_data"
LEGAL_HOLD = "legal_hold"

CLASSIFICATIONS = ("public", "internal", "confidential", "restricted")


@dataclass(frozen=True)
class DetailsDraft:
    """What is said about a file now. `sniffed` is what people call its kind; `superseded` its revision before, if any.

    Only those who `may_hold` are asked for a legal hold.
    """

    ref: EvidenceRef
    name: str
    sniffed: str
    revision: int
    given_by: str
    collected_on: date
    period_begins: date | None
    period_ends: date | None
    classification: str
    personal_data: bool
    retain_until: date | None
    legal_hold: str
    may_hold: bool


def form(draft: DetailsDraft) -> Modal:
    """What a file shows, for which days, and who may read it."""
    wording = words("evidence/details_modal", draft=draft)
    classes = [(each, wording[each].plain) for each in CLASSIFICATIONS]
    personal = [(PERSONAL_DATA, wording.personal_data_yes.plain)]
    hold = fields.text(
        LEGAL_HOLD, wording.legal_hold, wording.legal_hold_hint, given=draft.legal_hold, long=False, optional=True
    )
    return kit.modal(
        DETAILS_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            fields.day(COLLECTED_ON, wording.collected_on, wording.collected_on_hint, given=draft.collected_on),
            fields.day(BEGINS, wording.period_begins, given=draft.period_begins, optional=True),
            fields.day(ENDS, wording.period_ends, given=draft.period_ends, optional=True),
            fields.radio(CLASSIFICATION, wording.classification, classes, given=draft.classification),
            fields.ticks(
                PERSONAL_DATA,
                wording.personal_data,
                personal,
                given=[PERSONAL_DATA] if draft.personal_data else [],
                optional=True,
            ),
            *([hold] if draft.may_hold else []),
        ],
        submit=wording.submit,
        payload=draft.ref,
    )
