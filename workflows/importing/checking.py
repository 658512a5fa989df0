"""Every row of a sheet held against what the programme knows: what would come of it, or what is wrong with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from workflows.files.spreadsheets import NOTHING, Cell, Row
from workflows.importing import values
from workflows.importing.guessing import Field, Sheet, simple, words
from workflows.importing.values import ONCE, Directory, Index, Why, Wrong

T = TypeVar("T")

LONGEST_TITLE = 200
LONGEST_TEXT = 4_000
LEFT_EMPTY = frozenset({"-", "\u2013", "\u2014", "n/a", "N/A"})
"""How people write that there is nothing to say."""

SAID = (Field.GRADE, Field.FOUND_ON)
"""What a register says of a finding and no draft has a place for; whoever grades it should read it."""

ROWS_BETWEEN_WORDS = 100
"""After so many rows whoever waits is told how far it is."""

Columns = Mapping[Field, int]
"""Which column holds what, counted from 0, as a person confirmed."""

TellHowFar = Callable[[int], None]


@dataclass(frozen=True)
class Ground:
    """What rows are held against. `locale` and `today` are of the person whose file it is."""

    directory: Directory
    references: Index
    titles: Mapping[str, str]
    today: date
    locale: str


@dataclass(frozen=True)
class Work:
    """Something to be done, again and again or once; `starts_on` is the next due date, if the row names one."""

    row: int
    title: str
    purpose: str
    requirements: list[str]
    owner_id: str
    recurrence: str
    starts_on: date | None
    evidence_wanted: str

    @property
    def is_once(self) -> bool:
        """Whether it does not come round again."""
        return self.recurrence == ONCE


@dataclass(frozen=True)
class OpenFinding:
    """A finding that is still open. `register_says` is its grade and date there, by heading; it binds nobody."""

    row: int
    requirement: str
    evidence: str
    statement: str
    place: str
    sample: str
    owner_id: str
    register_says: Mapping[str, str]


@dataclass(frozen=True)
class CellFault:
    """What is wrong with a row; `column` is None where something is missing for which there is no column."""

    row: int
    column: int | None
    why: Why
    value: str = ""


@dataclass
class Report:
    """What a check found. `left_out` counts rows that are closed already; empty rows count nowhere."""

    rows: int = 0
    left_out: int = 0
    works: list[Work] = field(default_factory=list)
    findings: list[OpenFinding] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)

    @property
    def faulty(self) -> int:
        """How many rows have a fault."""
        return len({fault.row for fault in self.faults})

    @property
    def counts(self) -> dict[str, int]:
        """What would come of the good rows."""
        once = sum(each.is_once for each in self.works)
        found = {"obligations": len(self.works) - once, "tasks": once, "findings": len(self.findings)}
        return {**found, "left_out": self.left_out}

    @property
    def size(self) -> int:
        """How much would be taken."""
        return len(self.works) + len(self.findings)


def check(sheet: Sheet, columns: Columns, ground: Ground, told: TellHowFar = lambda _: None) -> Report:
    """Look at every row; nothing is written. `told` hears how many rows were looked at."""
    report, month_first = Report(), _month_first(sheet, columns, ground)
    for number, row in enumerate(sheet.rows, start=1):
        _Looked(row, sheet, columns, ground, month_first).into(report)
        if number % ROWS_BETWEEN_WORDS == 0:
            told(number)
    told(len(sheet.rows))
    return report


def _month_first(sheet: Sheet, columns: Columns, ground: Ground) -> dict[Field, bool]:
    return {
        each: values.with_month_first((row.cell(columns[each]).text for row in sheet.rows), ground.locale)
        for each in (Field.DUE, Field.FOUND_ON)
        if each in columns
    }


@dataclass
class _Looked:
    """One row on its way to what would come of it; faults gather, so that all of a row are named at once."""

    row: Row
    sheet: Sheet
    columns: Columns
    ground: Ground
    month_first: Mapping[Field, bool]
    faults: list[CellFault] = field(default_factory=list)

    def into(self, report: Report) -> None:
        if not any(self._cell(each).text for each in self.columns):
            return
        report.rows += 1
        if self._is_over():
            report.left_out += 1
            return
        found = self._finding() if self._is_a_finding() else self._work()
        report.faults.extend(self.faults)
        if self.faults:
            return
        if isinstance(found, OpenFinding):
            report.findings.append(found)
        else:
            report.works.append(found)

    def _is_over(self) -> bool:
        """What comes round again is not over because it was done."""
        said = simple(self._cell(Field.STATUS).text)
        return said in words()["dropped"] or (said in words()["done"] and not self._cell(Field.FREQUENCY).text)

    # --- the two things a row can be ---

    def _is_a_finding(self) -> bool:
        said = simple(self._cell(Field.KIND).text)
        if not said:
            return bool(self._cell(Field.FINDING).text)
        if said not in words()["kinds"]["finding"] and said not in words()["kinds"]["work"]:
            self._note(Field.KIND, Why.KIND_UNKNOWN)
        return said in words()["kinds"]["finding"]

    def _work(self) -> Work:
        recurrence, starts_on = self._frequency(), self._day(Field.DUE)
        if recurrence == ONCE and not self._cell(Field.DUE).text:
            self._note(Field.DUE, Why.DATE_MISSING)
        requirements = self._requirements()
        return Work(
            row=self.row.number,
            title=self._title(requirements),
            purpose=self._text(Field.DESCRIPTION),
            requirements=requirements,
            owner_id=self._owner(),
            recurrence=recurrence,
            starts_on=starts_on,
            evidence_wanted=self._text(Field.EVIDENCE),
        )

    def _finding(self) -> OpenFinding:
        self._day(Field.FOUND_ON)
        self._text(Field.GRADE)
        return OpenFinding(
            row=self.row.number,
            requirement=self._wanted(Field.CONTROL, Why.CONTROL_MISSING, self._requirement) or "",
            evidence=self._wanted(Field.EVIDENCE, Why.EVIDENCE_MISSING, self._plain) or "",
            statement=self._wanted(Field.FINDING, Why.FINDING_MISSING, self._plain) or "",
            place=self._text(Field.PLACE),
            sample=self._text(Field.SAMPLE),
            owner_id=self._owner(),
            register_says={self._heading(each): text for each in SAID if (text := self._cell(each).text)},
        )

    # --- cell by cell ---

    def _owner(self) -> str:
        return self._wanted(Field.OWNER, Why.OWNER_MISSING, lambda cell: self.ground.directory.owner(cell.text)) or ""

    def _title(self, requirements: list[str]) -> str:
        """Without a title of its own, work is called by the requirement it is done for."""
        if not self._cell(Field.TITLE).text and requirements:
            return self.ground.titles[requirements[0]][:LONGEST_TITLE]
        title = self._wanted(Field.TITLE, Why.TITLE_MISSING, self._plain) or ""
        if len(title) > LONGEST_TITLE:
            self._note(Field.TITLE, Why.TITLE_TOO_LONG)
        return " ".join(title.split())

    def _frequency(self) -> str:
        if not self._cell(Field.FREQUENCY).text:
            return ONCE
        return self._taken(Field.FREQUENCY, lambda cell: values.recurrence(cell.text)) or ""

    def _day(self, which: Field) -> date | None:
        def read(cell: Cell) -> date:
            month_first = self.month_first[which]
            return values.day(cell, today=self.ground.today, day_zero=self.sheet.grid.day_zero, month_first=month_first)

        return self._taken(which, read)

    def _requirements(self) -> list[str]:
        return self._taken(Field.CONTROL, lambda cell: values.requirements(cell, self.ground.references)) or []

    def _requirement(self, cell: Cell) -> str:
        return values.requirement(cell, self.ground.references)

    def _text(self, which: Field) -> str:
        return self._taken(which, self._plain) or ""

    def _plain(self, cell: Cell) -> str:
        if len(cell.text) > LONGEST_TEXT:
            raise Wrong(Why.TEXT_TOO_LONG)
        return cell.text

    # --- what they share ---

    def _wanted(self, which: Field, missing: Why, read: Callable[[Cell], T]) -> T | None:
        if not self._cell(which).text:
            self._note(which, missing)
        return self._taken(which, read)

    def _taken(self, which: Field, read: Callable[[Cell], T]) -> T | None:
        cell = self._cell(which)
        if not cell.text:
            return None
        try:
            values.must_be_plain(cell)
            return read(cell)
        except Wrong as no:
            self._note(which, no.why)
            return None

    def _note(self, which: Field, why: Why) -> None:
        self.faults.append(CellFault(self.row.number, self.columns.get(which), why, self._cell(which).text))

    def _heading(self, which: Field) -> str:
        return self.sheet.headings[self.columns[which]]

    def _cell(self, which: Field) -> Cell:
        column = self.columns.get(which)
        cell = NOTHING if column is None else self.row.cell(column)
        return NOTHING if cell.text in LEFT_EMPTY else cell
