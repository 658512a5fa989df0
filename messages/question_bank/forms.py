"""Question bank room: adding a question, changing one, bringing a file of them."""

from collections.abc import Mapping, Sequence

from messages.question_bank.payloads import BankRef
from messages.words import fields, inputs, kit
from messages.words.inputs import Choices
from messages.words.kit import Message, Modal
from messages.words.payloads import Nothing
from messages.words.wording import words
from workflows.question_bank.shapes import Reworded, Written
from workflows.shapes import values_of

ADD_FORM = "question.add_form"
CHANGE_FORM = "question.change_form"
IMPORT_FORM = "question.import_form"
FILE = "file"

CONDITIONS: Mapping[str, str] = {
    "answer_is: unknown": "unknown",
    "fewer_words_than: 8": "short",
    "no_file: evidence": "no_file",
}
"""When a form can ask further, as a spreadsheet writes it, and the words for it."""


def add_modal(*, kinds: Sequence[str]) -> Modal:
    """A new question."""
    wording = words("question_bank/question_modal", is_new=True)
    whens = [(when, wording[f"follow_up_1_when_{word}"].plain) for when, word in CONDITIONS.items()]
    choices: dict[str, Choices] = {
        "kind": inputs.named(wording, "kind", kinds),
        "follow_up_1_when": {wording.follow_up_1_when.plain: whens},  # only a menu with headings may be left empty
    }
    asked = inputs.inputs(Written, wording, choices=choices)
    return kit.modal(
        ADD_FORM, wording.heading, [kit.section(wording.intro), *asked], submit=wording.submit, payload=Nothing()
    )


def change_modal(ref: BankRef, *, given: Reworded) -> Modal:
    """A new version of a question; what stands in the fields is the one before."""
    wording = words("question_bank/question_modal", is_new=False)
    asked = inputs.inputs(Reworded, wording, given=values_of(given))
    return kit.modal(
        CHANGE_FORM, wording.heading, [kit.section(wording.intro), *asked], submit=wording.submit, payload=ref
    )


def import_modal() -> Modal:
    """Asks for a file of questions."""
    wording = words("question_bank/import_modal")
    file = fields.files(FILE, wording.file, wording.file_hint, most=1)
    return kit.modal(IMPORT_FORM, wording.heading, [kit.section(wording.intro), file], submit=wording.submit)


def reading(file: str) -> Message:
    """Told to whoever gave a file, until it is read."""
    wording = words("question_bank/import_modal", file=file)
    return kit.message(wording.reading, [kit.section(wording.reading)])
