"""Evidence room: the form in which a giver or a lead says what a file shows and who may read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from messages.evidence.payloads import EvidenceRef
from messages.words import kit
from messages.words.inputs import inputs
from messages.words.kit import Modal
from messages.words.wording import words
from workflows.evidence.shapes import Details

DETAILS = "evidence.details"
DETAILS_FORM = "evidence.details_form"


@dataclass(frozen=True)
class DetailsDraft:
    """What is said about a file now. `sniffed` is its kind, or its type if it is of none.

    `classifications` are those it may have. Only those who `may_hold` are asked for a legal hold.
    """

    ref: EvidenceRef
    name: str
    sniffed: str
    revision: int
    given_by: str
    said: Details
    retain_until: date | None
    classifications: Sequence[str]
    may_hold: bool


def form(draft: DetailsDraft) -> Modal:
    """What a file shows, for which days, and who may read it."""
    wording = words("evidence/details_modal", draft=draft)
    choices = {"classification": [(each, wording[each].plain) for each in draft.classifications]}
    without = () if draft.may_hold else ("legal_hold",)
    asked = inputs(Details, wording, given=vars(draft.said), choices=choices, without=without)
    return kit.modal(
        DETAILS_FORM, wording.heading, [kit.section(wording.intro), *asked], submit=wording.submit, payload=draft.ref
    )
