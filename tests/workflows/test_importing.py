"""A file on its way in: every row checked, all of them taken or none."""

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import col

from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.importing.tables import ImportRun, ImportState
from storage.nonconformities.tables import Nonconformity, NonconformityState
from storage.people.tables import Person
from storage.programme.tables import Obligation
from storage.record import trail
from storage.tasks.tables import Task, TaskState
from tests.conftest import WORKSPACE
from tests.workflows.conftest import MONDAY, actor, deed, the_bot
from workflows.deed import Deed
from workflows.files import spreadsheets
from workflows.importing import commands, questions
from workflows.importing.checking import Report, check
from workflows.importing.commands import BroughtFile
from workflows.importing.guessing import Field, Sheet, guess, sheet_of
from workflows.importing.refusals import ImportedBefore, RowsAtFault
from workflows.importing.taking import first_dates
from workflows.importing.values import Why
from workflows.people.working_days import of_organisation
from workflows.programme import calendar
from workflows.refusals import Stale

SHA256 = "ab" * 32
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tables of rules, which are no business of the database."""
HEADINGS = ("Control", "Task", "Owner", "Frequency", "Next due", "Finding", "Evidence", "Severity", "Status")
GOOD = (
    ("A.5.18", "Review access", "Jonas", "quarterly", "2026-12-18", "", "List", "", "open"),
    ("", "Renew the certificate", "@priya", "", "31.1.2027", "", "", "", ""),
    ("A.6.3", "", "Tom", "", "", "Training is not recorded", "3 of 9", "minor", ""),
    ("A.8.13", "", "Jonas", "yearly", "", "", "", "", "in progress"),
    ("", "Done long ago", "Nobody", "", "", "", "", "", "closed"),
)
Rows = Sequence[Sequence[str]]


def as_csv(rows: Rows, headings: Sequence[str] = HEADINGS) -> bytes:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerows([headings, *rows])
    return written.getvalue().encode()


def as_xlsx(rows: Rows, headings: Sequence[str] = HEADINGS) -> bytes:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet()
    for number, row in enumerate([headings, *rows]):
        for column, text in enumerate(row):
            page.write_string(number, column, text)
    book.close()
    return written.getvalue()


def sheet_in(name: str, data: bytes) -> Sheet:
    return sheet_of(name, spreadsheets.grid(name, data))


def checked(uow: UnitOfWork, rows: Rows, **columns: int) -> Report:
    sheet = sheet_in("a.csv", as_csv(rows))
    guessed = {field: each.column for field, each in guess(sheet).items()}
    return check(sheet, guessed, questions.ground(deed(uow, "UMIRA")))


def received(uow: UnitOfWork) -> ImportRun:
    return commands.receive(deed(uow, "UMIRA"), file=BroughtFile("a.csv", "F1"))


def at_state(uow: UnitOfWork, state: ImportState, rows: Rows = GOOD) -> ImportRun:
    """A file that has come so far on the usual way."""
    run = received(uow)
    if state is ImportState.RECEIVED:
        return run
    sheet, mira = sheet_in("a.csv", as_csv(rows)), actor(uow, "UMIRA")
    run = commands.take_sheet(the_bot(uow), run_id=run.id, sheet=sheet, sha256=SHA256, size=9)
    if state is ImportState.READ:
        return run
    columns = {Field(name): number for name, number in run.columns.items()}
    run = commands.confirm_columns(Deed(uow, mira, MONDAY), run_id=run.id, version=run.version, columns=columns)
    if state is ImportState.MAPPED:
        return run
    report = checked(uow, rows)
    run = commands.take_report(the_bot(uow), run_id=run.id, version=run.version, report=report)
    if state is ImportState.CHECKED:
        return run
    if state is ImportState.CANCELLED:
        return commands.cancel(Deed(uow, mira, MONDAY), run_id=run.id, version=run.version)
    if state is ImportState.FAILED:
        return commands.fail(the_bot(uow), run_id=run.id, version=run.version, reason="interrupted")
    return take(uow, run, report)


def take(uow: UnitOfWork, run: ImportRun, report: Report, *, once_more: bool = False) -> ImportRun:
    begun = commands.begin(deed(uow, "UMIRA"), run_id=run.id, version=run.version, once_more=once_more)
    return commands.take_rows(the_bot(uow), run_id=run.id, version=begun.version, report=report, once_more=once_more)


def imported(uow: UnitOfWork) -> list[Obligation]:
    return uow.all(Obligation, col(Obligation.key).startswith("import:"))


# --- what comes of a row ---


def test_each_row_becomes_what_it_says(programme: UnitOfWork) -> None:
    report = checked(programme, GOOD)
    assert report.faults == []
    assert report.counts == {"obligations": 2, "tasks": 1, "findings": 1, "left_out": 1}
    take(programme, at_state(programme, ImportState.CHECKED), report)
    review, certificate, restore = imported(programme)
    assert (review.title, review.recurrence, review.starts_on) == (
        "Review access",
        "FREQ=MONTHLY;INTERVAL=3",
        date(2026, 12, 18),
    )
    assert (review.requirements, review.owner_id, review.evidence_required) == (
        ["iso27001-2022:A.5.18"],
        "UJONAS",
        True,
    )
    assert (certificate.recurrence, certificate.starts_on, certificate.owner_id) == (
        "FREQ=DAILY;COUNT=1",
        date(2027, 1, 31),
        "UPRIYA",
    )
    assert restore.title.startswith("A.8.13")
    assert restore.starts_on == date(2027, 11, 23)
    [draft] = programme.all(Nonconformity)
    assert (draft.state, draft.grade, draft.requirement) == (NonconformityState.DRAFT, None, "iso27001-2022:A.6.3")
    assert (draft.evidence, draft.raised_by, draft.owner_id) == ("3 of 9\nSeverity: minor", "UMIRA", "UTOM")


def test_the_clock_plans_the_tasks_of_what_was_imported(programme: UnitOfWork) -> None:
    at_state(programme, ImportState.DONE)
    calendar.tick(the_bot(programme))
    _, certificate, _ = imported(programme)
    [task] = programme.matching(Task, obligation_id=certificate.id)
    assert (task.due_on, task.state) == (date(2027, 1, 31), TaskState.SCHEDULED)


def test_a_large_register_is_planned_in_parts(programme: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    at_state(programme, ImportState.DONE)
    monkeypatch.setattr(calendar, "PLANNED_AT_ONCE", 2)
    for planned in (2, 3):
        calendar.tick(the_bot(programme))
        assert sum(each.planned_until is not None for each in imported(programme)) == planned


@pytest.mark.parametrize(
    ("recurrence", "starts_on", "first"),
    [
        ("FREQ=MONTHLY", date(2026, 12, 1), date(2026, 12, 1)),
        ("FREQ=MONTHLY", date(2026, 10, 31), date(2026, 10, 31)),
        ("FREQ=MONTHLY", date(2026, 1, 31), date(2026, 10, 31)),
        ("FREQ=DAILY;COUNT=1", date(2026, 10, 1), date(2026, 10, 1)),
        ("FREQ=YEARLY", None, date(2027, 11, 23)),
    ],
)
def test_what_is_past_stays_due_and_nobody_is_asked_for_years_not_kept(
    programme: UnitOfWork, recurrence: str, starts_on: date | None, first: date
) -> None:
    work = replace(checked(programme, GOOD).works[0], recurrence=recurrence, starts_on=starts_on)
    take(programme, at_state(programme, ImportState.CHECKED), Report(rows=1, works=[work]))
    calendar.tick(the_bot(programme))
    [obligation] = imported(programme)
    assert min(each.scheduled_on for each in programme.matching(Task, obligation_id=obligation.id)) == first


FAULTY = [
    (("A.5.18", "x", "", "yearly", "", "", "", "", ""), [("C", Why.OWNER_MISSING)]),
    (("A.5.18", "x", "Otto", "yearly", "", "", "", "", ""), [("C", Why.OWNER_HAS_LEFT)]),
    (("A.5.18", "x", "A bot", "yearly", "", "", "", "", ""), [("C", Why.OWNER_IS_A_BOT)]),
    (("A.5.18", "x", "<!channel>", "yearly", "", "", "", "", ""), [("C", Why.OWNER_UNKNOWN)]),
    (("A.99.9", "x", "Jonas", "yearly", "", "", "", "", ""), [("A", Why.CONTROL_UNKNOWN)]),
    (("", "", "Jonas", "yearly", "", "", "", "", ""), [("B", Why.TITLE_MISSING)]),
    (("", "x" * 201, "Jonas", "yearly", "", "", "", "", ""), [("B", Why.TITLE_TOO_LONG)]),
    (("", "x", "Jonas", "", "", "", "", "", ""), [("E", Why.DATE_MISSING)]),
    (
        ("", "x", "Jonas", "often", "2027-02-30", "", "", "", ""),
        [("D", Why.FREQUENCY_UNKNOWN), ("E", Why.DATE_IMPOSSIBLE)],
    ),
    (("", "=1+1", "Jonas", "yearly", "", "", "", "", ""), [("B", Why.FORMULA)]),
    (("", "@SUM(1)", "Jonas", "yearly", "", "", "", "", ""), [("B", Why.FORMULA)]),
    (("", "x", "Jonas", "yearly", "", "", "y" * 4001, "", ""), [("G", Why.TEXT_TOO_LONG)]),
    (("clause 7.2", "", "Jonas", "", "", "f", "e", "", ""), [("A", Why.CONTROL_AMBIGUOUS)]),
    (("9.3", "", "Jonas", "", "", "f", "e", "", ""), [("A", Why.CONTROL_AMBIGUOUS)]),
    (("7.2", "", "Jonas", "", "", "f", "e", "", ""), [("A", Why.CONTROL_OR_CLAUSE)]),
    (("", "", "Jonas", "", "", "f", "", "", ""), [("A", Why.CONTROL_MISSING), ("G", Why.EVIDENCE_MISSING)]),
]


@ON_SQLITE
@pytest.mark.parametrize(("row", "faults"), FAULTY)
def test_each_fault_is_named_with_its_cell(
    programme: UnitOfWork, row: Sequence[str], faults: list[tuple[str, Why]]
) -> None:
    report = checked(programme, [*GOOD, row])
    found = [("ABCDEFGHI"[each.column or 0], each.why) for each in report.faults]
    assert found == faults
    assert {each.row for each in report.faults} == {len(GOOD) + 2}
    assert (report.rows, report.faulty) == (len(GOOD) + 1, 1)


@ON_SQLITE
@pytest.mark.parametrize(
    ("status", "frequency", "left_out"),
    [
        ("Done", "", 1),
        ("done", "yearly", 0),
        ("geschlossen", "yearly", 1),
        ("Obsolete", "", 1),
        ("in progress", "", 0),
        ("", "", 0),
    ],
)
def test_what_is_over_is_left_out_and_what_comes_round_again_is_not_over_when_done(
    programme: UnitOfWork, status: str, frequency: str, left_out: int
) -> None:
    report = checked(programme, [("", "x", "Jonas", frequency, "2026-12-18", "", "", "", status), GOOD[0]])
    assert (report.left_out, report.faults) == (left_out, [])


def test_a_kind_of_row_that_nobody_knows_is_a_fault(programme: UnitOfWork) -> None:
    sheet = sheet_in(
        "a.csv", b"Kind,Task,Owner,Due\ncontrol,x,Jonas,2026-12-01\nriddle,x,Jonas,2026-12-01\nNC,x,Jonas,\n"
    )
    guessed = {field: each.column for field, each in guess(sheet).items()}
    report = check(sheet, guessed, questions.ground(deed(programme, "UMIRA")))
    assert [(each.row, each.why) for each in report.faults][:1] == [(3, Why.KIND_UNKNOWN)]
    assert {each.why for each in report.faults if each.row == 4} == {
        Why.CONTROL_MISSING,
        Why.EVIDENCE_MISSING,
        Why.FINDING_MISSING,
    }


def test_peoples_text_stays_as_it_was_typed(programme: UnitOfWork) -> None:
    nasty = "\u202e<!channel> *x* ﷽ 🏳️‍🌈 {{ card }}"
    report = checked(programme, [("", nasty, "Jonas", "yearly", "", "", "", "", "")])
    take(programme, at_state(programme, ImportState.CHECKED), report)
    [obligation] = imported(programme)
    assert obligation.title == nasty


def test_a_merged_cell_counts_for_its_first_row_only(programme: UnitOfWork) -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    page = book.add_worksheet()
    page.merge_range(0, 0, 0, 3, "Our register")
    for column, heading in enumerate(("Owner", "Task", "Due", "Control")):
        page.write_string(2, column, heading)
    page.merge_range(3, 0, 4, 0, "Jonas")
    for number in (3, 4):
        page.write_string(number, 1, "Review")
        page.write_datetime(number, 2, date(2026, 12, 31), book.add_format({"num_format": "dd.mm.yyyy"}))
    page.write_formula(4, 3, "=A1")
    book.close()
    sheet = sheet_in("a.xlsx", written.getvalue())
    columns = {Field.OWNER: 0, Field.TITLE: 1, Field.DUE: 2, Field.CONTROL: 3}
    report = check(sheet, columns, questions.ground(deed(programme, "UMIRA")))
    assert [(each.row, each.title, each.starts_on) for each in report.works] == [(4, "Review", date(2026, 12, 31))]
    assert [(each.row, each.why) for each in report.faults] == [(5, Why.FORMULA), (5, Why.OWNER_MISSING)]


# --- all or nothing ---


def test_ten_thousand_rows_with_37_faults_name_exactly_these_and_import_nothing(programme: UnitOfWork) -> None:
    good = ("A.5.18", "Review access", "Jonas", "quarterly", "2026-12-18", "", "List", "", "open")
    rows = [good] * 10_000
    bad = sorted(range(17, 10_000, 270))[:37]
    for place, number in enumerate(bad):
        rows[number] = FAULTY[place % len(FAULTY)][0]
    report = checked(programme, rows)
    assert sorted({each.row for each in report.faults}) == [number + 2 for number in bad]
    assert (report.rows, report.faulty) == (10_000, 37)
    run = at_state(programme, ImportState.MAPPED)
    run = commands.take_report(the_bot(programme), run_id=run.id, version=run.version, report=report)
    with pytest.raises(RowsAtFault):
        take(programme, run, report)
    assert imported(programme) == []


class Killed(Exception):
    """The bot ends in the middle."""


def test_killed_in_the_middle_nothing_is_there(programme: UnitOfWork, database: Database) -> None:
    run = at_state(programme, ImportState.CHECKED)
    report = checked(programme, [GOOD[0]] * 120)
    begun = commands.begin(deed(programme, "UMIRA"), run_id=run.id, version=run.version)
    programme.connection.commit()

    def die(number: int) -> None:
        assert len(imported(uow)) == number == 50
        raise Killed

    with pytest.raises(Killed), database.unit_of_work(WORKSPACE) as uow:
        commands.take_rows(the_bot(uow), run_id=run.id, version=begun.version, report=report, once_more=False, told=die)
    with database.unit_of_work(WORKSPACE) as after:
        assert imported(after) == []
        assert after.get(ImportRun, run.id).state is ImportState.CHECKED
        assert trail.verify(after) == []


def test_how_far_it_is_is_told_on_the_way(programme: UnitOfWork) -> None:
    told: list[int] = []
    run = at_state(programme, ImportState.CHECKED)
    report = checked(programme, [GOOD[0]] * 120)
    begun = commands.begin(deed(programme, "UMIRA"), run_id=run.id, version=run.version)
    commands.take_rows(
        the_bot(programme), run_id=run.id, version=begun.version, report=report, once_more=False, told=told.append
    )
    assert told == [50, 100, 120]


def test_who_has_left_since_the_check_stops_it_all(programme: UnitOfWork) -> None:
    run, report = at_state(programme, ImportState.CHECKED), checked(programme, GOOD)
    [jonas] = programme.matching(Person, slack_id="UJONAS")
    programme.change(jonas, is_deactivated=True)
    with pytest.raises(Stale):
        take(programme, run, report)
    assert imported(programme) == []


def test_the_same_file_is_asked_back(programme: UnitOfWork) -> None:
    at_state(programme, ImportState.DONE)
    run, report = at_state(programme, ImportState.CHECKED), checked(programme, GOOD)
    assert questions.imported_before(programme, run) is not None
    with pytest.raises(ImportedBefore):
        take(programme, run, report)
    assert take(programme, run, report, once_more=True).state is ImportState.DONE


# --- what is written reads back the same ---

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=12
).filter(lambda text: text == text.strip() and not text.startswith("="))
TABLES = st.lists(st.lists(WORDS, min_size=3, max_size=3), min_size=2, max_size=6)


def texts(data: bytes, name: str) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in spreadsheets.grid(name, data).rows]


@given(TABLES, st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_csv_reads_back_as_it_was_written(table: list[list[str]], separator: str, encoding: str) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["Owner", "Task", "Due"], *table])
    data = written.getvalue().encode(encoding)
    assert texts(data, "a.csv") == [["Owner", "Task", "Due"], *table]


@given(TABLES)
def test_a_workbook_reads_back_as_it_was_written(table: list[list[str]]) -> None:
    assert texts(as_xlsx(table, ("Owner", "Task", "Due")), "a.xlsx") == [["Owner", "Task", "Due"], *table]


@given(st.lists(st.text("äöüßÄéñ€abc ", min_size=1, max_size=9).map(str.strip).filter(bool), min_size=1, max_size=5))
def test_what_windows_writes_reads_back_too(words: list[str]) -> None:
    data = "\r\n".join(["Größe;Fällig", *(f"{each};x" for each in words)]).encode("cp1252")
    assert [row[0] for row in texts(data, "a.csv")] == ["Größe", *words]


def test_first_dates_know_a_register_that_is_years_old(programme: UnitOfWork) -> None:
    work = replace(checked(programme, GOOD).works[0], recurrence="FREQ=WEEKLY", starts_on=date(2019, 1, 7))
    starts_on, planned_until = first_dates(work, date(2026, 11, 23), of_organisation(programme))
    assert (starts_on, planned_until) == (date(2019, 1, 7), date(2026, 11, 22))
