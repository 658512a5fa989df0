"""Importing room: the spreadsheets that leads bring, from the question for a file to what came of it."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement, InputBlock

from messages.importing.payloads import ImportRef
from messages.words import fields, kit
from messages.words.kit import Message, Modal
from messages.words.wording import Phrase, Words, words
from messages.words.workbooks import harmless

ASK_FORM = "import.ask_form"
COLUMNS = "import.columns"
COLUMNS_FORM = "import.columns_form"
DO = "import.do"
ONCE_MORE = "import.once_more"
CANCEL = "import.cancel"

FILE = "file"
NOT_IN_THIS_FILE = "-"
FAULTS_SHOWN = 8
OUR_OWN = ("interrupted", "overtaken", "unexpected")
"""Failures that are no fault of the file; all others are those of files that cannot be read. What was interrupted is of
earlier versions, which did not go on by themselves.
"""


@dataclass(frozen=True)
class Column:
    """A column as spreadsheets name it, with its heading, which may be empty."""

    letters: str
    heading: str


@dataclass(frozen=True)
class FieldColumn:
    """What a row can say, and the column that does; `confidence` of the guess goes from 0 (none) to 3 (sure)."""

    field: str
    column: int | None
    confidence: int = 0


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a row; without an address where it is about a column that is not there."""

    row: int
    address: str
    heading: str
    why: str
    value: str


@dataclass(frozen=True)
class ImportCard:
    """A file on its way in. `why` names the sentence for a failure.

    `before_by` and `before_on` tell of an earlier import of the same file. `progress` counts while rows are taken.
    """

    ref: ImportRef
    state: str
    file: str
    rows: int = 0
    columns: Sequence[Column] = ()
    guessed: Sequence[FieldColumn] = ()
    faulty: int = 0
    faults: Sequence[CellFault] = ()
    obligations: int = 0
    tasks: int = 0
    findings: int = 0
    left_out: int = 0
    before_by: str = ""
    before_on: date | None = None
    is_running: bool = False
    progress: int = 0
    why: str = ""
    settled_by: str = ""

    @property
    def size(self) -> int:
        """How much there is to take."""
        return self.obligations + self.tasks + self.findings


def ask_modal() -> Modal:
    """Asks for the file."""
    wording = words("importing/ask_modal")
    return kit.modal(
        ASK_FORM,
        wording.heading,
        [
            kit.section(wording.intro),
            kit.section(wording.steps),
            fields.files(FILE, wording.file, wording.file_hint, most=1),
        ],
        submit=wording.submit,
    )


def columns_modal(
    *,
    ref: ImportRef,
    file: str,
    columns: Sequence[Column],
    samples: Sequence[Sequence[str]],
    guessed: Sequence[FieldColumn],
) -> Modal:
    """One menu for each thing a row can say, with the guess chosen already; above them the first rows."""
    wording = words("importing/columns_modal", file=file)
    rows = [_sample(columns, each) for each in samples]
    choices = [(NOT_IN_THIS_FILE, words("importing/field").nothing.plain), *_choices(columns)]
    return kit.modal(
        COLUMNS_FORM,
        wording.heading,
        [kit.section(wording.intro), *([kit.lines(rows)] if rows else []), *(_menu(each, choices) for each in guessed)],
        submit=wording.submit,
        payload=ref,
    )


def _sample(columns: Sequence[Column], texts: Sequence[str]) -> Phrase:
    cells = [(column.letters, text) for column, text in zip(columns, texts, strict=False) if text]
    return words("importing/columns_modal", cells=cells).sample


def _choices(columns: Sequence[Column]) -> list[fields.Choice]:
    return [(str(number), words("importing/field", column=each).option.plain) for number, each in enumerate(columns)]


def _menu(each: FieldColumn, choices: Sequence[fields.Choice]) -> InputBlock:
    wording = words("importing/field", field=each.field, confidence=each.confidence)
    given = NOT_IN_THIS_FILE if each.column is None else str(each.column)
    return fields.one_of(each.field, wording.name, choices, wording.hint, given=given)


# --- the card ---


def card(values: ImportCard) -> Message:
    """The one message about a file, as it stands now."""
    wording = words("importing/card", card=values)
    return kit.message(wording.summary, [*_body(values, wording), *kit.actions(_buttons(values, wording))])


def _body(values: ImportCard, wording: Words) -> list[Block]:
    if values.is_running:
        return [kit.section(wording.running)]
    if values.state == "failed":
        return _failure(values, wording)
    told = {"read": _guess, "checked": _result, "done": _outcome}.get(values.state)
    return [kit.section(wording[values.state]), *(told(values, wording) if told else [])]


def _failure(values: ImportCard, wording: Words) -> list[Block]:
    if values.why in OUR_OWN:
        return [kit.section(wording[f"failed_{values.why}"])]
    refused = words("words/refusals/unreadable_file", file=values.file, why=values.why)
    return [kit.section(refused.what), kit.context(refused.advice)]


def _guess(values: ImportCard, wording: Words) -> list[Block]:
    named = [_guess_line(values, each, each.column) for each in values.guessed if each.column is not None]
    listed: list[Block] = [kit.lines(named)] if named else [kit.section(wording.nothing_guessed)]
    return [*listed, *_before(values, wording)]


def _guess_line(values: ImportCard, each: FieldColumn, number: int) -> Phrase:
    column = values.columns[number]
    return words("importing/field", field=each.field, confidence=each.confidence, column=column).line


def _result(values: ImportCard, wording: Words) -> list[Block]:
    if values.faulty:
        shown = values.faults[:FAULTS_SHOWN]
        left = values.faulty - len({each.row for each in shown})  # a row may have several faults
        more = [kit.context(words("importing/card", left=left).more_faulty)] if left else []
        return [
            kit.lines([words("importing/fault", fault=each).line for each in shown]),
            *more,
            kit.context(wording.faulty),
        ]
    advice = wording.good if values.size else wording.nothing_to_take
    return [kit.section(wording.counts), *_before(values, wording), kit.context(advice)]


def _outcome(_: ImportCard, wording: Words) -> list[Block]:
    return [kit.section(wording.counts), kit.context(wording.done_next)]


def _before(values: ImportCard, wording: Words) -> list[Block]:
    return [kit.section(wording.before)] if values.before_on else []


def _buttons(values: ImportCard, wording: Words) -> list[ButtonElement]:
    waits_for_a_person = values.state in ("read", "checked") or (values.state == "failed" and values.columns)
    if values.is_running or not waits_for_a_person:
        return []
    may_go = values.state == "checked" and not values.faulty and values.size > 0
    choose = (
        kit.button(wording.button_columns, COLUMNS, values.ref, style="primary")
        if values.state == "read"
        else kit.button(wording.button_columns_again, COLUMNS, values.ref)
    )
    cancel = kit.button(wording.button_cancel, CANCEL, values.ref)
    return [*([_go_button(values, wording)] if may_go else []), choose, cancel]


def _go_button(values: ImportCard, wording: Words) -> ButtonElement:
    if values.before_on is None:
        return kit.button(wording.button_import, DO, values.ref, style="primary")
    confirm = kit.ask_first(
        wording.once_more_title, wording.once_more_text, yes=wording.once_more_yes, no=wording.once_more_no
    )
    return kit.button(wording.button_once_more, ONCE_MORE, values.ref, confirm=confirm)


# --- the list of faults ---


def fault_sentence(fault: CellFault) -> str:
    """What is wrong, in words."""
    return words("importing/fault", fault=fault).sentence.plain


def faults_file(faults: Sequence[CellFault]) -> bytes:
    """Every fault as CSV, as spreadsheets on every machine read it; nothing in it is ever computed."""
    wording = words("importing/fault")
    written = io.StringIO(newline="")
    sheet = csv.writer(written)
    sheet.writerow([wording[f"heading_{name}"].plain for name in ("row", "cell", "column", "value", "sentence")])
    for each in faults:
        told = (each.address, each.heading, each.value, fault_sentence(each))
        sheet.writerow([each.row, *map(harmless, told)])
    return written.getvalue().encode("utf-8-sig")
