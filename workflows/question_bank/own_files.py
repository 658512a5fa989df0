"""Questions of the organisation's own out of a file: YAML, as docs/questions.md says, or a table with one a row."""

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from workflows.files import spreadsheets
from workflows.files.spreadsheets import MOST_BYTES, Line
from workflows.question_bank.checking import Ground, checked
from workflows.question_bank.faults import Why
from workflows.question_bank.freezing import ENGLISH, in_language
from workflows.question_bank.marked import HasAliases, Marked, NotYaml, Path, marked
from workflows.question_bank.refusals import LineFault, QuestionsAtFault
from workflows.question_bank.shapes import BankQuestion, Reworded
from workflows.refusals import UnreadableFile

MOST_QUESTIONS = 500
COLUMNS = (
    "id",
    "text",
    "text_de",
    "kind",
    "mode",
    "audience",
    "requirements",
    "minutes",
    "intent",
    "listen_for",
    "red_flags",
    "options",
    "none_possible",
    "evidence",
    "evidence_days",
    "follow_up_1_when",
    "follow_up_1",
    "follow_up_2_when",
    "follow_up_2",
)
"""What a column may be called. Samples, and whatever a cell has no room for, are for YAML."""

EVIDENCE = "evidence"
"""The id of the one piece of evidence that a row can ask for, as its follow-ups name it."""


def rows_of(file: str, data: bytes) -> Marked:
    """The questions in a file, each a mapping as YAML would say it, with the line or row on which each value stands.

    Raises `UnreadableFile` or `QuestionsAtFault`.
    """
    found = _yaml(file, data) if file.lower().endswith((".yaml", ".yml")) else _table(file, data)
    if len(found.data) > MOST_QUESTIONS:
        about = {"most": MOST_QUESTIONS, "key": "questions"}
        raise _at_fault(file, found.line((MOST_QUESTIONS,)), Why.TOO_MANY, **about)
    return found


def questions_in(file: str, found: Marked, ground: Ground) -> tuple[BankQuestion, ...]:
    """The questions that were read out of a file. Raises `QuestionsAtFault`, which names every fault."""
    checked_ = checked(found.data, ground)
    if checked_.faults:
        told = [
            LineFault(found.line(each.at), _named(found.data, each.at), each.why, each.about)
            for each in checked_.faults
        ]
        raise QuestionsAtFault(file, sorted(told, key=lambda each: each.line), len(found.data))
    return checked_.questions


def _named(rows: Sequence[Any], at: Path) -> str:
    row = rows[int(at[0])] if at else None
    return str(row.get("id", "")) if isinstance(row, dict) else ""


def _at_fault(file: str, line: int, why: Why, **about: object) -> QuestionsAtFault:
    return QuestionsAtFault(file, (LineFault(line, "", why, about),))


def _yaml(file: str, data: bytes) -> Marked:
    if len(data) > MOST_BYTES:
        raise UnreadableFile(file, "too_large")
    try:
        found = marked(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFile(file, "broken") from error
    except NotYaml as error:
        why = Why.ALIAS if isinstance(error, HasAliases) else Why.NOT_YAML
        raise _at_fault(file, error.line, why) from error
    return _listed(file, found)


def _listed(file: str, found: Marked) -> Marked:
    """The list under `questions`, or the whole file where it is a list."""
    under = ("questions",) if isinstance(found.data, dict) else ()
    rows = found.data.get("questions") if isinstance(found.data, dict) else found.data
    for key in found.data if isinstance(found.data, dict) else ():
        if key != "questions":
            raise _at_fault(file, found.line((key,)), Why.UNKNOWN_KEY, key=key, near="questions")
    if not isinstance(rows, list) or not rows:
        raise _at_fault(file, found.line(under), Why.NO_QUESTIONS)
    lines = {path[len(under) :]: line for path, line in found.lines.items() if path[: len(under)] == under}
    return Marked(rows, lines)


def _table(file: str, data: bytes) -> Marked:
    table = spreadsheets.read(file, data)
    for heading in table.headings:
        if heading not in COLUMNS:
            raise _at_fault(file, 1, Why.UNKNOWN_COLUMN, word=heading, known=COLUMNS)
    if not table.lines:
        raise _at_fault(file, 1, Why.NO_QUESTIONS)
    lines: dict[Path, int] = {(): 1, **{(place,): line.number for place, line in enumerate(table.lines)}}
    return Marked([as_row(_cells(line)) for line in table.lines], lines)


def as_row(told: Mapping[str, str]) -> dict[str, Any]:
    """What stands in cells, by their column, as YAML would say it; empty cells are not there."""
    row = {name: read(told[name]) for name, read in _READ.items() if name in told}
    if "text_de" in told:
        row["text"] = {"en": told.get("text", ""), "de": told["text_de"]}
    if "evidence" in told:
        days = {"max_age_days": told["evidence_days"]} if "evidence_days" in told else {}
        row["wanted_evidence"] = [{"id": EVIDENCE, "what": told["evidence"], "ask": "true", **days}]
    follow_ups = list(_follow_ups(told))
    return {**row, "mode": row.get("mode", "interview"), **({"follow_ups": follow_ups} if follow_ups else {})}


def _cells(line: Line) -> dict[str, str]:
    return {name: text for name in COLUMNS if (text := line.cell(name).text)}


def _follow_ups(told: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for name in ("follow_up_1", "follow_up_2"):
        if name in told or f"{name}_when" in told:
            yield {"when": _when(told.get(f"{name}_when", "")), "text": told.get(name, "")}


def _when(cell: str) -> dict[str, Any]:
    """`answer_is: unknown, none` as a condition; what is none is found out when it is checked."""
    name, _, said = cell.partition(":")
    answers = _listed_in(said)
    return {name.strip(): answers if name.strip() == "answer_is" else said.strip()} if name.strip() else {}


def _listed_in(cell: str) -> list[str]:
    return [part for each in re.split(r"[\n;,]", cell) if (part := each.strip())]


def _lines_in(cell: str) -> list[str]:
    return [part for each in re.split(r"[\n;]", cell) if (part := each.strip())]


def _requirements(cell: str) -> dict[str, list[str]]:
    """`iso27001-2022: A.5.18, A.6.5`, one standard a line."""
    found = dict[str, list[str]]()
    for line in _lines_in(cell):
        edition, _, numbers = line.partition(":")
        found.setdefault(edition.strip(), []).extend(_listed_in(numbers))
    return found


_READ: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys(("id", "text", "kind", "mode", "minutes", "intent", "none_possible"), str),
        **dict.fromkeys(("listen_for", "red_flags", "options"), _lines_in),
        "audience": _listed_in,
        "requirements": _requirements,
    }
)
"""What stands in a cell, as YAML would say it."""


def as_cells(question: BankQuestion) -> Reworded:
    """What of a question can be changed in a form, as it is entered there."""
    told = question.for_auditor
    return Reworded(
        text=in_language(question.text, ENGLISH),
        audience=", ".join(question.audience),
        requirements="\n".join(f"{edition}: {', '.join(each)}" for edition, each in question.requirements.items()),
        minutes=f"{question.minutes:g}",
        intent=told.intent,
        listen_for="\n".join(told.listen_for),
        red_flags="\n".join(told.red_flags),
    )
