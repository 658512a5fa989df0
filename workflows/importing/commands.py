"""What becomes of a file: received, read, its columns confirmed, its rows checked, and taken all together or not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType

from storage.engine.unit_of_work import JSON, UnitOfWork
from storage.importing import queries as importing_queries
from storage.importing.tables import ImportRun, ImportState
from workflows.importing.checking import Columns, Report, TellHowFar
from workflows.importing.guessing import SAMPLES, Field, Sheet, guess
from workflows.importing.refusals import ImportedBefore, RowsAtFault
from workflows.importing.taking import Taking
from workflows.nudges import commands as nudge_commands
from workflows.nudges.rules import local_day
from workflows.people import questions as people_questions
from workflows.people import rules as people_rules
from workflows.people.rules import Actor
from workflows.refusals import AlreadyDecided, InputWanted, Stale

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

INTERRUPTED = "interrupted"
OVERTAKEN = "overtaken"
UNEXPECTED = "unexpected"
"""Why an import fails that is no fault of the file; unreadable files fail for the reasons of `UnreadableFile`."""

FAULTS_KEPT = 20
SAMPLE_LENGTH = 60
"""Characters of a cell that are kept to be shown."""


@dataclass(frozen=True)
class BroughtFile:
    """A file as it was given; without a Slack id when it was given on the command line."""

    name: str
    slack_file_id: str | None = None


# --- commands ---


def may_import(uow: UnitOfWork, actor: Actor, *, at: datetime) -> None:
    """Raise unless the actor may import a spreadsheet now: `NotAllowed` or `NoProgrammeYet`."""
    actor.must("import a spreadsheet")
    people_questions.programme_must_run(uow)


def receive(uow: UnitOfWork, actor: Actor, *, file: BroughtFile, at: datetime) -> ImportRun:
    """Take note of a file that is to be imported, and post its card. Raises as `may_import`."""
    may_import(uow, actor, at=at)
    run = uow.add(
        ImportRun(file_name=file.name[:400], slack_file_id=file.slack_file_id, given_by=actor.person_id, given_at=at)
    )
    _record(uow, actor.person_id, "receive", run, at, {"file": run.file_name})
    if file.slack_file_id is not None:
        nudge_commands.tell(
            uow,
            [actor.person_id],
            kind="import.card",
            subject="import_run",
            subject_id=run.id,
            at=at,
            what=("card",),
            at_once=True,
        )
    return run


def take_sheet(uow: UnitOfWork, *, run_id: int, sheet: Sheet, sha256: str, size: int, at: datetime) -> ImportRun:
    """The file was read and its bytes are kept: note the headings, some samples, and the guess."""
    run = uow.get(ImportRun, run_id)
    guessed = guess(sheet)
    taken = _move(
        uow,
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
    _record(uow, people_rules.THE_BOT, "read", taken, at, {"sha256": sha256, "size": size, "rows": taken.rows})
    _show(uow, taken, at)
    return taken


def _samples(sheet: Sheet) -> list[list[str]]:
    width = range(len(sheet.headings))
    return [[row.cell(column).text[:SAMPLE_LENGTH] for column in width] for row in sheet.rows[:SAMPLES]]


def confirm_columns(
    uow: UnitOfWork, actor: Actor, *, run_id: int, version: int, columns: Columns, at: datetime
) -> ImportRun:
    """A lead says which column holds what. Raises `NotAllowed`, `AlreadyDecided`, `Stale`, or `InputWanted`."""
    run = _to_move(uow, actor, "map", run_id, version)
    if not run.headings:
        raise AlreadyDecided(what=run.file_name, state=f"import_{run.state.value}", by=None)
    _must_suffice(run, columns)
    mapped = _move(uow, run, "map", columns=dict(columns), faults=[], faulty=0, counts={}, reason="", begun_at=None)
    named: dict[str, JSON] = {field.value: run.headings[column] for field, column in columns.items()}
    _record(uow, actor.person_id, "map", mapped, at, {"columns": named})
    _show(uow, mapped, at)
    return mapped


def _must_suffice(run: ImportRun, columns: Columns) -> None:
    if any(column not in range(len(run.headings)) for column in columns.values()):
        raise InputWanted(Field.OWNER, "choose a column of this file")
    if Field.OWNER not in columns:
        raise InputWanted(Field.OWNER, "choose the column that names the owner")
    if not columns.keys() & {Field.TITLE, Field.CONTROL, Field.FINDING}:
        raise InputWanted(Field.TITLE, "choose the column that says what needs to be done, or which control it is for")


def take_report(uow: UnitOfWork, *, run_id: int, version: int, report: Report, at: datetime) -> ImportRun:
    """Every row was looked at: note what would come of them, and what is wrong. Raises `AlreadyDecided` or `Stale`."""
    run = _unchanged(uow.get(ImportRun, run_id), version)
    faults = [asdict(fault) for fault in report.faults[:FAULTS_KEPT]]
    checked = _move(uow, run, "check", rows=report.rows, faulty=report.faulty, faults=faults, counts=report.counts)
    details: dict[str, JSON] = {"rows": report.rows, "faulty": report.faulty, **report.counts}
    _record(uow, people_rules.THE_BOT, "check", checked, at, details)
    _show(uow, checked, at)
    return checked


def begin(
    uow: UnitOfWork, actor: Actor, *, run_id: int, version: int, once_more: bool = False, at: datetime
) -> ImportRun:
    """A lead wants the rows to be taken; `once_more`, though exactly this file was imported before.

    Raises `NotAllowed`, `AlreadyDecided`, `Stale`, `RowsAtFault`, or `ImportedBefore`.
    """
    run = _to_move(uow, actor, "do", run_id, version)
    if run.faulty or not _size(run):
        raise RowsAtFault(file=run.file_name, faulty=run.faulty)
    _must_be_new(uow, run, once_more=once_more)
    begun = uow.change(run, begun_by=actor.person_id, begun_at=at)
    _record(uow, actor.person_id, "begin", begun, at, {"sha256": run.sha256, "once_more": once_more})
    _show(uow, begun, at)
    return begun


def _size(run: ImportRun) -> int:
    return sum(run.counts.get(each, 0) for each in ("obligations", "tasks", "findings"))


def _must_be_new(uow: UnitOfWork, run: ImportRun, *, once_more: bool) -> None:
    before = importing_queries.done_before(uow, run.sha256)
    if before is not None and not once_more:
        on = local_day(uow.workspace().zone, before.settled_at or before.given_at)
        raise ImportedBefore(file=run.file_name, by=before.settled_by or before.given_by, on=on)


def take_rows(
    uow: UnitOfWork,
    *,
    run_id: int,
    version: int,
    report: Report,
    once_more: bool,
    at: datetime,
    told: TellHowFar = lambda _: None,
) -> ImportRun:
    """Take every row, or raise and take none: this is one transaction. Tasks are planned from it by the clock.

    Raises `RowsAtFault` or `Stale` when something has changed since `begin`.
    """
    run = _unchanged(uow.get(ImportRun, run_id), version)
    actor = people_questions.actor(uow, run.begun_by or run.given_by)
    actor.must("import a spreadsheet")
    if report.faults:
        raise RowsAtFault(file=run.file_name, faulty=report.faulty)
    _must_be_new(uow, run, once_more=once_more)
    _owners_must_be_there(uow, run, report)
    Taking(uow, actor, run, at).all_of(report, told)
    done = _move(uow, run, "do", counts=report.counts, settled_by=actor.person_id, settled_at=at)
    _record(uow, actor.person_id, "do", done, at, {"sha256": run.sha256, **report.counts})
    _show(uow, done, at)
    return done


def _owners_must_be_there(uow: UnitOfWork, run: ImportRun, report: Report) -> None:
    owners = {each.owner_id for each in report.works} | {each.owner_id for each in report.findings}
    if not all(people_questions.reachable(uow, owner) for owner in owners):
        raise Stale(what=run.file_name)


def cancel(uow: UnitOfWork, actor: Actor, *, run_id: int, version: int, at: datetime) -> ImportRun:
    """A lead does not want the file any more. Raises `NotAllowed`, `AlreadyDecided` or `Stale`."""
    run = _to_move(uow, actor, "cancel", run_id, version)
    cancelled = _move(uow, run, "cancel", settled_by=actor.person_id, settled_at=at)
    _record(uow, actor.person_id, "cancel", cancelled, at, {})
    _show(uow, cancelled, at)
    return cancelled


def fail(uow: UnitOfWork, *, run_id: int, version: int, reason: str, at: datetime) -> ImportRun:
    """Nothing of the file was taken, and its card says why. Whoever has moved it on meanwhile is not in the way."""
    run = uow.get(ImportRun, run_id)
    if run.version != version or run.state not in MOVES["fail"][0]:
        return run
    failed = _move(uow, run, "fail", reason=reason, begun_at=None)
    _record(uow, people_rules.THE_BOT, "fail", failed, at, {"reason": reason})
    _show(uow, failed, at)
    return failed


# --- what the commands share ---


def _to_move(uow: UnitOfWork, actor: Actor, move: str, run_id: int, version: int) -> ImportRun:
    actor.must("import a spreadsheet")
    people_questions.programme_must_run(uow)
    run = uow.get(ImportRun, run_id)
    if run.state not in MOVES[move][0] or run.begun_at is not None:
        raise AlreadyDecided(what=run.file_name, state=f"import_{run.state.value}", by=run.settled_by or run.begun_by)
    return _unchanged(run, version)


def _unchanged(run: ImportRun, version: int) -> ImportRun:
    if run.version != version:
        raise Stale(what=run.file_name)
    return run


def _move(uow: UnitOfWork, run: ImportRun, move: str, **values: object) -> ImportRun:
    begins, ends = MOVES[move]
    if run.state not in begins:
        raise AlreadyDecided(what=run.file_name, state=f"import_{run.state.value}", by=run.settled_by)
    return uow.change(run, state=ends, **values)


def _show(uow: UnitOfWork, run: ImportRun, at: datetime) -> None:
    nudge_commands.refresh(uow, subject="import_run", subject_id=run.id, version=run.version, at=at)


def _record(uow: UnitOfWork, by: str, verb: str, run: ImportRun, at: datetime, details: Mapping[str, JSON]) -> None:
    uow.record(actor=by, verb=f"import.{verb}", subject="import_run", subject_id=run.id, at=at, details=details)
