"""A pack's own program holds the words of its index against the trail, and interviews against their fingerprints."""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.packs.packing import Packing
from storage.audit_reports.tables import AuditReport, ReportState
from storage.desk_audits.tables import AuditFinding, DeskAudit
from storage.engine.canonical import canonical_json
from storage.engine.database import Database
from storage.engine.unit_of_work import UnitOfWork
from storage.files.blobs import BlobStore
from storage.frameworks.tables import StatementOfApplicability
from storage.interviews.tables import Answer, AnswerKind, Interview, InterviewState, SealedRound
from storage.nonconformities.tables import (
    Action,
    BodyFinding,
    CaseAccess,
    Cause,
    Contest,
    EffectCheck,
    Grade,
    Mark,
    NamedSeat,
    Nonconformity,
    NonconformityRound,
    NonconformityState,
    Response,
    Seat,
    Signature,
    Signs,
)
from storage.packs.tables import AuditRequest
from storage.record import signing
from tests.bot.packs import MONDAY, THE_YEAR, WORKSPACE, begin, checked, chosen, keep, packed, unpacked
from workflows.audit_reports import rules as report_rules
from workflows.interviews.sealing import SCHEME, digest_of, digest_of_round, hashes_of
from workflows.packs import indexing, verify
from workflows.packs.rules import Scope

ALTERED: dict[str, tuple[str, str]] = {
    "task": ("title", "'Something else'"),
    "nonconformity": ("statement", "'All was well'"),
    "response": ("causes", "'[\"Bad luck\"]'"),
    "nonconformity_round": ("extension_reason", "'The plant was closed'"),
    "cause": ("how_unnoticed", "'Nobody could'"),
    "nonconformity_action": ("state", "'accepted'"),
    "signature": ("person_id", "'UMIRA'"),
    "effect_check": ("value", "'100 %'"),
    "contest": ("decision", "'It was right'"),
    "body_finding": ("letter", "'All is closed'"),
    "case_access": ("independence", "'Knows nobody'"),
    "named_seat": ("person_id", "'UINES'"),
    "desk_audit": ("title", "'Autumn'"),
    "audit_report": ("conclusion", "'All was well'"),
    "audit_finding": ("statement", "'All was well'"),
    "interview": ("invited_at", "'2026-01-02 00:00:00.000000'"),
    "sealed_round": ("confirmed_by", "'UMIRA'"),
    "answer": ("rating", "'conforming'"),
    "audit_request": ("answer", "'It was never asked'"),
    "statement_of_applicability": ("decisions", "'{}'"),
    "evidence": ("note", "'Nothing to see'"),
    "evidence_use": ("reason", "'It is perfect'"),
}
"""A column of each table that an index shows, and other words for it."""


@pytest.fixture
async def programme(tmp_path: Path, sqlite_template: Path) -> Database:
    """Something in every table that a pack shows."""
    path = shutil.copy(sqlite_template, tmp_path / "deskaudit.db")
    database, blobs = Database.open(f"sqlite:///{path}"), BlobStore.open(str(tmp_path / "store"))
    with database.unit_of_work(WORKSPACE) as uow:
        uow.put_workspace(name="Sample", zone="Europe/Berlin")
        begin(uow)
        _raise_and_ask(uow)
    await keep(database, blobs, [("review.pdf", b"all of them")])
    return database


def _raise_and_ask(uow: UnitOfWork) -> None:
    about: dict[str, Any] = {"requirement": "iso27001-2022:A.5.18", "owner_id": "UJONAS"}
    finding = uow.add(
        Nonconformity(
            number=1,
            statement="Nobody looked",
            raised_by="UMIRA",
            raised_at=MONDAY,
            moved_at=MONDAY,
            state=NonconformityState.ISSUED,
            issued_at=MONDAY,
            grade=Grade.MINOR,
            **about,
        )
    )
    uow.add(
        Response(
            nonconformity_id=finding.id,
            round=1,
            causes=["It was nobody's job"],
            action_due_on=MONDAY.date(),
            check_effect_on=MONDAY.date(),
            submitted_by="UJONAS",
            submitted_at=MONDAY,
        )
    )
    _fill_the_case(uow, finding.id)
    audit = uow.add(
        DeskAudit(
            title="Spring", edition="iso27001-2022", question_set="iso27001-core", auditor_id="UINES", opened_at=MONDAY
        )
    )
    interview = uow.add(Interview(desk_audit_id=audit.id, person_id="UJONAS", invited_at=MONDAY))
    answer = uow.add(
        Answer(
            interview_id=interview.id,
            question_id="q1",
            requirements=[about["requirement"]],
            prompt="How?",
            text="By mail",
            answered_at=MONDAY,
        )
    )
    uow.change(interview, state=InterviewState.CONFIRMED, confirmed_at=MONDAY, digest=digest_of([answer]))
    _sealed_anew(uow, audit.id, about["requirement"])
    uow.add(AuditFinding(desk_audit_id=audit.id, number=1, owner_id="UJONAS", raised_by="UINES", raised_at=MONDAY))
    _sign(uow, uow.add(AuditReport(desk_audit_id=audit.id, drafted_by="UINES", drafted_at=MONDAY, summary="Sound")))
    uow.add(AuditRequest(number=1, what="The list", asked_by="UINES", asked_at=MONDAY, **about))
    decisions = {"A.5.18": {"applies": True, "reason": "People come and go"}}
    uow.add(
        StatementOfApplicability(
            edition="iso27001-2022", number=2, decisions=decisions, approved_by="UMIRA", approved_at=MONDAY
        )
    )


def _fill_the_case(uow: UnitOfWork, case: int) -> None:
    """A row in every table of a case, and a draft of a cause that stays with its owner."""
    day = MONDAY.date()
    of: dict[str, Any] = {"nonconformity_id": case}
    by_jonas: dict[str, Any] = {"written_by": "UJONAS", "written_at": MONDAY}
    [response] = uow.all(Response)
    uow.add(NonconformityRound(**of, number=1, began_on=day, begun_by="issue", extended_to=day))
    uow.add(Cause(**of, response_id=response.id, place=1, steps=["It was nobody's job"], **by_jonas))
    uow.add(Cause(**of, place=2, steps=["A thought that was not sent"], **by_jonas))
    uow.add(
        Action(**of, response_id=response.id, place=1, text="A list", assignee_id="UJONAS", due_on=day, moved_at=MONDAY)
    )
    uow.add(
        Signature(
            **of, round=1, signs=Signs.GRADE, person_id="ULIAM", version_seen=1, mark=Mark.OUTSIDER, signed_at=MONDAY
        )
    )
    uow.add(EffectCheck(**of, round=1, value="3", is_met=False, watched_days=30, judged_by="UMIRA", judged_at=MONDAY))
    uow.add(Contest(**of, contested_by="UJONAS", contested_at=MONDAY, reason="It was met"))
    uow.add(BodyFinding(**of, body="Certo", body_number="7", letter="Of 2 January"))
    uow.add(CaseAccess(**of, person_id="UOLGA", starts_on=day, ends_on=day, called_by="UMIRA", called_at=MONDAY))
    uow.add(NamedSeat(**of, seat=Seat.REVIEWER, person_id="UMIRA", named_by="UMIRA", named_at=MONDAY))


def _sealed_anew(uow: UnitOfWork, desk_audit_id: int, requirement: str) -> None:
    """Elena's interview, sealed by the present scheme."""
    interview = uow.add(Interview(desk_audit_id=desk_audit_id, person_id="UELENA", invited_at=MONDAY))
    uow.add(
        Answer(
            interview_id=interview.id,
            question_id="q1",
            requirements=[requirement],
            prompt="How many?",
            kind=AnswerKind.GIVEN,
            text="14, all told",
            value={"number": 14},
            round=1,
            answered_at=MONDAY,
        )
    )
    hashes = hashes_of(uow, interview, 1, MONDAY)
    digest = digest_of_round(hashes)
    sealed = SealedRound(
        interview_id=interview.id,
        round=1,
        scheme=SCHEME,
        digest=digest,
        hashes=hashes,
        confirmed_by="UELENA",
        confirmed_at=MONDAY,
    )
    uow.add(sealed)
    uow.change(interview, state=InterviewState.CONFIRMED, confirmed_at=MONDAY, digest=digest, round=1)


def _sign(uow: UnitOfWork, report: AuditReport) -> None:
    by_ines: dict[str, Any] = {"signed_by": "UINES", "signed_at": MONDAY, "signed_as": "lead"}
    signed = uow.change(report, state=ReportState.SIGNED, facts={"interviews": {"asked": 1}}, **by_ines)
    uow.change(signed, digest=report_rules.digest_of(signed))


WITH_ANSWERS = replace(THE_YEAR, answers_because="The auditor asked for them")


async def pack_of(database: Database, folder: Path, scope: Scope = WITH_ANSWERS) -> Path:
    with chosen(database, scope) as selection:
        return unpacked(await packed(database, BlobStore.open(str(folder / "store")), selection), folder)


def behind_its_back(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "deskaudit.db", isolation_level=None)) as database:
        database.execute("PRAGMA ignore_check_constraints = ON")
        database.execute(statement)


async def test_every_table_of_the_index_is_there_and_agrees_with_the_trail(programme: Database, tmp_path: Path) -> None:
    pack = await pack_of(programme, tmp_path)
    assert checked(pack)[0] == 0
    index = json.loads((pack / "index.json").read_text())
    assert {each["sealed"]["table"] for each in _rows_in(index)} == set(indexing.COLUMNS) == set(ALTERED)
    assert set(verify.ROWS.values()) == set(indexing.COLUMNS)


async def test_a_signed_pack_says_by_which_key_and_another_manifest_does_not_fit(
    programme: Database, tmp_path: Path
) -> None:
    signer, blobs = signing.signer("0a" * 32), BlobStore.open(str(tmp_path / "store"))
    with chosen(programme) as selection:
        packing = Packing(database=programme, blobs=blobs, selection=selection, signer=signer)
        pack = unpacked(b"".join([piece async for piece in packing]), tmp_path)
    code, said = checked(pack)
    assert (code, said[-1]) == (0, f"signed with the key {signer.key}")
    signature = pack / "signature.json"
    forged = signing.signer("0b" * 32).sign(b"something else")
    signature.write_text(json.dumps({"key": signer.key, "signature": forged}))
    assert checked(pack)[1][0] == "signature.json: does not belong to this manifest.json"


def _rows_in(value: Any) -> list[Any]:
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    own = [value] if isinstance(value, dict) and "sealed" in value else []
    return [*own, *(row for each in inner for row in _rows_in(each))]


@pytest.mark.parametrize("table", ALTERED)
async def test_words_that_were_altered_in_the_database_are_named(
    programme: Database, tmp_path: Path, table: str
) -> None:
    column, words = ALTERED[table]
    where = (
        "WHERE id = (SELECT submitted.id FROM task AS submitted WHERE state = 'accepted')" if table == "task" else ""
    )
    behind_its_back(tmp_path, f"UPDATE {table} SET {column} = {words} {where}")
    code, said = checked(await pack_of(programme, tmp_path))
    assert code == 1
    assert any(
        line.startswith(f"index.json: {table} ") and f": the {column.replace('_', ' ')} is not " in line
        for line in said
    )


async def test_a_row_that_was_added_in_the_database_is_named(programme: Database, tmp_path: Path) -> None:
    columns = "workspace_id, version, number, label, what, requirement, period, sample, state, asked_by"
    columns += ", asked_at, answer, reason"
    behind_its_back(
        tmp_path,
        f"INSERT INTO audit_request ({columns}) SELECT {columns.replace('number', '2')} FROM audit_request",
    )
    code, said = checked(await pack_of(programme, tmp_path))
    assert (code, said[0]) == (1, "index.json: audit_request 2 was sealed by no entry of the trail")


@pytest.mark.parametrize(
    ("changed", "people"),
    [("text = 'By telephone'", ["UJONAS", "UELENA"]), ("value = '{\"number\": 15}'", ["UELENA"])],
)
async def test_an_interview_that_is_not_what_was_confirmed_is_named(
    programme: Database, tmp_path: Path, changed: str, people: list[str]
) -> None:
    behind_its_back(tmp_path, f"UPDATE answer SET {changed}")
    _, said = checked(await pack_of(programme, tmp_path))
    named = [each for each in said if each.endswith("is not what was confirmed")]
    assert named == [f"index.json: the interview of {each} is not what was confirmed" for each in people]


def rewritten(pack: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """What somebody does who alters the index of a pack and knows how to make its hashes fit again."""
    index, manifest = json.loads((pack / "index.json").read_text()), json.loads((pack / "manifest.json").read_text())
    change(index)
    written = json.dumps(index).encode()
    (pack / "index.json").write_bytes(written)
    told = next(each for each in manifest["files"] if each["path"] == "index.json")
    told |= {"sha256": hashlib.sha256(written).hexdigest(), "size": len(written)}
    (pack / "manifest.json").write_text(canonical_json(manifest), encoding="utf-8")


def _finding_without_its_seal(index: dict[str, Any]) -> None:
    index["nonconformities"][0]["statement"] = "All is well"
    del index["nonconformities"][0]["sealed"]


def _column_left_out(index: dict[str, Any]) -> None:
    index["nonconformities"][0]["statement"] = "All is well"
    told = index["columns"]["nonconformity"].split()
    index["columns"]["nonconformity"] = " ".join(each for each in told if each != "statement")


def _finding_that_the_bot_never_wrote(index: dict[str, Any]) -> None:
    made_up = {**index["nonconformities"][0], "number": 99}
    del made_up["sealed"]
    index["nonconformities"].append(made_up)


def _interview_of_other_words(index: dict[str, Any]) -> None:
    interview = index["desk_audits"][0]["interviews"][0]
    interview["digest"] = ""
    del interview["sealed"]
    for answer in interview["answers"]:
        answer["text"] = "By telephone"
        del answer["sealed"]


EXCUSED = {
    "a finding without its seal": (_finding_without_its_seal, "a row of nonconformity does not say what sealed it"),
    "a column left out": (_column_left_out, "the statement is shown, and left out of what is to be checked"),
    "a finding made up": (_finding_that_the_bot_never_wrote, "a row of nonconformity does not say what sealed it"),
    "an interview of other words": (_interview_of_other_words, "a row of answer does not say what sealed it"),
}


@pytest.mark.parametrize("case", EXCUSED)
async def test_the_index_cannot_excuse_itself(programme: Database, tmp_path: Path, case: str) -> None:
    change, fault = EXCUSED[case]
    pack = await pack_of(programme, tmp_path)
    rewritten(pack, change)
    code, said = checked(pack)
    assert (code, any(fault in line for line in said)) == (1, True), said


async def test_an_index_nested_without_end_is_a_fault_and_no_traceback(programme: Database, tmp_path: Path) -> None:
    pack = await pack_of(programme, tmp_path)
    (pack / "manifest.json").write_text("[" * 100_000)
    assert checked(pack)[0] == 1


async def test_a_pack_carries_reports_and_findings_and_what_people_said_by_choice_only(
    programme: Database, tmp_path: Path
) -> None:
    pack = await pack_of(programme, tmp_path, THE_YEAR)
    assert checked(pack)[0] == 0
    [audit] = json.loads((pack / "index.json").read_text())["desk_audits"]
    assert (audit["reports"][0]["summary"], len(audit["found"]), audit["interviews"]) == ("Sound", 1, [])
    assert "By mail" not in (pack / "index.json").read_text()
    assert "what people said in interviews isn" in (pack / "index.html").read_text()


async def test_a_case_is_in_the_pack_with_its_exceptions_first_and_without_drafts(
    programme: Database, tmp_path: Path
) -> None:
    pack = await pack_of(programme, tmp_path)
    [case] = json.loads((pack / "index.json").read_text())["nonconformities"]
    assert case["marks"] == ["outsider", "extended"]
    page = (pack / "index.html").read_text()
    assert "Out of the ordinary:</strong> judged from outside; date extended" in page
    assert "A thought that was not sent" not in page
    assert page.index("Out of the ordinary:") < page.index("Nobody looked", page.index("Out of the ordinary:"))


async def test_the_cover_says_why_answers_are_in_a_pack(programme: Database, tmp_path: Path) -> None:
    pack = await pack_of(programme, tmp_path)
    assert "because: The auditor asked for them" in (pack / "index.html").read_text()


async def test_a_report_that_is_not_what_was_signed_is_named(programme: Database, tmp_path: Path) -> None:
    with programme.unit_of_work(WORKSPACE) as uow:
        [report] = uow.all(AuditReport)
        uow.change(report, conclusion="All was well")
        uow.record(
            actor="UINES", verb="audit_report.write", subject="audit_report", subject_id=1, at=MONDAY, details={}
        )
    code, said = checked(await pack_of(programme, tmp_path))
    assert (code, said[0]) == (1, "index.json: the report of audit 1 is not what was signed")


async def test_answers_that_two_people_let_go_are_no_fault(programme: Database, tmp_path: Path) -> None:
    with programme.unit_of_work(WORKSPACE) as uow:
        for answer in uow.all(Answer):
            uow.change(answer, text="", let_go_at=MONDAY)
        uow.record(actor="UMIRA", verb="answers.let_go", subject="desk_audit", subject_id=1, at=MONDAY, details={})
    assert checked(await pack_of(programme, tmp_path))[0] == 0
