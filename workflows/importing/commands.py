"""What becomes of a file: received, read, its columns confirmed, its rows checked, and taken all together or not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.importing import queries as importing_queries
from storage.importing.tables import ImportRun, ImportState
from workflows.deed import Deed
from workflows.importing.checking import Columns, Report, TellHowFar
from workflows.importing.guessing import SAMPLES, Field, Sheet, guess
from workflows.importing.refusals import ImportedBefore, RowsAtFault
from workflows.importing.taking import Taking
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission
from workflows.refusals import AlreadyDecided, InputWanted, Stale, Thing
from workflows.wishes import Wish

# --- rules ---

State = ImportState

MOVES: Mapping[str, tuple[frozenset[State], State]] = MappingProxyType(
    {
        "read": (frozenset({State.RECEIVED}), State.READ),
        "map": (frozenset({State.READ, State.CHECKED, State.FAILED}), State.MAPPED),
        "check": (frozenset({State.MAPPED}), State.CHECKED),
        "do": (frozenset({State.CHECKED}), State.DONE),
        "cancel": (frozenset({State.RECEIVED, State.READ, State.MAPPED, State.CHECKED, State.FAILED}), State.CANCELLED),
        "fail": (frozenset({State.RECEIVED, State.MAPPED, State.CHECKED}), State.FAILED),
    }
)
"""Every move of a file: from which states, to which. `read`, `check`, `fail` are the bot's, others a person's."""

OVERTAKEN = "overtaken"
UNEXPECTED = "unexpected"
"""Why an import fails that is no fault of the file; unreadable files fail for the reasons of `UnreadableFile`."""

READ, CHECK, TAKE, LIST_FAULTS = "import.read", "import.check", "import.take", "import.list_faults"
"""The errands of importing."""

FAULTS_KEPT = 20
SAMPLE_LENGTH = 60
"""Characters of a cell that are kept to be shown."""


@dataclass(frozen=True)
class BroughtFile:
    """A file as it was given; without a Slack id when it was given on the command line."""

    name: str
    slack_file_id: str | None = None


# --- commands ---


def may_import(deed: Deed) -> None:
    """Raise unless the actor may import a spreadsheet now: `NotAllowed` or `NoProgrammeYet`."""
    deed.must(Permission.IMPORT_SPREADSHEET)
    people_questions.programme_must_run(deed.uow)


def receive(deed: Deed, *, file: BroughtFile) -> ImportRun:
    """Take note of a file that is to be imported, and post its card. Raises as `may_import`."""
    may_import(deed)
    run = deed.uow.add(
        ImportRun(file_name=file.name[:400], slack_file_id=file.slack_file_id, given_by=deed.by, given_at=deed.at)
    )
    deed.record("import.receive", run, file=run.file_name)
    if file.slack_file_id is not None:
        deed.message([deed.by], run, "import.card", what=("card",), at_once=True)
        deed.errand(READ, values={"of": run.id})
    return run


def take_sheet(deed: Deed, *, run_id: int, sheet: Sheet, sha256: str, size: int) -> ImportRun:
    """The file was read and its bytes are kept: note the headings, some samples, and the guess."""
    run = deed.uow.get(ImportRun, run_id)
    guessed = guess(sheet)
    taken = _move(
        deed.uow,
        run,
        "read",
        sha256=sha256,
        size=size,
        headings=list(sheet.headings),
        samples=_samples(sheet),
        rows=len(sheet.rows),
        columns={field: each.column for field, each in guessed.items()},
        guesses={field: int(each.confidence) for field, each in guessed.items()},
    )
    deed.record("import.read", taken, sha256=sha256, size=size, rows=taken.rows)
    deed.redraw(taken)
    return taken


def _samples(sheet: Sheet) -> list[list[str]]:
    width = range(len(sheet.headings))
    return [[row.cell(column).text[:SAMPLE_LENGTH] for column in width] for row in sheet.rows[:SAMPLES]]


def confirm_columns(deed: Deed, *, run_id: int, version: int, columns: Columns) -> ImportRun:
    """A lead says which column holds what. Raises `NotAllowed`, `AlreadyDecided`, `Stale`, or `InputWanted`."""
    run = _to_move(deed, "map", run_id, version)
    if not run.headings:
        raise AlreadyDecided(what=Thing.NAMED, called=run.file_name, state=f"import_{run.state.value}", by=None)
    _must_suffice(run, columns)
    mapped = _move(
        deed.uow, run, "map", columns=dict(columns), faults=[], faulty=0, counts={}, reason="", begun_at=None
    )
    named: dict[str, JSON] = {field.value: run.headings[column] for field, column in columns.items()}
    deed.record("import.map", mapped, columns=named)
    deed.redraw(mapped)
    if run.slack_file_id:
        deed.errand(CHECK, values={"of": mapped.id})
    return mapped


def _must_suffice(run: ImportRun, columns: Columns) -> None:
    if any(column not in range(len(run.headings)) for column in columns.values()):
        raise InputWanted(Field.OWNER, Wish.CHOOSE_COLUMN)
    if Field.OWNER not in columns:
        raise InputWanted(Field.OWNER, Wish.CHOOSE_COLUMN_OF_OWNER)
    if not columns.keys() & {Field.TITLE, Field.CONTROL, Field.FINDING}:
        raise InputWanted(Field.TITLE, Wish.CHOOSE_COLUMN_OF_TITLE)


def take_report(deed: Deed, *, run_id: int, version: int, report: Report) -> ImportRun:
    """Every row was looked at: note what would come of them, and what is wrong. Raises `AlreadyDecided` or `Stale`."""
    run = _unchanged(deed.uow.get(ImportRun, run_id), version)
    faults = [asdict(fault) for fault in report.faults[:FAULTS_KEPT]]
    checked = _move(deed.uow, run, "check", rows=report.rows, faulty=report.faulty, faults=faults, counts=report.counts)
    details: dict[str, JSON] = {"rows": report.rows, "faulty": report.faulty, **report.counts}
    deed.record("import.check", checked, **details)
    deed.redraw(checked)
    if report.faults and run.slack_file_id:
        deed.errand(LIST_FAULTS, values={"of": checked.id})
    return checked


def begin(deed: Deed, *, run_id: int, version: int, once_more: bool = False) -> ImportRun:
    """A lead wants the rows to be taken; `once_more`, though exactly this file was imported before.

    Raises `NotAllowed`, `AlreadyDecided`, `Stale`, `RowsAtFault`, or `ImportedBefore`.
    """
    run = _to_move(deed, "do", run_id, version)
    if run.faulty or not _size(run):
        raise RowsAtFault(file=run.file_name, faulty=run.faulty)
    _must_be_new(deed.uow, run, once_more=once_more)
    begun = deed.uow.change(run, begun_by=deed.by, begun_at=deed.at)
    deed.record("import.begin", begun, sha256=run.sha256, once_more=once_more)
    deed.redraw(begun)
    if run.slack_file_id:
        deed.errand(TAKE, values={"of": begun.id, "once_more": once_more})
    return begun


def _size(run: ImportRun) -> int:
    return sum(run.counts.get(each, 0) for each in ("obligations", "tasks", "findings"))


def _must_be_new(uow: UnitOfWork, run: ImportRun, *, once_more: bool) -> None:
    before = importing_queries.done_before(uow, run.sha256)
    if before is not None and not once_more:
        on = local_day(uow.workspace().zone, before.settled_at or before.given_at)
        raise ImportedBefore(file=run.file_name, by=before.settled_by or before.given_by, on=on)


def take_rows(
    deed: Deed, *, run_id: int, version: int, report: Report, once_more: bool, told: TellHowFar = lambda _: None
) -> ImportRun:
    """Take every row, or raise and take none: this is one transaction. Tasks are planned from it by the clock.

    Raises `RowsAtFault` or `Stale` when something has changed since `begin`.
    """
    run = _unchanged(deed.uow.get(ImportRun, run_id), version)
    lead = Deed.of(deed.uow, run.begun_by or run.given_by, deed.at)
    lead.must(Permission.IMPORT_SPREADSHEET)
    if report.faults:
        raise RowsAtFault(file=run.file_name, faulty=report.faulty)
    _must_be_new(deed.uow, run, once_more=once_more)
    _owners_must_be_there(deed.uow, run, report)
    Taking(lead, run).all_of(report, told)
    done = _move(deed.uow, run, "do", counts=report.counts, settled_by=lead.by, settled_at=deed.at)
    lead.record("import.do", done, sha256=run.sha256, **report.counts)
    deed.redraw(done)
    return done


def _owners_must_be_there(uow: UnitOfWork, run: ImportRun, report: Report) -> None:
    owners = {each.owner_id for each in report.works} | {each.owner_id for each in report.findings}
    if not all(people_questions.reachable(uow, owner) for owner in owners):
        raise Stale(Thing.NAMED, run.file_name)


def cancel(deed: Deed, *, run_id: int, version: int) -> ImportRun:
    """A lead does not want the file any more. Raises `NotAllowed`, `AlreadyDecided` or `Stale`."""
    run = _to_move(deed, "cancel", run_id, version)
    cancelled = _move(deed.uow, run, "cancel", settled_by=deed.by, settled_at=deed.at)
    deed.record("import.cancel", cancelled)
    deed.redraw(cancelled)
    return cancelled


def fail(deed: Deed, *, run_id: int, version: int, reason: str) -> ImportRun:
    """Nothing of the file was taken, and its card says why. Whoever has moved it on meanwhile is not in the way."""
    run = deed.uow.get(ImportRun, run_id)
    if run.version != version or run.state not in MOVES["fail"][0]:
        return run
    failed = _move(deed.uow, run, "fail", reason=reason, begun_at=None)
    deed.record("import.fail", failed, reason=reason)
    deed.redraw(failed)
    return failed


# --- what the commands share ---


def _to_move(deed: Deed, move: str, run_id: int, version: int) -> ImportRun:
    deed.must(Permission.IMPORT_SPREADSHEET)
    people_questions.programme_must_run(deed.uow)
    run = deed.uow.get(ImportRun, run_id)
    if run.state not in MOVES[move][0] or run.begun_at is not None:
        raise AlreadyDecided(
            what=Thing.NAMED, called=run.file_name, state=f"import_{run.state.value}", by=run.settled_by or run.begun_by
        )
    return _unchanged(run, version)


def _unchanged(run: ImportRun, version: int) -> ImportRun:
    if run.version != version:
        raise Stale(Thing.NAMED, run.file_name)
    return run


def _move(uow: UnitOfWork, run: ImportRun, move: str, **values: object) -> ImportRun:
    begins, ends = MOVES[move]
    if run.state not in begins:
        raise AlreadyDecided(
            what=Thing.NAMED, called=run.file_name, state=f"import_{run.state.value}", by=run.settled_by
        )
    return uow.change(run, state=ends, **values)
