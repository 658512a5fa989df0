"""`deskaudit import`: the same rules on the command line, in one transaction, with a bar that says how far it is."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.clock import WallClock
from bot.commands.console import CannotGoOn, in_words, person_named, workspace_of
from bot.files.reader import Reader
from bot.files.storing import whole
from bot.importing.facts import fault_line
from bot.settings import Settings
from messages.importing import cards as words
from messages.words.refusals import refusal
from messages.words.wording import words as wording
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.importing.tables import ImportRun
from workflows.deed import Deed
from workflows.importing import commands, questions
from workflows.importing.checking import Columns, Report, check
from workflows.importing.commands import BroughtFile
from workflows.importing.guessing import Field, Sheet, guess, letters, sheet_in
from workflows.refusals import Refusal


@dataclass(frozen=True)
class Given:
    """What was typed: the file, who imports it, and what is to be done. `columns` are pairs such as `owner=C`."""

    file: Path
    lead: str
    workspace: str | None
    columns: Sequence[str]
    dry_run: bool
    once_more: bool


@dataclass(frozen=True)
class Outcome:
    """What a check found, and whether the rows were taken."""

    report: Report
    was_taken: bool


def main(settings: Settings, given: Given, console: Console) -> bool:
    """Import a file, or say why not; whether all is well. Raises `CannotGoOn`."""
    data = given.file.read_bytes()
    database = Database.open_existing(settings.database_url)
    try:
        blobs = settings.existing_store()
        with Progress(console=console, transient=True) as progress:
            sheet = _sheet(given.file.name, data, progress)
            asyncio.run(blobs.put(whole(data)))
            columns = _columns(sheet, given.columns)
            _tell_columns(sheet, columns, console)
            with database.unit_of_work(workspace_of(database, given.workspace)) as uow:
                outcome = _carry_out(uow, given, sheet, columns, data, progress)
    finally:
        database.shut_down()
    _tell_outcome(sheet, outcome, console)
    return not outcome.report.faults


def _sheet(file: str, data: bytes, progress: Progress) -> Sheet:
    bar = progress.add_task("Reading", total=None)
    try:
        return asyncio.run(Reader().read(sheet_in, file, data))
    except Refusal as no:
        raise CannotGoOn(refusal(no.name, **no.values).text) from no
    finally:
        progress.remove_task(bar)


def _columns(sheet: Sheet, typed: Sequence[str]) -> Columns:
    columns = {field: each.column for field, each in guess(sheet).items()}
    places = {letters(number): number for number in range(len(sheet.headings))}
    for each in typed:
        name, _, place = each.partition("=")
        if name not in tuple(Field) or place.upper() not in places:
            known = ", ".join(Field)
            raise CannotGoOn(f"“{each}” isn't a column. Use a field and a column, such as owner=C; fields are {known}.")
        columns[Field(name)] = places[place.upper()]
    return columns


def _carry_out(
    uow: UnitOfWork, given: Given, sheet: Sheet, columns: Columns, data: bytes, progress: Progress
) -> Outcome:
    at = WallClock().now()
    person_id = person_named(uow, given.lead)
    try:
        return _Import(Deed.of(uow, person_id, at), progress).of(given, sheet, columns, data)
    except Refusal as no:
        raise CannotGoOn(in_words(uow, no)) from no


class _Import:
    """All steps of one file for one lead."""

    def __init__(self, deed: Deed, progress: Progress) -> None:
        self._deed, self._progress = deed, progress

    def of(self, given: Given, sheet: Sheet, columns: Columns, data: bytes) -> Outcome:
        deed = self._deed
        run = commands.receive(deed, file=BroughtFile(given.file.name))
        sha256 = hashlib.sha256(data).hexdigest()
        run = commands.take_sheet(deed.by_itself, run_id=run.id, sheet=sheet, sha256=sha256, size=len(data))
        run = commands.confirm_columns(deed, run_id=run.id, version=run.version, columns=columns)
        bar = self._progress.add_task("Checking", total=len(sheet.rows))
        ground = questions.ground(deed)
        report = check(sheet, columns, ground, lambda number: self._progress.update(bar, completed=number))
        run = commands.take_report(deed.by_itself, run_id=run.id, version=run.version, report=report)
        if given.dry_run or report.faults:
            commands.cancel(deed, run_id=run.id, version=run.version)
            return Outcome(report, was_taken=False)
        self._take(run, report, once_more=given.once_more)
        return Outcome(report, was_taken=True)

    def _take(self, run: ImportRun, report: Report, *, once_more: bool) -> None:
        begun = commands.begin(self._deed, run_id=run.id, version=run.version, once_more=once_more)
        bar = self._progress.add_task("Importing", total=report.size)
        commands.take_rows(
            self._deed.by_itself,
            run_id=run.id,
            version=begun.version,
            report=report,
            once_more=once_more,
            told=lambda number: self._progress.update(bar, completed=number),
        )


def _tell_columns(sheet: Sheet, columns: Columns, console: Console) -> None:
    for field, number in sorted(columns.items(), key=lambda each: each[1]):
        name = wording("importing/field", field=field.value).name.plain
        _say(console, f"{letters(number):>2}  {sheet.headings[number] or '-'}: {name}")


def _tell_outcome(sheet: Sheet, outcome: Outcome, console: Console) -> None:
    report = outcome.report
    _say(console, f"{report.rows:,} rows, {report.rows - report.faulty:,} good, {report.faulty:,} with problems")
    for each in report.faults:
        line = fault_line(sheet.headings, each)
        _say(console, f"row {line.row}, {line.address or 'no column'}: {words.fault_sentence(line)}")
    said = ", ".join(f"{count:,} {what.replace('_', ' ')}" for what, count in report.counts.items())
    _say(console, f"Imported: {said}." if outcome.was_taken else f"Nothing was imported. It would create: {said}.")


def _say(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
