"""Interviews: the rows of a list that somebody gives, as a file or typed, one a line."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflows.files import spreadsheets
from workflows.interviews.rules import Ack
from workflows.refusals import UnreadableFile

LONGEST_LABEL = 60
FEWEST_TYPED = 2
"""One line is a sentence, and no list."""

Cells = tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A list: the heading of its columns, empty where it has none, and what each row below it is called."""

    columns: Cells
    labels: Cells


@dataclass(frozen=True)
class GivenList:
    """A list as it was given: its rows, its SHA-256, and the file `evidence_id` or the `text` that it is."""

    rows: Listed
    fingerprint: str
    evidence_id: int | None = None
    text: str | None = None


def in_file(name: str, data: bytes, *, wanted: Sequence[str]) -> Listed:
    """The list in a file, of which these columns are wanted. Raises `UnreadableFile`, `no_rows` for a heading alone."""
    rows = [tuple(cell.text for cell in row.cells) for row in spreadsheets.grid(name, data).rows]
    found = _listed(rows, wanted)
    if not found.labels:
        raise UnreadableFile(name, "no_rows")
    return found


def typed(text: str, *, wanted: Sequence[str]) -> Listed | None:
    """A list that was typed, one row a line; None for what is a sentence."""
    rows = [(line.strip(),) for line in text.splitlines() if line.strip()]
    found = _listed(rows, wanted)
    return found if len(found.labels) >= FEWEST_TYPED else None


def why_not(why: str) -> Ack:
    """What is said of a file from which no rows can be drawn, by why it can't be read."""
    return _WHY_NOT.get(why, Ack.NO_LIST)


_WHY_NOT = {
    "empty": Ack.NO_ROWS,
    "no_rows": Ack.NO_ROWS,
    **dict.fromkeys(("too_large", "unpacks_too_large", "too_many_rows", "too_costly"), Ack.LIST_TOO_LONG),
}


def _listed(rows: Sequence[Cells], wanted: Sequence[str]) -> Listed:
    head = rows[0] if rows and _is_heading(rows[0], rows[1:], wanted) else ()
    return Listed(head, tuple(_label(each) for each in rows[bool(head) :]))


def _is_heading(first: Cells, below: Sequence[Cells], wanted: Sequence[str]) -> bool:
    """A heading names a column that is wanted, or else has no digits where the rows below it do."""
    if {each.casefold() for each in wanted} & {each.casefold() for each in first}:
        return True
    return not _has_digit(first) and any(map(_has_digit, below))


def _has_digit(row: Cells) -> bool:
    return any(sign.isdigit() for cell in row for sign in cell)


def _label(row: Cells) -> str:
    return next(filter(None, row), "")[:LONGEST_LABEL]
