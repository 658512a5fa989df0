"""The register: every figure by its rule, and the file of it, read back."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest

from messages.case_records import register
from messages.case_records.register import RegisterFigures
from storage.engine.unit_of_work import UnitOfWork
from storage.nonconformities.origins import Source
from storage.nonconformities.tables import EffectCheck, Grade, Nonconformity, NonconformityState, Response
from tests.messages.readable import readable
from tests.workflows.conftest import MONDAY, deed
from tests.workflows.test_nonconformities import put
from workflows.case_records import exporting, figures
from workflows.case_records.figures import FIGURES, Register, Share
from workflows.refusals import NotAllowed

State = NonconformityState
TODAY = MONDAY.date()
DAY = timedelta(days=1)


def case(number: int = 1, *, days: int = 0, place: str = "Hall", **more: Any) -> Nonconformity:
    """A minor of the access review that was raised so many days ago."""
    at = MONDAY - days * DAY
    told = {
        "state": State.RESPONDING,
        "grade": Grade.MINOR,
        "requirement": "iso27001-2022:A.5.18",
        "owner_id": "UJONAS",
    }
    raised = {"number": number, "raised_by": "ULIAM", "raised_at": at, "moved_at": at, "place": place}
    return Nonconformity(workspace_id="T", **{**told, **raised, **more})


def response(number: int, *, reviewed: bool = True, comment: str = "") -> Response:
    days: dict[str, Any] = {"action_due_on": TODAY, "check_effect_on": TODAY, "submitted_at": MONDAY}
    reviewer = "ULIAM" if reviewed else None
    sent: dict[str, Any] = {"nonconformity_id": 1, "round": number, "submitted_by": "UJONAS"}
    return Response(workspace_id="T", reviewed_by=reviewer, review_comment=comment, **sent, **days)


def check(*, is_met: bool) -> EffectCheck:
    by_mira: dict[str, Any] = {"judged_by": "UMIRA", "judged_at": MONDAY, "watched_days": 40}
    return EffectCheck(workspace_id="T", nonconformity_id=1, round=1, is_met=is_met, **by_mira)


def of(*cases: Nonconformity, responses: Any = (), checks: Any = ()) -> Register:
    return Register(cases, responses, checks, TODAY, "Europe/Berlin")


CLOSED = case(9, state=State.CLOSED, days=300, place="Yard")
MAJOR = case(2, grade=Grade.MAJOR, state=State.MONITORING, days=100)


@pytest.mark.parametrize(
    ("name", "rows", "came_to"),
    [
        (
            "by_grade_and_phase",
            of(case(), MAJOR, CLOSED),
            {("minor", "find_out_why"): 1, ("major", "show_it_worked"): 1},
        ),
        ("by_age", of(case(days=29), case(days=30), case(days=180), CLOSED), {30: 1, 90: 1, None: 1}),
        ("median_age", of(case(days=10), case(days=20), case(days=90)), 20),
        ("median_age", of(CLOSED), None),
        ("on_time", of(case(due_on=TODAY), case(due_on=TODAY - DAY), case(due_on=None), CLOSED), Share(1, 2)),
        (
            "accepted_at_once",
            of(responses=[response(1), response(1, comment="No cause"), response(1, reviewed=False), response(2)]),
            Share(1, 2),
        ),
        ("worked", of(checks=[check(is_met=True), check(is_met=False), check(is_met=True)]), Share(2, 3)),
        ("repeated", of(case(1, days=300), case(2, place="hall ", days=1), case(3, place="Yard")), Share(1, 3)),
        ("repeated", of(case(1, days=400), case(2, days=1)), Share(0, 2)),
        ("by_source", of(case(source=Source.INCIDENT), case(), CLOSED), {"incident": 1}),
    ],
)
def test_each_figure_by_its_rule(name: str, rows: Register, came_to: object) -> None:
    assert FIGURES[name](rows) == came_to


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("person_id", "may_export"), [("UMIRA", True), ("ULIAM", True), ("UDAVID", True)])
def test_the_figures_as_a_message(programme: UnitOfWork, person_id: str, may_export: bool) -> None:
    put(programme, State.CLOSED)
    put(programme, State.RESPONDING, Grade.MAJOR)
    found = figures.figures(deed(programme, person_id))
    said = readable(register.figures(RegisterFigures(found), may_export=may_export))
    for line in ("1 nonconformity is open", "Majors: 0 to be put right, 1 finding out why", "accepted as sent: 1 of 1"):
        assert line in said
    assert ("/iso nc export" in said) is may_export


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("asked", [figures.figures, exporting.rows])
@pytest.mark.parametrize("person_id", ["UJONAS", "UPRIYA", "UTOM"])
def test_the_register_is_for_leads_auditors_and_management(programme: UnitOfWork, asked: Any, person_id: str) -> None:
    with pytest.raises(NotAllowed):
        asked(deed(programme, person_id))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_both_files_say_the_same_and_nothing_in_them_is_computed(programme: UnitOfWork) -> None:
    found = put(programme, State.CLOSED)
    programme.change(found, statement="=HYPERLINK(1)", place="@SUM(1)")
    put(programme, State.DRAFT)
    rows = list(exporting.rows(deed(programme, "UDAVID")))
    sheet = openpyxl.load_workbook(io.BytesIO(register.xlsx(rows, at=MONDAY)))["Nonconformities"]
    cells = [[each.value or "" for each in row] for row in sheet.iter_rows()]
    assert all(each.data_type != "f" for row in sheet.iter_rows() for each in row)
    lines = list(csv.reader(io.StringIO(register.as_csv(rows).decode("utf-8-sig"))))
    assert [[each.removeprefix("'") for each in row] for row in lines] == cells
    assert [row[0] for row in cells] == ["Number", "NC-1", "NC-2"]
    by_heading = dict(zip(lines[0], lines[1], strict=True))
    assert (by_heading["Statement"], by_heading["Where"]) == (
        "'=HYPERLINK(1)",
        "'@SUM(1)",
    )
    assert (by_heading["State"], by_heading["Owner"], by_heading["Rounds"]) == ("closed", "Jonas", "1")
    assert date.fromisoformat(by_heading["Raised"]) == TODAY
