"""Desk audits room: what is on record of an auditor's competence, and the form in which it is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from messages.people.payloads import PersonRef
from messages.words import inputs, kit
from messages.words.fields import Choice
from messages.words.kit import Message, Modal
from messages.words.wording import words
from workflows.desk_audits.shapes import Competence

RECORD = "auditor_competence.record"
RECORD_FORM = "auditor_competence.record_form"


@dataclass(frozen=True)
class OnRecord:
    """What makes somebody fit to audit against a standard; `is_good`: it still counts."""

    standard: str
    basis: str
    recorded_by: str
    valid_until: date | None
    is_good: bool


def listing(person_id: str, items: Sequence[OnRecord], *, may_record: bool) -> Message:
    """The answer to `/iso audit competence @person`."""
    wording = words("desk_audits/competence", person_id=person_id, total=len(items))
    lines = [words("desk_audits/competence", item=each).line for each in items]
    button = kit.button(wording.button_record, RECORD, PersonRef(person_id))
    return kit.message(
        wording.summary,
        [
            kit.section(wording.headline if items else wording.nothing),
            *([kit.lines(lines)] if lines else []),
            *kit.actions([button] if may_record else []),
        ],
    )


def modal(*, person_id: str | None, editions: Sequence[Choice]) -> Modal:
    """The form in which it is recorded."""
    wording = words("desk_audits/competence_modal")
    asked = inputs.inputs(Competence, wording, given={"person_id": person_id}, choices={"edition": editions})
    return kit.modal(RECORD_FORM, wording.heading, asked, submit=wording.submit)
