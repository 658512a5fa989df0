"""Importing: what the words need to know, looked up in rows."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from messages.importing import cards as words
from messages.importing.payloads import ImportRef
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from storage.importing.tables import ImportRun, ImportState
from workflows.deed import Deed
from workflows.importing import questions
from workflows.importing.checking import CellFault
from workflows.importing.guessing import Field, letters
from workflows.nudges.rules import local_day


def card_of(uow: UnitOfWork, run: ImportRun, *, progress: int = 0) -> Message:
    """The card of a file as it stands now."""
    return words.card(replace(_values(run), progress=progress, **_earlier(uow, run)))


def _values(run: ImportRun) -> words.ImportCard:
    return words.ImportCard(
        ref=ImportRef(run.id, run.version),
        state=run.state.value,
        file=run.file_name,
        rows=run.rows,
        columns=_columns(run.headings),
        guessed=_guessed(run),
        faulty=run.faulty,
        faults=[fault_line(run.headings, CellFault(**each)) for each in run.faults],
        **_counts(run),
        is_running=run.state is ImportState.CHECKED and run.begun_at is not None,
        why=run.reason,
        settled_by=run.settled_by or "",
    )


def _counts(run: ImportRun) -> dict[str, Any]:
    return dict(run.counts)


def _earlier(uow: UnitOfWork, run: ImportRun) -> dict[str, Any]:
    before = questions.imported_before(uow, run)
    if before is None or before.settled_at is None:
        return {}
    return {
        "before_by": before.settled_by or before.given_by,
        "before_on": local_day(uow.workspace().zone, before.settled_at),
    }


def _columns(headings: Sequence[str]) -> list[words.Column]:
    return [words.Column(letters(number), heading) for number, heading in enumerate(headings)]


def _guessed(run: ImportRun) -> list[words.FieldColumn]:
    sure = run.guesses if run.state is ImportState.READ else {}
    return [words.FieldColumn(each.value, run.columns.get(each), sure.get(each, 0)) for each in Field]


def fault_line(headings: Sequence[str], fault: CellFault) -> words.CellFault:
    """What is wrong with a row, with the address of its cell."""
    address = "" if fault.column is None else f"{letters(fault.column)}{fault.row}"
    heading = "" if fault.column is None else headings[fault.column]
    return words.CellFault(fault.row, address, heading, str(fault.why), fault.value)


def columns_modal(deed: Deed, *, run_id: int) -> Modal:
    run = questions.to_map(deed, run_id=run_id)
    return words.columns_modal(
        ref=ImportRef(run.id, run.version),
        file=run.file_name,
        columns=_columns(run.headings),
        samples=run.samples,
        guessed=_guessed(run),
    )
