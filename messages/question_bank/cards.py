"""Question bank room: the list, a question with all that auditors know of it, and how it will be asked."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from messages.interviews import asking
from messages.interviews.payloads import QuestionRef, TapRef
from messages.question_bank.payloads import BankPage, BankRef, TriedTap
from messages.words import kit
from messages.words.kit import Message
from messages.words.payloads import Nothing, decode, encode
from messages.words.requirements import Requirement
from messages.words.wording import words
from workflows.question_bank.shapes import AskedQuestion, WantedEvidence

SHOW = "question.show"
MORE = "question.more"
ADD = "question.add"
IMPORT = "question.import"
CHANGE = "question.change"
RETIRE = "question.retire"
PREVIEW = "question.preview"
TRIES = tuple(f"question.try_{number}" for number in range(1, 18))
"""The buttons of a preview, which need names of their own; which answer it is stands in the payload."""

PER_PAGE = 10
MOST_LOOKED_FOR = 200
"""Characters that a button for the next page carries."""


@dataclass(frozen=True)
class BankLine:
    """A question in the list."""

    ref: BankRef
    text: str
    kind: str
    audience: Sequence[str]


@dataclass(frozen=True)
class AuditorsQuestion:
    """A question with everything that stands beside its answers. A shipped one has nobody who added it."""

    ref: BankRef
    question: AskedQuestion
    audience: Sequence[str]
    requirements: Sequence[Requirement]
    added_by: str | None = None
    added_on: date | None = None
    retired_by: str | None = None
    retired_on: date | None = None


def listing(lines: Sequence[BankLine], *, looked_for: str, page: int, total: int) -> Message:
    """A page of the questions that some words fit."""
    pages = max(1, -(-total // PER_PAGE))
    wording = words("question_bank/listing", looked_for=looked_for, page=page, pages=pages, total=total)
    following = BankPage(looked_for[:MOST_LOOKED_FOR], page + 1)
    buttons = [
        *([kit.button(wording.button_more, MORE, following)] if page < pages else []),
        kit.button(wording.button_add, ADD, Nothing()),
        kit.button(wording.button_import, IMPORT, Nothing()),
    ]
    headline = wording.headline if total else wording.nothing
    return kit.message(headline, [kit.section(headline), *map(_line, lines), *kit.actions(buttons)])


def _line(line: BankLine) -> Block:
    wording = words("question_bank/listing", line=line)
    return kit.section(wording.line, button=kit.button(wording.button_show, SHOW, line.ref))


def one(shown: AuditorsQuestion) -> Message:
    """A question for auditors, who never see it together with whoever answers."""
    wording = words("question_bank/one", shown=shown, question=shown.question)
    follow_ups = [
        kit.section(words("question_bank/one", follow_up=each).follow_up) for each in shown.question.follow_ups
    ]
    evidence = [_wanted(each) for each in shown.question.wanted_evidence]
    sample = [kit.section(wording.sample)] if shown.question.sample else []
    return kit.message(
        wording.summary,
        [
            kit.section(wording.question),
            kit.context(wording.about),
            *evidence,
            *sample,
            *follow_ups,
            kit.divider(),
            kit.section(wording.for_auditor),
            kit.context(wording.origin),
            *kit.actions(_buttons(shown)),
        ],
    )


def _wanted(wanted: WantedEvidence[str]) -> Block:
    return kit.section(words("question_bank/one", wanted=wanted).evidence)


def _buttons(shown: AuditorsQuestion) -> list[ButtonElement]:
    wording = words("question_bank/one", shown=shown)
    preview = kit.button(wording.button_preview, PREVIEW, shown.ref)
    if shown.retired_by:
        return [preview]
    sure = kit.ask_first(wording.retire_title, wording.retire_text, yes=wording.retire_yes, no=wording.retire_no)
    return [
        preview,
        kit.button(wording.button_change, CHANGE, shown.ref),
        kit.button(wording.button_retire, RETIRE, shown.ref, confirm=sure),
    ]


def preview(question: AskedQuestion, auditor_id: str) -> Message:
    """The question as an interview composes it. Its buttons keep nothing, and say what would be asked next."""
    wording = words("question_bank/preview", question=question)
    shown = asking.question(_as_asked_first(question, auditor_id, wording.rows.plain))
    ids = iter(TRIES)
    blocks = [_tried(each, question.id, ids) for each in shown.blocks]
    intro = kit.message(wording.summary, [kit.context(wording.intro)])
    return replace(intro, blocks=(*intro.blocks, *blocks))


def _as_asked_first(question: AskedQuestion, auditor_id: str, rows: str) -> asking.AskedQuestion:
    return asking.AskedQuestion(
        ref=QuestionRef(0, question.id),
        audit_title="",
        auditor_id=auditor_id,
        number=1,
        total=1,
        prompt=question.text.replace("{rows}", rows),
        kind=question.kind.value,
        ack="first",
        options=[(each.id, each.label) for each in question.options],
        none_possible=question.none_possible,
    )


def _tried(block: dict[str, Any], question_id: str, ids: Iterator[str]) -> dict[str, Any]:
    """A block of the question, with buttons that only try; those that answer nothing carry no answer."""
    if block["type"] != "actions":
        return block
    buttons = [
        {**each, "action_id": next(ids), "value": encode(TriedTap(question_id, _answer_of(each)))}
        for each in block["elements"]
    ]
    return {**block, "elements": buttons}


def _answer_of(button: Mapping[str, Any]) -> str:
    is_tap = str(button["action_id"]).startswith(f"{asking.TAP}.")
    return decode(TapRef, button["value"]).tap if is_tap else ""


def tried(follow_up: str, *, is_answer: bool) -> Message:
    """What would be asked next, that nothing would, or that the button answers nothing by itself."""
    wording = words("question_bank/preview", follow_up=follow_up)
    if not is_answer:
        return kit.message(wording.elsewhere, [kit.section(wording.elsewhere)])
    said = wording.asked_further if follow_up else wording.goes_on
    return kit.message(said, [kit.section(said)])


def taken(*, file: str, added: int, changed: int, unchanged: int) -> Message:
    """Told to whoever brought a file of questions."""
    wording = words("question_bank/taken", file=file, added=added, changed=changed, unchanged=unchanged)
    return kit.message(wording.summary, [kit.section(wording.summary), kit.context(wording.next)])


def kept(ref: BankRef, *, is_retired: bool) -> Message:
    """Told to whoever added, changed or retired a question."""
    wording = words("question_bank/taken", ref=ref)
    said = wording.retired if is_retired else wording.kept
    show = [] if is_retired else [kit.button(wording.button_show, SHOW, ref)]
    return kit.message(said, [kit.section(said), *kit.actions(show)])
