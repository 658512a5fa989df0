"""Which row names the columns, and which column holds what: guessed by words, for a person to confirm."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import cache
from typing import Any

from workflows.files import spreadsheets
from workflows.files.data import read_data
from workflows.files.spreadsheets import Cell, Grid, Row
from workflows.refusals import UnreadableFile

ROWS_SEARCHED_FOR_HEADINGS = 10
"""Above them stand titles and logos, if anything."""

SAMPLES = 3
ROWS_LOOKED_AT = 50

_REFERENCE = re.compile(r"(?:[^\W\d]+\W*){0,3}\d+(?:\.\d+)*\b.*", re.DOTALL)
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?.*|\d{1,2}[./]\s?\d{1,2}[./].*|\d{5}|.*\b(?:19|20)\d\d")


class Field(StrEnum):
    """What a row of a register can say, in the order in which a person is asked for it.

    Where a heading may mean two, the first one that what stands below it allows is guessed.
    """

    OWNER = "owner"
    CONTROL = "control"
    TITLE = "title"
    FREQUENCY = "frequency"
    DUE = "due"
    DESCRIPTION = "description"
    EVIDENCE = "evidence"
    STATUS = "status"
    KIND = "kind"
    FINDING = "finding"
    GRADE = "grade"
    FOUND_ON = "found_on"
    PLACE = "place"
    SAMPLE = "sample"


class Confidence(IntEnum):
    """How much speaks for a guess: what stands below the heading, a word in it, or the whole of it."""

    PERHAPS = 1
    LIKELY = 2
    SURE = 3


@dataclass(frozen=True)
class Guess:
    """The column that probably holds a field, counted from 0."""

    column: int
    confidence: Confidence


@dataclass(frozen=True)
class Sheet:
    """A grid whose columns have names: the headings, which may be empty or stand there twice, and the rows below."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    grid: Grid

    def column(self, number: int) -> Iterable[str]:
        """What stands in a column, without what is empty."""
        return filter(None, (row.cell(number).text for row in self.rows[:ROWS_LOOKED_AT]))


@cache
def words() -> Any:
    """The words of spreadsheets that people bring."""
    return read_data("importing/import-words.yaml")


@cache
def fields_by_word() -> Mapping[str, tuple[Field, ...]]:
    """Each word a column may be called with the fields it may mean."""
    listed: Mapping[str, list[str]] = words()["fields"]
    every = {word for called in listed.values() for word in called}
    return {word: tuple(field for field in Field if word in listed[field]) for word in every}


def simple(text: str) -> str:
    """Words as they are compared: small letters, without punctuation and with single blanks."""
    return " ".join(re.findall(r"\w+", text.casefold().replace("_", " ")))


def letters(column: int) -> str:
    """A column as spreadsheets name it: A, B … Z, AA."""
    more, last = divmod(column, 26)
    return (letters(more - 1) if more else "") + chr(ord("A") + last)


def sheet_in(file: str, data: bytes) -> Sheet:
    """The sheet in the bytes of a file. Raises `UnreadableFile`."""
    return sheet_of(file, spreadsheets.grid(file, data))


def sheet_of(file: str, grid: Grid) -> Sheet:
    """The grid with its headings: of the first rows the one that says most about columns.

    Raises `UnreadableFile` when there is nothing below it.
    """
    first = grid.rows[:ROWS_SEARCHED_FOR_HEADINGS]
    place = max(range(len(first)), key=lambda number: _named(first[number].cells), default=0)
    rows = grid.rows[place + 1 :]
    if not rows:
        raise UnreadableFile(file, "no_rows")
    width = max(len(row.cells) for row in (*rows, first[place]))
    headings = tuple(" ".join(first[place].cell(number).text.split()) for number in range(width))
    return Sheet(headings, rows, grid)


def _named(cells: Sequence[Cell]) -> int:
    return sum(simple(cell.text) in fields_by_word() for cell in cells)


def guess(sheet: Sheet) -> dict[Field, Guess]:
    """The most probable column of each field; each column is taken once, the surest first."""
    candidates = sorted(_candidates(sheet), key=lambda each: each[0], reverse=True)
    found: dict[Field, Guess] = {}
    for (confidence, _, _), field, column in candidates:
        if field not in found and column not in {each.column for each in found.values()}:
            found[field] = Guess(column, confidence)
    return found


Weight = tuple[Confidence, int, int]


def _candidates(sheet: Sheet) -> Iterable[tuple[Weight, Field, int]]:
    for column, heading in enumerate(sheet.headings):
        for (confidence, length), field in _called(simple(heading)):
            if _fits(field, sheet.column(column)):
                yield (confidence, length, -column), field, column
        if _mostly(sheet.column(column), "@"):
            yield (Confidence.PERHAPS, 0, -column), Field.OWNER, column


def _called(heading: str) -> Iterable[tuple[tuple[Confidence, int], Field]]:
    for word, fields in fields_by_word().items():
        if heading == word:
            yield from (((Confidence.SURE, len(word)), field) for field in fields)
        elif f" {word} " in f" {heading} ":
            yield from (((Confidence.LIKELY, len(word)), field) for field in fields)


def _fits(field: Field, texts: Iterable[str]) -> bool:
    """Whether what stands there can be meant: a column called Control may hold numbers, or names."""
    shape = {Field.CONTROL: _REFERENCE, Field.DUE: _DATE, Field.FOUND_ON: _DATE}.get(field)
    seen = list(texts)
    return shape is None or not seen or sum(bool(shape.fullmatch(text)) for text in seen) * 2 >= len(seen)


def _mostly(texts: Iterable[str], mark: str) -> bool:
    seen = list(texts)
    return bool(seen) and sum(mark in text for text in seen) * 2 > len(seen)
