"""The record of a case: what stands on paper, in which order, and who may have it."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from messages.case_records.paper import CaseRecord, Told, contents, pdf
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.evidence import queries as evidence_queries
from storage.files.blobs import BlobStore
from storage.nonconformities import queries
from storage.nonconformities.tables import Grade, Nonconformity, NonconformityState
from tests.bot.conftest import ON_SQLITE
from tests.bot.kit import WORKSPACE
from tests.bot.packs import checked, chosen, packed, unpacked
from tests.messages.test_audit_reports import HOSTILE, every_text, pages
from tests.workflows.conftest import MONDAY, deed, start_programme
from tests.workflows.test_nonconformities import LETTER, PLAN, make, put, raise_it
from workflows.case_records import facts, questions
from workflows.nonconformities import registers
from workflows.nonconformities.shapes import Finding
from workflows.packs import rules
from workflows.refusals import NotAllowed, Stale

pytestmark = ON_SQLITE
State = NonconformityState
AS_ASKED = {"as_of_on": MONDAY.date().isoformat()}
LATER = MONDAY + timedelta(days=210)
OTHER_PLAN = replace(PLAN, corrective_action="Accounts end by themselves on the last day of a contract")


@pytest.fixture
def programme(database_url: str, database: Database) -> Iterator[UnitOfWork]:
    """Mira and Ines lead, Liam audits, David is management, Jonas owns the work."""
    start_programme(database_url)
    with database.unit_of_work(WORKSPACE) as uow:
        yield uow


def record(uow: UnitOfWork, case: Nonconformity) -> CaseRecord:
    return CaseRecord(facts.facts_of(uow, case, LATER), LATER)


def hard_way(uow: UnitOfWork) -> Nonconformity:
    """A major of the body that was disputed, whose first plan was returned, and which took a second round."""
    case = make(uow, "note_body", raise_it(uow), "UMIRA", letter=replace(LETTER, corrected_by=LATER.date()))
    case = make(uow, "issue", case, "ULIAM", grade="major", tests=["M1", "M3"], rationale="Nothing of it was in place")
    steps: list[tuple[str, str]] = [
        *(("UJONAS", "acknowledge"), ("UJONAS", "respond"), ("ULIAM", "return_plan"), ("UJONAS", "respond")),
        *(("ULIAM", "accept_plan"), ("UDAVID", "consent"), ("UJONAS", "claim_done")),
        *(("UMIRA", "confirm_implementation"), ("", "check_effect"), ("UMIRA", "confirm_ineffective")),
        *(("UJONAS", "respond"), ("ULIAM", "accept_plan"), ("UDAVID", "consent"), ("UJONAS", "claim_done")),
    ]
    for number, (by, move) in enumerate(steps):
        is_second = move == "respond" and number > steps.index(("UMIRA", "confirm_ineffective"))
        case = make(uow, move, case, by, **({"plan": OTHER_PLAN} if is_second else {}))
    return case


def text_of(paper: bytes, folder: Path) -> str:
    """What stands on the pages, in the order in which it is read, with every blank alike."""
    file = folder / "case.pdf"
    file.write_bytes(paper)
    run = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True)
    return " ".join(run.stdout.split())


def test_a_closed_case_stands_on_two_pages_with_who_signed_what(programme: UnitOfWork, tmp_path: Path) -> None:
    paper = pdf(record(programme, put(programme, State.CLOSED, Grade.MAJOR)))
    assert pages(paper) <= 2
    read = text_of(paper, tmp_path)
    for said in ("Closed on", "Access of people who leave", "Two teams each think", "100 %", "rule.txt", "1" * 28):
        assert said in read
    for signed in ("Liam", "David", "Mira", "Ines", "Independence", "management"):
        assert signed in read


def test_exceptions_come_before_everything_else(programme: UnitOfWork, tmp_path: Path) -> None:
    case = hard_way(programme)
    [given, *_] = evidence_queries.for_nonconformity(programme, case.id)
    programme.change(given.evidence, collected_on=MONDAY.date() - timedelta(days=30))
    told = record(programme, programme.get(Nonconformity, case.id))
    sections = contents(told)["sections"]
    assert sections[0]["heading"] == "Read this first"
    [first] = sections[0]["parts"]
    said = " ".join(first["bullets"])
    for unusual in ("Proof is dated before the finding", "1 plan was returned", "1 further round", "lapsed"):
        assert unusual in said
    assert pages(pdf(told)) <= 3
    assert "before the finding" in text_of(pdf(told), tmp_path)


def test_every_round_and_returned_plan_stays(programme: UnitOfWork) -> None:
    before = Told(record(programme, hard_way(programme))).before()
    assert [each.partition(" ")[0] for each in before] == ["Round", "Response", "Response", "Round"]
    assert "Returned by Liam: “The cause repeats the finding”" in before[1]
    assert "found that it didn't work" in before[-1]


def test_the_body_stands_with_its_number_words_and_days(programme: UnitOfWork, tmp_path: Path) -> None:
    read = text_of(pdf(record(programme, hard_way(programme))), tmp_path)
    assert "Certo, finding 2026-7" in read
    assert "Access stayed open" in read
    assert f"Corrected by {LATER:%-d %B %Y}" in read


@pytest.mark.parametrize("state", list(State))
def test_there_is_a_paper_of_every_state(programme: UnitOfWork, state: State) -> None:
    is_void = state is State.VOID
    case = make(programme, "discard", raise_it(programme), "ULIAM") if is_void else put(programme, state)
    assert pdf(record(programme, case)).startswith(b"%PDF-")


def test_what_was_taken_over_is_said_first(programme: UnitOfWork) -> None:
    finding = Finding("iso9001-2015:7.1.4", "A box", "Ways out", "Hall", "", "UJONAS")
    case = registers.take_over(deed(programme, "UMIRA"), finding, number=7, details={})
    assert any("Taken over from an earlier register" in each for each in Told(record(programme, case)).first())


def test_the_same_facts_give_the_same_bytes(programme: UnitOfWork) -> None:
    case = put(programme, State.VERIFYING)
    assert pdf(record(programme, case)) == pdf(record(programme, case))


def test_whatever_people_write_is_set_as_text(programme: UnitOfWork) -> None:
    case = programme.change(put(programme, State.VERIFYING), statement=HOSTILE, place=HOSTILE, grade_rationale=HOSTILE)
    paper = pdf(record(programme, case))
    assert b"/JavaScript" not in paper
    assert b"/URI" not in paper
    assert any("#panic(1)" in each for each in every_text(contents(record(programme, case))))


def test_it_names_those_it_speaks_of_and_nobody_else(programme: UnitOfWork) -> None:
    people: Any = record(programme, raise_it(programme)).facts["people"]
    assert set(people) == {"UJONAS", "ULIAM"}


@pytest.mark.parametrize(
    ("person_id", "may"),
    [("UJONAS", True), ("ULIAM", True), ("UMIRA", True), ("UDAVID", True), ("UPRIYA", False), ("UTOM", False)],
)
def test_whoever_may_read_the_case_may_have_its_record(programme: UnitOfWork, person_id: str, may: bool) -> None:
    number = put(programme, State.CLOSED).number
    if may:
        assert questions.to_read(deed(programme, person_id), number=number).number == number
        return
    with pytest.raises(NotAllowed):
        questions.to_read(deed(programme, person_id), number=number)


def test_there_is_no_record_of_what_is_not_there(programme: UnitOfWork) -> None:
    assert queries.numbered(programme, 99) is None
    with pytest.raises(Stale):
        questions.to_read(deed(programme, "UMIRA"), number=99)


async def test_a_pack_has_the_paper_of_each_case_and_is_the_same_each_time(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    start_programme(database_url)
    with database.unit_of_work(WORKSPACE) as uow:
        case = put(uow, State.IMPLEMENTING)
        told = record(uow, case).facts
    blobs = BlobStore.open(str(tmp_path / "evidence"))
    selection = chosen(database)
    zipped = await packed(database, blobs, selection)
    assert zipped == await packed(database, blobs, chosen(database))
    pack = unpacked(zipped, tmp_path)
    paper = pack / rules.paper_of_case(case.number)
    assert text_of(paper.read_bytes(), tmp_path) == text_of(pdf(CaseRecord({**told, **AS_ASKED}, MONDAY)), tmp_path)
    assert f'<a href="{rules.paper_of_case(case.number)}">' in (pack / "index.html").read_text()
    assert checked(pack)[0] == 0
    [of_case] = json.loads((pack / "index.json").read_text())["nonconformities"]
    assert of_case["responses"][0]["risk_decision"] == PLAN.risk_decision
    assert (of_case["grade_tests"], of_case["actions"][0]["proof"], len(of_case["signatures"])) == ([], None, 2)
