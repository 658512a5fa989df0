"""Case records room: the register in figures, and as a file."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from messages.words import kit, workbooks
from messages.words.filters import ENGLISH
from messages.words.kit import Message
from messages.words.wording import named, words
from messages.words.workbooks import Table

COLUMNS: Sequence[tuple[str, int]] = (
    ("number", 9),
    ("marks", 36),
    ("state", 24),
    ("grade", 10),
    ("requirement", 26),
    ("statement", 60),
    ("evidence", 60),
    ("place", 22),
    ("process", 22),
    ("source", 22),
    ("owner", 20),
    ("raised_on", 12),
    ("due_on", 12),
    ("closed_on", 12),
    ("rounds", 9),
    ("returned", 10),
)
"""The columns of the file, each with its width in characters; exceptions stand beside the number."""

KINDS = ("xlsx", "csv")
"""The files in which the register is given away."""

COUNTED = ("on_time", "accepted_at_once", "worked", "repeated")
_GRADES, _PHASES = ("major", "minor"), ("put_right", "find_out_why", "do_it", "show_it_worked")


@dataclass(frozen=True)
class RegisterFigures:
    """What the figures of `workflows/case_records/figures.py` came to, by their names."""

    found: Mapping[str, Any]


def figures(shown: RegisterFigures, *, may_export: bool) -> Message:
    """The register in figures: what is open, how old it is, and how well answers hold."""
    wording, found = words("case_records/figures", found=shown.found), shown.found
    counts = found["by_grade_and_phase"]
    grades = [
        words("case_records/figures", grade=grade, counts=[counts.get((grade, each), 0) for each in _PHASES]).of_grade
        for grade in _GRADES
    ]
    shares = [
        words("case_records/figures", name=name, share=found[name]).share for name in COUNTED if found[name].whole
    ]
    sources = sorted(found["by_source"].items(), key=lambda each: (-each[1], each[0]))
    came = [words("case_records/figures", source=source, count=count).came for source, count in sources]
    hint = [kit.context(wording.export)] if may_export else []
    blocks = [kit.header(wording.title), kit.section(wording.open), kit.lines(grades), kit.section(wording.ages)]
    said = [
        *([kit.lines(shares)] if shares else []),
        *([kit.section(wording.sources), kit.lines(came)] if came else []),
    ]
    return kit.message(wording.summary, [*blocks, *said, *hint])


def xlsx(rows: Iterable[Any], *, at: datetime, language: str = ENGLISH) -> bytes:
    """The register as an XLSX file, in which every cell is text."""
    written, wording = io.BytesIO(), words("case_records/columns", language)
    columns = [(wording[name].plain, width) for name, width in COLUMNS]
    table = Table(wording.sheet.plain, columns, (_cells(each, language) for each in rows))
    workbooks.write(written, [table], created_at=at)
    return written.getvalue()


def as_csv(rows: Iterable[Any], language: str = ENGLISH) -> bytes:
    """The same as CSV in UTF-8; what a spreadsheet would take for a formula has a mark before it, as text has there."""
    written, wording = io.StringIO(), words("case_records/columns", language)
    sheet = csv.writer(written)
    sheet.writerow([wording[name].plain for name, _ in COLUMNS])
    sheet.writerows([workbooks.harmless(each) for each in _cells(row, language)] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _cells(row: Any, language: str) -> list[str]:
    said = {
        "number": f"NC-{row.number}",
        "marks": "; ".join(named(each, "nonconformities/marks", language=language) for each in row.marks),
        "state": named(row.state, "case_records/states", language=language),
        "source": named(row.source, "nonconformities/sources", language=language) if row.source else "",
    }
    return [said.get(name, _said(getattr(row, name))) for name, _ in COLUMNS]


def _said(value: str | date | int | None) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
